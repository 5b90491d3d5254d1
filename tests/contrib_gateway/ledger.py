"""The accounts of a state folder: what its repository and its database say, read from outside."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PERSON = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Nadia",
    "GIT_AUTHOR_EMAIL": "nadia@example.org",
    "GIT_COMMITTER_NAME": "Nadia",
    "GIT_COMMITTER_EMAIL": "nadia@example.org",
}
TRAILER = "--format=%(trailers:key=Submission,valueonly,separator=%x2C)"


def git(folder: Path, *arguments: str) -> str:
    """What `git ARGUMENTS` answers in `folder`, run by Nadia."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | PERSON,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"git {arguments}: {done.stderr}"
    return done.stdout.strip()


@dataclass(frozen=True)
class Ledger:
    """How often each submission is in git, by what it is there; and its state in the database."""

    waiting: Counter[str]
    merged: Counter[str]
    declined: Counter[str]
    states: Mapping[str, str]

    @classmethod
    def read(cls, state: Path) -> Ledger:
        forge = state / "forge.git"
        refs = git(forge, "for-each-ref", "--format=%(refname)").splitlines()
        merges = git(forge, "log", "--first-parent", TRAILER, "main").splitlines()
        with sqlite3.connect(f"file:{state / 'vigie.sqlite'}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT id, state FROM submissions").fetchall()
        proposals = [ref for ref in refs if ref.startswith("refs/heads/contribution/")]
        declined = [ref for ref in refs if ref.startswith("refs/declined/")]
        return cls(
            Counter(ref.rpartition("-")[2] for ref in proposals),
            Counter(filter(None, merges)),
            Counter(ref.rpartition("/")[2] for ref in declined),
            dict(rows),
        )

    def assert_balanced(self) -> None:
        """Every accepted submission is in git once, as its state says, and nothing else is."""
        where = {"proposed": self.waiting, "published": self.merged, "declined": self.declined}
        for id, state in self.states.items():
            found = {name: counted[id] for name, counted in where.items() if counted[id]}
            # One that was held is declined without ever having been a proposal.
            allowed = [{}, {"declined": 1}] if state in ("held", "declined") else [{state: 1}]
            assert found in allowed, (id, state, found)
        everything = set(self.waiting) | set(self.merged) | set(self.declined)
        assert everything <= set(self.states), everything - set(self.states)
