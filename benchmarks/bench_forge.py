"""How many proposals a second the embedded forge opens, beside the same commits made with git.

Both write one durable commit and one branch per proposal (fsync on), in turns, in one run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from contrib_gateway.forge import Proposal
from contrib_gateway.forge.local import LocalForge

ROUNDS = 5
PROPOSALS = 40
SIZES = (100, 1000, 10_000)
IDENTITY = {
    "GIT_AUTHOR_NAME": "bench",
    "GIT_AUTHOR_EMAIL": "bench@localhost",
    "GIT_COMMITTER_NAME": "bench",
    "GIT_COMMITTER_EMAIL": "bench@localhost",
}


def seed(folder: Path, documents: int) -> Path:
    content = folder / "content"
    (content / "needs").mkdir(parents=True)
    for number in range(documents):
        (content / "needs" / f"need-{number}.md").write_text(f"---\ntitle: {number}\n---\n")
    return content


def with_forge(forge: LocalForge, prefix: str) -> float:
    began = time.perf_counter()
    for number in range(PROPOSALS):
        name = f"{prefix}{number}"
        text = f"---\ntitle: {name}\n---\n".encode()
        files = {f"content/needs/{name}.md": text}
        forge.propose(Proposal(name, "need", name, name, files))
    return PROPOSALS / (time.perf_counter() - began)


def git(repository: Path, *arguments: str, given: str = "", **environ: str) -> str:
    command = ["git", "-c", "core.fsync=all", "-C", str(repository), *arguments]
    environ = os.environ | IDENTITY | environ
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=True, env=environ
    )
    return done.stdout.strip()


def with_git(repository: Path, prefix: str) -> float:
    began = time.perf_counter()
    for number in range(PROPOSALS):
        name = f"{prefix}{number}"
        blob = git(repository, "hash-object", "-w", "--stdin", given=f"---\ntitle: {name}\n---\n")
        index = {"GIT_INDEX_FILE": str(repository / "bench.index")}
        git(repository, "read-tree", "main", **index)
        entry = f"100644,{blob},content/needs/{name}.md"
        git(repository, "update-index", "--add", "--cacheinfo", entry, **index)
        tree = git(repository, "write-tree", **index)
        commit = git(repository, "commit-tree", tree, "-p", "main", "-m", name)
        git(repository, "update-ref", f"refs/heads/bench/{name}", commit)
    return PROPOSALS / (time.perf_counter() - began)


def main() -> None:
    print("proposals a second (median), embedded forge | git commands | ratio of medians")
    for documents in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            forge = LocalForge.open(place / "forge.git", seed(place, documents))
            ours, theirs = [], []
            for turn in range(ROUNDS):
                ours.append(with_forge(forge, f"f{turn}x"))
                theirs.append(with_git(place / "forge.git", f"g{turn}x"))
        fast, slow = statistics.median(ours), statistics.median(theirs)
        print(f"{documents:6} documents: {fast:6.0f} | {slow:4.0f} | x {fast / slow:.1f}")


if __name__ == "__main__":
    main()
