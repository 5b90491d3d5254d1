"""Main's content, kept on this machine as it was last seen: reading it never waits for GitHub."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pygit2

from contrib_gateway.errors import ForgeUnavailable, NotFound
from contrib_gateway.forge import CONTENT
from contrib_gateway.forge.tree import files_under, with_changes

SEEN = "refs/seen/"
REMEMBERED = 50  # commits; proposals start from recent ones


class Mirror:
    """A repository of trees and files; each of GitHub's commits is a reference to its tree.

    It can be deleted at any time: it is filled again from GitHub.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._head = path / "vigie-head"
        with _faults():
            if not path.exists():
                draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
                pygit2.init_repository(draft, bare=True)
                draft.rename(path)

    def head(self) -> str:
        """Main's commit as last seen; "" before anything was."""
        try:
            return self._head.read_text()
        except OSError:
            return ""

    def holds(self, commit: str) -> bool:
        return bool(commit) and SEEN + commit in self._repository.references

    def files(self, commit: str) -> dict[str, str]:
        """Path → blob. Raises `NotFound`."""
        with _faults():
            reference = self._repository.references.get(SEEN + commit) if commit.isalnum() else None
            if reference is None:
                raise NotFound(f"no commit {commit}")
            return dict(files_under(reference.peel(pygit2.Tree), CONTENT))

    def read(self, blob: str) -> bytes | None:
        with _faults():
            try:
                found = self._repository.get(blob)
            except ValueError:  # not the name of any object
                return None
            return found.data if isinstance(found, pygit2.Blob) else None

    def missing(self, blobs: Collection[str]) -> set[str]:
        return {blob for blob in blobs if blob not in self._repository}

    def write(self, data: bytes) -> str:
        """Keep a file; returns its blob's name, the same as on GitHub."""
        with _faults():
            return str(self._repository.create_blob(data))

    def keep(self, commit: str, files: Mapping[str, str]) -> None:
        """Remember what a commit holds; all its files must have been written before."""
        with _faults():
            oids = {path: pygit2.Oid(hex=blob) for path, blob in files.items()}
            tree = with_changes(self._repository, None, oids)
            self._repository.references.create(SEEN + commit, tree, force=True)

    def move(self, commit: str) -> None:
        """Main is there from now on."""
        with _faults():
            draft = self._head.with_name(f"vigie-head.{os.getpid()}")
            draft.write_text(commit)
            draft.rename(self._head)
            self._forget(commit)

    def _forget(self, head: str) -> None:
        references = self._repository.references
        seen = [name for name in references if name.startswith(SEEN) and name != SEEN + head]
        folder = self.path / SEEN
        seen.sort(key=lambda name: _age(folder / name.removeprefix(SEEN)))
        for name in seen[: -REMEMBERED or None]:
            references.delete(name)

    @property
    def _repository(self) -> pygit2.Repository:
        """This thread's handle: they are cheap to keep, and not safe to share."""
        if not hasattr(self._local, "repository"):
            self._local.repository = pygit2.Repository(str(self.path))
        repository: pygit2.Repository = self._local.repository
        return repository


def _age(reference: Path) -> float:
    try:
        return reference.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (pygit2.GitError, OSError, KeyError) as error:
        raise ForgeUnavailable(f"the copy of main: {error!r}") from error
