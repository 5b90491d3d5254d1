"""Where offices work: a state folder whose forge is in it, or on a GitHub of our own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pygit2
from click.testing import CliRunner, Result

from contrib_gateway import cli
from contrib_gateway.forge import Forge
from contrib_gateway.forge.github import GitHubForge
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.forge.tree import with_changes
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME, git
from tests.contrib_gateway.offices import Office, small_content
from tests.github import GitHub

MINUTE = timedelta(minutes=1)
PATIENT = 10.0  # seconds that an answer of GitHub's may take
_COPIED = ("remote.git", "state")


@dataclass
class Place:
    """A state folder, the repository behind its forge, and the office that is open."""

    folder: Path
    clock: SetClock
    office: Office = field(init=False)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def database(self) -> Path:
        return self.state / "vigie.sqlite"

    @property
    def remote(self) -> Path:
        return self.state / "forge.git"

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a `vigie` that works here too."""
        return {"VIGIE_STATE": str(self.state), "VIGIE_SECRET_KEY": "a secret for the tests only"}

    def forge(self) -> Forge:
        return LocalForge.open(self.remote, self.folder / "seed", self.clock)

    def open(self) -> Office:
        """An office, newly opened: nothing is known but what is in the folder."""
        self.office = Office(self.state, self.forge(), self.clock, look_every=MINUTE)
        return self.office

    def restore(self, backup: bytes) -> Office:
        """The database as it was, and an office that knows no more than it says."""
        self.office.store.close()
        for file in self.state.glob("vigie.sqlite*"):
            file.unlink()
        self.database.write_bytes(backup)
        return self.open()

    def back_up(self) -> bytes:
        """What the database holds now."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.serialize()

    def run(self, *arguments: str) -> Result:
        """`vigie ARGUMENTS`, beside the office."""
        return CliRunner().invoke(cli.main, arguments, env=self.environ)

    # The repository

    @property
    def repository(self) -> pygit2.Repository:
        return pygit2.Repository(str(self.remote))

    def main(self) -> str:
        return str(self.repository.references["refs/heads/main"].target)

    def before(self, commit: str) -> str:
        """Its first parent."""
        return str(self.repository[commit].peel(pygit2.Commit).parent_ids[0])

    def branches(self) -> list[str]:
        """All but main."""
        return [name for name in self.repository.branches.local if name != "main"]

    def files(self, commit: str, base: str) -> dict[str, bytes]:
        """What a commit adds to another one's files, or changes in them."""
        repository = self.repository
        before, after = (repository[one].peel(pygit2.Tree) for one in (base, commit))
        changed = [delta.new_file for delta in before.diff_to_tree(after).deltas]
        return {file.path: repository[file.id].peel(pygit2.Blob).data for file in changed}

    def push(self, branch: str, path: str, data: bytes) -> None:
        """Somebody pushes a file, on top of main."""
        repository = self.repository
        main = repository.references["refs/heads/main"].peel(pygit2.Commit)
        tree = with_changes(repository, main.tree, {path: repository.create_blob(data)})
        name, who = f"refs/heads/{branch}", pygit2.Signature("Nadia", "nadia@example.org")
        repository.create_commit(name, who, who, f"Write {path}", tree, [main.id])

    def push_alone(self, branch: str) -> None:
        """Somebody pushes a commit that shares no history with main."""
        repository, who = self.repository, pygit2.Signature("Nadia", "nadia@example.org")
        tree = repository.TreeBuilder().write()
        repository.create_commit(f"refs/heads/{branch}", who, who, "Alone", tree, [])

    def merge_by_hand(self, branch: str) -> None:
        """Nadia merges with git, and removes the branch."""
        clone = self.folder / "clone"
        git(self.folder, "clone", "--quiet", str(self.remote), "clone")
        git(clone, "merge", "--quiet", "--no-ff", "--no-edit", f"origin/{branch}")
        git(clone, "push", "--quiet", "origin", "main", f":{branch}")
        shutil.rmtree(clone)


def settings_of(github: GitHub) -> dict[str, str]:
    """Those of a gateway that works with it."""
    return {
        "VIGIE_FORGE": f"github:{NAME}",
        "VIGIE_GITHUB_URL": github.url,
        "VIGIE_GITHUB_TOKEN": github.token,
        "VIGIE_GITHUB_PACE": "off",
    }


@dataclass
class GitHubPlace(Place):
    """On GitHub. `seen`: when each call was made, its name, and how it ended."""

    github: GitHub
    seen: list[tuple[datetime, str, str]] = field(default_factory=list)
    patience: float = PATIENT

    @property
    def remote(self) -> Path:
        return self.github.repository

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | settings_of(self.github)

    def forge(self) -> Forge:
        def observe(name: str, outcome: str, seconds: float) -> None:
            self.seen.append((self.clock.now, name, outcome))

        client = Client(
            NAME,
            self.github.token,
            self.clock,
            url=self.github.url,
            observe=observe,
            read_timeout=self.patience,
        )
        return GitHubForge(client, self.state / "github.git", self.clock)


@contextmanager
def local_place(folder: Path, clock: SetClock) -> Iterator[Place]:
    if not (folder / "state").exists():
        (folder / "state").mkdir(parents=True)
        small_content(folder / "seed")
    place = Place(folder, clock)
    place.open()
    yield place
    place.office.store.close()


@contextmanager
def github_place(folder: Path, clock: SetClock) -> Iterator[GitHubPlace]:
    """At the end, everything that was said was in GitHub's language."""
    seed = None
    if not (folder / "state").exists():
        (folder / "state").mkdir(parents=True)
        seed = small_content(folder / "seed")
    with GitHub(folder / "remote.git", seed, clock=clock) as github:
        place = GitHubPlace(folder, clock, github)
        place.open()
        yield place
        place.office.store.close()
    assert not github.violations, "\n".join(github.violations)


def copied(planted: Path, folder: Path) -> Path:
    """The folder of a place that is closed, once more: quicker than a new one."""
    for name in _COPIED:
        if (planted / name).exists():
            shutil.copytree(planted / name, folder / name)
    return folder
