"""The port: what the gateway asks of the place where proposals wait and main is kept.

A forge holds the same tree as the project: every path is under `content/`. Each proposal is a
branch `contribution/<type>/<slug>-<id>`, and ends merged or declined; the forge alone can tell
which, by whom and why.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from contrib_gateway.errors import BadProposal

CONTENT = "content"
BRANCHES = "contribution/"
LONGEST_PART = 200  # bytes; files and references also get suffixes, and 255 is the usual limit
_BRANCH = re.compile(
    f"{BRANCHES}(?P<type>[a-z][a-z0-9_-]*)/(?P<slug>[a-z0-9-]+)-(?P<id>[A-Za-z0-9]+)", re.ASCII
)
# Letters and digits of any alphabet; a leading dot, and with it `..` and `.git`, cannot occur.
_PART = re.compile(r"\w[\w.-]*")

Check = Callable[[Mapping[str, str]], None]


def is_allowed(path: str) -> bool:
    """Whether a proposal may write `path`, which is relative to the repository's root."""
    first, *rest = path.split("/")
    return first == CONTENT and bool(rest) and all(_is_part(part) for part in rest)


def _is_part(part: str) -> bool:
    return bool(_PART.fullmatch(part)) and len(part.encode()) <= LONGEST_PART


@dataclass(frozen=True)
class Branch:
    """The name of a proposal's branch, taken apart."""

    type: str
    slug: str
    id: str

    def __str__(self) -> str:
        return f"{BRANCHES}{self.type}/{self.slug}-{self.id}"

    @classmethod
    def parse(cls, name: str) -> "Branch | None":
        """None if `name` is not the name of a proposal's branch."""
        match = _BRANCH.fullmatch(name)
        if not match or any(len(part) > LONGEST_PART for part in name.split("/")):
            return None
        return cls(**match.groupdict())


@dataclass(frozen=True)
class Proposal:
    """File changes to be reviewed. `id` is the submission's; None as a content deletes the file.

    Raises `BadProposal` for a path outside `content/`, or names that could not be a branch's.
    """

    id: str
    type: str
    slug: str
    title: str
    files: Mapping[str, bytes | None]
    signed_as: str = ""
    message: str = ""

    def __post_init__(self) -> None:
        named = Branch(self.type, self.slug, self.id)
        if Branch.parse(self.branch) != named:
            raise BadProposal(f"not the name of a branch: {self.branch!r}")
        if outside := [path for path in self.files if not is_allowed(path)]:
            raise BadProposal(f"outside {CONTENT}/: {outside!r}")
        if not self.files:
            raise BadProposal(f"{self.branch} changes nothing")

    @property
    def branch(self) -> str:
        return str(Branch(self.type, self.slug, self.id))


class Outcome(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    MERGED = "merged"
    DECLINED = "declined"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Opened:
    """A proposal that waits. `head` is its commit, `base` the commit of main it starts from."""

    id: str
    branch: str
    head: str
    base: str
    title: str
    files: Mapping[str, bytes | None]
    signed_as: str
    proposed_at: datetime


@dataclass(frozen=True)
class Decision:
    """MERGED or DECLINED. `commit` is the one on main, or the one that keeps the reason."""

    outcome: Outcome
    by: str
    reason: str
    at: datetime
    commit: str


class Forge(Protocol):
    """Every method may raise `ForgeUnavailable`: nothing was lost, ask again later.

    Each may be interrupted at any moment; called again, it finishes what it had begun.
    """

    def head(self) -> str:
        """Main's commit."""
        ...

    def files(self, commit: str) -> Mapping[str, str]:
        """Path → blob of everything under `content/`. Raises `NotFound`."""
        ...

    def read(self, blob: str) -> bytes:
        """The bytes of a blob that `files` named. Raises `NotFound`."""
        ...

    def propose(self, proposal: Proposal) -> str:
        """Open a proposal; returns its branch. Once only: a decided one is not opened again."""
        ...

    def pending(self) -> list[Opened]:
        """The proposals nobody has decided on, the oldest first."""
        ...

    def opened(self, id: str) -> Opened | None:
        """One of the pending proposals."""
        ...

    def merge(self, id: str, by: str, check: Check | None = None) -> Decision:
        """Put a proposal on main. Raises `Conflict`, `AlreadyDecided`, `NotFound`.

        `check` is given the files (path → blob) that main would have, and may raise to prevent
        it; of the forge it may call `head`, `files` and `read`.
        """
        ...

    def decline(self, id: str, by: str, reason: str) -> Decision:
        """Close a proposal and keep it aside. Raises `AlreadyDecided`, `NotFound`."""
        ...

    def decision(self, id: str) -> Decision | None:
        """What was decided, here or by hand; None if nothing was, or the id is unknown."""
        ...


def outcome(forge: Forge, id: str) -> Outcome:
    """What became of the proposal `id`."""
    if decision := forge.decision(id):
        return decision.outcome
    return Outcome.OPEN if forge.opened(id) else Outcome.UNKNOWN
