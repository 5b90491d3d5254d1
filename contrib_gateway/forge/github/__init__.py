"""The forge on GitHub: each proposal is a branch and a pull request, each decision a squash or a
closing; main's content is mirrored here.

What a killed process left half done is found again by the branch's name, and finished. Strangers'
words go to GitHub so that it recognises nothing in them; what editors decided on github.com itself
is read back.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import RLock

from contrib_gateway.clock import Clock
from contrib_gateway.errors import (
    BadProposal,
    ForgeBusy,
    ForgeUnavailable,
    NotFound,
    Refused,
)
from contrib_gateway.forge import (
    BRANCHES,
    STRICT,
    Branch,
    Decision,
    Opened,
    Outcome,
    Pending,
    Proposal,
    Remark,
    Rules,
    Stray,
    Version,
    message,
    refuse_outside,
)
from contrib_gateway.forge.github.access import Access, App
from contrib_gateway.forge.github.client import Client, Observe, unobserved
from contrib_gateway.forge.github.decisions import Decisions
from contrib_gateway.forge.github.objects import Difference
from contrib_gateway.forge.github.pulls import LABEL, Pull
from contrib_gateway.forge.github.versions import Versions
from contrib_gateway.forge.github.workshop import (
    Workshop,
    proposed,
    quietly,
    refuse_collisions,
)
from contrib_gateway.forge.message import Message
from contrib_gateway.forge.words import loud, quiet
from contrib_gateway.settings import Settings

PROPOSING = 6  # creating calls at most: tree, commit, branch, pull request, label and its making
log = logging.getLogger(__name__)


class GitHubForge:
    """A `Forge` on GitHub. Safe for several threads; of several processes, the first one wins."""

    def __init__(self, client: Client, folder: Path, clock: Clock) -> None:
        """`folder` is where main's content is mirrored. Nothing is asked yet."""
        self._shop = Workshop(client, folder, clock)
        self._decisions = Decisions(self._shop)
        self._versions = Versions(self._shop)
        self._lock = RLock()  # one change at a time

    # Main

    def head(self) -> str:
        return self._shop.main.head()

    def files(self, commit: str) -> Mapping[str, str]:
        return self._shop.main.files(commit)

    def read(self, blob: str) -> bytes:
        return self._shop.main.read(blob)

    def history(self, paths: Sequence[str]) -> Sequence[Version]:
        return self._versions.of(tuple(paths))

    # Proposals

    def propose(self, proposal: Proposal) -> str:
        with self._lock:
            self._shop.board.learn(self._shop.pulls.of(proposal.branch))
            known = self._shop.board.proposal(proposal.id)
            if known is None:
                self._shop.limits.leave_room(PROPOSING)
            pull = known or self._open(proposal)
            if pull.open and LABEL not in pull.labels:
                self._label(pull, again=known is not None)
        return proposal.branch

    def _open(self, proposal: Proposal) -> Pull:
        """A branch with one commit, and its pull request; each is made unless it is there."""
        branch = Branch(proposal.type, proposal.slug, proposal.id)
        if self._shop.objects.branch(proposal.branch) is None:
            base = self._base(proposal.base)
            refuse_collisions(proposal.files, self.files(base))
            text = message.proposing(
                proposal.type, proposal.title, proposal.message, proposal.signed_as, proposal.id
            )
            commit = self._shop.commit(text, base, proposal.files, [base])
            self._shop.objects.create_branch(proposal.branch, commit)
        return self._shop.request(branch, quiet(proposal.title), proposal.presentation)

    def _base(self, commit: str) -> str:
        """That commit of main; main itself for "". Raises `BadProposal`."""
        if not commit:
            return self._shop.main.refresh()
        try:
            self.files(commit)
        except NotFound as error:
            raise BadProposal(f"main was never seen at {commit!r}") from error
        return commit

    def _label(self, pull: Pull, again: bool) -> None:
        """A label is no reason not to have a proposal: what fails twice is left."""
        try:
            self._shop.pulls.label(pull.number)
        except ForgeBusy:
            raise
        except (ForgeUnavailable, Refused) as error:
            if not again:
                raise
            log.warning("no label", extra={"pull": pull.number}, exc_info=error)

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
        with self._lock:
            pull = self._decisions.undecided(id)
            refuse_outside(files)
            found = self._shop.difference(pull)
            base = self._base(onto) if onto else found.base
            later = [base] if base != found.base else []
            refuse_collisions(files, self._shop.main.files(base))
            wanted = {p: None if d is None else self._shop.main.write(d) for p, d in files.items()}
            said = proposed(found, id)
            text = message.amending(said, by, id)
            if signed_as is not None:
                text = message.rewriting(said, pull.branch.type, title, signed_as, id)
            renamed = signed_as is not None and str(quietly(text)) != str(said)
            if wanted == found.changes and not later and not renamed:
                return
            commit = self._shop.commit(text, base, files, [pull.head, *later])
            self._shop.objects.move_branch(pull.branch_name, commit)
            self._shop.learn(pull.number)

    def describe(self, id: str, title: str, presentation: str) -> None:
        with self._lock:
            pull = self._decisions.undecided(id)
            self._shop.pulls.describe(pull.number, quiet(title), presentation)
            self._shop.learn(pull.number)

    def pending(self) -> list[Pending]:
        self._shop.look()
        return [_pending(pull) for pull in self._shop.board.waiting()]

    def opened(self, id: str) -> Opened | None:
        pull = self._shop.find(id)
        if pull is None or not pull.open:
            return None
        found = self._shop.compare(pull)
        if found is None:
            return None
        said = proposed(found, id)
        return Opened(
            **vars(_pending(pull)),
            base=found.base,
            files=self._contents(found),
            signed_as=_signature(said),
        )

    # Decisions

    def merge(self, id: str, by: str, rules: Rules = STRICT, seen: str = "") -> Decision:
        with self._lock:
            return self._decisions.merge(id, by, rules, seen)

    def decline(self, id: str, by: str, reason: str) -> Decision:
        with self._lock:
            return self._decisions.decline(id, by, reason)

    def undo(self, id: str, by: str, reason: str, rules: Rules = STRICT) -> Decision:
        with self._lock:
            return self._decisions.undo(id, by, reason, rules)

    def decision(self, id: str) -> Decision | None:
        pull = self._shop.find(id)
        return self._decisions.read(pull) if pull else None

    def erase(self, id: str) -> None:
        """Its words leave the pull request, its branch goes, even if it never came to one; GitHub
        keeps the commits, and what was said there, for who knows their address.
        """
        with self._lock:
            pull = self._shop.find(id)
            if pull and pull.merged:
                return
            if pull:
                self._shop.pulls.blank(pull.number)
                self._shop.learn(pull.number)
            for name in self._shop.objects.branches(BRANCHES):
                branch = Branch.parse(name)
                if branch and branch.id == id:
                    self._shop.objects.delete_branch(name)
            self._shop.main.prune()

    # What others do

    def refresh(self) -> set[str]:
        with self._lock:
            self._shop.main.refresh()
            self._shop.look()
            news = self._shop.board.take_news()
            self._shop.sweep(news)
            return news

    def remarks(self, id: str) -> list[Remark]:
        pull = self._shop.board.proposal(id) or self._shop.find(id)
        return self._shop.pulls.remarks(pull) if pull else []

    # The accounts

    def outcomes(self) -> dict[str, Outcome]:
        self._shop.look_at_all()
        return self._shop.board.outcomes()

    def strays(self) -> list[Stray]:
        self._shop.look()
        waiting = {pull.branch_name for pull in self._shop.board.waiting()}
        names = [n for n in self._shop.objects.branches(BRANCHES) if n not in waiting]
        return [self._stray(name) for name in names]

    def _stray(self, name: str) -> Stray:
        found = self._shop.objects.difference("main", name)
        if found is None or not found.messages:
            return Stray(name, {})
        branch = Branch.parse(name)
        said = proposed(found, branch.id if branch else "")
        return Stray(name, self._contents(found), _signature(said))

    def _contents(self, found: Difference) -> dict[str, bytes | None]:
        return {p: None if blob is None else self.read(blob) for p, blob in found.changes.items()}

    def discard(self, branch: str) -> None:
        with self._lock:
            if branch not in {stray.branch for stray in self.strays()}:
                raise BadProposal(f"not a stray: {branch!r}")
            self._shop.objects.delete_branch(branch)


def _signature(said: Message) -> str:
    return loud(said.trailers.get(message.PROPOSED_BY, ""))


def _pending(pull: Pull) -> Pending:
    return Pending(
        id=pull.branch.id,
        branch=pull.branch_name,
        head=pull.head,
        title=loud(pull.title),
        proposed_at=pull.created,
        url=pull.url,
    )


def open_github(settings: Settings, clock: Clock, observe: Observe = unobserved) -> GitHubForge:
    """The forge on GitHub that the settings name; asks nothing yet."""
    access: Access = settings.github_token or App(
        settings.github_app_id, settings.github_app_key.encode(), settings.github_app_installation
    )
    client = Client(
        settings.github,
        access,
        clock,
        url=settings.github_url,
        paced=settings.github_pace,
        observe=observe,
    )
    return GitHubForge(client, settings.state / "github.git", clock)
