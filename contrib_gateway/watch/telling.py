"""How far a run is, for whoever started it: a line that changes, or where it cannot, some lines."""

from __future__ import annotations

import time
from typing import TextIO

from contrib_gateway.watch.collector import Progress

EVERY = 10.0  # seconds between two lines in a log
WIDTH = 78


class Teller:
    """Tells a stream; called with each progress."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._changes = stream.isatty()
        self._next = time.monotonic() + EVERY

    def __call__(self, progress: Progress) -> None:
        said = f"{progress.asked}/{progress.due} sources, {progress.news} new items"
        said += f", {progress.failed} without an answer" if progress.failed else ""
        if self._changes:
            self._stream.write(f"\r{said:<{WIDTH}.{WIDTH}}")
            self._stream.flush()
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._stream.write(f"{said}\n")
            self._stream.flush()

    def end(self, progress: Progress) -> None:
        """Say what came of it all."""
        if self._changes:
            self._stream.write("\r" + " " * WIDTH + "\r")
        failed = f"; {progress.failed} gave no answer to be read" if progress.failed else ""
        noted = f"; {progress.noted} pages of sources were changed" if progress.noted else ""
        self._stream.write(
            f"{progress.asked} sources were asked{failed}. "
            f"{progress.news} new items came in{noted}.\n"
        )
