"""The port: what the gateway asks of the place where proposals wait and main is kept.

A forge holds the same tree as the project: every path is under `content/`. Each proposal is a
branch `contribution/<type>/<slug>-<id>`, and ends merged or declined; the forge alone can tell
which, by whom and why.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from contrib_gateway.errors import BadProposal, Conflict

CONTENT = "content"
BRANCHES = "contribution/"
LONGEST_PART = 200  # bytes; files and references also get suffixes, and 255 is the usual limit
_BRANCH = re.compile(
    f"{BRANCHES}(?P<type>[a-z][a-z0-9_-]*)/(?P<slug>[a-z0-9-]+)-(?P<id>[A-Za-z0-9]+)", re.ASCII
)
# Letters and digits of any alphabet; a leading dot, and with it `..` and `.git`, cannot occur.
_PART = re.compile(r"\w[\w.-]*")


class Rules(Protocol):
    """What a merge must respect; of the forge, both may call `head`, `files` and `read`."""

    def combine(
        self, path: str, base: bytes | None, main: bytes | None, proposed: bytes | None
    ) -> bytes | None:
        """One file out of two that both differ from `base` and from each other; None: no file.

        Raises `Conflict` when only a person can tell.
        """
        ...

    def check(self, files: Mapping[str, str]) -> None:
        """Raises to prevent main from having these files (path → blob)."""
        ...


class Strict:
    """The rules where nothing is known of what files hold: two versions are never mixed."""

    def combine(
        self, path: str, base: bytes | None, main: bytes | None, proposed: bytes | None
    ) -> bytes | None:
        raise Conflict([path])

    def check(self, files: Mapping[str, str]) -> None:
        """Anything may be on main."""


STRICT = Strict()


def is_allowed(path: str) -> bool:
    """Whether a proposal may write `path`, which is relative to the repository's root."""
    first, *rest = path.split("/")
    return first == CONTENT and bool(rest) and all(_is_part(part) for part in rest)


def _is_part(part: str) -> bool:
    return bool(_PART.fullmatch(part)) and len(part.encode()) <= LONGEST_PART


def refuse_outside(files: Collection[str]) -> None:
    """Raises `BadProposal` for paths where no proposal may write."""
    if outside := [path for path in files if not is_allowed(path)]:
        raise BadProposal(f"outside {CONTENT}/: {outside!r}")


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

    `message` is for the commit, in plain words; `presentation` is Markdown for editors who read
    the proposal on the forge itself, safe to show as it is.

    Raises `BadProposal` for a path outside `content/`, or names that could not be a branch's.
    """

    id: str
    type: str
    slug: str
    title: str
    files: Mapping[str, bytes | None]
    signed_as: str = ""
    message: str = ""
    presentation: str = ""

    def __post_init__(self) -> None:
        named = Branch(self.type, self.slug, self.id)
        if Branch.parse(self.branch) != named:
            raise BadProposal(f"not the name of a branch: {self.branch!r}")
        refuse_outside(self.files)
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
class Pending:
    """A proposal that waits. `head` is its commit; `url` its page on the forge, if it has one."""

    id: str
    branch: str
    head: str
    title: str
    proposed_at: datetime
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened(Pending):
    """The same with its files as they stand; `base` is the commit of main it starts from."""

    base: str
    files: Mapping[str, bytes | None]
    signed_as: str


@dataclass(frozen=True)
class Decision:
    """MERGED or DECLINED. `commit` is the one on main, or the one that keeps the reason."""

    outcome: Outcome
    by: str
    reason: str
    at: datetime
    commit: str


@dataclass(frozen=True)
class Remark:
    """What an editor said of a proposal on the forge itself. `key` names it there for ever."""

    key: str
    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Stray:
    """A branch left behind, with the files it would propose, as far as they can be told."""

    branch: str
    files: Mapping[str, bytes | None]


class Forge(Protocol):
    """Every method may raise `ForgeUnavailable`: nothing was lost, ask again later; or `Refused`:
    asking again will not help until somebody mends something.

    Each may be interrupted at any moment; called again, it finishes what it had begun.
    `head`, `files` and `read` of what main was seen to hold never wait for another machine.
    """

    # Main

    def head(self) -> str:
        """Main's commit, as last seen."""
        ...

    def files(self, commit: str) -> Mapping[str, str]:
        """Path → blob of everything under `content/`. Raises `NotFound`."""
        ...

    def read(self, blob: str) -> bytes:
        """The bytes of a blob that `files` named. Raises `NotFound`."""
        ...

    # Proposals

    def propose(self, proposal: Proposal) -> str:
        """Open a proposal; returns its branch. Once only: a decided one is not opened again."""
        ...

    def amend(self, id: str, files: Mapping[str, bytes | None], by: str) -> None:
        """Make a pending proposal propose these files instead.

        Raises `AlreadyDecided`, `NotFound`, `BadProposal`.
        """
        ...

    def pending(self) -> Sequence[Pending]:
        """The proposals nobody has decided on, the oldest first."""
        ...

    def opened(self, id: str) -> Opened | None:
        """One of the pending proposals."""
        ...

    # Decisions

    def merge(self, id: str, by: str, rules: Rules = STRICT) -> Decision:
        """Put a proposal on main. Raises `Conflict`, `AlreadyDecided`, `NotFound`, or what the
        rules raise.
        """
        ...

    def decline(self, id: str, by: str, reason: str) -> Decision:
        """Close a proposal and keep it aside. Raises `AlreadyDecided`, `NotFound`."""
        ...

    def undo(self, id: str, by: str, reason: str, rules: Rules = STRICT) -> Decision:
        """Take a merged proposal back, keeping what came after; from then on it is declined.

        Raises `Conflict`, `NotFound` if it is not merged, or what the rules raise.
        """
        ...

    def decision(self, id: str) -> Decision | None:
        """What was decided, here or by hand; None if nothing was, or the id is unknown."""
        ...

    # What others do on the forge

    def refresh(self) -> Collection[str]:
        """Look at the forge anew, so that `head` is main's; returns the ids of proposals that
        somebody may have touched, otherwise than by moving main, since this object's last look.
        """
        ...

    def remarks(self, id: str) -> Sequence[Remark]:
        """What editors said of a proposal there, the oldest first."""
        ...

    # The accounts

    def outcomes(self) -> Mapping[str, Outcome]:
        """What became of every proposal that there is or was a branch for, by its id."""
        ...

    def strays(self) -> Sequence[Stray]:
        """Branches that bear a proposal's name, and are none that waits: left behind."""
        ...

    def discard(self, branch: str) -> None:
        """Remove a stray. Raises `BadProposal` for a branch that is none."""
        ...


def outcome(forge: Forge, id: str) -> Outcome:
    """What became of the proposal `id`."""
    if decision := forge.decision(id):
        return decision.outcome
    return Outcome.OPEN if forge.opened(id) else Outcome.UNKNOWN
