"""People first: background work waits while somebody's form is being taken in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

QUIET = 0.03  # seconds without anybody, after which the work behind may go on
LONGEST = 1.0  # seconds that it gives way at most: a crowd must not stop it
STEP = 0.01


class Courtesy:
    """Who is being answered. One interpreter runs one thread at a time: work beside costs them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._present = 0
        self._last = 0.0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around what somebody waits for."""
        with self._lock:
            self._present += 1
        try:
            yield
        finally:
            with self._lock:
                self._present -= 1
                self._last = time.monotonic()

    def give_way(self) -> None:
        """Wait until nobody is being answered, but not for ever."""
        deadline = time.monotonic() + LONGEST
        while self._is_somebody_here() and time.monotonic() < deadline:
            time.sleep(STEP)

    def _is_somebody_here(self) -> bool:
        return self._present > 0 or time.monotonic() - self._last < QUIET
