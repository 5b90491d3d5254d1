"""The relay's two sides: where a page's letters go, and who wrote them. Neither is ever shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contrib_gateway.errors import TooMany
from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import addresses, letters


@dataclass(frozen=True)
class NewLetter:
    """One letter that a visitor writes through the relay; its words are not kept.

    `key` names it; `recipient` is a keyed hash of where it goes, `client` one of who sends it.
    """

    key: str
    page: str
    sender: str
    recipient: str
    client: str
    lang: str


@dataclass(frozen=True)
class LetterSent(NewLetter):
    number: int
    at: datetime


@dataclass(frozen=True)
class Bounds:
    """How many letters may come since a moment: to one page, from one address, from one client."""

    since: datetime
    to_page: int
    from_sender: int
    from_client: int


@dataclass(frozen=True)
class Reach:
    """What those whom a page is about told in private: where letters go ("": not told), and a keyed
    hash of the address to which they want none any more ("": they want them).
    """

    address: str = ""
    stopped: str = ""


class Relay(Database):
    """The part of the store that knows addresses that nobody may see."""

    def set_address(self, page: str, submission: str, address: str) -> None:
        """Where letters to the document `page` go, told in private by a submission."""
        with self._writing() as connection:
            write_address(connection, page, submission, address, self._now())

    def stop_letters(self, page: str, recipient: str) -> None:
        """They want no letters at that address (a keyed hash) any more."""
        row = {"page": page, "submission": "", "address": "", "at": self._now()}
        new = upsert(addresses).values(row | {"stopped": recipient})
        again = new.on_conflict_do_update(
            index_elements=[addresses.c.page], set_={"stopped": recipient}
        )
        with self._writing() as connection:
            connection.execute(again)

    def reach(self, page: str) -> Reach:
        told = select(addresses.c.address, addresses.c.stopped).where(addresses.c.page == page)
        with self._reading() as connection:
            row = connection.execute(told).one_or_none()
        return Reach(*row) if row else Reach()

    def add_letter(self, new: NewLetter, bounds: Bounds | None = None) -> bool:
        """Remember who wrote, so that an answer finds them; False if it was sent before. Raises
        `TooMany`.
        """
        with self._writing() as connection:
            if _count(connection, letters.c.key == new.key):
                return False
            if bounds and _is_beyond(connection, new, bounds):
                raise TooMany("letters")
            connection.execute(insert(letters).values(**vars(new), at=self._now()))
            return True

    def letter(self, key: str) -> LetterSent | None:
        found = select(letters).where(letters.c.key == key)
        with self._reading() as connection:
            row = connection.execute(found).one_or_none()
        return LetterSent(**row._mapping) if row else None


def _is_beyond(connection: Connection, new: NewLetter, bounds: Bounds) -> bool:
    lately = letters.c.at >= bounds.since
    return (
        _count(connection, letters.c.page == new.page, lately) >= bounds.to_page
        or _count(connection, letters.c.sender == new.sender, lately) >= bounds.from_sender
        or _count(connection, letters.c.client == new.client, lately) >= bounds.from_client
    )


def _count(connection: Connection, *which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(*which)).scalar_one()


def write_address(
    connection: Connection, page: str, submission: str, address: str, at: datetime
) -> None:
    row = {"page": page, "submission": submission, "address": address, "at": at, "stopped": ""}
    new = upsert(addresses).values(row)
    connection.execute(new.on_conflict_do_update(index_elements=[addresses.c.page], set_=row))
