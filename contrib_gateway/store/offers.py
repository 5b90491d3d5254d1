"""What people write to the editors in private: that they can help with a need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import offers as table

THANKED = "thanked"  # how the errands begin that answer one


@dataclass(frozen=True, kw_only=True)
class NewOffer:
    """`key` names it, whoever sends it again; `page` is the id of the need, `title` its title then.

    `name` and `address` are "" where they were not told; `client` is a keyed hash of who sent it.
    `reason`: why it is set aside until an editor looks ("": it is not).
    """

    key: str
    page: str
    title: str
    text: str
    name: str
    address: str
    client: str
    lang: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Offer(NewOffer):
    """`answers`: what editors wrote back, the first first, each with `by`, `at` (ISO), `text`."""

    at: datetime
    answers: tuple[Mapping[str, str], ...]
    done_at: datetime | None
    done_by: str

    @property
    def is_open(self) -> bool:
        return self.done_at is None


class Offers(Database):
    """The part of the store that only editors read."""

    def add_offer(self, new: NewOffer) -> bool:
        """Keep it; False if it was sent before."""
        with self._writing() as connection:
            known = select(table.c.key).where(table.c.key == new.key)
            if connection.execute(known).first():
                return False
            row = {**vars(new), "at": self._now(), "answers": [], "done_at": None, "done_by": ""}
            connection.execute(insert(table).values(row))
            return True

    def offer(self, key: str) -> Offer | None:
        return next(iter(self._offers(table.c.key == key)), None)

    def open_offers(self) -> list[Offer]:
        """Those nobody has dealt with, the oldest first."""
        return self._offers(table.c.done_at.is_(None))

    def waiting_offers(self, limit: int | None = None) -> list[Offer]:
        """Those of them that are not set aside."""
        return self._offers(table.c.done_at.is_(None), table.c.reason == "", limit=limit)

    def offers_aside(self, limit: int) -> list[Offer]:
        """Those of them that are."""
        return self._offers(table.c.done_at.is_(None), table.c.reason != "", limit=limit)

    def count_open_offers(self) -> tuple[int, int]:
        """How many wait, and how many are set aside."""
        waits = func.count().filter(table.c.reason == "")
        counted = select(waits, func.count()).where(table.c.done_at.is_(None))
        with self._reading() as connection:
            waiting, everything = connection.execute(counted).one()
        return waiting, everything - waiting

    def done_offers(self, limit: int) -> list[Offer]:
        """Those dealt with, the last first."""
        done = table.c.done_at.is_not(None)
        return self._offers(done, by=table.c.done_at.desc(), limit=limit)

    def count_offers(self, client: str, since: datetime) -> int:
        """How many `client` has sent since then."""
        chosen = table.c.client == client, table.c.at >= since
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*chosen)).scalar_one()

    def deal_with_offer(self, key: str, by: str) -> None:
        """It is dealt with; by whoever did so first."""
        undone = update(table).where(table.c.key == key, table.c.done_at.is_(None))
        with self._writing() as connection:
            connection.execute(undone.values(done_at=self._now(), done_by=by))

    def reopen_offer(self, key: str) -> None:
        """Somebody takes that back; and an editor who does has looked at it."""
        done = update(table).where(table.c.key == key)
        with self._writing() as connection:
            connection.execute(done.values(done_at=None, done_by="", reason=""))

    def note_answer(self, key: str, by: str, text: str) -> None:
        """What an editor wrote back; the same words, sent twice, are noted once."""
        with self._writing() as connection:
            found = select(table.c.answers).where(table.c.key == key)
            answers = connection.execute(found).scalar_one_or_none()
            if answers is None or any(one["text"] == text for one in answers):
                return
            told = [*answers, {"by": by, "at": self._now().isoformat(), "text": text}]
            connection.execute(update(table).where(table.c.key == key).values(answers=told))

    def _offers(
        self,
        *which: ColumnElement[bool],
        by: ColumnElement[datetime] | None = None,
        limit: int | None = None,
    ) -> list[Offer]:
        chosen = select(table).where(*which).order_by(table.c.at if by is None else by, table.c.key)
        with self._reading() as connection:
            rows = connection.execute(chosen.limit(limit)).all()
        return [Offer(**{**row._mapping, "answers": tuple(row.answers)}) for row in rows]
