"""Housekeeping: what was promised to be kept only for a while goes away by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contrib_gateway.clock import Clock
from contrib_gateway.library import Library
from contrib_gateway.loop import Loop
from contrib_gateway.manuscript import document_of
from contrib_gateway.store import CONVERSATIONS, Store

EVERY = timedelta(minutes=10)
PICTURES = timedelta(hours=1)  # that one which nobody has sent yet is kept


class Housekeeper:
    """Tidies the database now and then."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._due = datetime.fromtimestamp(0, UTC)
        self.loop = Loop("housekeeper", self.work)

    def work(self) -> None:
        """If it is time."""
        if self._clock() >= self._due:
            self.tidy()
            self._due = self._clock() + EVERY

    def tidy(self) -> None:
        now = self._clock()
        self._store.drop_pictures(now - PICTURES, self._awaited())
        if self._store.expire(now - CONVERSATIONS):
            self._store.shred()

    def _awaited(self) -> set[str]:
        """The pictures of what nobody has decided on."""
        schema = self._library.schema
        waiting = (s for s in self._store.waiting() if s.type in schema.types)
        return {name for s in waiting for name in document_of(s, schema).files()}
