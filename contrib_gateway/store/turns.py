"""What editors do with stories: each turn on what they saw, remembered so that it can be undone.

A turn keeps, of each story it touches, what it was (`rows`, None if it made it), which items it
had, and the version it has after (None if it is no more). Undoing puts that back, unless somebody
did something since; it is a turn as well, and so can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.store.inbox import Stories
from contrib_gateway.store.story import AT, Did, Done, Pile, Verdict
from contrib_gateway.store.tables import clusters, items, turns
from plugins.schema import new_id

REMEMBERED = (
    *("state", "version", "lead", "lang", "suggested", "qualification"),
    *("decided_by", "decided_at", "reason"),
)
"""The columns that a turn may change; the others follow from the items."""


class Turns(Stories):
    """The part of the store that editors of the watch decide in."""

    def sort_stories(self, seen: Mapping[str, int], verdict: Verdict, by: str) -> Done:
        """Decide the same on each story (id → the version that was seen) that is as it was seen."""
        numbers, stale = [], []
        with self._writing() as connection:
            for id, version in seen.items():
                try:
                    now = _as_seen(connection, id, version)
                except (AlreadyDecided, NotFound):
                    stale.append(id)
                    continue
                change = _changes(verdict, by, self._now())
                turn = _Turning(connection, [id])
                _set(connection, id, change)
                numbers.append(turn.end(id, by, _did(now["state"], verdict), self._now()))
        return Done(min(numbers, default=0), max(numbers, default=0), tuple(stale))

    def split_story(
        self, id: str, version: int, numbers: Iterable[int], by: str
    ) -> tuple[int, str]:
        """Make a story of its own of some items: the turn's number, the new id ("" if these are
        all of them, or none). Raises `AlreadyDecided`, `NotFound`.
        """
        with self._writing() as connection:
            now = _as_seen(connection, id, version)
            own = set(connection.scalars(select(items.c.number).where(items.c.cluster == id)))
            apart = own & set(numbers)
            if not apart or apart == own:
                return 0, ""
            other = new_id()
            turn = _Turning(connection, [id, other])
            _insert(connection, other, now | {"qualification": {}, "version": 0})
            _move(connection, apart, other)
            _set(connection, other, {**_OPEN, "lead": min(apart)})
            _set(connection, id, {})
            _follow(connection, [id, other])
            return turn.end(id, by, Did.SPLIT, self._now()), other

    def join_stories(self, seen: Mapping[str, int], by: str) -> int:
        """Make one story of several, the first of which stays; what was said of the others is said
        of it where nothing was. Raises `AlreadyDecided`, `NotFound`.
        """
        first, *others = seen
        with self._writing() as connection:
            said: dict[str, Any] = {}
            for id, version in seen.items():
                said = dict(_as_seen(connection, id, version)["qualification"]) | said
            turn = _Turning(connection, list(seen))
            _move_all(connection, others, first)
            connection.execute(delete(clusters).where(clusters.c.id.in_(others)))
            _set(connection, first, {"qualification": said})
            _follow(connection, [first])
            return turn.end(first, by, Did.JOINED, self._now())

    def undo_turns(self, first: int, last: int, by: str) -> Done:
        """Put back what was before these turns, all or none. Raises `AlreadyDecided` if somebody
        did something since, `NotFound`.
        """
        query = select(turns).where(turns.c.number.between(first, last))
        with self._writing() as connection:
            taken = connection.execute(query.order_by(turns.c.number.desc())).mappings().all()
            if not taken:
                raise NotFound(f"no turns {first} to {last}")
            numbers = [self._undo(connection, dict(turn), by) for turn in taken]
        return Done(min(numbers), max(numbers))

    def _undo(self, connection: Connection, turn: Mapping[str, Any], by: str) -> int:
        before = turn["before"]
        for id, version in before["after"].items():
            now = _row(connection, id)
            if (now["version"] if now else None) != version:
                raise _overtaken(connection, id, now)
        ids = list(before["rows"])
        again = _Turning(connection, ids)
        for id, row in before["rows"].items():
            if row and before["after"][id] is None:
                _insert(connection, id, _read(row))
            elif row:
                _set(connection, id, {k: v for k, v in _read(row).items() if k != "version"})
        made = [id for id, row in before["rows"].items() if row is None]
        _move_all(connection, made, turn["cluster"])  # what was found since stays with the story
        for id in ids:
            _move(connection, [int(n) for n, c in before["items"].items() if c == id], id)
        connection.execute(delete(clusters).where(clusters.c.id.in_(made)))
        _follow(connection, [id for id in ids if id not in made])
        return again.end(turn["cluster"], by, Did.UNDONE, self._now())


class _Turning:
    """A turn while it is taken: what the stories were before."""

    def __init__(self, connection: Connection, ids: Sequence[str]) -> None:
        self._connection = connection
        self._ids = ids
        self._rows = {id: _written(_row(connection, id)) for id in ids}
        query = select(items.c.number, items.c.cluster).where(items.c.cluster.in_(ids))
        self._items = {str(number): cluster for number, cluster in connection.execute(query)}

    def end(self, cluster: str, by: str, what: Did, at: datetime) -> int:
        """Write it down; returns its number."""
        now = {id: _row(self._connection, id) for id in self._ids}
        after = {id: row["version"] if row else None for id, row in now.items()}
        before = {"rows": self._rows, "items": self._items, "after": after}
        line = {"cluster": cluster, "at": at, "who": by, "what": what, "before": before}
        done = self._connection.execute(insert(turns).values(line).returning(turns.c.number))
        return int(done.scalar_one())


_OPEN = {"state": Pile.INBOX, "reason": "", "decided_by": "", "decided_at": None}


def _changes(verdict: Verdict, by: str, at: datetime) -> dict[str, Any]:
    if verdict.pile is Pile.INBOX:
        return dict(_OPEN)
    change: dict[str, Any] = {"state": verdict.pile, "reason": verdict.reason}
    if verdict.qualification is not None:
        change["qualification"] = dict(verdict.qualification)
    return change | {"decided_by": by, "decided_at": at}


def _did(before: str, verdict: Verdict) -> Did:
    if verdict.pile is Pile.KEPT and before == Pile.KEPT:
        return Did.QUALIFIED
    return Did(verdict.pile)


def _row(connection: Connection, id: str) -> dict[str, Any] | None:
    row = connection.execute(select(clusters).where(clusters.c.id == id)).mappings().one_or_none()
    return dict(row) if row else None


def _as_seen(connection: Connection, id: str, version: int) -> dict[str, Any]:
    now = _row(connection, id)
    if now is None or now["version"] != version:
        raise _overtaken(connection, id, now)
    return now


def _overtaken(
    connection: Connection, id: str, now: Mapping[str, Any] | None
) -> AlreadyDecided | NotFound:
    """Somebody came first: who, with the last turn; what is no more was joined with another."""
    if now is None:
        return NotFound(f"no story {id}")
    query = select(turns.c.who, turns.c.what, turns.c.at).where(turns.c.cluster == id)
    last = connection.execute(query.order_by(turns.c.number.desc()).limit(1)).one_or_none()
    who, what, at = last if last else ("", now["state"], now["decided_at"])
    return AlreadyDecided(id, what, who, at, now["reason"])


def _set(connection: Connection, id: str, change: Mapping[str, Any]) -> None:
    risen = {"version": clusters.c.version + 1}
    connection.execute(update(clusters).where(clusters.c.id == id).values({**change, **risen}))


def _insert(connection: Connection, id: str, row: Mapping[str, Any]) -> None:
    """A story; what follows from its items is not known yet."""
    kept = {name: row[name] for name in REMEMBERED} | {"version": row["version"] + 1}
    pending = {"id": id, "newest_at": datetime.fromtimestamp(0).astimezone(), "carriers": 0}
    connection.execute(insert(clusters).values({**kept, **pending}))


def _move(connection: Connection, numbers: Iterable[int], to: str) -> None:
    moved = update(items).where(items.c.number.in_(list(numbers)))
    connection.execute(moved.values(cluster=to))


def _move_all(connection: Connection, origins: Sequence[str], to: str) -> None:
    connection.execute(update(items).where(items.c.cluster.in_(origins)).values(cluster=to))


def _follow(connection: Connection, ids: Iterable[str]) -> None:
    """How many carry each, the newest of them, and its lead, now that its items are others."""
    for id in ids:
        own = items.c.cluster == id
        told = select(func.count(items.c.source.distinct()), func.max(AT)).where(own)
        carriers, newest = connection.execute(told).one()
        now = {"carriers": carriers, "newest_at": newest}
        lead = _row(connection, id) or {}
        if not connection.scalar(select(items.c.number).where(own, items.c.number == lead["lead"])):
            first = select(items.c.number, items.c.lang).where(own).order_by(AT, items.c.number)
            now["lead"], now["lang"] = connection.execute(first.limit(1)).one()
        connection.execute(update(clusters).where(clusters.c.id == id).values(now))


def _written(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """As JSON keeps it."""
    if row is None:
        return None
    kept = {name: row[name] for name in REMEMBERED}
    at = row["decided_at"]
    return kept | {"decided_at": at.isoformat() if at else None}


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    at = row["decided_at"]
    return dict(row) | {"decided_at": datetime.fromisoformat(at) if at else None}
