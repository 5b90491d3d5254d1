"""What editors make of the watch's inbox: where each story comes from, what was kept of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contrib_gateway.library import Library
from contrib_gateway.store import Item, Pile, Sought, Store, Story
from plugins.schema import ContentType, Document, Index
from plugins.schema.labels import NO_LABEL
from plugins.watch.address import host
from plugins.watch.draft import DIGEST, ITEMS, TOLD, item_fields

WHY, QUALIFIED_BY = "why", "qualified_by"


@dataclass(frozen=True)
class Origin:
    """Where an item comes from: the source that published it or, for a link that somebody sent,
    the site it leads to, with how they wish to be named (`found_by`) and `why` it matters to them.

    `document` is that of the source or of the link, None if it is gone.
    """

    name: str
    document: Document | None
    is_tip: bool = False
    found_by: str = ""
    why: str = ""


@dataclass(frozen=True)
class Kept:
    """A story that was kept and can go into a digest; its `id` is to be that of the item there.

    `qualification` has what an item of a digest has and editors say: themes, audiences, place,
    why, trust, about, format, qualified_by, each only if it was said. `sources` are names, that of
    the lead first, hosts only of links that no source published; `carriers` are the pages of those
    that have one ("source/x"); `found_by` is how whoever sent it wishes to be named, or "".
    """

    id: str
    qualification: Mapping[str, Any]
    lead: Item
    items: tuple[Item, ...]
    sources: tuple[str, ...]
    found_by: str
    decided_at: datetime | None
    carriers: tuple[str, ...] = ()

    @property
    def is_qualified(self) -> bool:
        """Whether it says why it matters here, which every item of a digest does."""
        return bool(self.qualification.get(WHY))


class Inbox:
    """The inbox, with what the content says of its sources."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    def origins(self, stories: Iterable[Story]) -> Mapping[int, Origin]:
        """Where each of their items comes from, by its number."""
        found = [item for story in stories for item in story.items]
        finders = self._store.finders({item.source for item in found if item.is_tip})
        index = self._library.index
        return {item.number: _origin(item, index, finders.get(item.source, "")) for item in found}

    def kept(self) -> list[Kept]:
        """Those that are in no digest yet, neither on main nor among those that are undecided,
        the newest day first.
        """
        used = self.used()
        sought = Sought(pile=Pile.KEPT)
        found = self._store.stories(sought, self._store.count_stories(sought))
        free = [story for story in found if story.id not in used]
        origins = self.origins(free)
        return [_kept(story, origins) for story in free]

    def used(self) -> frozenset[str]:
        """The ids of the items of all digests, those that wait for a decision too."""
        # Those that wait first: one that is published meanwhile is then on main.
        waiting = [s.data for s in self._store.waiting() if s.type == DIGEST]
        published = (document.data for document in self._library.index.of(DIGEST))
        rows = [row for data in (*published, *waiting) for row in data.get(ITEMS) or ()]
        return frozenset(row["id"] for row in rows if isinstance(row, dict) and "id" in row)

    def join(self, seen: Mapping[str, int], by: str) -> int:
        """Make one of several stories (id → the version that was seen): that which is in a digest,
        else the first that was kept, else the first stays. Returns the turn's number, 0 if two are
        in digests. Raises `AlreadyDecided`, `NotFound`.
        """
        used = self.used() & set(seen)
        if len(used) > 1:
            return 0
        kept = {s.id for s in self._store.stories_of(list(seen)) if s.pile is Pile.KEPT}
        ordered = sorted(seen, key=lambda id: (id not in used, id not in kept))
        return self._store.join_stories({id: seen[id] for id in ordered}, by)

    def questions(self) -> ContentType:
        """What is asked of who qualifies a story, as a type of one story: of the fields of an item
        of a digest those that the item itself does not tell, the necessary ones first; nothing
        where there are no digests.
        """
        declared = item_fields(self._library.index).values()
        asked = [field for field in declared if field.name not in TOLD]
        asked.sort(key=lambda field: not field.required)
        fields = {field.name: field for field in asked}
        return ContentType("story", "", None, NO_LABEL, NO_LABEL, fields)


def _origin(item: Item, index: Index, finder: str) -> Origin:
    document = index.by_id(item.source)
    if not item.is_tip:
        return Origin(document.title if document else host(item.url) or item.source, document)
    why = str(document.data.get(WHY, "")) if document else item.summary
    return Origin(host(item.url), document, is_tip=True, found_by=finder, why=why)


def _kept(story: Story, origins: Mapping[int, Origin]) -> Kept:
    told = [origins[item.number] for item in story.items]
    # A link's host is no source beside those that published it.
    published = [origin for origin in told if not origin.is_tip] or told
    return Kept(
        id=story.id,
        qualification=story.qualification,
        lead=story.lead,
        items=story.items,
        sources=tuple(dict.fromkeys(origin.name for origin in published)),
        found_by=next((origin.found_by for origin in told if origin.found_by), ""),
        decided_at=story.decided_at,
        carriers=tuple(
            dict.fromkeys(one.document.ref for one in told if one.document and not one.is_tip)
        ),
    )
