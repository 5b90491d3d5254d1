"""The journal: who did what to which submission, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import journal as table


@dataclass(frozen=True)
class Entry:
    """One line. `who` is "" for Vigie itself, `submission` is "" for what concerns none."""

    number: int
    at: datetime
    who: str
    what: str
    submission: str


class Journal(Database):
    """The part of the store that remembers who did what."""

    def log(self, who: str, what: str, submission: str = "") -> None:
        """Add a line. The moves of submissions add theirs by themselves."""
        with self._writing() as connection:
            write_entry(connection, self._now(), who, what, submission)

    def journal(self, submission: str | None = None, limit: int = 100) -> list[Entry]:
        """The latest lines, of one submission or of all, the latest first."""
        query = select(table).order_by(table.c.number.desc()).limit(limit)
        if submission is not None:
            query = query.where(table.c.submission == submission)
        with self._reading() as connection:
            return [Entry(**row._mapping) for row in connection.execute(query)]


def write_entry(connection: Connection, at: datetime, who: str, what: str, submission: str) -> None:
    line = {"at": at, "who": who, "what": what, "submission": submission}
    connection.execute(insert(table).values(line))


def last_entry(connection: Connection, submission: str) -> Entry | None:
    query = select(table).where(table.c.submission == submission)
    row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
    return Entry(**row._mapping) if row else None
