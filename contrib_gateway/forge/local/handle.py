"""How an embedded repository is opened: a handle for each thread, one writer at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygit2
from pygit2.enums import RepositoryOpenFlag

from contrib_gateway.errors import ForgeUnavailable
from contrib_gateway.lock import exclusive


class Handle:
    """The bare repository in the folder `path`; what cannot be read or written there is raised as
    `ForgeUnavailable`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(path.name + ".lock")
        self._local = threading.local()

    @contextmanager
    def reading(self) -> Iterator[pygit2.Repository]:
        with _faults():
            yield self._repository()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other thread or process writes meanwhile; there may be no repository yet."""
        with _faults(), exclusive(self._lock):
            yield

    @contextmanager
    def writing(self) -> Iterator[pygit2.Repository]:
        with self.alone():
            yield self._repository()

    def _repository(self) -> pygit2.Repository:
        """This thread's handle: they are cheap to keep, and not safe to share."""
        if not hasattr(self._local, "repository"):
            flags = RepositoryOpenFlag.BARE | RepositoryOpenFlag.NO_SEARCH
            self._local.repository = pygit2.Repository(str(self._path), flags)
        repository: pygit2.Repository = self._local.repository
        return repository


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (pygit2.GitError, OSError, KeyError) as error:
        raise ForgeUnavailable(f"the embedded repository: {error!r}") from error
