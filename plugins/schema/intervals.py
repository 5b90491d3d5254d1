"""How long a type's pages are believed: its option `freshness`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from plugins.schema.source import Source


@dataclass(frozen=True)
class Intervals:
    """Months, since somebody confirmed a page, after which it is overdue, and its contacts stale.

    `stale` is None where contacts are never hidden: where a page has none.
    """

    overdue: int
    stale: int | None = None

    @classmethod
    def declare(cls, source: Source) -> Self:
        """`{overdue: 12, stale: 36}`. Raises `SchemaError`."""
        given = source.record("overdue", "stale")
        if "overdue" not in given:
            raise source.error("`freshness` needs `overdue:`, a number of months")
        overdue = given["overdue"].integer()
        stale = given["stale"].integer() if "stale" in given else None
        if overdue < 1:
            raise given["overdue"].error("a page is overdue after 1 month or more")
        if stale is not None and stale <= overdue:
            raise given["stale"].error("contacts are stale after a page is overdue, not before")
        return cls(overdue, stale)
