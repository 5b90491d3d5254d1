"""When an event takes place, by the territory's clock, and whether it still does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.schema import ContentType, Document, Index

EVENT = "event"
START, END, STATE, ONLINE = "start", "end", "state", "online"
CANCELLED, POSTPONED = "annule", "reporte"
"""The names that `types/event.yaml` and the vocabulary `event_states` give them."""
DAY = datetime.timedelta(days=1)
MIDNIGHT, LAST_MINUTE = datetime.time(), datetime.time(23, 59)
YEARS = range(1900, 2201)  # others are slips, with which no clock can reckon


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event in time. `start` and `end` are moments of the territory's clock, without a zone;
    `end` is None where nobody said it. Of one that takes `whole_days`, they are the midnights
    before its first and after its last day.
    """

    document: Document
    start: datetime.datetime
    end: datetime.datetime | None
    whole_days: bool

    @property
    def first(self) -> datetime.date:
        return self.start.date()

    @property
    def last(self) -> datetime.date:
        """The last day it has a minute of."""
        if self.end is None:
            return self.first
        return max(self.first, (self.end - datetime.timedelta(minutes=1)).date())

    @property
    def state(self) -> str:
        return str(self.document.data.get(STATE, ""))


def events(index: Index) -> ContentType | None:
    """The type of events, where a site has one with pages."""
    found = index.schema.types.get(EVENT)
    return found if found and found.list_url else None


def occasions(index: Index) -> tuple[Occasion, ...]:
    """All events, the first to begin first."""
    found = (occasion(document) for document in index.of(EVENT))
    return tuple(sorted(filter(None, found), key=lambda o: (o.start, o.document.slug)))


def occasion(document: Document) -> Occasion | None:
    """When it takes place; None where that cannot be read, as on a page that is being proposed.

    A form asks for an hour: whoever means the whole day writes midnight, and no end or the end of a
    day. An end before the start is a slip, and counts as none.
    """
    begins, ends = (str(document.data.get(name, "")) for name in (START, END))
    start, end = _moment(begins), _moment(ends)
    if start is None:
        return None
    if end is not None and "T" not in ends:
        end += DAY
    if end is not None and end <= start:
        end = None
    in_days = start.time() == MIDNIGHT and (
        end is None or end.time() == MIDNIGHT or ends.endswith(f"T{LAST_MINUTE:%H:%M}")
    )
    if in_days and end is not None and end.time() == LAST_MINUTE:
        end += datetime.timedelta(minutes=1)
    if in_days:
        end = end or start + DAY
    return Occasion(document, start, end, in_days)


def days(one: Occasion) -> Iterator[datetime.date]:
    """Each day it takes place on."""
    for number in range((one.last - one.first).days + 1):
        yield one.first + number * DAY


def _moment(text: str) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return found if found.year in YEARS else None
