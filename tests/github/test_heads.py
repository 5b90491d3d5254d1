"""Whatever order changes come in, and however fast, the branches are those that git tells."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pygit2
import pytest

from tests.github.repository import Repository, plant

BRANCHES = ("main", "work", "contribution/need/a", "contribution/need/b", "contribution/actor/a")


@pytest.mark.parametrize("seed", range(5))
def test_no_change_is_missed(tmp_path: Path, seed: int) -> None:
    who = pygit2.Signature("Léa", "lea@example.org", 1, 0)
    plant(tmp_path / "r.git", None, who)
    ours, theirs = Repository(tmp_path / "r.git"), pygit2.Repository(str(tmp_path / "r.git"))
    tree = theirs.head.peel(pygit2.Commit).tree_id
    commits = [theirs.create_commit(None, who, who, str(n), tree, []) for n in range(3)]
    chance = random.Random(seed)
    told = dict(ours.heads.tips)
    for _ in range(150):
        branch, commit = chance.choice(BRANCHES), chance.choice(commits)
        name = f"refs/heads/{branch}"
        match chance.choice(["theirs", "theirs", "ours", "remove", "ours", "pack", "look"]):
            case "theirs":
                theirs.references.create(name, commit, force=True)
            case "ours":
                ours.write_reference(name, str(commit))
                told[branch] = str(commit)
            case "remove" if branch != "main" and name in theirs.references:
                theirs.references.delete(name)
            case "pack" if chance.random() < 0.1:
                subprocess.run(["git", "pack-refs", "--all"], cwd=tmp_path / "r.git", check=True)
            case _:
                for changed, (_, after) in ours.heads.look().items():
                    told[changed] = after or ""
                now = {n: str(theirs.references[n].target) for n in theirs.references}
                heads = {n.removeprefix("refs/heads/"): t for n, t in now.items()}
                assert ours.heads.tips == heads
                assert {name: commit for name, commit in told.items() if commit} == heads
