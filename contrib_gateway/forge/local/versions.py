"""Which commits of an embedded repository's main changed a page."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pygit2

from contrib_gateway.errors import ForgeUnavailable
from contrib_gateway.forge import MOST_VERSIONS, Version, refuse_outside
from contrib_gateway.forge import message as messages
from contrib_gateway.forge.local import history
from contrib_gateway.forge.local.command import git
from contrib_gateway.forge.tree import blob_at
from contrib_gateway.forge.versions import told


class Versions:
    """Searches the repository in the folder `path`, along main's own line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted = ""

    def of(self, repository: pygit2.Repository, paths: Sequence[str]) -> list[Version]:
        """The newest first. Raises `ForgeUnavailable`, `BadProposal`."""
        refuse_outside(paths)
        if not paths:  # to git, that would be all of them
            return []
        head = str(history.main(repository).id)
        self._note(head)
        most = f"--max-count={MOST_VERSIONS}"
        # Plumbing: no setting of whoever runs this changes what it says.
        search = ("rev-list", "--first-parent", most, head, "--", *paths)
        found = git(self._path, "--literal-pathspecs", *search).split()
        return [_version(repository, repository[sha].peel(pygit2.Commit), paths) for sha in found]

    def _note(self, head: str) -> None:
        """Let git note which paths each commit changed: without, it opens every tree there ever
        was. Only main's commits, which are never erased.
        """
        if head != self._noted:
            how = ("write", "--stdin-commits", "--changed-paths", "--split")
            with suppress(ForgeUnavailable):  # somebody else is at it: this once, it takes longer
                git(self._path, "commit-graph", *how, given=head)
                self._noted = head


def _version(repository: pygit2.Repository, commit: pygit2.Commit, paths: Sequence[str]) -> Version:
    said = history.message(commit)
    if messages.SUBMISSION not in said.trailers and len(commit.parents) > 1:
        merged = history.message(commit.parents[1])  # by hand: what was proposed tells whose it is
        if messages.SUBMISSION in merged.trailers:
            said = merged
    version = told(str(commit.id), history.time(commit), said, commit.author.name)
    blobs = {path: blob_at(commit.tree, path) for path in paths}
    files = {path: str(blob) for path, blob in blobs.items() if blob}
    return replace(version, files=files)
