"""Git's own locks in the embedded repository: waited for; those left by the dead removed."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

PATIENCE = 1.0  # seconds; git holds a reference's lock for milliseconds
PAUSE = 0.02
_T = TypeVar("_T")


def patiently(locks: Sequence[Path], change: Callable[[], _T]) -> _T:
    """Make a change that fails with OSError while one of git's `locks` exists.

    A push from outside holds one for an instant: wait. One that has stayed the same all along was
    left by a process that was killed: remove it. Only for who holds the repository `exclusive`ly,
    so that it cannot be one of our own.
    """
    seen = {lock: _identity(lock) for lock in locks}
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return change()
        except OSError:
            time.sleep(PAUSE)
    for lock in locks:
        if seen[lock] is not None and _identity(lock) == seen[lock]:
            lock.unlink()
    return change()


def _identity(lock: Path) -> tuple[int, int] | None:
    try:
        found = lock.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
