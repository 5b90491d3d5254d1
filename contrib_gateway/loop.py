"""A thread that looks for work again and again, and sooner when it is woken."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from contrib_gateway.errors import GatewayError

PAUSE = 1.0  # seconds between two looks when nobody wakes it
log = logging.getLogger(__name__)


class Loop:
    """Calls `work` until stopped; whatever `work` raises is logged, and tried again."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name = name
        self._work = work
        self._awake = Event()
        self._stopping = False

    def wake(self) -> None:
        self._awake.set()

    def start(self) -> Thread:
        thread = Thread(target=self._run, name=self._name, daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._stopping = True
        self.wake()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._work()
            except GatewayError as error:
                log.warning("waits", extra={"loop": self._name}, exc_info=error)
            except Exception:  # the loop must outlive any surprise
                log.exception("stumbled", extra={"loop": self._name})
            self._awake.wait(PAUSE)
            self._awake.clear()
