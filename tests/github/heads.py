"""The branches of a repository that others push to, read again only where they changed.

Writing a reference changes the time stamp of the folder it is in. Stamps are coarse, and two
changes may bear the same; so each folder that is read is first given a stamp of our own, from
long ago, which no later change can bear.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Change = tuple[str | None, str | None]  # the commit before and after; None when there is none

_LONG_AGO = 10 * 365 * 24 * 3600 * 1_000_000_000  # ns
_DISTRUST = 1.0  # s


@dataclass
class _Folder:
    """A folder of refs/heads; names are whole branches, and folders from refs/heads on."""

    stamp: int = -1
    tips: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)


class Heads:
    """Not safe for several threads: its owner holds a lock."""

    def __init__(self, repository: Path) -> None:
        self._heads = os.fspath(repository / "refs" / "heads")
        self._packed_file = repository / "packed-refs"
        self._packed_stamp = (0, 0)
        self._packed: dict[str, str] = {}
        self._folders: dict[str, _Folder] = {}
        self._stamps = itertools.count(time.time_ns() - _LONG_AGO)
        self._written_at: float | None = None
        self.tips: dict[str, str] = {}  # branch → commit, as of the last look
        self.look()

    def look(self) -> dict[str, Change]:
        """Read what changed since the last look: branch → change."""
        if self._written_at and time.monotonic() - self._written_at > _DISTRUST:
            self._written_at = None
            for folder in self._folders.values():
                folder.stamp = -1
        touched = self._look_packed()
        self._look_folder("", touched)
        changes: dict[str, Change] = {}
        for branch in touched:
            folder = self._folders.get(branch.rpartition("/")[0], _Folder())
            new = folder.tips.get(branch) or self._packed.get(branch)
            if new != (old := self.tips.get(branch)):
                changes[branch] = (old, new)
                self._set(branch, new)
        return changes

    @contextmanager
    def writing(self, branch: str, commit: str | None) -> Iterator[None]:
        """A change of our own is no news at the next look.

        Somebody else's in the same folder and the same instant would be missed: within a second
        of it, everything is read once more.
        """
        name = branch.rpartition("/")[0]
        folder = self._folders.get(name)
        known = folder is not None and folder.stamp == self._stamp(name)
        yield
        self._set(branch, commit)
        if folder is None or not known or commit is None:
            return
        folder.tips[branch] = commit
        folder.stamp = self._mark(name)
        self._written_at = self._written_at or time.monotonic()

    def _set(self, branch: str, commit: str | None) -> None:
        if commit is None:
            self.tips.pop(branch, None)
        else:
            self.tips[branch] = commit

    def _look_packed(self) -> set[str]:
        try:
            status = self._packed_file.stat()
        except FileNotFoundError:
            return set()
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._packed_stamp:
            return set()
        prefix = "refs/heads/"
        lines = (line.split(" ", 1) for line in self._packed_file.read_text().splitlines())
        packed = {
            line[1].removeprefix(prefix): line[0]
            for line in lines
            if len(line) == 2 and line[1].startswith(prefix)
        }
        touched = {name for name, _ in packed.items() ^ self._packed.items()}
        self._packed_stamp, self._packed = stamp, packed
        return touched

    def _look_folder(self, name: str, touched: set[str]) -> None:
        stamp = self._stamp(name)
        if stamp is None:
            self._forget(name, touched)
            return
        folder = self._folders.setdefault(name, _Folder())
        if stamp != folder.stamp:
            self._read(folder, name, touched)
        for inner in list(folder.folders):
            self._look_folder(inner, touched)

    def _path(self, name: str) -> str:
        return f"{self._heads}/{name}" if name else self._heads

    def _stamp(self, name: str) -> int | None:
        """None when there is no such folder."""
        try:
            return os.stat(self._path(name)).st_mtime_ns  # noqa: PTH116 - for each call, in haste
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _mark(self, name: str) -> int:
        stamp = next(self._stamps)
        try:
            os.utime(self._path(name), ns=(stamp, stamp))
        except FileNotFoundError:  # gone meanwhile, which the next look will see
            return -1
        return stamp

    def _read(self, folder: _Folder, name: str, touched: set[str]) -> None:
        prefix = f"{name}/" if name else ""
        folder.stamp = self._mark(name)
        tips, folders = {}, []
        with os.scandir(self._path(name)) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders.append(prefix + entry.name)
                elif not entry.name.endswith(".lock"):
                    tips[prefix + entry.name] = _commit(entry.path)
        touched |= {branch for branch, _ in tips.items() ^ folder.tips.items()}
        for gone in set(folder.folders) - set(folders):
            self._forget(gone, touched)
        folder.tips, folder.folders = tips, folders

    def _forget(self, name: str, touched: set[str]) -> None:
        folder = self._folders.pop(name, _Folder())
        touched |= set(folder.tips)
        for inner in folder.folders:
            self._forget(inner, touched)


def _commit(path: str) -> str:
    """Empty when the reference was removed in the meantime."""
    try:
        with open(path) as file:  # noqa: PTH123 - one of thousands, and a Path costs more
            return file.read().strip()
    except FileNotFoundError:
        return ""
