"""What editors said of submissions on the forge itself, kept for their contributors to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import remarks as table


@dataclass(frozen=True)
class Remark:
    """One comment. `key` is the forge's own id of it, `by` who wrote it, `at` when."""

    key: str
    at: datetime
    by: str
    text: str


class Remarks(Database):
    """The part of the store that remembers what was said elsewhere."""

    def keep_remarks(self, submission: str, remarks: Iterable[Remark]) -> int:
        """Keep these and no others; returns how many are new, edited, or gone."""
        rows = [
            {"key": r.key, "submission": submission, "at": r.at, "who": r.by, "text": r.text}
            for r in remarks
        ]
        if not rows and not self.remarks(submission):
            return 0
        gone = table.c.submission == submission, table.c.key.not_in([row["key"] for row in rows])
        with self._writing() as connection:
            deleted = connection.execute(delete(table).where(*gone)).rowcount
            return deleted + sum(connection.execute(_keep, row).rowcount for row in rows)

    def remarks(self, submission: str) -> list[Remark]:
        """What was said of a submission, the oldest first."""
        query = select(table.c.key, table.c.at, table.c.who, table.c.text)
        query = query.where(table.c.submission == submission).order_by(
            table.c.at, func.length(table.c.key), table.c.key
        )  # within one second the forge's own numbers tell
        with self._reading() as connection:
            return [Remark(*row) for row in connection.execute(query)]


_new = insert(table)
_keep = _new.on_conflict_do_update(
    index_elements=[table.c.key],
    set_={"text": _new.excluded.text, "who": _new.excluded.who},
    where=or_(table.c.text != _new.excluded.text, table.c.who != _new.excluded.who),
)
