"""How the watching of each source goes, and the items that it brings in."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from contrib_gateway.store.database import Database
from contrib_gateway.store.discards import EMPTIED
from contrib_gateway.store.story import TIP, Pile
from contrib_gateway.store.tables import clusters, feeds, items
from plugins.watch.recognition import Arrival, Known, Recognised


@dataclass(frozen=True)
class FeedState:
    """How one source fares.

    `source` is its document's id, `address` what the document says, `moved_to` where it is instead
    if it is elsewhere. `etag`, `modified` and `digest` are of what it last published; `news_at` is
    when that was new. `failures` in a row since `failing_since`, the last for `fault`, a code.
    `proposed`: the last `moved_to` that editors were told of; `noted`: the last state that was
    noted in the document. Texts are "" where there is nothing to say.
    """

    source: str
    address: str
    next_at: datetime
    etag: str = ""
    modified: str = ""
    digest: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    news_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    fault: str = ""
    detail: str = ""
    moved_to: str = ""
    proposed: str = ""
    noted: str = ""


@dataclass(frozen=True)
class Take:
    """What came of asking a source: how it fares now, and what it published; `lang` is of that
    which does not tell its own.
    """

    state: FeedState
    found: Recognised = Recognised()  # noqa: RUF009 — it is frozen
    lang: str = ""


@dataclass(frozen=True)
class Tip:
    """What somebody sent a link to, as its merged document says: `source` is its id."""

    source: str
    address: str
    url: str
    title: str
    summary: str
    lang: str


class Feeds(Database):
    """The part of the store that the collector writes."""

    def feed_states(self) -> list[FeedState]:
        """How each source fares that was ever asked."""
        with self._reading() as connection:
            return [_read(row) for row in connection.execute(select(feeds))]

    def known_items(self, source: str) -> list[Known]:
        """What is remembered of all that a source published."""
        c = items.c
        query = select(c.key, c.address, c.title, c.summary).where(c.source == source)
        with self._reading() as connection:
            return [Known(*row) for row in connection.execute(query)]

    def known_tips(self) -> set[str]:
        """The ids of the documents whose link is an item already."""
        query = select(items.c.source).where(items.c.key == TIP)
        with self._reading() as connection:
            return set(connection.scalars(query))

    def take_in(self, takes: Sequence[Take]) -> int:
        """Keep how sources fare together with what they published: all of it or nothing.

        Returns how many items are new. One that is there already stays as it is.
        """
        now = self._now()
        new = [_item(take, one, now) for take in takes for one in take.found.new]
        with self._writing() as connection:
            for take in takes:
                _rename(connection, take)
            number = _insert(connection, new)
            _change(connection, takes)
            _save(connection, [take.state for take in takes])
        return number

    def take_tips(self, tips: Iterable[Tip]) -> int:
        """Keep the links that people sent as items; returns how many are new."""
        now = self._now()
        new = [{**asdict(tip), "key": TIP, "author": "", "found_at": now} for tip in tips]
        with self._writing() as connection:
            return _insert(connection, new)

    def note_feed(self, source: str, **values: str) -> None:
        """Change `proposed` or `noted` of a source."""
        with self._writing() as connection:
            connection.execute(update(feeds).where(feeds.c.source == source).values(values))

    def ask_now(self, source: str) -> None:
        """Let a source be due, as one is that was never asked."""
        due = update(feeds).where(feeds.c.source == source)
        with self._writing() as connection:
            connection.execute(due.values(next_at=self._now()))

    def count_new(self, source: str, since: datetime) -> int:
        """How many items of a source were found since a moment."""
        query = select(func.count()).select_from(items)
        found = (items.c.source == source) & (items.c.found_at >= since)
        with self._reading() as connection:
            return connection.scalar(query.where(found)) or 0


def _read(row: Row[Any]) -> FeedState:
    return FeedState(**row._mapping)


def _item(take: Take, arrival: Arrival, now: datetime) -> dict[str, Any]:
    entry = arrival.entry
    return {
        "source": take.state.source,
        "key": arrival.key,
        "address": arrival.address,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "lang": entry.lang or take.lang,
        "published_at": entry.published,
        "found_at": now,
    }


def _insert(connection: Connection, new: list[dict[str, Any]]) -> int:
    if not new:
        return 0
    return connection.execute(insert(items).prefix_with("OR IGNORE"), new).rowcount


def _rename(connection: Connection, take: Take) -> None:
    """Give items of a source the keys that they have from now on."""
    renamed = take.found.renamed or {}
    if renamed:
        of_it = (items.c.source == take.state.source) & (items.c.key == bindparam("old"))
        renaming = update(items).prefix_with("OR IGNORE").where(of_it)
        pairs = [{"old": old, "new": new} for old, new in renamed.items()]
        connection.execute(renaming.values(key=bindparam("new")), pairs)


def _change(connection: Connection, takes: Sequence[Take]) -> None:
    """Items say what their source says now, but where somebody decided on what it said; a story
    that says something else is another version: nobody decides on words that they have not read.
    """
    decided = select(clusters.c.id).where(clusters.c.state.in_((Pile.KEPT, Pile.DISCARDED)))
    changed = [
        {"of": t.state.source, "known": one.key, "said": one.entry.title, "more": one.entry.summary}
        for t in takes
        for one in t.found.changed
    ]
    if changed:
        of_it = (items.c.source == bindparam("of")) & (items.c.key == bindparam("known"))
        changing = update(items).where(
            of_it, items.c.cluster != EMPTIED, items.c.cluster.not_in(decided)
        )
        connection.execute(
            changing.values(title=bindparam("said"), summary=bindparam("more")), changed
        )
        led = clusters.c.lead.in_(select(items.c.number).where(of_it))
        retold = update(clusters).where(led, clusters.c.id.not_in(decided))
        connection.execute(retold.values(version=clusters.c.version + 1), changed)


def _save(connection: Connection, states: list[FeedState]) -> None:
    if states:
        saving = upsert(feeds)
        kept = {c.name: saving.excluded[c.name] for c in feeds.c if c.name != "source"}
        connection.execute(
            saving.on_conflict_do_update(index_elements=["source"], set_=kept),
            [asdict(state) for state in states],
        )
