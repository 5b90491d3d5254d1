"""How each editor wishes to be told of what waits: by a feed of their own, by a daily mail."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import alerts as table


@dataclass(frozen=True)
class Alert:
    """One editor's wishes. `feed` makes the address of their feed, "" while they have none.

    `daily`: a mail each day, in `lang`; `called_on` is the last day ("2026-11-25") that it was
    looked whether there is one to send.
    """

    address: str
    feed: str = ""
    daily: bool = False
    lang: str = ""
    called_on: str = ""


class Alerts(Database):
    """The part of the store that knows these wishes."""

    def alert(self, address: str) -> Alert:
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.address == address)).one_or_none()
        return Alert(**row._mapping) if row else Alert(address)

    def renew_feed(self, address: str) -> None:
        """Give an editor a feed, or their feed another address: the one before opens no more."""
        self._wish(address, feed=secrets.token_urlsafe(16))

    def wish_daily(self, address: str, lang: str, wished: bool) -> None:
        """Whether an editor wants the daily mail."""
        self._wish(address, daily=wished, lang=lang)

    def stop_daily(self, address: str) -> None:
        with self._writing() as connection:
            stopped = update(table).where(table.c.address == address)
            connection.execute(stopped.values(daily=False))

    def uncalled(self, day: str) -> list[Alert]:
        """Who wants the daily mail, and was not thought of on that day yet."""
        chosen = table.c.daily, table.c.called_on < day
        with self._reading() as connection:
            rows = connection.execute(select(table).where(*chosen).order_by(table.c.address))
            return [Alert(**row._mapping) for row in rows]

    def note_called(self, address: str, day: str) -> None:
        with self._writing() as connection:
            called = update(table).where(table.c.address == address)
            connection.execute(called.values(called_on=day))

    def keep_alerts(self, addresses: Collection[str]) -> None:
        """Forget the wishes of all others: who comes back gets a feed at another address."""
        others = table.c.address.not_in(addresses)
        with self._reading() as connection:
            if connection.execute(select(table.c.address).where(others)).first() is None:
                return
        with self._writing() as connection:
            connection.execute(delete(table).where(others))

    def _wish(self, address: str, **wished: Any) -> None:
        made = insert(table).values({**vars(Alert(address)), **wished})
        with self._writing() as connection:
            connection.execute(
                made.on_conflict_do_update(index_elements=[table.c.address], set_=wished)
            )
