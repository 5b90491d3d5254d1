"""The relay's two sides: where a page's letters go, and who wrote them. Neither is ever shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import addresses, letters


@dataclass(frozen=True)
class LetterSent:
    """One letter that a visitor wrote through the relay; its words are not kept."""

    number: int
    key: str
    page: str
    sender: str
    client: str
    lang: str
    at: datetime


class Relay(Database):
    """The part of the store that knows addresses that nobody may see."""

    def set_address(self, page: str, submission: str, address: str) -> None:
        """Where letters to the document `page` go, told in private by a submission; "": nowhere."""
        with self._writing() as connection:
            write_address(connection, page, submission, address, self._now())

    def address(self, page: str) -> str | None:
        """Where they go; "" if those it is about want none, None if nothing was told."""
        told = select(addresses.c.address).where(addresses.c.page == page)
        with self._reading() as connection:
            return connection.execute(told).scalar_one_or_none()

    def add_letter(self, key: str, page: str, sender: str, client: str, lang: str) -> bool:
        """Remember who wrote, so that an answer finds them; False if it was sent before."""
        row = {"key": key, "page": page, "sender": sender, "client": client, "lang": lang}
        new = (
            insert(letters)
            .values(row | {"at": self._now()})
            .on_conflict_do_nothing(index_elements=[letters.c.key])
        )
        with self._writing() as connection:
            return bool(connection.execute(new).rowcount)

    def letters_from(self, sender: str, since: datetime) -> int:
        """How many letters came from an address since then."""
        return self._count(func.lower(letters.c.sender) == sender.lower(), letters.c.at >= since)

    def letters_of_client(self, client: str, since: datetime) -> int:
        """How many letters one client sent since then."""
        return self._count(letters.c.client == client, letters.c.at >= since)

    def letters_to(self, page: str, since: datetime) -> int:
        """How many letters went to a page since then."""
        return self._count(letters.c.page == page, letters.c.at >= since)

    def _count(self, *which: ColumnElement[bool]) -> int:
        with self._reading() as connection:
            return connection.execute(select(func.count()).where(*which)).scalar_one()

    def letter(self, key: str) -> LetterSent | None:
        found = select(letters).where(letters.c.key == key)
        with self._reading() as connection:
            row = connection.execute(found).one_or_none()
        return LetterSent(**row._mapping) if row else None


def write_address(
    connection: Connection, page: str, submission: str, address: str, at: datetime
) -> None:
    row = {"page": page, "submission": submission, "address": address, "at": at}
    new = insert(addresses).values(row)
    again = new.on_conflict_do_update(index_elements=[addresses.c.page], set_=row)
    connection.execute(again)
