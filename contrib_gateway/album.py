"""The album: pictures that were sent and are not on main, kept as files while they may serve.

They are no part of the database, which is written anew as a whole when somebody is forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import mkstemp
from threading import Lock

from contrib_gateway.clock import Clock
from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.pictures import NAME, Picture

LIFE = timedelta(hours=1)  # of a picture that nobody has sent yet
GRACE = timedelta(minutes=20)  # for a form that was found in order at the end of that


class Album:
    """A folder in which each picture is two files, `x.webp` and `x.jpg`; any thread may use it.

    Each file's time is when it was kept. All may raise `StoreUnavailable`; a name that `pictures`
    does not make is that of no picture here.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the folder, made if there is none."""
        self._folder = folder
        self._clock = clock
        self._lock = Lock()  # what is being kept once more must not be dropped meanwhile
        with _faults():
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync(folder.parent)

    def keep(self, picture: Picture) -> None:
        """Keep it from now on; once this returns, it outlives a power cut."""
        webp, fallback = self._paths(picture.name)
        with self._lock, _faults():
            self._write(fallback, picture.fallback)
            self._write(webp, picture.webp)  # the last: where it is, the other is
            _sync(self._folder)

    def files(self, name: str) -> dict[str, bytes]:
        """The two files of a picture, by name; {} if it is not here."""
        with _faults(), suppress(FileNotFoundError):
            return {path.name: path.read_bytes() for path in self._paths(name)}
        return {}

    def has(self, names: Iterable[str]) -> set[str]:
        """Those of `names` that are here, and will be for GRACE at least."""
        since = (self._clock() - LIFE).timestamp()
        wanted = {path.name for name in names for path in self._paths(name)[:1]}
        return {path.name for path, kept, _ in self._all(wanted) if kept >= since}

    def drop(self, keep: Iterable[str]) -> int:
        """Forget those kept for longer than LIFE and GRACE; `keep` are kept anew. Returns how many
        files it was.
        """
        now = self._clock()
        held = {path for name in keep for path in self._paths(name)}
        before = (now - LIFE - GRACE).timestamp()
        with self._lock, _faults():
            old = [path for path, kept, _ in self._all() if kept < before and path not in held]
            for path in old:
                path.unlink(missing_ok=True)
            for path in held:
                with suppress(FileNotFoundError):
                    self._date(path)
        return len(old)

    def forget(self, names: Iterable[str]) -> None:
        """These, at once."""
        with self._lock, _faults():
            for path in [path for name in names for path in self._paths(name)]:
                path.unlink(missing_ok=True)
            _sync(self._folder)

    def size(self, but: Iterable[str] = ()) -> int:
        """The bytes of all that is here, but for these pictures."""
        others = {path for name in but for path in self._paths(name)}
        return sum(size for path, _, size in self._all() if path not in others)

    def _paths(self, name: str) -> tuple[Path, ...]:
        if not NAME.fullmatch(name):
            return ()
        webp = self._folder / name
        return webp, webp.with_suffix(".jpg")

    def _all(self, names: Collection[str] | None = None) -> Iterator[tuple[Path, float, int]]:
        """Each file, or those of these names; since when it is kept (POSIX), and its bytes."""
        with _faults():
            named = None if names is None else [self._folder / name for name in names]
            for path in self._folder.iterdir() if named is None else named:
                with suppress(FileNotFoundError):  # another process forgets
                    told = path.stat()
                    yield path, told.st_mtime, told.st_size

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all."""
        handle, name = mkstemp(dir=self._folder)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            self._date(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def _date(self, path: Path) -> None:
        now = self._clock().timestamp()
        os.utime(path, (now, now))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the album: {error.strerror}") from error
