"""Where a proposal left main is remembered, and told as git tells it whatever became of both."""

from pathlib import Path
from random import Random

import pygit2
import pytest

from contrib_gateway.forge.local.history import HEADS, MAIN
from contrib_gateway.forge.local.tips import Tips

AUTHOR = pygit2.Signature("Ève", "eve@example.org", 1_700_000_000, 0)
BRANCH = "contribution/need/besoin-"


class Yard:
    """A repository in which anybody pushes anything."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.repository = pygit2.init_repository(str(folder), bare=True)
        self.random = Random(seed)
        self.count = 0
        self.point(MAIN, self.commit())

    def commit(self, *parents: pygit2.Oid) -> pygit2.Oid:
        self.count += 1
        tree = self.repository.TreeBuilder().write()
        said = f"commit {self.count}"
        return self.repository.create_commit(None, AUTHOR, AUTHOR, said, tree, list(parents))

    def point(self, name: str, commit: pygit2.Oid) -> None:
        self.repository.references.create(name, commit, force=True)

    def at(self, name: str) -> pygit2.Oid:
        return self.repository.references[name].peel(pygit2.Commit).id

    def branch(self) -> str:
        return f"{HEADS}{BRANCH}{self.random.choice('abcde') * 10}"

    def move(self) -> None:
        """One of what happens to a repository, which may be by hand."""
        main, name = self.at(MAIN), self.branch()
        there = self.at(name) if name in self.repository.references else None
        match self.random.choice(("publish", "publish", "begin", "push", "pull", "merge", "force")):
            case "publish":
                self.point(MAIN, self.commit(main))
            case "begin":
                self.point(name, self.commit(main))
            case "push" if there:
                self.point(name, self.commit(there))
            case "pull" if there:
                self.point(name, self.commit(there, main))
            case "merge" if there:
                self.point(MAIN, self.commit(main, there))
            case "force" if self.random.random() < 0.2:
                self.point(MAIN, self.random.choice([self.commit(), there or main]))

    def past(self, commit: pygit2.Oid) -> set[pygit2.Oid]:
        return {earlier.id for earlier in self.repository.walk(commit)}

    def bases(self, head: pygit2.Oid) -> set[pygit2.Oid]:
        """What both have and no later commit that both have leads to; several, where each took
        from the other.
        """
        shared = self.past(head) & self.past(self.at(MAIN))
        passed = [self.past(one) - {one} for one in shared]
        return shared.difference(*passed)


@pytest.mark.parametrize("seed", range(4))
def test_a_branch_left_main_where_both_were_last_the_same(tmp_path: Path, seed: int) -> None:
    yard, tips = Yard(tmp_path, seed), Tips()
    told = 0
    for _ in range(80):
        yard.move()
        found = {tip.head.id: tip.base.id for tip in tips.all(yard.repository)}
        names = (name for name in yard.repository.listall_branches() if name != "main")
        for head in {yard.at(HEADS + name) for name in names}:
            wanted = yard.bases(head)
            assert found[head] in wanted if wanted else head not in found
            told += len(wanted)
    assert told > 80


def test_main_may_be_set_back_and_what_it_was_pruned(tmp_path: Path) -> None:
    yard, tips = Yard(tmp_path, 0), Tips()
    first = yard.at(MAIN)
    yard.point(f"{HEADS}{BRANCH}{'a' * 10}", yard.commit(first))
    lost = yard.commit(first)
    yard.point(MAIN, lost)
    assert [tip.base.id for tip in tips.all(yard.repository)] == [first]
    yard.point(MAIN, first)
    (tmp_path / "objects" / str(lost)[:2] / str(lost)[2:]).unlink()
    again = pygit2.Repository(str(tmp_path))  # git's own memory of objects is of the one before
    assert [tip.base.id for tip in tips.all(again)] == [first]
