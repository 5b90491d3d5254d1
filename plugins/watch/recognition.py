"""Which entries of a feed are new, which are known, and under which key each is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from plugins.watch.address import canonical
from plugins.watch.entry import Entry


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an item: the key it has in its source, its canonical address, words,
    unless these were forgotten ("").
    """

    key: str
    address: str
    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry, the key that it is recognised by in its source, and its canonical address."""

    key: str
    address: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Recognised:
    """`new`: not seen before. `changed`: known under their key, with other words than then.

    `renamed` maps keys of known items to those that they have from now on.
    """

    new: tuple[Arrival, ...] = ()
    changed: tuple[Arrival, ...] = ()
    renamed: Mapping[str, str] | None = None


def recognise(known: Iterable[Known], entries: Iterable[Entry]) -> Recognised:
    """Tell the new entries of a feed from those among the `known` items of its source.

    An entry is known by its guid, else its address, else its title and date. If over half of them
    have an unknown guid and the address and title of a known item, the guids have changed: all are
    then known by their addresses. A guid that different pages share tells nothing.
    """
    before = {item.key: item for item in known}
    arrivals = _arrivals(tuple(entries), before)
    unknown = [arrival for arrival in arrivals if arrival.key not in before]
    renamed = _renamed(before, arrivals, unknown)
    of = {new: before[old] for old, new in renamed.items()}
    new = [arrival for arrival in unknown if arrival.key not in of]
    changed = [
        arrival
        for arrival in arrivals
        if (item := before.get(arrival.key) or of.get(arrival.key)) and _differ(item, arrival.entry)
    ]
    return Recognised(tuple(new), tuple(changed), renamed)


def _arrivals(entries: tuple[Entry, ...], before: Mapping[str, Known]) -> list[Arrival]:
    """The entries by their keys, each key once: the latest if it is there several times."""
    pages: dict[str, set[str]] = {}
    addresses = [canonical(entry.url) for entry in entries]
    for entry, address in zip(entries, addresses, strict=True):
        pages.setdefault(entry.guid, set()).add(address)
    found: dict[str, Arrival] = {}
    for entry, address in zip(entries, addresses, strict=True):
        shared = len(pages[entry.guid]) > 1
        arrival = Arrival(_key(entry, address, shared, before), address, entry)
        other = found.get(arrival.key)
        if other is None or _later(entry, other.entry):
            found[arrival.key] = arrival
    return list(found.values())


def _key(entry: Entry, address: str, shared: bool, before: Mapping[str, Known]) -> str:
    item = before.get(entry.guid)
    if entry.guid and item:
        same = item.address == address or (not shared and item.title in (entry.title, ""))
    else:
        same = bool(entry.guid) and not shared
    if same:
        return entry.guid
    if address and (entry.guid or not shared):
        return address
    date = entry.published.date().isoformat() if entry.published else ""
    return sha256(f"{entry.title}\n{date}".encode()).hexdigest()


def _renamed(
    before: Mapping[str, Known], arrivals: list[Arrival], unknown: list[Arrival]
) -> dict[str, str]:
    """The new keys of known items, by their old ones, if the guids have changed."""
    present = {arrival.key for arrival in arrivals}
    missing = [item for key, item in before.items() if key not in present]
    once = Counter(item.address for item in missing) + Counter(one.address for one in unknown)
    by_address = {item.address: item for item in missing if item.address}
    pairs = [
        (by_address[one.address], one)
        for one in unknown
        if one.address in by_address and once[one.address] == 2
    ]
    alike = sum(item.title == one.entry.title for item, one in pairs)
    if alike * 2 <= len(arrivals):
        return {}
    return {item.key: one.key for item, one in pairs}


def _later(entry: Entry, other: Entry) -> bool:
    return bool(entry.published and other.published and entry.published > other.published)


def _differ(item: Known, entry: Entry) -> bool:
    return (item.title, item.summary) != (entry.title, entry.summary)
