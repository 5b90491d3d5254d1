"""What a feed says: itself, and its entries, in plain values whatever its format was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. Texts are plain, without markup; "" is what it does not tell.

    `guid` is its own identifier, as it came; `url` begins with http:// or https://, or is "";
    `published` is in UTC.
    """

    guid: str
    url: str
    title: str
    summary: str = ""
    author: str = ""
    lang: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, its entries in its own order. `ttl`: minutes it asks to be left alone, 0 if none.

    `faults` are codes of what is wrong with it though it could be read. `elsewhere` is the feed
    that a page announces: what was fetched is then no feed, and has no entries.
    """

    title: str
    site: str
    entries: tuple[Entry, ...]
    lang: str = ""
    ttl: int = 0
    faults: tuple[str, ...] = ()
    elsewhere: str = ""
