"""The builds of the site: of which commit, when, and how they ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, insert, select, update

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import builds as table


@dataclass(frozen=True)
class Build:
    """One build; `running` also after its process was killed. `log` tells why it failed."""

    number: int
    commit: str
    ok: bool
    log: str
    started_at: datetime
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        return self.finished_at is None


class Builds(Database):
    """The part of the store that remembers builds."""

    def start_build(self, commit: str) -> int:
        """Note that a build begins; returns its number."""
        new = {"commit": commit, "ok": False, "log": "", "started_at": self._now()}
        with self._writing() as connection:
            number: int = connection.execute(
                insert(table).values(new).returning(table.c.number)
            ).scalar_one()
        return number

    def finish_build(self, number: int, *, ok: bool, log: str) -> None:
        end = {"ok": ok, "log": log, "finished_at": self._now()}
        with self._writing() as connection:
            connection.execute(update(table).where(table.c.number == number).values(end))

    def last_build(self) -> Build | None:
        return self._latest(select(table))

    def last_good_build(self) -> Build | None:
        return self._latest(select(table).where(table.c.ok))

    def _latest(self, query: Select[*tuple[object, ...]]) -> Build | None:
        with self._reading() as connection:
            row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
        return Build(**row._mapping) if row else None
