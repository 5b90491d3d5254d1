"""Which commits changed a page, as GitHub tells; asked once for each state of main."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from heapq import merge
from itertools import islice
from threading import Lock

from contrib_gateway.errors import NotFound
from contrib_gateway.forge import MOST_VERSIONS, Version, message, refuse_outside
from contrib_gateway.forge.github.objects import Commit
from contrib_gateway.forge.github.workshop import Workshop
from contrib_gateway.forge.versions import told

REMEMBERED = 200  # pages
Paths = tuple[str, ...]
Known = Mapping[str, Version]
"""By the commit that GitHub lists, which may be on a branch that somebody merged by hand."""


class Versions:
    """One request for each path and state of main, and two or three for each commit that is met for
    the first time. Safe for several threads.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._known: dict[Paths, tuple[str, Known]] = {}
        self._lock = Lock()

    def of(self, paths: Paths) -> list[Version]:
        """The newest first. Raises `ForgeUnavailable`, `Refused`, `BadProposal`."""
        refuse_outside(paths)
        head = self._shop.main.head()
        seen, known = self._known.get(paths, ("", {}))
        if seen != head:
            known = self._look(paths, head, known)
            with self._lock:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[paths] = head, known
        found: dict[str, Version] = {}
        for version in known.values():  # several commits of one branch came to main at once
            found.setdefault(version.commit, version)
        return list(found.values())

    def _look(self, paths: Paths, head: str, known: Known) -> Known:
        listed: list[list[Commit]] = []
        for path in paths:
            self._shop.limits.keep_half()
            listed.append(self._shop.objects.touching(path, head, MOST_VERSIONS))
        newest = merge(*listed, key=lambda commit: commit.at, reverse=True)
        met = {commit.sha: commit for commit in newest}
        return {
            sha: known.get(sha) or self._version(commit, paths)
            for sha, commit in islice(met.items(), MOST_VERSIONS)
        }

    def _version(self, commit: Commit, paths: Paths) -> Version:
        self._shop.limits.keep_half()
        version = told(commit.sha, commit.at, commit.message, commit.author)
        if version.id and not commit.message.trailers.keys() & {
            message.MERGED_BY,
            message.DECLINED_BY,
        }:
            version = self._landed(version)
        files = self._files(version.commit)
        return replace(version, files={path: files[path] for path in paths if path in files})

    def _landed(self, version: Version) -> Version:
        """A proposal's commit as what it became when somebody merged it on github.com, or by git.

        Who wrote it is the gateway itself, to git.
        """
        pull = self._shop.find(version.id)
        if pull is None or pull.merged is None:
            return replace(version, by="")
        landed = self._shop.objects.commit(pull.merge_commit)
        by = told(landed.sha, landed.at, landed.message, landed.author).by
        return replace(version, commit=landed.sha, at=pull.merged, by=by)

    def _files(self, commit: str) -> Mapping[str, str]:
        try:
            return self._shop.main.files(commit)
        except NotFound:
            return self._shop.objects.written(commit)
