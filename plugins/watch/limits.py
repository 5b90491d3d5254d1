"""How much of a feed is kept, whatever its format, and what an entry is kept for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeVar

from plugins.watch.address import host
from plugins.watch.entry import Entry
from plugins.watch.plaintext import UNSEEN, shortened, tidy

MOST_ENTRIES = 2000
TITLE, SUMMARY, AUTHOR = 300, 1000, 120  # characters
OPENING = 120  # characters of a summary that make a title where there is none
GUID = 500
BEGINNING = datetime.min.replace(tzinfo=UTC)

Raw = TypeVar("Raw")


def latest(
    raw: list[Raw], published: Callable[[Raw], datetime | None], faults: list[str]
) -> list[Raw]:
    """At most MOST_ENTRIES of them, the newest, in the order they came."""
    if len(raw) <= MOST_ENTRIES:
        return raw
    faults.append("too_many_entries")
    order = sorted(range(len(raw)), key=lambda n: published(raw[n]) or BEGINNING, reverse=True)
    return [raw[place] for place in sorted(order[:MOST_ENTRIES])]


def identifier(guid: str) -> str:
    """A guid as it came but for what cannot be kept; one that is too long by its hash."""
    clean = tidy(UNSEEN.sub("", guid))
    return clean if len(clean) <= GUID else sha256(clean.encode()).hexdigest()


def titled(entry: Entry) -> Entry | None:
    """The entry with a title, made of what else it says; None if it says nothing at all."""
    if entry.title:
        return entry
    title = shortened(entry.summary, OPENING) or host(entry.url)
    return replace(entry, title=title) if title else None
