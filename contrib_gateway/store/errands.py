"""Errands: what is to be done after an answer was given, each once, for as long as it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import errands as table
from contrib_gateway.store.tables import submissions

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Errand:
    """One thing to do. `kind` says what, `payload` with what; `submission` is "" for none's."""

    number: int
    key: str
    kind: str
    submission: str
    payload: Mapping[str, Any]
    at: datetime
    attempts: int
    next_try_at: datetime
    reason: str
    done_at: datetime | None


@dataclass(frozen=True)
class NewErrand:
    """`key` names it for ever: the same one is not taken on twice, even once it is done."""

    key: str
    kind: str
    submission: str = ""
    payload: Mapping[str, Any] | None = None


class Errands(Database):
    """The part of the store that remembers what is still to be done."""

    def add_errand(self, new: NewErrand) -> bool:
        """Take it on, unless it is known; returns whether it is new."""
        with self._writing() as connection:
            return write_errand(connection, new, self._now())

    def next_errand(self, now: datetime, kinds: Collection[str]) -> Errand | None:
        """The one to do next, of these kinds."""
        undone = table.c.done_at.is_(None), table.c.kind.in_(kinds)
        due = select(table).where(*undone, table.c.next_try_at <= now)
        with self._reading() as connection:
            row = connection.execute(due.order_by(table.c.next_try_at, table.c.number)).first()
        return Errand(**row._mapping) if row else None

    def count_errands(self, beginning: str, since: datetime | None = None) -> int:
        """How many there are or were whose key begins so, taken on since that moment."""
        chosen = select(func.count()).where(table.c.key.startswith(beginning, autoescape=True))
        if since:
            chosen = chosen.where(table.c.at >= since)
        with self._reading() as connection:
            return connection.execute(chosen).scalar_one()

    def finish_errand(self, number: int) -> None:
        """It is done; what it was done with, an address perhaps, is not kept."""
        done = update(table).where(table.c.number == number)
        with self._writing() as connection:
            connection.execute(done.values(done_at=self._now(), payload=NOTHING, reason=""))

    def retry_errand(self, number: int, at: datetime, reason: str) -> None:
        """It could not be done, for `reason`; try again at that moment."""
        later = update(table).where(table.c.number == number)
        values = {"next_try_at": at, "reason": reason, "attempts": table.c.attempts + 1}
        with self._writing() as connection:
            connection.execute(later.values(values))

    def undone(self, kind: str) -> list[Errand]:
        """Those of a kind that are not done yet, the oldest first."""
        chosen = table.c.kind == kind, table.c.done_at.is_(None)
        with self._reading() as connection:
            rows = connection.execute(select(table).where(*chosen).order_by(table.c.number))
            return [Errand(**row._mapping) for row in rows]

    def errands(self, submission: str) -> list[Errand]:
        """Those of a submission that are not done yet, the oldest first."""
        chosen = table.c.submission == submission, table.c.done_at.is_(None)
        with self._reading() as connection:
            rows = connection.execute(select(table).where(*chosen).order_by(table.c.number))
            return [Errand(**row._mapping) for row in rows]


def write_errand(
    connection: Connection, new: NewErrand, now: datetime, due: datetime | None = None
) -> bool:
    """Take it on within a transaction, to be done from `due` on, unless it is known.

    What is to be done with something, a mail with an address perhaps, is not taken on for what was
    forgotten meanwhile.
    """
    if new.payload and _is_forgotten(connection, new.submission):
        return False
    row = {
        **vars(new),
        "payload": dict(new.payload or {}),
        "at": now,
        "next_try_at": due or now,
        "attempts": 0,
        "reason": "",
    }
    known = insert(table).values(row).on_conflict_do_nothing(index_elements=[table.c.key])
    return bool(connection.execute(known).rowcount)


def _is_forgotten(connection: Connection, submission: str) -> bool:
    chosen = select(submissions.c.forgotten_at).where(submissions.c.id == submission)
    return connection.execute(chosen).scalar_one_or_none() is not None


def drop_errands(connection: Connection, submission: str) -> None:
    """Forget what was still to be done for a submission."""
    connection.execute(delete(table).where(table.c.submission == submission))
