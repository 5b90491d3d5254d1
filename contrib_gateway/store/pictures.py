"""Pictures that were sent and are not on main yet: made safe already, kept while they may serve."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import pictures as table


class Pictures(Database):
    """The part of the store that holds pictures. Each is two files: `x.webp` and `x.jpg`."""

    def keep_picture(self, name: str, webp: bytes, fallback: bytes) -> None:
        """Keep it from now on; `name` is that of the WebP."""
        row = {"name": name, "at": self._now(), "webp": webp, "fallback": fallback}
        new = insert(table).values(row)
        again = new.on_conflict_do_update(index_elements=[table.c.name], set_={"at": row["at"]})
        with self._writing() as connection:
            connection.execute(again)

    def hold_pictures(self, names: Collection[str]) -> set[str]:
        """Those of `names` that are here, kept from now on anew."""
        chosen = update(table).where(table.c.name.in_(names)).values(at=self._now())
        with self._writing() as connection:
            return set(connection.scalars(chosen.returning(table.c.name)))

    def picture(self, name: str) -> dict[str, bytes]:
        """The two files of a picture, by name; {} if it is not here."""
        found = select(table.c.webp, table.c.fallback).where(table.c.name == name)
        with self._reading() as connection:
            row = connection.execute(found).one_or_none()
        stem = name.removesuffix(".webp")
        return {name: row.webp, f"{stem}.jpg": row.fallback} if row else {}

    def has_pictures(self, names: Collection[str]) -> set[str]:
        with self._reading() as connection:
            return set(connection.scalars(select(table.c.name).where(table.c.name.in_(names))))

    def count_pictures(self) -> int:
        with self._reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def drop_pictures(self, before: datetime, keep: Iterable[str]) -> int:
        """Forget those kept since before that moment, but for `keep`; returns how many."""
        old = delete(table).where(table.c.at < before, table.c.name.not_in(tuple(keep)))
        with self._writing() as connection:
            return connection.execute(old).rowcount
