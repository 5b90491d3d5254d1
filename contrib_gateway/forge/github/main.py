"""Main as GitHub has it: followed commit by commit into the mirror, with few requests."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from contrib_gateway.errors import ForgeUnavailable, NotFound
from contrib_gateway.forge.github.mirror import Mirror
from contrib_gateway.forge.github.objects import Objects

BRANCH = "main"
MANY = 20  # files; from so many on, one archive of everything costs less


class Main:
    """Main's commits and files, from the mirror where it has them, else from GitHub."""

    def __init__(self, objects: Objects, folder: Path) -> None:
        self._objects = objects
        self._mirror = Mirror(folder)
        self._lock = Lock()
        self._trees: dict[str, str] = {}

    def head(self) -> str:
        """As last seen; GitHub is asked only where nothing was ever seen."""
        return self._mirror.head() or self.refresh()

    def refresh(self) -> str:
        """Main's commit now; from here on its files are read without waiting."""
        head = self._objects.branch(BRANCH)
        if head is None:
            raise ForgeUnavailable("the repository has no main")
        if head != self._mirror.head():
            self.ensure(head)
            self._mirror.move(head)
        return head

    def ensure(self, commit: str) -> dict[str, str]:
        """The files of a commit, path → blob, all of them held here from now on."""
        with self._lock, self._mirror.filling():
            if not self._mirror.holds(commit):
                files = self._objects.files(self.tree(commit))
                self._fetch(commit, set(files.values()))
                self._mirror.keep(commit, files)
        return self._mirror.files(commit)

    def _fetch(self, commit: str, blobs: set[str]) -> None:
        if len(self._mirror.missing(blobs)) >= MANY:
            for data in self._objects.contents(commit):
                self._mirror.write(data)
        for blob in self._mirror.missing(blobs):
            self._take(blob)

    def _take(self, blob: str) -> bytes:
        """Get one file from GitHub, if it is what its name says."""
        data = self._objects.blob(blob)
        if self._mirror.write(data) != blob:
            raise ForgeUnavailable(f"GitHub gave another file than {blob}")
        return data

    def tree(self, commit: str) -> str:
        """The name of a commit's whole tree, of which `content/` is a part."""
        if commit not in self._trees:
            if len(self._trees) > MANY:
                self._trees.clear()
            self._trees[commit] = self._objects.commit(commit).tree
        return self._trees[commit]

    def files(self, commit: str) -> dict[str, str]:
        """Raises `NotFound`."""
        return self._mirror.files(commit)

    def read(self, blob: str) -> bytes:
        """Raises `NotFound`."""
        found = self._mirror.read(blob)
        if found is None:
            if not is_sha(blob):
                raise NotFound(f"no blob {blob}")
            found = self._take(blob)
        return found

    def write(self, data: bytes) -> str:
        """Keep a file that is to be sent; returns its blob's name."""
        return self._mirror.write(data)

    def prune(self) -> None:
        """Let go of every file that main does not have: proposals were read here too."""
        self._mirror.prune()


def is_sha(name: str) -> bool:
    return len(name) == 40 and all(letter in "0123456789abcdef" for letter in name)
