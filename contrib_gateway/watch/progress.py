"""How far a run is, for whoever started it: a line that changes, or where it cannot, some lines."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TextIO

EVERY = 10.0  # seconds between two lines in a log
WIDTH = 78


@dataclass(frozen=True)
class Progress:
    """How far a run is: of `due` sources `asked` were, of which `failed` did; `news` items."""

    due: int = 0
    asked: int = 0
    failed: int = 0
    news: int = 0
    noted: int = 0


class Teller:
    """Tells a stream; called with each progress."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._changes = stream.isatty()
        self._next = time.monotonic() + EVERY

    def __call__(self, progress: Progress) -> None:
        said = f"sources asked: {progress.asked} of {progress.due}, new items: {progress.news}"
        said += f", without an answer: {progress.failed}" if progress.failed else ""
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
        failed = f", without an answer: {progress.failed}" if progress.failed else ""
        noted = f"; pages of sources changed: {progress.noted}" if progress.noted else ""
        said = f"Sources asked: {progress.asked}{failed}; new items: {progress.news}{noted}.\n"
        self._stream.write(said)
