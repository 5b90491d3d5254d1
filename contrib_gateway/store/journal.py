"""The journal: who did what to which submission or page, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, tuple_

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import journal as table
from contrib_gateway.store.tables import submissions


class Act(StrEnum):
    """What a line tells was done; each has its sentence in `views/journal.py`."""

    # Of submissions
    READ = "read"  # by an editor, who means to publish it
    RELEASED = "released"
    QUEUED = "queued"  # tried again; by an earlier Vigie also: released, proposed again
    REOPENED = "reopened"
    PROPOSED = "proposed"
    DEAD = "dead"
    ADOPTED = "adopted"
    ASKED = "asked"
    ANSWERED = "answered"
    AMENDED = "amended"
    PUBLISHED = "published"
    DECLINED = "declined"
    UNDONE = "undone"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"
    LEFT = "left"  # by an editor, for a colleague to publish
    # Of what editors do by themselves
    WRITTEN = "written"
    CORRECTED = "corrected"  # of a submission too, before it is published
    CONFIRMED = "confirmed"
    RENAMED = "renamed"
    TAKEN_OFF = "taken off"
    BROUGHT_TOGETHER = "brought together"  # with another page that says the same
    RESTORED = "restored"
    IMPORTED = "imported"  # sources, from a list of subscriptions
    WATCHED = "watched"  # by the watch, which noted how a source fares
    TERM_ADDED = "term added"
    TERM_CHANGED = "term changed"
    TERMS_MERGED = "terms merged"
    TERM_REMOVED = "term removed"


ACTS = frozenset(act.value for act in Act)


@dataclass(frozen=True)
class Entry:
    """One line. `who` is "" for Vigie itself and for contributors, `submission` is "" for what
    concerns none; `about` then names the page ("actor/x"), or the term ("themes/x").
    """

    number: int
    at: datetime
    who: str
    what: str
    submission: str
    about: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which lines: of one person; about one page, by its id and by the names that it has or had;
    older than the line of a number. What is empty is not asked.
    """

    who: str = ""
    page: str = ""
    refs: tuple[str, ...] = ()
    before: int = 0
    without: Collection[Act] = ()


class Journal(Database):
    """The part of the store that remembers who did what."""

    def log(self, who: str, what: Act, submission: str = "", about: str = "") -> None:
        """Add a line. The moves of submissions add theirs by themselves."""
        with self._writing() as connection:
            write_entry(connection, self._now(), who, _written(what, about), submission)

    def journal(
        self, submission: str | None = None, limit: int = 100, wanted: Wanted | None = None
    ) -> list[Entry]:
        """The latest lines, of one submission or of all, the latest first."""
        query = select(table).order_by(table.c.number.desc()).limit(limit)
        if submission is not None:
            query = query.where(table.c.submission == submission)
        if wanted:
            query = query.where(*_conditions(wanted))
        with self._reading() as connection:
            return [_read_entry(row) for row in connection.execute(query)]

    def was_taken_off(self, ref: str) -> bool:
        """Whether editors ever took off the page of that name ("actor/x")."""
        query = select(table.c.number).where(table.c.what == _written(Act.TAKEN_OFF, ref)).limit(1)
        with self._reading() as connection:
            return connection.execute(query).first() is not None

    def people(self) -> list[str]:
        """All who ever did something, in alphabetical order."""
        query = select(table.c.who).where(table.c.who != "").distinct()
        with self._reading() as connection:
            return sorted(connection.scalars(query), key=str.casefold)


def write_entry(
    connection: Connection, at: datetime, who: str, what: Act | str, submission: str
) -> None:
    line = {"at": at, "who": who, "what": str(what), "submission": submission}
    connection.execute(insert(table).values(line))


def last_entry(connection: Connection, submission: str) -> Entry | None:
    query = select(table).where(table.c.submission == submission)
    row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
    return _read_entry(row) if row else None


def _written(what: str, about: str) -> str:
    return f"{what} {about}" if about else what


def _read_entry(row: Row[*tuple[object, ...]]) -> Entry:
    """What is done and what about stand in one column, the latter last and without a space."""
    line = dict(row._mapping)
    what, _, about = line["what"].rpartition(" ")
    return Entry(**line | ({"what": what, "about": about} if what in ACTS else {}))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.who:
        conditions.append(table.c.who == wanted.who)
    if wanted.before:
        conditions.append(table.c.number < wanted.before)
    if wanted.without:
        conditions.append(table.c.what.not_in([str(act) for act in wanted.without]))
    if wanted.page or wanted.refs:
        conditions.append(_about(wanted))
    return conditions


def _about(wanted: Wanted) -> ColumnElement[bool]:
    """Lines of the page's submissions, and those that name it."""
    named = [ref.partition("/")[::2] for ref in wanted.refs]
    its_own: list[ColumnElement[bool]] = [tuple_(submissions.c.type, submissions.c.slug).in_(named)]
    if wanted.page:  # a submission of a new page changes none: its `page` is ""
        its_own += [submissions.c.id == wanted.page, submissions.c.page == wanted.page]
    said = [_written(act, ref) for act in sorted(ACTS) for ref in wanted.refs]
    lines_of = table.c.submission.in_(select(submissions.c.id).where(or_(*its_own)))
    return or_(lines_of, table.c.what.in_(said))
