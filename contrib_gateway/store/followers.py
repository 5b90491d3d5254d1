"""Those who wish to be told what becomes of what they observed, and what they were told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from contrib_gateway.store.database import Database
from contrib_gateway.store.errands import NewErrand, write_errand
from contrib_gateway.store.submission import CONTACT, FOLLOW, Submission
from contrib_gateway.store.tables import errands
from contrib_gateway.store.tables import followers as table

TOLD = "told"  # how the errands begin that tell them


@dataclass(frozen=True)
class Follower:
    """Whoever sent `submission`, now published as `document` (its id), left `address` for this.

    `told` are the events, each named for ever; `called_on` is the last day ("2026-11-25") on which
    it was looked whether there is something to tell.
    """

    submission: str
    document: str
    address: str
    lang: str
    at: datetime
    told: tuple[str, ...]
    called_on: str


class Followers(Database):
    """The part of the store that knows who is to be told."""

    def follower(self, submission: str) -> Follower | None:
        chosen = select(table).where(table.c.submission == submission)
        with self._reading() as connection:
            row = connection.execute(chosen).one_or_none()
        return _read(row._mapping) if row else None

    def uncalled_followers(self, day: str) -> list[Follower]:
        """Those of whom nobody thought on that day yet."""
        chosen = select(table).where(table.c.called_on < day).order_by(table.c.at)
        with self._reading() as connection:
            return [_read(row._mapping) for row in connection.execute(chosen)]

    def tell(
        self,
        submission: str,
        day: str,
        events: Collection[str] = (),
        errand: NewErrand | None = None,
    ) -> None:
        """They were thought of on that day; told these events, by an errand that is taken on in the
        same transaction, unless they stopped meanwhile.
        """
        with self._writing() as connection:
            chosen = select(table.c.told).where(table.c.submission == submission)
            told = connection.execute(chosen).scalar_one_or_none()
            if told is None:
                return
            values = {"called_on": day, "told": [*told, *events]}
            changed = update(table).where(table.c.submission == submission)
            connection.execute(changed.values(values))
            if errand:
                write_errand(connection, errand, self._now())


def write_follower(connection: Connection, published: Submission, at: datetime) -> None:
    """If they wished to be told and left an address."""
    address = published.private.get(CONTACT)
    if address and published.private.get(FOLLOW) is True:
        row = {
            "submission": published.id,
            "document": published.document_id,
            "address": address,
            "lang": published.lang,
            "at": at,
            "told": [],
            "called_on": "",
        }
        drop_follower(connection, published.id)
        connection.execute(insert(table).values(row))


def drop_follower(connection: Connection, submission: str) -> None:
    """Their address goes, and what was still on its way there."""
    connection.execute(delete(table).where(table.c.submission == submission))
    on_its_way = errands.c.key.startswith(f"{TOLD} {submission} ", autoescape=True)
    undone = errands.c.done_at.is_(None)
    connection.execute(delete(errands).where(on_its_way, undone))


def _read(row: RowMapping) -> Follower:
    return Follower(**{**row, "told": tuple(row["told"])})
