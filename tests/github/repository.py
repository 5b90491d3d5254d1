"""The bare git repository behind the server: what is read from it and written to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pygit2
from pygit2.enums import FileMode, RepositoryOpenFlag, SortMode

from tests.github.heads import Heads

MAIN = "main"
_PATIENCE = 40  # attempts, 5 ms apart, when somebody else holds a reference's lock
_T = TypeVar("_T")


class BaseMoved(Exception):
    """Somebody pushed to the branch meanwhile."""


class Repository:
    """Not safe for several threads: its owner holds a lock. Others may push at any time."""

    Fault = pygit2.GitError

    def __init__(self, path: Path) -> None:
        self.path = path
        flags = RepositoryOpenFlag.BARE | RepositoryOpenFlag.NO_SEARCH
        self.git = pygit2.Repository(str(path), flags)
        self._sizes: dict[str, int] = {}

    @cached_property
    def heads(self) -> Heads:
        return Heads(self.path)

    # Objects

    def get(self, name: str) -> pygit2.Object | None:
        """An object by its full name; None if there is none."""
        if len(name) != 40:
            return None
        try:
            return self.git.get(name)
        except ValueError:
            return None

    def commit(self, name: str) -> pygit2.Commit | None:
        found = self.get(name)
        return found if isinstance(found, pygit2.Commit) else None

    def resolve(self, name: str) -> pygit2.Object | None:
        """What a full name, a branch, `heads/…` or `tags/…` points to, as GitHub reads it."""
        if found := self.get(name):
            return found
        for prefix in ("refs/heads/", "refs/tags/", "refs/", ""):
            if prefix + name == "HEAD":
                return self.get(self.tip(MAIN) or "")
            if target := self.reference(prefix + name):
                return self.get(target)
        return None

    def size(self, blob: str) -> int:
        if blob not in self._sizes:
            self._sizes[blob] = self.git.odb.read_header(blob)[1]
        return self._sizes[blob]

    # References

    def reference(self, name: str) -> str | None:
        """The object a full reference name points to."""
        if not name.startswith("refs/"):
            return None
        try:
            return str(self.git.lookup_reference(name).resolve().target)
        except (KeyError, ValueError):  # not there, or no such name is possible
            return None

    def tip(self, branch: str) -> str | None:
        return self.reference(f"refs/heads/{branch}")

    def references(self, prefix: str) -> list[tuple[str, str]]:
        names = sorted(name for name in self.git.references if name.startswith(prefix))
        return [(name, target) for name in names if (target := self.reference(name))]

    def write_reference(self, name: str, target: str) -> None:
        """Raises ValueError for a name that cannot be a reference's."""
        with self._writing(name, target):
            _patiently(lambda: self.git.references.create(name, target, force=True))

    def delete_reference(self, name: str) -> None:
        with self._writing(name, None):
            _patiently(lambda: self.git.references.delete(name))

    def _writing(self, name: str, target: str | None) -> AbstractContextManager[None]:
        if not name.startswith("refs/heads/"):
            return nullcontext()
        return self.heads.writing(name.removeprefix("refs/heads/"), target)

    # History

    def merge_base(self, one: str, two: str) -> str | None:
        found = self.git.merge_base(one, two)
        return str(found) if found else None

    def is_ancestor(self, old: str, new: str) -> bool:
        return old == new or self.git.descendant_of(new, old)

    def between(self, base: str | None, head: str) -> list[pygit2.Commit]:
        """The commits of head that are not base's, the oldest first."""
        walk = self.git.walk(head, SortMode.TOPOLOGICAL | SortMode.REVERSE)
        if base:
            walk.hide(base)
        return list(walk)

    def first_parents(self, base: str | None, head: str) -> list[pygit2.Commit]:
        """Those of `between` on head's own line, the oldest first."""
        walk = self.git.walk(head, SortMode.TOPOLOGICAL | SortMode.REVERSE)
        walk.simplify_first_parent()
        if base:
            walk.hide(base)
        return list(walk)

    def touching(self, head: str, path: str) -> list[pygit2.Commit]:
        """The commits that `git log head -- path` shows, the newest first: of a merge, only the
        side that brought the file is followed.
        """
        found, waiting, met = [], [self.git[head].peel(pygit2.Commit)], {head}
        while waiting:
            here = waiting.pop(waiting.index(max(waiting, key=lambda one: one.commit_time)))
            entry = self._entry(here, path)
            same = [one for one in here.parents if self._entry(one, path) == entry]
            if not same and (entry or here.parents):
                found.append(here)
            for parent in same[:1] or here.parents:
                if str(parent.id) not in met:
                    met.add(str(parent.id))
                    waiting.append(parent)
        return found

    def _entry(self, commit: pygit2.Commit, path: str) -> pygit2.Oid | None:
        return commit.tree[path].id if path in commit.tree else None

    def diff(self, old: str | None, new: str) -> pygit2.Diff:
        """From one commit's files to another's; None is no file at all."""
        tree = self.git[new].tree
        if old is None:
            return tree.diff_to_tree(swap=True)
        found = self.git[old].tree.diff_to_tree(tree)
        found.find_similar()
        return found

    # Merging

    def merged_tree(self, base: str, head: str) -> str | None:
        """A textual three-way merge; None when it conflicts."""
        index = self.git.merge_commits(base, head)
        return None if index.conflicts is not None else str(index.write_tree(self.git))

    def write_commit(
        self,
        message: str,
        tree: str,
        parents: Iterable[str],
        *,
        author: pygit2.Signature,
        committer: pygit2.Signature,
        branch: str | None = None,
    ) -> str:
        """On `branch`, it moves it from the first parent. Raises `BaseMoved` when it moved."""
        ids = list(parents)
        commit = str(self.git.create_commit(None, author, committer, message, tree, ids))
        if branch:
            with self.heads.writing(branch, commit):
                self._move(f"refs/heads/{branch}", ids[0], commit)
        return commit

    def _move(self, name: str, old: str, new: str) -> None:
        reference = self.git.lookup_reference(name)
        if str(reference.target) != old:
            raise BaseMoved(name)
        try:
            _patiently(lambda: reference.set_target(new))
        except pygit2.GitError as error:  # libgit2 compares it once more while it holds the lock
            if self.reference(name) != old:
                raise BaseMoved(name) from error
            raise


def plant(path: Path, seed: Path | None, author: pygit2.Signature) -> None:
    """Make the bare repository `path`, whose main holds the files of `seed` as content/."""
    repository = pygit2.init_repository(path, bare=True, initial_head=MAIN)
    top = repository.TreeBuilder()
    top.insert("README.md", repository.create_blob(b"# Territoire\n"), FileMode.BLOB)
    if seed:
        top.insert("content", _folder(repository, seed), FileMode.TREE)
    repository.create_commit(
        f"refs/heads/{MAIN}", author, author, "Initial commit\n", top.write(), []
    )


def _folder(repository: pygit2.Repository, folder: Path) -> pygit2.Oid:
    builder = repository.TreeBuilder()
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            builder.insert(entry.name, _folder(repository, entry), FileMode.TREE)
        else:
            blob = repository.create_blob(entry.read_bytes())
            builder.insert(entry.name, blob, FileMode.BLOB)
    return builder.write()


def _patiently(change: Callable[[], _T]) -> _T:
    """Others lock references only while they write them."""
    for attempt in range(_PATIENCE):
        try:
            return change()
        except pygit2.GitError as error:
            if "lock" not in str(error).lower() or attempt == _PATIENCE - 1:
                raise
            time.sleep(0.005)
    raise AssertionError("unreachable")
