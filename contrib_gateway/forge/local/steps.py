"""The single changes of which proposing and deciding are made, in an embedded repository.

A process may be killed before, in or after each of them. Only for who holds the repository's
lock.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import pygit2

from contrib_gateway.clock import Clock
from contrib_gateway.forge import Proposal, Rules, message
from contrib_gateway.forge.combining import combine
from contrib_gateway.forge.local import history
from contrib_gateway.forge.local.command import git
from contrib_gateway.forge.local.history import DECLINED, HEADS, MAIN, MERGED, Tip
from contrib_gateway.forge.local.patience import patiently
from contrib_gateway.forge.tree import Changes, blob_at, with_changes

BOT = ("Vigie", "vigie@localhost")
_T = TypeVar("_T")


class Steps:
    """Changes to the repository in the folder `path`, dated by `clock`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def write_commit(
        self, repository: pygit2.Repository, proposal: Proposal, base: pygit2.Commit
    ) -> pygit2.Commit:
        tree = with_changes(repository, base.tree, _blobs(repository, proposal.files))
        text = message.proposing(
            proposal.type, proposal.title, proposal.message, proposal.signed_as, proposal.id
        )
        return self._commit(repository, text, tree, [base])

    def create_branch(
        self, repository: pygit2.Repository, branch: str, commit: pygit2.Commit
    ) -> None:
        name = HEADS + branch
        self._patiently(name, lambda: repository.references.create(name, commit.id))

    def write_amendment(
        self,
        repository: pygit2.Repository,
        base: pygit2.Commit,
        files: Mapping[str, bytes | None],
        text: message.Message,
    ) -> pygit2.Commit:
        """The branch's only commit: `base` with these files, whatever the branch had before. What
        was thought better of must not come into main's history.
        """
        changes = _blobs(repository, files)
        tree = with_changes(repository, base.tree, changes)
        return self._commit(repository, text, tree, [base])

    def move_branch(self, repository: pygit2.Repository, tip: Tip, commit: pygit2.Commit) -> None:
        name = HEADS + str(tip.branch)
        self._patiently(name, lambda: repository.references[name].set_target(commit.id))

    def merged_tree(
        self,
        repository: pygit2.Repository,
        main: pygit2.Commit,
        base: pygit2.Tree,
        wanted: Changes,
        rules: Rules,
    ) -> pygit2.Tree:
        """Main's tree with the changes that lead from `base` to `wanted`.

        Raises `Conflict`, and `BadProposal` if somebody pushed to the branch what may not be.
        """
        changes = combine(
            {path: str(blob) if blob else None for path, blob in wanted.items()},
            partial(_blob_name, base),
            partial(_blob_name, main.tree),
            rules,
            _Blobs(repository),
        )
        oids = {path: pygit2.Oid(hex=blob) if blob else None for path, blob in changes.items()}
        return repository[with_changes(repository, main.tree, oids)].peel(pygit2.Tree)

    def write_merge(
        self,
        repository: pygit2.Repository,
        main: pygit2.Commit,
        tip: Tip,
        tree: pygit2.Tree,
        by: str,
    ) -> pygit2.Commit:
        proposed = history.message(history.proposed(tip))
        text = message.merging(proposed, by, tip.branch.id)
        return self._commit(repository, text, tree.id, [main, tip.head])

    def update_main(
        self, repository: pygit2.Repository, expected: pygit2.Commit, commit: pygit2.Commit
    ) -> bool:
        """Move main to `commit`; False, and nothing done, if it is not at `expected` any more."""

        def move() -> bool:
            reference = repository.references[MAIN]
            if reference.target != expected.id:
                return False
            reference.set_target(commit.id)  # git compares once more, holding its own lock
            return True

        try:
            return self._patiently(MAIN, move)
        except pygit2.GitError:
            if history.main(repository).id == expected.id:
                raise
            return False

    def record_merge(self, repository: pygit2.Repository, id: str, commit: pygit2.Commit) -> None:
        name = MERGED + id
        self._patiently(name, lambda: repository.references.create(name, commit.id, force=True))

    def write_undo(
        self,
        repository: pygit2.Repository,
        main: pygit2.Commit,
        tree: pygit2.Tree,
        text: message.Message,
    ) -> pygit2.Commit:
        return self._commit(repository, text, tree.id, [main])

    def write_decline(
        self, repository: pygit2.Repository, tip: Tip, by: str, reason: str
    ) -> pygit2.Commit:
        proposed = history.message(history.proposed(tip))
        text = message.declining(proposed, by, reason, tip.branch.id)
        return self._commit(repository, text, tip.head.tree_id, [tip.head])

    def record_decline(self, repository: pygit2.Repository, id: str, commit: pygit2.Commit) -> None:
        name = DECLINED + id
        self._patiently(name, lambda: repository.references.create(name, commit.id, force=True))

    def delete_branch(self, branch: str) -> None:
        self._delete(HEADS + branch)

    def forget_decline(self, repository: pygit2.Repository, id: str) -> None:
        self._delete(DECLINED + id)

    def prune(self) -> None:
        """Remove for good what no reference leads to. Nobody writes meanwhile: we hold the lock."""
        git(self._path, "repack", "-a", "-d", "-q")
        git(self._path, "prune", "--expire=now")

    def _delete(self, name: str) -> None:
        def delete() -> None:
            # A handle of its own: one whose deletion fails on a lock believes it done from then on.
            references = pygit2.Repository(str(self._path)).references
            if name in references:
                references.delete(name)

        self._patiently(name, delete)

    def _commit(
        self,
        repository: pygit2.Repository,
        text: message.Message,
        tree: pygit2.Oid,
        parents: list[pygit2.Commit],
    ) -> pygit2.Commit:
        author = self.signature()
        ids = [parent.id for parent in parents]
        new = repository.create_commit(None, author, author, str(text), tree, ids)
        return repository[new].peel(pygit2.Commit)

    def signature(self) -> pygit2.Signature:
        return pygit2.Signature(*BOT, int(self._clock().timestamp()), 0)

    def _patiently(self, reference: str, change: Callable[[], _T]) -> _T:
        locks = [self._path / f"{reference}.lock", self._path / "packed-refs.lock"]
        return patiently(locks, change)


def _blobs(repository: pygit2.Repository, files: Mapping[str, bytes | None]) -> Changes:
    return {
        path: None if data is None else repository.create_blob(data) for path, data in files.items()
    }


class _Blobs:
    """A repository as the place where blobs are kept."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository

    def read(self, blob: str) -> bytes:
        return self._repository[blob].peel(pygit2.Blob).data

    def write(self, data: bytes) -> str:
        return str(self._repository.create_blob(data))


def _blob_name(tree: pygit2.Tree, path: str) -> str | None:
    found = blob_at(tree, path)
    return str(found) if found else None
