"""Forges to test, each with the repository behind it and a person who works on it with git."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from contrib_gateway.forge import Forge, Proposal
from contrib_gateway.forge.github import GitHubForge
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.local import LocalForge
from tests.contrib_gateway.clocks import SetClock
from tests.github import GitHub

NAME = "vigie/territoire"
BUS = "content/needs/bus.md"
SEED = {
    "types/need.yaml": b"folder: needs\n",
    "needs/bus.md": b"---\ntitle: Le bus\n---\n\nUn texte.\n",
    "needs/wifi.md": b"---\ntitle: Le wifi\n---\n",
    "images/logo.png": b"\x89PNG\r\n\x1a\n\x00\xff",
}
PERSON = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Nadia",
    "GIT_AUTHOR_EMAIL": "nadia@example.org",
    "GIT_COMMITTER_NAME": "Nadia",
    "GIT_COMMITTER_EMAIL": "nadia@example.org",
}


def git(folder: Path, *arguments: str) -> str:
    """What `git arguments` answers in `folder`, run by Nadia."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=os.environ | PERSON,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"git {arguments}: {done.stderr}")
    return done.stdout.strip()


def seed_folder(folder: Path) -> Path:
    for name, data in SEED.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@dataclass(frozen=True)
class World:
    """A forge seeded with SEED; `remote` is the repository behind it; `reopen` restarts it."""

    forge: Forge
    remote: Path
    clock: SetClock
    folder: Path
    reopen: Callable[[], Forge]

    def clone(self, name: str = "clone") -> Path:
        git(self.folder, "clone", "--quiet", str(self.remote), name)
        return self.folder / name

    def main(self) -> Mapping[str, bytes]:
        """What is published: path below content/ → bytes."""
        files = self.forge.files(self.forge.head())
        return {path.removeprefix("content/"): self.forge.read(b) for path, b in files.items()}


def local_world(folder: Path, clock: SetClock) -> World:
    seed = seed_folder(folder / "seed")

    def reopen() -> LocalForge:
        return LocalForge.open(folder / "state" / "forge.git", seed, clock)

    return World(reopen(), folder / "state" / "forge.git", clock, folder, reopen)


@contextmanager
def github_world(folder: Path, clock: SetClock) -> Iterator[World]:
    """A forge on a GitHub of our own; at the end, everything that was said was in its language."""
    with GitHub(folder / "github.git", seed_folder(folder / "seed"), clock=clock) as github:
        numbers = count()

        def reopen() -> GitHubForge:
            """As after a restart on another machine: nothing is known here."""
            client = Client(NAME, github.token, clock, url=github.url, paced=False)
            return GitHubForge(client, folder / f"mirror-{next(numbers)}.git", clock)

        yield World(reopen(), github.repository, clock, folder, reopen)
        assert not github.violations, "\n".join(map(str, github.violations))


def proposal(
    id: str = "a1",
    slug: str = "",
    files: Mapping[str, bytes | None] | None = None,
    **more: str,
) -> Proposal:
    """A new need, unless `files` says otherwise."""
    slug = slug or f"besoin-{id}".lower()
    files = files or {f"content/needs/{slug}.md": f"---\ntitle: {id}\n---\n".encode()}
    words = {"title": f"Un besoin {id}", "signed_as": "Zoé"} | more
    return Proposal(id=id, type="need", slug=slug, files=files, **words)


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each action, all begun together, returned or raised."""
    results: list[object] = [None] * len(actions)
    barrier = threading.Barrier(len(actions))

    def run(number: int, action: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = action()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
