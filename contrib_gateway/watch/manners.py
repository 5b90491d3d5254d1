"""Good manners: of one host one thing at a time is asked, with a pause between two."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Host:
    def __init__(self) -> None:
        self.turn = Lock()
        self.free_at = 0.0


class Manners:
    """Keeps the threads of one run from crowding a host; whatever they ask of it goes by here."""

    def __init__(self, pause: float) -> None:
        """`pause`: seconds."""
        self._pause = pause
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def at(self, name: str) -> Iterator[float]:
        """This thread's turn at a host; yields how many seconds it waited for it."""
        with self._lock:
            host = self._hosts.setdefault(name, _Host())
        began = time.monotonic()
        with host.turn:
            time.sleep(max(host.free_at - time.monotonic(), 0))
            try:
                yield time.monotonic() - began
            finally:
                host.free_at = time.monotonic() + self._pause
