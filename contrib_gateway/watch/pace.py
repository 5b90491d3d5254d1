"""When a source is asked next: as often as it publishes, seldom where it fails, never sooner than
its server asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from contrib_gateway.store import FeedState
from plugins.watch.entry import Entry

SOONEST, LATEST = timedelta(minutes=30), timedelta(days=1)
OF_SILENCE = 8  # one published eight hours ago is asked again in an hour
LONGEST_REST = timedelta(days=7)  # that a feed can ask for
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=30), timedelta(days=4)  # for one that fails
ALONE = timedelta(hours=6)  # at most, when nobody at all answered: it may be our own network
Chance = Callable[[], float]
"""A number from 0 up to 1."""


def answered(
    state: FeedState, now: datetime, rest: timedelta, chance: Chance, **changed: str | datetime
) -> FeedState:
    """How a source fares that answered; `changed` are other values of its state."""
    well: dict[str, object] = {"fault": "", "detail": "", "failures": 0, "failing_since": None}
    fared = replace(state, asked_at=now, answered_at=now, **{**well, **changed})  # type: ignore[arg-type]  # by name
    silent = now - (fared.news_at or now - LATEST * OF_SILENCE)
    pause = min(max(silent / OF_SILENCE, SOONEST), LATEST)
    asked = max(pause, min(rest, LONGEST_REST))
    return replace(fared, next_at=now + asked * (1 + chance() / 10))  # not all at one time


def failed(
    state: FeedState,
    now: datetime,
    fault: str,
    chance: Chance,
    *,
    detail: str = "",
    rest: timedelta = timedelta(0),
) -> FeedState:
    """How a source fares that did not: next time, where its document says."""
    pause = min(FIRST_PAUSE * 2 ** min(state.failures, 12), LONGEST_PAUSE) * (1 + chance()) / 2
    elsewhere = {"moved_to": "", "etag": "", "modified": "", "digest": ""} if state.moved_to else {}
    return replace(
        state,
        **elsewhere,  # type: ignore[arg-type]  # by name
        asked_at=now,
        next_at=now + max(pause, min(rest, LONGEST_REST)),
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
        fault=fault,
        detail=detail,
    )


def excused(state: FeedState, now: datetime) -> FeedState:
    """The same when no source answered at all: it counts for little against this one."""
    next_at = min(state.next_at, now + ALONE)
    return replace(state, failures=max(state.failures - 1, 0), next_at=next_at)


def latest(entries: Iterable[Entry], now: datetime, known: datetime | None) -> datetime | None:
    """When a source last published, given its new entries; what it dates in the future counts from
    now.
    """
    dates = [min(entry.published or now, now) for entry in entries]
    return max([*dates, *([known] if known else [])], default=None)
