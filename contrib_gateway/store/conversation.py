"""Conversations: what editors ask of a submission, what its contributor answers or changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, func, insert, or_, select, update

from contrib_gateway.errors import AlreadyDecided, NotAsSeen, NotFound, TooMany
from contrib_gateway.store.errands import NewErrand, write_errand
from contrib_gateway.store.journal import Act, write_entry
from contrib_gateway.store.moves import Moves
from contrib_gateway.store.submission import CONTACT, CORRECTABLE, UNDECIDED, State, Submission
from contrib_gateway.store.submissions import BY_ID, read_submission, submission_at
from contrib_gateway.store.tables import errands, journal, submissions
from contrib_gateway.store.tables import messages as table

AMEND = "amend"  # the errand
MOST_AMENDMENTS = 50  # of one submission
UNTIL_READ = timedelta(days=3650)  # an editor's reading ends it
LONGEST_CONVERSATION = 100  # messages of one submission


@dataclass(frozen=True)
class Message:
    """One message; `who` is the editor's name, or how the contributor wishes to be named."""

    number: int
    submission: str
    at: datetime
    who: str
    from_editor: bool
    text: str


@dataclass(frozen=True)
class Amendment:
    """What a submission is to say from now on; `reason`: why an editor must look first, or ""."""

    title: str
    data: Mapping[str, Any]
    body: str
    private: Mapping[str, Any]
    reason: str = ""


class Conversation(Moves):
    """The part of the store where editors and contributors meet."""

    def ask(self, id: str, by: str, text: str) -> Message:
        """An editor's question, to an undecided submission. Raises `AlreadyDecided`, `NotFound`."""
        return self._say(id, by, text, from_editor=True)

    def answer(self, id: str, text: str) -> Message:
        """The contributor's word. Raises `AlreadyDecided`, `NotFound`, `TooMany`."""
        return self._say(id, "", text, from_editor=False)

    def conversation(self, id: str) -> list[Message]:
        """All of it, the oldest first."""
        said = select(table).where(table.c.submission == id).order_by(table.c.number)
        with self._reading() as connection:
            return [Message(**row._mapping) for row in connection.execute(said)]

    def questioned(self) -> frozenset[str]:
        """The undecided ones that an editor has asked something, at whatever time."""
        waits = submissions.c.id == table.c.submission, submissions.c.state.in_(UNDECIDED)
        asked = select(table.c.submission).distinct().where(table.c.from_editor, *waits)
        with self._reading() as connection:
            return frozenset(connection.scalars(asked))

    def unannounced(self, since: datetime) -> list[Submission]:
        """Those decided since then, and online if they are published, of which no errand tells
        their contributor, who asked for it by leaving an address.
        """
        told = exists().where(errands.c.key == submissions.c.state + " " + submissions.c.id)
        online = submissions.c.state == State.PUBLISHED, submissions.c.online_at.is_not(None)
        decided = or_(and_(*online), submissions.c.state == State.DECLINED)
        news = select(submissions).where(decided, submissions.c.decided_at > since, ~told)
        with self._reading() as connection:
            found = [read_submission(row) for row in connection.execute(news)]
        return [submission for submission in found if submission.private.get(CONTACT)]

    def amend(
        self, id: str, amendment: Amendment, by: str = "", read: Submission | None = None
    ) -> Submission:
        """Second thoughts of the contributor, or of an editor (`by`) who `read` it: what is
        proposed from now on.

        What the forge has already is changed by an errand, in the same transaction; where an editor
        must look first (the amendment has a `reason`), that errand waits for one. Raises
        `AlreadyDecided`, `NotFound`, `TooMany`; `NotAsSeen` if it is not what was read.
        """
        with self._writing() as connection:
            before = _correctable(connection, id)
            if read and (before.data, before.body) != (read.data, read.body):
                raise NotAsSeen(f"{id} was amended meanwhile")
            new = {name: getattr(amendment, name) for name in ("title", "data", "body", "private")}
            if all(getattr(before, name) == value for name, value in new.items()):
                return before
            line = journal.c.submission == id, journal.c.what == Act.AMENDED
            often = connection.execute(select(func.count()).where(*line)).scalar_one()
            if often >= MOST_AMENDMENTS:
                raise TooMany("amendments")
            change = update(submissions).where(submissions.c.id == id)
            told = str(amendment.private.get("signed_as", ""))
            signed = before.signed_as if by else told
            held = _held(before, amendment.reason)
            connection.execute(change.values(**new, **held, signed_as=signed, asked=False))
            now = self._now()
            write_entry(connection, now, by, Act.AMENDED, id)
            errand = NewErrand(f"{AMEND} {id} {now.timestamp()}", AMEND, id)
            write_errand(connection, errand, now, now + UNTIL_READ if amendment.reason else now)
            return submission_at(connection, id)

    def is_amended(self, id: str) -> bool:
        """Whether its contributor changed it, and the forge does not know yet."""
        waiting = errands.c.submission == id, errands.c.kind == AMEND, errands.c.done_at.is_(None)
        with self._reading() as connection:
            found = connection.execute(select(errands.c.number).where(*waiting).limit(1)).first()
        return found is not None

    def _say(self, id: str, who: str, text: str, *, from_editor: bool) -> Message:
        with self._writing() as connection:
            found = _correctable(connection, id)
            now, who = self._now(), who or found.signed_as
            last = select(table).where(table.c.submission == id)
            last = last.order_by(table.c.number.desc()).limit(LONGEST_CONVERSATION)
            said = [Message(**row._mapping) for row in connection.execute(last)]
            if said and (said[0].text, said[0].from_editor) == (text, from_editor):
                return said[0]  # sent twice
            if len(said) >= LONGEST_CONVERSATION and not from_editor:
                raise TooMany("messages")
            row = {"submission": id, "at": now, "who": who, "from_editor": from_editor}
            number = connection.execute(
                insert(table).values(**row, text=text).returning(table.c.number)
            ).scalar_one()
            change = update(submissions).where(submissions.c.id == id)
            connection.execute(change.values(asked=from_editor))
            # The journal outlives what contributors may ask to be forgotten.
            line = (who, Act.ASKED) if from_editor else ("", Act.ANSWERED)
            write_entry(connection, now, *line, id)
            return Message(number, id, now, who, from_editor, text)


def _held(before: Submission, reason: str) -> dict[str, object]:
    """One that is not on the forge yet is held again; why, is told beside what held it before."""
    if not reason:
        return {}
    reasons = " ".join(dict.fromkeys(f"{before.reason} {reason}".split()))
    if before.state is State.QUEUED:
        return {"state": State.HELD, "reason": reason, "next_try_at": None}
    return {"reason": reasons if before.state is State.HELD else reason}


def _correctable(connection: Connection, id: str) -> Submission:
    row = connection.execute(BY_ID, {"id": id}).one_or_none()
    if row is None:
        raise NotFound(f"no submission {id}")
    found = read_submission(row)
    if found.state not in CORRECTABLE:
        raise AlreadyDecided(id, found.state, found.decided_by, found.decided_at, found.reason)
    return found
