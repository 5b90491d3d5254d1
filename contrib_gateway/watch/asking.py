"""Asking one source: fetched, parsed, and told from what is known of it."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from contrib_gateway.clock import Clock
from contrib_gateway.errors import GatewayError
from contrib_gateway.store import FeedState, Store, Take
from contrib_gateway.watch import pace
from contrib_gateway.watch.faults import Fault, Unfetched, unreadable
from contrib_gateway.watch.fetching import Answer, Fetcher
from plugins.schema import Document
from plugins.watch.entry import Feed
from plugins.watch.errors import NotAFeed
from plugins.watch.recognition import recognise

MOST_A_DAY = 300  # new items of a source that is known already
LONGEST_DETAIL = 300  # characters
MOST_MINUTES = 7 * 24 * 60  # that a feed's `ttl` counts
log = logging.getLogger(__name__)


class Parser(Protocol):
    """What makes a feed of bytes, or raises `NotAFeed`."""

    def parse(self, data: bytes, content_type: str, address: str) -> Feed: ...


@dataclass(frozen=True)
class Source:
    """What is to be asked: the id of its document, where that says it is, and its language."""

    id: str
    address: str
    lang: str
    title: str

    @classmethod
    def of(cls, document: Document) -> Source:
        data = document.data
        return cls(
            id=document.id,
            address=str(data.get("feed") or data.get("site") or ""),
            lang=str(data.get("language") or ""),
            title=document.title,
        )


class Asker:
    """Asks sources, of which several threads may each ask one."""

    def __init__(
        self, fetcher: Fetcher, parser: Parser, store: Store, clock: Clock, chance: pace.Chance
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._store = store
        self._clock = clock
        self._chance = chance

    def ask(self, source: Source, state: FeedState | None) -> Take:
        """What came of it, a fault included; nothing of it is stored yet."""
        if state is None or state.address != source.address:
            known = state or FeedState(source.id, source.address, self._clock())
            state = replace(
                FeedState(source.id, source.address, known.next_at),
                proposed=known.proposed,
                noted=known.noted,
                news_at=known.news_at,
            )
        try:
            return self._asked(source, state)
        except Unfetched as error:
            detail, fault = str(error.status or ""), error.fault
            if fault is Fault.GONE and state.moved_to:
                fault = Fault.MISSING  # only its own address can tell that it has ended
            return self._failed(state, fault, detail, error.rest)
        except NotAFeed as error:
            return self._failed(state, unreadable(error.code), error.detail)
        except GatewayError:
            raise  # our own database: no source is to blame
        except Exception:  # a surprise in one must not stop those behind it
            log.exception("a source cannot be read", extra={"source": source.id})
            return self._failed(state, Fault.UNEXPECTED)

    def _failed(
        self, state: FeedState, fault: str, detail: str = "", rest: timedelta = timedelta(0)
    ) -> Take:
        told = {"detail": detail[:LONGEST_DETAIL], "rest": rest}
        return Take(pace.failed(state, self._clock(), str(fault), self._chance, **told))  # type: ignore[arg-type]

    def _asked(self, source: Source, state: FeedState) -> Take:
        address = state.moved_to or state.address
        with self._fetcher.fetched(address, state.etag, state.modified) as answer:
            if answer.unchanged or _digest(answer) == state.digest:
                return self._unchanged(state, answer)
            feed = self._parser.parse(answer.body, answer.content_type, answer.address)
            if not feed.elsewhere:
                return self._news(source, state, answer, feed)
        return self._elsewhere(source, state, feed.elsewhere)

    def _elsewhere(self, source: Source, state: FeedState, address: str) -> Take:
        """A page was there; the feed that it announces is asked from now on."""
        with self._fetcher.fetched(address) as answer:
            feed = self._parser.parse(answer.body, answer.content_type, answer.address)
            if feed.elsewhere:
                raise NotAFeed("html")
            return self._news(source, state, replace(answer, moved_to=answer.address), feed)

    def _unchanged(self, state: FeedState, answer: Answer) -> Take:
        told = {
            "etag": answer.etag or state.etag,
            "modified": answer.modified or state.modified,
            "moved_to": _moved(state, answer.moved_to),
            "detail": "" if state.fault else state.detail,  # what is unchanged is no better
        }
        return Take(pace.answered(state, self._clock(), answer.rest, self._chance, **told))

    def _room(self, source: Source, now: datetime) -> int:
        """How many more it may bring in today: nobody reads more, and a server that makes up new
        ones each time it is asked must not bury what others publish.
        """
        return max(0, MOST_A_DAY - self._store.count_new(source.id, now - timedelta(days=1)))

    def _news(self, source: Source, state: FeedState, answer: Answer, feed: Feed) -> Take:
        now = self._clock()
        known = self._store.known_items(source.id)
        found = recognise(known, feed.entries)
        told: dict[str, str | datetime] = {
            "etag": answer.etag,
            "modified": answer.modified,
            "digest": _digest(answer),
            "moved_to": _moved(state, answer.moved_to),
            "detail": " ".join(feed.faults)[:LONGEST_DETAIL],
        }
        if known and len(found.new) > (room := self._room(source, now)):
            # The last in a feed are the oldest; what is before them comes another day.
            found = replace(found, new=found.new[len(found.new) - room :])
            told |= {"etag": "", "modified": "", "digest": "", "detail": "too_many_entries"}
        if news_at := pace.latest((one.entry for one in found.new), now, state.news_at):
            told["news_at"] = news_at
        rest = max(answer.rest, timedelta(minutes=min(feed.ttl, MOST_MINUTES)))
        fared = pace.answered(state, now, rest, self._chance, **told)
        return Take(fared, found, feed.lang or source.lang)


def _moved(state: FeedState, moved_to: str) -> str:
    """Where it is instead of where its document says, if it is."""
    there = moved_to or state.moved_to
    return "" if there == state.address else there


def _digest(answer: Answer) -> str:
    return hashlib.sha256(answer.body).hexdigest()
