"""The port: what the gateway asks of the place where proposals live and main is kept.

A forge holds the same tree as the project: every path is under `content/`. Each proposal is a
branch `contribution/<type>/<slug>-<id>`, and ends merged or declined; the forge alone can tell
which, by whom and why.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from contrib_gateway.errors import Conflict
from contrib_gateway.forge.proposals import (
    BRANCHES,
    CONTENT,
    Branch,
    Decision,
    Opened,
    Outcome,
    Pending,
    Proposal,
    Remark,
    Stray,
    is_allowed,
    refuse_outside,
)
from contrib_gateway.forge.versions import MOST_VERSIONS, Version

__all__ = [
    "BRANCHES",
    "CONTENT",
    "MOST_VERSIONS",
    "STRICT",
    "Branch",
    "Decision",
    "Forge",
    "Opened",
    "Outcome",
    "Pending",
    "Proposal",
    "Remark",
    "Rules",
    "Stray",
    "Strict",
    "Version",
    "is_allowed",
    "outcome",
    "refuse_outside",
]


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


class Forge(Protocol):
    """Every method may raise `ForgeUnavailable`: nothing was lost, ask again later; or `Refused`:
    asking again will not help until somebody mends something.

    Each may be interrupted at any moment; called again, it finishes what it had begun.
    `head`, `files` and `read` of what `files` named never wait for another machine.
    """

    # Main

    def head(self) -> str:
        """Main's commit, as last seen."""
        ...

    def files(self, commit: str) -> Mapping[str, str]:
        """Path → blob of everything under `content/`. Raises `NotFound`."""
        ...

    def read(self, blob: str) -> bytes:
        """The bytes of a blob that `files` or a version named. Raises `NotFound`."""
        ...

    def history(self, paths: Sequence[str]) -> Sequence[Version]:
        """The last MOST_VERSIONS of what main had at these paths, the newest first: a page has one
        path, and one for each name it had before.
        """
        ...

    # Proposals

    def propose(self, proposal: Proposal) -> str:
        """Open a proposal; returns its branch. Once only: a decided one is not opened again.

        Raises `BadProposal`, also for a base that main never was at.
        """
        ...

    def amend(
        self,
        id: str,
        files: Mapping[str, bytes | None],
        by: str,
        onto: str = "",
        *,
        signed_as: str | None = None,
        title: str = "",
    ) -> None:
        """Make a pending proposal propose these files instead; `onto` a later commit of main, if
        one is named, as if it had been opened from there.

        `by` is the editor who corrects it, and is named beside its contributor. With `signed_as` it
        is its contributor's own amendment: this name, "" for none, and this title if there is one
        replace the former ones.

        Raises `AlreadyDecided`, `NotFound`, `BadProposal`.
        """
        ...

    def describe(self, id: str, title: str, presentation: str) -> None:
        """Say anew, to those who read it on the forge, what a pending proposal is.

        Raises `AlreadyDecided`, `NotFound`.
        """
        ...

    def pending(self) -> Sequence[Pending]:
        """The proposals nobody has decided on, the oldest first."""
        ...

    def opened(self, id: str) -> Opened | None:
        """One of the pending proposals."""
        ...

    # Decisions

    def merge(self, id: str, by: str, rules: Rules = STRICT, seen: str = "") -> Decision:
        """Put a proposal on main, if its head is the one that was `seen` ("": whatever it is).

        Raises `Conflict`, `NotAsSeen`, `AlreadyDecided`, `NotFound`, or what the rules raise.
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

    def erase(self, id: str) -> None:
        """Leave as little as the forge can of a proposal that was never merged, for a contributor
        who asks to be forgotten. Nothing happens to a merged one, nor for an unknown id.
        """
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
