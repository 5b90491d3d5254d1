"""The inbox of the watch: what was published and sent, as stories that editors sort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    desc,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)

from contrib_gateway.store.database import Database
from contrib_gateway.store.fulltext import (
    BEHIND,
    CLOSEST,
    LEARN,
    MATCHING,
    any_of,
    beginning_with,
)
from contrib_gateway.store.story import TIP, Item, Pile, Sought, Story, Turn
from contrib_gateway.store.tables import clusters, items, submissions, turns

LIKELY = 8  # stories that may be the same
CHOSEN = """
    SELECT id FROM clusters WHERE qualification != '{}'
    AND instr(coalesce(json_extract(qualification, '$.themes'), ''), :named) > 0
"""
MOST_FOUND = 2000  # items that words find
NEAR = 5000  # items that came before or after one, among which others like it are looked for
DAY: ColumnElement[str] = literal_column("substr(newest_at, 1, 10)")  # as in the index
ORDER = (DAY, clusters.c.carriers, clusters.c.newest_at, clusters.c.id)


class Stories(Database):
    """The part of the store that editors of the watch read."""

    def stories(self, sought: Sought, limit: int, offset: int = 0) -> list[Story]:
        """Those sought: the newest day first, and of a day the most carried."""
        query = _found(select(clusters), sought).order_by(*map(desc, ORDER))
        self._learn(sought.words)
        with self._reading() as connection:
            return _whole(connection, connection.execute(query.limit(limit).offset(offset)))

    def count_stories(self, sought: Sought) -> int:
        self._learn(sought.words)
        query = _found(select(func.count()).select_from(clusters), sought)
        with self._reading() as connection:
            return int(connection.scalar(query) or 0)

    def story_after(self, story: Story, sought: Sought) -> str:
        """The id of the one that follows in their order, whether it is still there; "" if none."""
        key = (f"{story.newest_at:%Y-%m-%d}", story.carriers, story.newest_at, story.id)
        query = _found(select(clusters.c.id), sought).where(tuple_(*ORDER) < key)
        with self._reading() as connection:
            found = connection.scalar(query.order_by(*map(desc, ORDER)).limit(1))
        return str(found or "")

    def piles(self) -> Mapping[Pile, int]:
        """How many lie where."""
        query = select(clusters.c.state, func.count()).group_by(clusters.c.state)
        with self._reading() as connection:
            known = {str(state): int(count) for state, count in connection.execute(query)}
        return {pile: known.get(pile, 0) for pile in Pile}

    def story(self, id: str) -> Story | None:
        return next(iter(self.stories_of([id])), None)

    def stories_of(self, ids: Sequence[str]) -> list[Story]:
        """Those that are there, in the order that is given."""
        query = select(clusters).where(clusters.c.id.in_(ids))
        with self._reading() as connection:
            found = {one.id: one for one in _whole(connection, connection.execute(query))}
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def likely(self, story: Story, words: str = "") -> list[Story]:
        """Others that may tell the same: the latest that have these words or, without any, those
        of about the same time that share most with its title.
        """
        match = beginning_with(words) if words else any_of(story.lead.title)
        if not match:
            return []
        self._learn(match)
        number = story.lead.number
        near = {"first": number - NEAR, "last": number + NEAR}
        query = text(MATCHING if words else CLOSEST)
        asked = {"match": match, "most": LIKELY * 3} | ({} if words else near)
        with self._reading() as connection:
            numbers = list(connection.scalars(query, asked))
            told = select(items.c.number, items.c.cluster).where(items.c.number.in_(numbers))
            stories = {int(n): str(cluster) for n, cluster in connection.execute(told)}
        ids = [stories[n] for n in numbers if stories.get(n) not in (None, "", story.id)]
        return self.stories_of(list(dict.fromkeys(ids))[:LIKELY])

    def heir(self, id: str) -> str:
        """The story that has the items of one that is no more, "" if it never was."""
        if not id.isalnum():
            return ""
        gone = func.json_type(turns.c.before, f'$.after."{id}"') == "null"
        query = select(turns.c.cluster).where(gone).order_by(turns.c.number.desc()).limit(1)
        with self._reading() as connection:
            return str(connection.scalar(query) or "")

    def turns(self, id: str, limit: int = 50) -> list[Turn]:
        """What was done to a story, the latest first."""
        query = select(turns).where(turns.c.cluster == id).order_by(turns.c.number.desc())
        with self._reading() as connection:
            return [Turn(**row._mapping) for row in connection.execute(query.limit(limit))]

    def turns_between(self, first: int, last: int) -> list[Turn]:
        """Those of these numbers, the first first."""
        query = select(turns).where(turns.c.number.between(first, last)).order_by(turns.c.number)
        with self._reading() as connection:
            return [Turn(**row._mapping) for row in connection.execute(query)]

    def finders(self, ids: Iterable[str]) -> Mapping[str, str]:
        """How those who sent these links wish to be named, by the ids of the links' documents."""
        columns = submissions.c.id, submissions.c.signed_as
        with self._reading() as connection:
            found = connection.execute(select(*columns).where(submissions.c.id.in_(list(ids))))
            return {id: name for id, name in found if name}

    def learn_words(self) -> None:
        """Take what came since the last time into the index of words."""
        with self._writing() as connection:
            connection.execute(text(LEARN))

    def _learn(self, words: str) -> None:
        """Before words are searched, if there is something to be learnt."""
        if not words:
            return
        with self._reading() as connection:
            is_behind = connection.scalar(text(BEHIND))
        if is_behind:
            self.learn_words()


def _found(query: Select[Any], sought: Sought) -> Select[Any]:
    """A query about stories, narrowed to those sought."""
    conditions: list[ColumnElement[bool]] = [clusters.c.state == sought.pile]
    if sought.source:
        conditions.append(_having(items.c.source == sought.source))
    if sought.tips:
        conditions.append(_having(items.c.key == TIP))
    if sought.theme:
        named = f'"{sought.theme}"'
        suggested = func.instr(clusters.c.suggested, named) > 0
        chosen = text(CHOSEN).bindparams(named=named)
        conditions.append(or_(suggested, clusters.c.id.in_(chosen)))
    if sought.lang:
        conditions.append(clusters.c.lang == sought.lang)
    if sought.words:
        # Of nothing but signs there is nothing to find.
        match = beginning_with(sought.words) or '""'
        told = text(MATCHING).bindparams(match=match, most=MOST_FOUND)
        conditions.append(_having(items.c.number.in_(told)))
    return query.where(*conditions)


def _having(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return clusters.c.id.in_(select(items.c.cluster).where(condition))


def _whole(connection: Connection, rows: Iterable[Row[Any]]) -> list[Story]:
    """The stories of these rows, with their items; none without any."""
    found = [dict(row._mapping) for row in rows]
    ids = [row["id"] for row in found]
    told: dict[str, list[Item]] = {id: [] for id in ids}
    columns = [items.c[name] for name in Item.__dataclass_fields__]
    query = select(items.c.cluster, *columns).where(items.c.cluster.in_(ids))
    for cluster, *values in connection.execute(query):
        told[cluster].append(Item(*values))
    return [_story(row, told[row["id"]]) for row in found if told[row["id"]]]


def _story(row: dict[str, Any], told: list[Item]) -> Story:
    lead = row.pop("lead")
    told.sort(key=lambda item: (item.number != lead, item.at, item.number))
    row["suggested"] = tuple(row["suggested"])
    return Story(pile=Pile(row.pop("state")), items=tuple(told), **row)
