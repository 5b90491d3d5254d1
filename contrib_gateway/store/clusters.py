"""Items become stories: what gathering reads, and writes batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, insert, or_, select, update

from contrib_gateway.store.database import Database
from contrib_gateway.store.discards import EMPTIED
from contrib_gateway.store.story import AT, Item, Pile
from contrib_gateway.store.tables import clusters, items
from plugins.watch.clustering import OPENING, Told

UNDECIDED = (Pile.INBOX, Pile.LATER)
TOLD = (
    *(items.c[name] for name in ("number", "source", "address", "title")),
    func.substr(items.c.summary, 1, OPENING),
    AT,
)
ASSIGN = update(items).where(items.c.number == bindparam("of"), items.c.cluster == "")
FOLLOW = update(clusters).where(clusters.c.id == bindparam("of"))


@dataclass(frozen=True)
class Facts:
    """What follows from the items of a story: the number of that which leads, and the rest."""

    lead: int
    newest_at: datetime
    carriers: int
    lang: str
    suggested: Sequence[str]


class Clusters(Database):
    """The part of the store that gathering writes."""

    def ungathered(self) -> list[Told]:
        """The items that are in no story yet, as they came."""
        query = select(*TOLD).where(items.c.cluster == "").order_by(items.c.number)
        with self._reading() as connection:
            return [Told(*row) for row in connection.execute(query)]

    def gathered(
        self, since: datetime, until: datetime, apart: timedelta
    ) -> list[tuple[Told, str]]:
        """The items in stories that came out at most so far `apart` from these two moments, or
        have the address of one that is in none; each with its story's id.
        """
        pending = select(items.c.address).where(items.c.cluster == "", items.c.address != "")
        near = or_(AT.between(since - apart, until + apart), items.c.address.in_(pending))
        query = select(items.c.cluster, *TOLD).where(items.c.cluster.not_in(("", EMPTIED)), near)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(items.c.number))
            return [(Told(*told), cluster) for cluster, *told in rows]

    def gather(
        self,
        placed: Mapping[int, str],
        new: set[str],
        facts: Callable[[Sequence[Item]], Facts],
    ) -> bool:
        """Put items (number → story's id) into stories, those of the ids in `new` being made.

        False, and nothing is done, if one of them is in a story by now or a story is no more. What
        was decided of a story stays, and so does then what leads it.
        """
        with self._writing() as connection:
            states = _states(connection, placed.values())
            known = set(placed.values()) - new
            if not known <= states.keys() or not _are_free(connection, placed):
                return False
            pairs = [{"of": number, "to": id} for number, id in placed.items()]
            connection.execute(ASSIGN.values(cluster=bindparam("to")), pairs)
            found = {id: facts(told) for id, told in _told(connection, placed.values()).items()}
            _make(connection, {id: found[id] for id in new})
            _follow(connection, {id: found[id] for id in known}, states)
        return True


def _states(connection: Connection, ids: Any) -> dict[str, str]:
    query = select(clusters.c.id, clusters.c.state).where(clusters.c.id.in_(set(ids)))
    return {str(id): str(state) for id, state in connection.execute(query)}


def _are_free(connection: Connection, placed: Mapping[int, str]) -> bool:
    free = items.c.number.in_(list(placed)), items.c.cluster == ""
    query = select(func.count()).select_from(items).where(*free)
    return connection.scalar(query) == len(placed)


def _told(connection: Connection, ids: Any) -> dict[str, list[Item]]:
    """The items of these stories."""
    columns = [items.c[name] for name in Item.__dataclass_fields__]
    query = select(items.c.cluster, *columns).where(items.c.cluster.in_(set(ids)))
    told: dict[str, list[Item]] = {}
    for cluster, *values in connection.execute(query):
        told.setdefault(cluster, []).append(Item(*values))
    return told


def _make(connection: Connection, found: Mapping[str, Facts]) -> None:
    fresh: dict[str, Any] = {"decided_by": "", "decided_at": None, "reason": ""}
    fresh |= {"state": Pile.INBOX, "version": 1, "qualification": {}}
    rows = [{"id": id, **fresh, **vars(facts)} for id, facts in found.items()]
    if rows:
        connection.execute(insert(clusters), rows)


def _follow(connection: Connection, found: Mapping[str, Facts], states: Mapping[str, str]) -> None:
    """Stories say what their items are now; those that wait for a decision, what leads them."""
    for id, facts in found.items():
        now: dict[str, Any] = {"carriers": facts.carriers, "newest_at": facts.newest_at}
        if states[id] in UNDECIDED:
            now |= {"lead": facts.lead, "lang": facts.lang, "suggested": facts.suggested}
            # Led by another item it says something else, which is to be read first.
            now["version"] = clusters.c.version + (clusters.c.lead != facts.lead).cast(Integer)
        connection.execute(FOLLOW.values(now), {"of": id})
