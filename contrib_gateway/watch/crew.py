"""A crew of threads that does the same to many things, in rows: one row is one thread's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Generic, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")
LEAST_AHEAD = 16  # results that may wait before the threads do: what they hold is bounded
IDLE = 0.2  # seconds between two looks at whether all is to stop


class Crew(Generic[_T, _R]):
    """`work` is done to each thing of `rows`; a row is left when `enough` says so of a result."""

    def __init__(
        self,
        rows: Iterable[Sequence[_T]],
        work: Callable[[_T], _R],
        enough: Callable[[_R], bool],
        size: int,
    ) -> None:
        waiting = list(rows)
        self._rows: SimpleQueue[Sequence[_T]] = SimpleQueue()
        for row in waiting:
            self._rows.put(row)
        self._work = work
        self._enough = enough
        self._size = min(size, len(waiting))
        self._done: Queue[_R | None] = Queue(max(2 * self._size, LEAST_AHEAD))
        self._stop = Event()
        self._fault: BaseException | None = None

    def results(self, most: int, wait: float) -> Iterator[list[_R]]:
        """What came of them, as it comes: up to `most` at a time, or what came in `wait` seconds.

        Left in the middle, the threads stop after what they are doing. Raises what `work` raised.
        """
        for _ in range(self._size):
            Thread(target=self._run, name="crew", daemon=True).start()
        try:
            yield from self._gathered(most, wait)
            if self._fault:
                raise self._fault
        finally:
            self._stop.set()

    def _gathered(self, most: int, wait: float) -> Iterator[list[_R]]:
        busy = self._size
        while busy:
            batch: list[_R] = []
            until = monotonic() + wait
            while busy and len(batch) < most and (left := until - monotonic()) > 0:
                try:
                    result = self._done.get(timeout=left)
                except Empty:
                    break
                if result is None:
                    busy -= 1
                else:
                    batch.append(result)
            if batch:
                yield batch

    def _run(self) -> None:
        """One thread's part; None tells that it has ended."""
        try:
            while not self._stop.is_set():
                for one in self._rows.get_nowait():
                    result = self._work(one)
                    self._put(result)
                    if self._stop.is_set() or self._enough(result):
                        break
        except Empty:
            pass
        except BaseException as error:  # it is raised where the results are awaited
            self._fault = error
        finally:
            self._put(None)

    def _put(self, result: _R | None) -> None:
        while not self._stop.is_set():
            with suppress(Full):
                self._done.put(result, timeout=IDLE)
                break
