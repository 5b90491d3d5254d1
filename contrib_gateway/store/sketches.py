"""Syntheses that editors are writing, kept between two looks at their page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from contrib_gateway.errors import TooMany
from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import sketches
from plugins.schema import new_id

MOST = 200
REMEMBERED = timedelta(days=60)  # for whoever still has its page, once it is left or removed
REMOVED = "removed"  # what one became that was given up


@dataclass(frozen=True)
class SketchKept:
    """`data` is what the writing of it came to at `version`; `by` whoever wrote last, `press` what
    they sent; `submission` the id of the proposal that it became, "" or REMOVED.
    """

    id: str
    version: int
    data: Mapping[str, Any]
    by: str
    at: datetime
    press: str
    submission: str


COLUMNS = [sketches.c[name] for name in SketchKept.__dataclass_fields__]


class Sketches(Database):
    """The part of the store that knows them."""

    def begin_sketch(self, key: str, data: Mapping[str, Any], by: str) -> SketchKept:
        """A new one; the same `key` gives the same one. Raises `TooMany`."""
        with self._writing() as connection:
            old = sketches.c.submission != "", sketches.c.at < self._now() - REMEMBERED
            connection.execute(delete(sketches).where(*old))
            count = select(func.count()).where(sketches.c.submission == "")
            if connection.execute(count).scalar_one() >= MOST:
                raise TooMany("there are too many unfinished syntheses")
            return _begin(connection, key, SketchKept(new_id(), 1, data, by, self._now(), "", ""))

    def sketch(self, id: str) -> SketchKept | None:
        with self._reading() as connection:
            return _one(connection, select(*COLUMNS).where(sketches.c.id == id))

    def sketches(self) -> list[SketchKept]:
        """Those that became nothing yet, the latest first."""
        open_ones = select(*COLUMNS).where(sketches.c.submission == "")
        with self._reading() as connection:
            rows = connection.execute(open_ones.order_by(sketches.c.at.desc(), sketches.c.id))
            return [_read(row) for row in rows]

    def keep_sketch(
        self, id: str, version: int, data: Mapping[str, Any], by: str, press: str
    ) -> SketchKept:
        """What `by` made of the version they saw. If it is not the last any more, theirs is kept
        apart, as another one: nobody's work is overwritten. The same `press` again changes nothing.
        """
        with self._writing() as connection:
            there = _one(connection, select(*COLUMNS).where(sketches.c.id == id))
            if there and (there.press, there.version) == (press, version + 1):
                return there
            if there is None or there.version != version or there.submission:
                own = SketchKept(new_id(), 1, data, by, self._now(), press, "")
                return _begin(connection, f"{id} {version} {press}", own)
            new = {"version": version + 1, "data": data, "by": by, "at": self._now()}
            kept = update(sketches).where(sketches.c.id == id).values(**new, press=press)
            return _read(connection.execute(kept.returning(*COLUMNS)).one())

    def end_sketch(self, id: str, submission: str = REMOVED) -> None:
        """Note that it is left on the desk, as which proposal, or given up."""
        with self._writing() as connection:
            ended = update(sketches).where(sketches.c.id == id)
            connection.execute(ended.values(submission=submission, at=self._now()))


def _begin(connection: Connection, key: str, new: SketchKept) -> SketchKept:
    """It, or the one that this key made before."""
    if known := _one(connection, select(*COLUMNS).where(sketches.c.key == key)):
        return known
    connection.execute(insert(sketches).values(**vars(new), key=key))
    return new


def _one(connection: Connection, query: Select[*tuple[Any, ...]]) -> SketchKept | None:
    row = connection.execute(query).one_or_none()
    return _read(row) if row else None


def _read(row: Row[*tuple[Any, ...]]) -> SketchKept:
    return SketchKept(**row._mapping)
