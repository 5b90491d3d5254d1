"""A story of the watch and its items: what is known of them, and what can be done to a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import case

from contrib_gateway.store.tables import items

TIP = " link"
"""The key of the item that somebody sent, whose source is the link's document. It begins with a
blank: no guid does, so that no feed can pass what it publishes off as sent by a resident.
"""
AT = case((items.c.published_at <= items.c.found_at, items.c.published_at), else_=items.c.found_at)
"""What `Item.at` is, of rows."""


class Pile(StrEnum):
    """Where a story lies."""

    INBOX = "inbox"
    LATER = "later"
    KEPT = "kept"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Item:
    """One thing that a source published or, if it `is_tip`, that somebody sent a link to."""

    number: int
    source: str
    key: str
    url: str
    title: str
    summary: str
    author: str
    lang: str
    published_at: datetime | None
    found_at: datetime

    @property
    def is_tip(self) -> bool:
        return self.key == TIP

    @property
    def at(self) -> datetime:
        """When it came out, or was found: nothing is from the future."""
        return min(self.published_at or self.found_at, self.found_at)


@dataclass(frozen=True)
class Story:
    """One cluster: its items, the lead first, then the oldest.

    `suggested` themes are a machine's; `qualification` is what editors say of it, the fields of an
    item of a digest. `version` rises with each turn.
    """

    id: str
    pile: Pile
    version: int
    newest_at: datetime
    carriers: int
    lang: str
    suggested: tuple[str, ...]
    qualification: Mapping[str, Any]
    decided_by: str
    decided_at: datetime | None
    reason: str
    items: tuple[Item, ...]

    @property
    def lead(self) -> Item:
        return self.items[0]

    @property
    def sources(self) -> tuple[str, ...]:
        """Each once, that of the lead first."""
        return tuple(dict.fromkeys(item.source for item in self.items))


@dataclass(frozen=True)
class Sought:
    """Which stories: of a pile, and all that is asked. `tips`: only those that people sent."""

    pile: Pile = Pile.INBOX
    source: str = ""
    tips: bool = False
    theme: str = ""
    lang: str = ""
    words: str = ""


class Did(StrEnum):
    """What a turn was; each has its sentence in `views/watch/turns.py`."""

    PUT_BACK = "inbox"
    LATER = "later"
    KEPT = "kept"
    DISCARDED = "discarded"
    QUALIFIED = "qualified"
    SPLIT = "split"
    JOINED = "joined"
    UNDONE = "undone"


@dataclass(frozen=True)
class Turn:
    """One thing that was done to a story: `what` is a `Did`, `before` is for undoing it."""

    number: int
    cluster: str
    at: datetime
    who: str
    what: str
    before: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What is decided of a story. `qualification`: None leaves what was said of it."""

    pile: Pile
    reason: str = ""
    qualification: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Done:
    """The numbers of the turns that were taken, 0 if none; the ids of what somebody else changed
    meanwhile, and which stayed as it was.
    """

    first: int = 0
    last: int = 0
    stale: tuple[str, ...] = ()
