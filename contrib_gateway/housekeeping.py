"""Housekeeping: what was promised to be kept only for a while goes away, or is made to."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from contrib_gateway.album import Album
from contrib_gateway.clock import Clock
from contrib_gateway.errors import GatewayError
from contrib_gateway.library import Library
from contrib_gateway.loop import Loop
from contrib_gateway.manuscript import document_of
from contrib_gateway.store import CONVERSATIONS, State, Store, Submission

EVERY = timedelta(minutes=10)  # less than the album's GRACE
MOST_EMPTIED = 1000  # stories at a time: senders wait for no more


class Housekeeper:
    """Tidies the database and the album."""

    def __init__(
        self,
        store: Store,
        library: Library,
        album: Album,
        clock: Clock,
        editors: Collection[str],
        *,
        discards: timedelta | None,
    ) -> None:
        """`editors`: the addresses of those who are, by the settings; `discards`: how long what
        they discarded of the watch is kept, None for ever.
        """
        self._store = store
        self._library = library
        self._album = album
        self._clock = clock
        self._editors = editors
        self._discards = discards
        self._due = datetime.fromtimestamp(0, UTC)
        self.loop = Loop("housekeeper", self.work)

    def work(self) -> None:
        """If it is time."""
        if self._clock() >= self._due:
            self.tidy()
            self._due = self._clock() + EVERY

    def tidy(self) -> None:
        self._album.drop(self.awaited())
        self._store.expire(self._clock() - CONVERSATIONS)
        self._store.end_workshops()
        self._store.keep_alerts(self._editors)
        if self._discards:
            self._store.empty_discarded(self._clock() - self._discards, MOST_EMPTIED)

    def forget(self, id: str) -> Submission | None:
        """Erase a submission and its pictures, but for what is published; returns it as it was,
        None if there is none.
        """
        forgotten = self._store.forget(id)
        if forgotten and forgotten.state is not State.PUBLISHED:
            with suppress(GatewayError):  # its types cannot be read: they go with their time
                self._album.forget(self._pictures(forgotten) - self.awaited())
        return forgotten

    def awaited(self) -> set[str]:
        """The pictures of what nobody has decided on."""
        return {name for waiting in self._store.waiting() for name in self._pictures(waiting)}

    def _pictures(self, submission: Submission) -> set[str]:
        schema = self._library.schema
        known = submission.type in schema.types
        return set(document_of(submission, schema).files()) if known else set()
