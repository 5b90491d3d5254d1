"""Main's content, kept on this machine as it was last seen: reading it never waits for GitHub."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pygit2

from contrib_gateway.errors import ForgeUnavailable, NotFound
from contrib_gateway.forge import CONTENT
from contrib_gateway.forge.tree import files_under, with_changes

REMEMBERED = 50  # commits; proposals start from recent ones


class Mirror:
    """A repository of trees and files, and notes: which tree each of GitHub's commits has, and
    which commit is main's.

    It can be deleted at any time: it is filled again from GitHub. The notes are files of our own
    and no references, of which a killed process may leave the lock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._head = path / "vigie-head"
        self._seen = path / "vigie-seen"
        self._local = threading.local()
        self._making = threading.Lock()

    def head(self) -> str:
        """Main's commit as last seen; "" before anything was."""
        return _noted(self._head)

    def holds(self, commit: str) -> bool:
        return bool(self._tree(commit))

    def files(self, commit: str) -> dict[str, str]:
        """Path → blob. Raises `NotFound`."""
        tree = self._tree(commit)
        if not tree:
            raise NotFound(f"no commit {commit}")
        with _faults():
            return dict(files_under(self._repository[tree].peel(pygit2.Tree), CONTENT))

    def _tree(self, commit: str) -> str:
        return _noted(self._seen / commit) if commit.isalnum() else ""

    def read(self, blob: str) -> bytes | None:
        with _faults():
            try:
                found = self._repository.get(blob)
            except ValueError:  # not the name of any object
                return None
            return found.data if isinstance(found, pygit2.Blob) else None

    def missing(self, blobs: Collection[str]) -> set[str]:
        with _faults():
            return {blob for blob in blobs if blob not in self._repository}

    def write(self, data: bytes) -> str:
        """Keep a file; returns its blob's name, the same as on GitHub."""
        with _faults():
            return str(self._repository.create_blob(data))

    def keep(self, commit: str, files: Mapping[str, str]) -> None:
        """Remember what a commit holds; all its files must have been written before."""
        with _faults():
            oids = {path: pygit2.Oid(hex=blob) for path, blob in files.items()}
            _note(self._seen / commit, str(with_changes(self._repository, None, oids)))

    def move(self, commit: str) -> None:
        """Main is there from now on."""
        with _faults():
            _note(self._head, commit)
            others = [note for note in self._seen.iterdir() if note.name != commit]
            others.sort(key=_age)
            for note in others[: -REMEMBERED or None]:
                note.unlink(missing_ok=True)

    @contextmanager
    def filling(self) -> Iterator[None]:
        """What is written before the commit that has it is kept is not pruned meanwhile."""
        with self._flock(fcntl.LOCK_SH):
            yield

    def prune(self) -> None:
        """Remove what none of main's commits kept here has, and forget how to read it. Whoever
        reads a proposal just now gets it from GitHub again, while GitHub has it.
        """
        with self._flock(fcntl.LOCK_EX), _faults():
            kept: set[pygit2.Oid] = set()
            for note in self._seen.iterdir():
                if tree := self._tree(note.name):
                    self._reach(pygit2.Oid(hex=tree), kept)
            for oid in list(self._repository):
                if oid not in kept:
                    name = str(oid)
                    (self.path / "objects" / name[:2] / name[2:]).unlink(missing_ok=True)
            del self._local.repository

    def _reach(self, oid: pygit2.Oid, reached: set[pygit2.Oid]) -> None:
        """Add a tree and all that is in it; what is there already was followed before."""
        if oid in reached:
            return
        reached.add(oid)
        for entry in self._repository[oid].peel(pygit2.Tree):
            if isinstance(entry, pygit2.Tree):
                self._reach(entry.id, reached)
            else:
                reached.add(entry.id)

    @contextmanager
    def _flock(self, how: int) -> Iterator[None]:
        """Against other threads and processes; a dying process lets it go."""
        with _faults():
            _ = self._repository
            file = (self.path / "vigie-lock").open("ab")
        with file:
            fcntl.flock(file, how)
            yield

    @property
    def _repository(self) -> pygit2.Repository:
        """This thread's handle: they are cheap to keep, and not safe to share."""
        if not hasattr(self._local, "repository") or not self.path.exists():
            with self._making:
                self._local.repository = self._open()
        repository: pygit2.Repository = self._local.repository
        return repository

    def _open(self) -> pygit2.Repository:
        if not self.path.exists():
            draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.draft")
            shutil.rmtree(draft, ignore_errors=True)
            pygit2.init_repository(str(draft), bare=True)
            draft.rename(self.path)
        return pygit2.Repository(str(self.path))


def _note(place: Path, name: str) -> None:
    """Whole or not at all, whenever this process ends."""
    place.parent.mkdir(exist_ok=True)
    draft = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_text(name)
    draft.rename(place)


def _noted(place: Path) -> str:
    try:
        return place.read_text()
    except OSError:
        return ""


def _age(note: Path) -> float:
    try:
        return note.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (pygit2.GitError, OSError, KeyError, ValueError) as error:
        raise ForgeUnavailable(f"the copy of main: {error!r}") from error
