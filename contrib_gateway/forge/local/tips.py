"""The proposals' branches, and where each left main: remembered, for git looks for that through all
of main's commits since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

import pygit2

from contrib_gateway.forge import BRANCHES, Branch
from contrib_gateway.forge.local import history
from contrib_gateway.forge.local.history import HEADS, Tip

MOST = 20_000  # that are remembered


@dataclass(frozen=True)
class _Left:
    """Where a branch left main (None: they share no history), and all that it has since."""

    base: pygit2.Oid | None
    own: frozenset[pygit2.Oid]


class Tips:
    """Those of one repository, as they are whenever it is asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._main: pygit2.Oid | None = None
        self._known: dict[pygit2.Oid, _Left] = {}

    def all(self, repository: pygit2.Repository) -> Iterator[Tip]:
        """Every proposal's branch, decided or not."""
        for name in repository.listall_branches():
            if found := self._tip(repository, name):
                yield found

    def of(self, repository: pygit2.Repository, id: str) -> Tip | None:
        for name in repository.listall_branches():
            named = name.endswith(f"-{id}")
            if named and (found := self._tip(repository, name)) and found.branch.id == id:
                return found
        return None

    def _tip(self, repository: pygit2.Repository, name: str) -> Tip | None:
        """None if the branch is no proposal's: by its name, or having no history shared with
        main.
        """
        branch = Branch.parse(name) if name.startswith(BRANCHES) else None
        head = history.commit_at(repository, HEADS + name) if branch else None
        if branch is None or head is None:
            return None
        base = self._base(repository, history.main(repository).id, head.id)
        return Tip(branch, head, repository[base].peel(pygit2.Commit)) if base else None

    def _base(
        self, repository: pygit2.Repository, main: pygit2.Oid, head: pygit2.Oid
    ) -> pygit2.Oid | None:
        with self._lock:
            if main != self._main:
                self._follow(repository, main)
            if head not in self._known:
                base = repository.merge_base(main, head)
                self._known[head] = _Left(base, _between(repository, base, head))
            return self._known[head].base

    def _follow(self, repository: pygit2.Repository, main: pygit2.Oid) -> None:
        """Main moved. A branch still left it where it did, unless main took some of its commits."""
        before, known = self._main, self._known
        self._main, self._known = main, {}
        if before is None or before not in repository or len(known) > MOST:
            return  # it may have been set back, and what it was pruned
        if repository.descendant_of(main, before):
            news = _between(repository, before, main)
            self._known = {head: left for head, left in known.items() if left.own.isdisjoint(news)}


def _between(
    repository: pygit2.Repository, before: pygit2.Oid | None, head: pygit2.Oid
) -> frozenset[pygit2.Oid]:
    """The commits that lead to `head` and not to `before`."""
    walk = repository.walk(head)
    if before is not None:
        walk.hide(before)
    return frozenset(commit.id for commit in walk)
