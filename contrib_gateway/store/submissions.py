"""Submissions: accepted once, kept whole, and found again."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from contrib_gateway.errors import SheetTyped
from contrib_gateway.store.journal import Act, Journal, write_entry
from contrib_gateway.store.submission import UNDECIDED, NewSubmission, State, Submission
from contrib_gateway.store.tables import RESERVING, journal
from contrib_gateway.store.tables import submissions as table

log = logging.getLogger(__name__)

FRESH: Mapping[str, object] = {
    **dict.fromkeys(("branch", "decided_by", "commit"), ""),
    **dict.fromkeys(("decided_at", "online_at", "next_try_at", "forgotten_at")),
    "attempts": 0,
    "asked": False,
}
# Built once: it takes SQLAlchemy longer to build a statement than SQLite to execute it.
NEW = insert(table)
BY_ID = select(table).where(table.c.id == bindparam("id"))
BY_TICKET = select(table).where(
    table.c.ticket == bindparam("ticket"), table.c.digest == bindparam("digest")
)
KNOWN = union_all(BY_TICKET, BY_ID)
RESERVED = select(table.c.slug).where(
    table.c.type == bindparam("type"),
    table.c.slug >= bindparam("slug"),
    table.c.slug < bindparam("after"),
    RESERVING,
)
RECENT = (
    select(func.count())
    .select_from(table)
    .where(table.c.client == bindparam("client"), table.c.accepted_at >= bindparam("since"))
)


class Submissions(Journal):
    """The part of the store that keeps contributors' work."""

    def accept(self, new: NewSubmission, is_taken: Callable[[str], bool]) -> Submission:
        """Store a submission for good; returns the one that has this ticket and digest already,
        if there is one.

        A new page gets the wished slug, or the first of slug-2, slug-3… that neither main
        (`is_taken`, quick, and not using the store) nor another submission of its type has; a
        change keeps the slug of its page. Raises `SheetTyped`.
        """
        with self._writing() as connection:
            asked = {"ticket": new.ticket, "digest": new.digest, "id": new.id}
            if known := connection.execute(KNOWN, asked).first():
                return _claim(connection, new) if known.ticket == "" else read_submission(known)
            if new.sheet and new.sheet in sheets_typed(connection, new.workshop):
                raise SheetTyped(new.sheet)
            slug = new.slug
            if not new.page:
                slug = free_slug(connection, new.type, slug, is_taken)
            accepted = _insert(connection, new, slug, self._now())
        log.info("accepted", extra={"submission": new.id, "state": accepted.state})
        return accepted

    def adopt(self, new: NewSubmission, branch: str) -> Submission:
        """Store as PROPOSED what the forge has on `branch` and the database does not know; returns
        the one that has this id, if there is one.

        Its ticket and digest are unknown: those of `new` do not count, and when its form is sent
        once more, `accept` gives it what only the form tells. It reserves its slug, or the next
        one if another submission has that.
        """
        with self._writing() as connection:
            if known := connection.execute(BY_ID, {"id": new.id}).one_or_none():
                return read_submission(known)
            slug, now = free_slug(connection, new.type, new.slug, lambda _: False), self._now()
            found = {"ticket": "", "digest": new.id, "state": State.PROPOSED, "branch": branch}
            adopted = _insert(connection, new, slug, now, found)
            write_entry(connection, now, "", Act.ADOPTED, new.id)
        log.warning("adopted", extra={"submission": new.id, "state": adopted.state})
        return adopted

    def find(self, id: str) -> Submission | None:
        return self._one(BY_ID, id=id)

    def by_ticket(self, ticket: str, digest: str) -> Submission | None:
        """What this very form, with this very content, became."""
        return self._one(BY_TICKET, ticket=ticket, digest=digest)

    def waiting(self) -> list[Submission]:
        """Those nobody has decided on, the oldest first."""
        undecided = select(table).where(table.c.state.in_(UNDECIDED))
        return self._all(undecided.order_by(table.c.accepted_at, table.c.id))

    def decided(self, limit: int) -> list[Submission]:
        """Those published or declined, the latest first."""
        chosen = select(table).where(
            table.c.state.in_((State.PUBLISHED, State.DECLINED)), table.c.forgotten_at.is_(None)
        )
        return self._all(chosen.order_by(table.c.decided_at.desc(), table.c.id).limit(limit))

    def next_queued(self, now: datetime) -> Submission | None:
        """The one to propose next: those never tried come in the order of their arrival."""
        due = or_(table.c.next_try_at.is_(None), table.c.next_try_at <= now)
        turn = func.coalesce(table.c.next_try_at, table.c.accepted_at)
        queued = select(table).where(table.c.state == State.QUEUED, due)
        return self._one(queued.order_by(turn, table.c.id).limit(1))

    def oldest_queued(self) -> datetime | None:
        """Since when the queue has not been empty: the moment its oldest was accepted."""
        query = select(func.min(table.c.accepted_at)).where(table.c.state == State.QUEUED)
        with self._reading() as connection:
            oldest: datetime | None = connection.execute(query).scalar_one()
        return oldest

    def offline(self) -> tuple[str, ...]:
        """The ids of those published that no finished build has shown yet."""
        chosen = table.c.state == State.PUBLISHED, table.c.online_at.is_(None)
        with self._reading() as connection:
            return tuple(connection.scalars(select(table.c.id).where(*chosen)))

    def accepted(self) -> int:
        """How many there are, in whatever state."""
        with self._reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def pulse(self) -> tuple[int, int]:
        """Another one whenever something was accepted, amended or decided since."""
        accepted = select(func.max(literal_column("rowid"))).select_from(table).scalar_subquery()
        moved = select(func.max(journal.c.number)).scalar_subquery()
        with self._reading() as connection:
            row = connection.execute(select(accepted, moved)).one()
        return (row[0] or 0, row[1] or 0)

    def counts(self) -> Mapping[State, int]:
        """How many are in each of the seven states, at one moment; their sum were accepted."""
        query = select(table.c.state, func.count().label("number")).group_by(table.c.state)
        with self._reading() as connection:
            found = {row.state: row.number for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def states(self) -> Mapping[str, State]:
        """Every submission's state, by id, at one moment."""
        with self._reading() as connection:
            rows = connection.execute(select(table.c.id, table.c.state))
            return {id: State(state) for id, state in rows}

    def recent(self, client: str, since: datetime) -> int:
        """How many `client` has sent since then."""
        with self._asking() as connection:
            asked = {"client": client, "since": since}
            return connection.execute(RECENT, asked).scalar_one()

    def _one(self, query: Select[*tuple[object, ...]], **asked: object) -> Submission | None:
        with self._asking() as connection:
            row = connection.execute(query, asked).one_or_none()
        return read_submission(row) if row else None

    def _all(self, query: Select[*tuple[object, ...]]) -> list[Submission]:
        with self._asking() as connection:
            return [read_submission(row) for row in connection.execute(query)]


def read_submission(row: Row[*tuple[object, ...]]) -> Submission:
    values = dict(row._mapping)
    return Submission(**values | {"state": State(values["state"])})


def submission_at(connection: Connection, id: str) -> Submission:
    """One that is known to be there."""
    return read_submission(connection.execute(BY_ID, {"id": id}).one())


def _insert(
    connection: Connection,
    new: NewSubmission,
    slug: str,
    now: datetime,
    more: Mapping[str, object] | None = None,
) -> Submission:
    """What is then stored."""
    values: dict[str, Any] = {**FRESH, **vars(new), "slug": slug, "accepted_at": now}
    values |= more or {}
    connection.execute(NEW, values)
    return Submission(**values)


def _claim(connection: Connection, new: NewSubmission) -> Submission:
    """Give an adopted submission what only its form tells, now that the form is sent once more.

    An id is made from the ticket and the content: who sends this id has sent that form.
    """
    told = {name: getattr(new, name) for name in ("ticket", "digest", "private", "client")}
    connection.execute(update(table).where(table.c.id == new.id).values(told))
    return submission_at(connection, new.id)


def sheets_typed(connection: Connection, workshop: str) -> tuple[str, ...]:
    """The numbers of a workshop's paper sheets that stand in the database, as they came."""
    there = table.c.workshop == workshop, table.c.sheet != "", table.c.state != State.WITHDRAWN
    return tuple(connection.scalars(select(table.c.sheet).where(*there)))


def free_slug(connection: Connection, type: str, wish: str, is_taken: Callable[[str], bool]) -> str:
    """The wished slug or the next one that nobody has."""
    reserved = _reserved(connection, type, wish)
    free = (slug for slug in _candidates(wish) if slug not in reserved and not is_taken(slug))
    return next(free)


def _reserved(connection: Connection, type: str, slug: str) -> set[str]:
    """The slugs of that type that submissions hold, among `slug` and its numbered followers."""
    # Of what a slug may have, only a hyphen comes before a full stop.
    asked = {"type": type, "slug": slug, "after": f"{slug}."}
    return set(connection.scalars(RESERVED, asked))


def _candidates(slug: str) -> Iterable[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))
