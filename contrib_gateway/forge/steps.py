"""The single changes of which proposing and deciding are made, in an embedded repository.

A process may be killed before, in or after each of them. Only for who holds the repository's
lock.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pygit2

from contrib_gateway.clock import Clock
from contrib_gateway.errors import BadProposal, Conflict
from contrib_gateway.forge import CONTENT, Branch, Proposal, history, is_allowed, message
from contrib_gateway.forge.history import DECLINED, HEADS, MAIN, MERGED, Tip
from contrib_gateway.forge.lock import patiently
from contrib_gateway.forge.tree import conflicts, with_changes

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
        changes = {
            path: None if data is None else repository.create_blob(data)
            for path, data in proposal.files.items()
        }
        tree = with_changes(repository, base.tree, changes)
        text = message.proposing(
            proposal.type, proposal.title, proposal.message, proposal.signed_as, proposal.id
        )
        return self._commit(repository, text, tree, [base])

    def create_branch(
        self, repository: pygit2.Repository, branch: str, commit: pygit2.Commit
    ) -> None:
        name = HEADS + branch
        self._patiently(name, lambda: repository.references.create(name, commit.id))

    def merged_tree(
        self, repository: pygit2.Repository, main: pygit2.Commit, tip: Tip
    ) -> pygit2.Tree:
        """Main's tree with the files of a proposal; two versions of a text are never mixed.

        Raises `Conflict`, and `BadProposal` if somebody pushed to the branch what may not be.
        """
        changes = history.changes(tip)
        if outside := [path for path in changes if not is_allowed(path)]:
            raise BadProposal(f"outside {CONTENT}/: {outside!r}")
        if paths := conflicts(tip.base.tree, main.tree, changes):
            raise Conflict(paths)
        return repository[with_changes(repository, main.tree, changes)].peel(pygit2.Tree)

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

    def write_decline(
        self, repository: pygit2.Repository, tip: Tip, by: str, reason: str
    ) -> pygit2.Commit:
        proposed = history.message(history.proposed(tip))
        text = message.declining(proposed, by, reason, tip.branch.id)
        return self._commit(repository, text, tip.head.tree_id, [tip.head])

    def record_decline(self, repository: pygit2.Repository, id: str, commit: pygit2.Commit) -> None:
        name = DECLINED + id
        self._patiently(name, lambda: repository.references.create(name, commit.id, force=True))

    def delete_branch(self, branch: Branch) -> None:
        name = HEADS + str(branch)

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
