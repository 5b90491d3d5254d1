"""Items become stories: the same one from several sources is one, however often this runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from contrib_gateway.library import Library
from contrib_gateway.store import Facts, Item, Store
from plugins.schema import Index, new_id
from plugins.watch.address import host
from plugins.watch.clustering import WINDOW, Stories, Told
from plugins.watch.suggestion import MOST, Suggestions

log = logging.getLogger(__name__)

BATCH = 500  # items a transaction
LONGEST = timedelta(days=90)  # before the newest that waits
TRIES = 5  # when somebody else gathers, splits or joins meanwhile


class Gathering:
    """Puts each item that is in no story into one: one that tells the same, else a new one."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    def run(self) -> int:
        """Gather what is waiting; returns how many items. Killed in the middle, the rest is
        gathered the next time.
        """
        done = 0
        for _ in range(TRIES):
            waiting = self._store.ungathered()
            if not waiting:
                break
            done += self._gather(waiting)
        log.info("gathered", extra={"count": done})
        return done

    def _gather(self, waiting: list[Told]) -> int:
        """How many were, before somebody else changed what this knows."""
        known = self._store.gathered(*span(waiting), WINDOW)
        stories = Stories(waiting, known)
        judge = Judge(self._library.index)
        done = 0
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            placed, new = _place(stories, batch)
            if not self._store.gather(placed, new, judge.facts):
                break
            done += len(placed)
        return done


def span(waiting: Sequence[Told]) -> tuple[datetime, datetime]:
    """Between which moments known items are looked at. Not all that ever was, for one item that
    its feed dates in 1990: the older ones are compared with each other, and by their addresses.
    """
    moments = [item.at for item in waiting]
    return max(min(moments), max(moments) - LONGEST), max(moments)


def _place(stories: Stories, batch: Sequence[Told]) -> tuple[dict[int, str], set[str]]:
    """The story of each item, by its number, and which of these are new."""
    placed, new = {}, set()
    for item in batch:
        cluster = stories.cluster_of(item)
        if not cluster:
            cluster = new_id()
            new.add(cluster)
        stories.place(item, cluster)
        placed[item.number] = cluster
    return placed, new


class Judge:
    """Says what follows from the items of a story, by what the content says of their sources."""

    def __init__(self, index: Index) -> None:
        self._index = index
        themes = index.schema.vocabularies.get("themes")
        self._suggestions = Suggestions(themes.terms if themes else {})

    def facts(self, told: Sequence[Item]) -> Facts:
        """The original leads: what its own site published, else what came out first."""
        lead = told[0] if len(told) == 1 else min(told, key=self._rank)
        return Facts(
            lead=lead.number,
            newest_at=max(item.at for item in told),
            carriers=len({item.source for item in told}),
            lang=lead.lang or next((item.lang for item in told if item.lang), ""),
            suggested=self._suggested(lead, told),
        )

    def _rank(self, item: Item) -> tuple[bool, bool, datetime, int]:
        return (not self._is_original(item), item.is_tip, item.at, item.number)

    def _is_original(self, item: Item) -> bool:
        document = None if item.is_tip else self._index.by_id(item.source)
        site = host(str(document.data.get("site", ""))) if document else ""
        page = host(item.url)
        return bool(site and page) and (
            site == page or site.endswith(f".{page}") or page.endswith(f".{site}")
        )

    def _suggested(self, lead: Item, told: Sequence[Item]) -> list[str]:
        """What those who sent it chose, then what its words suggest."""
        documents = [self._index.by_id(item.source) for item in told if item.is_tip]
        chosen = [theme for one in documents if one for theme in one.data.get("themes") or ()]
        told_by_words = self._suggestions.of(lead.title, lead.summary)
        return list(dict.fromkeys([*chosen, *told_by_words]))[:MOST]
