"""The embedded forge: a bare repository that `git clone`, `git log` and `git push` understand.

    refs/heads/main                              what is published
    refs/heads/contribution/<type>/<slug>-<id>   a proposal that waits, one commit
    refs/merged/<id>                             the commit that brought a proposal to main
    refs/declined/<id>                           a commit on the declined one, or the commit of main
                                                 that took it back, with the reason

A decision first moves main (or writes refs/declined), then tidies the other references: after a
kill in between, the next look sees what is left to do, and does it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import pygit2
from pygit2.enums import Option

from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.errors import (
    AlreadyDecided,
    BadProposal,
    NotAsSeen,
    NotFound,
)
from contrib_gateway.forge import (
    BRANCHES,
    CONTENT,
    STRICT,
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
from contrib_gateway.forge.local import history
from contrib_gateway.forge.local.handle import Handle
from contrib_gateway.forge.local.history import DECLINED, HEADS, MERGED, Tip
from contrib_gateway.forge.local.seed import plant
from contrib_gateway.forge.local.steps import Steps
from contrib_gateway.forge.local.tips import Tips
from contrib_gateway.forge.local.versions import Versions
from contrib_gateway.forge.tree import changed, files_under


class LocalForge:
    """A `Forge` in a folder of this machine. Safe for several threads and several processes."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        self.path = path
        self.steps = Steps(path, clock)
        self._handle = Handle(path)
        self._tips = Tips()
        self._versions = Versions(path)
        pygit2.option(Option.ENABLE_FSYNC_GITDIR, True)

    @classmethod
    def open(cls, path: Path, seed: Path, clock: Clock = utc_now) -> Self:
        """Open the repository `path`, made from the folder `seed` the first time.

        Raises `ForgeUnavailable`, or `ForgeError` if there is nothing in `seed`.
        """
        forge = cls(path, clock)
        path.parent.mkdir(parents=True, exist_ok=True)
        with forge._handle.alone():
            if not path.exists():
                plant(path, seed, forge.steps.signature())
        forge.tidy()
        return forge

    # Reading

    def head(self) -> str:
        with self._handle.reading() as repository:
            return str(history.main(repository).id)

    def files(self, commit: str) -> Mapping[str, str]:
        with self._handle.reading() as repository:
            found = _object(repository, commit)
            if not isinstance(found, pygit2.Commit):
                raise NotFound(f"no commit {commit}")
            return dict(files_under(found.tree, CONTENT))

    def read(self, blob: str) -> bytes:
        with self._handle.reading() as repository:
            found = _object(repository, blob)
            if not isinstance(found, pygit2.Blob):
                raise NotFound(f"no blob {blob}")
            return found.data

    def history(self, paths: Sequence[str]) -> list[Version]:
        with self._handle.reading() as repository:
            return self._versions.of(repository, paths)

    def pending(self) -> list[Pending]:
        waiting, decided = [], False
        with self._handle.reading() as repository:
            for tip in self._tips.all(repository):
                if history.decision(repository, tip.branch.id, tip):
                    decided = True
                else:
                    waiting.append(history.pending(tip))
        if decided:
            self.tidy()
        return sorted(waiting, key=lambda opened: (opened.proposed_at, opened.branch))

    def opened(self, id: str) -> Opened | None:
        with self._handle.reading() as repository:
            tip = self._tips.of(repository, id)
            if tip is None or history.decision(repository, id, tip):
                return None
            return history.opened(repository, tip)

    def decision(self, id: str) -> Decision | None:
        with self._handle.reading() as repository:
            if known := history.recorded(repository, id):
                return known
            return history.decision(repository, id, self._tips.of(repository, id))

    # Proposing and deciding

    def propose(self, proposal: Proposal) -> str:
        with self._handle.writing() as repository:
            if history.commit_at(repository, HEADS + proposal.branch):
                return proposal.branch
            if history.recorded(repository, proposal.id):
                return proposal.branch
            base = history.base(repository, proposal.base)
            commit = self.steps.write_commit(repository, proposal, base)
            # Main having these very files already, it may be that somebody merged the proposal by
            # hand and removed its branch; only then is it worth searching the history.
            if commit.tree_id == base.tree_id and history.mentioning(repository, proposal.id):
                return proposal.branch
            self.steps.create_branch(repository, proposal.branch, commit)
        return proposal.branch

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
        with self._handle.writing() as repository:
            tip = self._undecided(repository, id)
            refuse_outside(files)
            base = history.base(repository, onto) if onto else tip.base
            said = history.message(history.proposed(tip))
            text = message.amending(said, by, id)
            if signed_as is not None:
                text = message.rewriting(said, tip.branch.type, title, signed_as, id)
            commit = self.steps.write_amendment(repository, base, files, text)
            renamed = signed_as is not None and str(text) != str(said)
            if renamed or commit.tree_id != tip.head.tree_id:
                self.steps.move_branch(repository, tip, commit)

    def describe(self, id: str, title: str, presentation: str) -> None:
        """Nobody reads it here: it is only looked for."""
        with self._handle.writing() as repository:
            self._undecided(repository, id)

    def merge(self, id: str, by: str, rules: Rules = STRICT, seen: str = "") -> Decision:
        with self._handle.writing() as repository:
            tip = self._undecided(repository, id)
            if seen not in ("", str(tip.head.id)):
                raise NotAsSeen(f"{tip.branch} is not at {seen}")
            moved = False
            while not moved:  # a push from outside may move main while we prepare
                main = history.main(repository)
                wanted = history.changes(tip)
                tree = self.steps.merged_tree(repository, main, tip.base.tree, wanted, rules)
                rules.check(dict(files_under(tree, CONTENT)))
                commit = self.steps.write_merge(repository, main, tip, tree, by)
                moved = self.steps.update_main(repository, main, commit)
            self.steps.record_merge(repository, id, commit)
            self.steps.delete_branch(str(tip.branch))
            return history.merged(commit)

    def decline(self, id: str, by: str, reason: str) -> Decision:
        with self._handle.writing() as repository:
            tip = self._undecided(repository, id)
            commit = self.steps.write_decline(repository, tip, by, reason)
            self.steps.record_decline(repository, id, commit)
            self.steps.delete_branch(str(tip.branch))
            return history.declined(commit)

    def undo(self, id: str, by: str, reason: str, rules: Rules = STRICT) -> Decision:
        with self._handle.writing() as repository:
            landed = history.commit_at(repository, MERGED + id)
            if landed is None or history.commit_at(repository, DECLINED + id):
                raise NotFound(f"{id} is not merged")
            # Killed before it was recorded, it is on main already.
            commit = history.undoing(repository, id) or self._take_back(
                repository, landed, message.undoing(history.message(landed), by, reason, id), rules
            )
            self.steps.record_decline(repository, id, commit)
            return history.declined(commit)

    def _take_back(
        self,
        repository: pygit2.Repository,
        landed: pygit2.Commit,
        text: message.Message,
        rules: Rules,
    ) -> pygit2.Commit:
        """Move main to where it would be without what `landed` brought."""
        wanted = changed(landed.tree, landed.parents[0].tree)
        while True:
            main = history.main(repository)
            tree = self.steps.merged_tree(repository, main, landed.tree, wanted, rules)
            rules.check(dict(files_under(tree, CONTENT)))
            commit = self.steps.write_undo(repository, main, tree, text)
            if self.steps.update_main(repository, main, commit):
                return commit

    def erase(self, id: str) -> None:
        with self._handle.writing() as repository:
            if history.commit_at(repository, MERGED + id):
                return
            tip = self._tips.of(repository, id)
            if tip and not tip.landed:
                self.steps.delete_branch(str(tip.branch))
            self.steps.forget_decline(repository, id)
            self.steps.prune()

    # What others do

    def refresh(self) -> set[str]:
        """Nothing to do: the repository is here, and all that is done in it moves main."""
        return set()

    def remarks(self, id: str) -> list[Remark]:
        """None: there is no place here where editors could write them."""
        return []

    def outcomes(self) -> dict[str, Outcome]:
        with self._handle.reading() as repository:
            found = {tip.branch.id: Outcome.OPEN for tip in self._tips.all(repository)}
            for prefix, outcome in ((MERGED, Outcome.MERGED), (DECLINED, Outcome.DECLINED)):
                names = [name for name in repository.references if name.startswith(prefix)]
                found |= {name.removeprefix(prefix): outcome for name in names}
        return found

    def strays(self) -> list[Stray]:
        """Those that share no history with main, and so tell of no change to it."""
        with self._handle.reading() as repository:
            waiting = {str(tip.branch) for tip in self._tips.all(repository)}
            names = [name for name in repository.listall_branches() if name.startswith(BRANCHES)]
            return [Stray(name, {}) for name in names if name not in waiting]

    def discard(self, branch: str) -> None:
        with self._handle.writing():
            if branch not in {stray.branch for stray in self.strays()}:
                raise BadProposal(f"not a stray: {branch!r}")
            self.steps.delete_branch(branch)

    def tidy(self) -> None:
        """Finish what a killed process, or a merge made by hand, left to do."""
        with self._handle.writing() as repository:
            for tip in list(self._tips.all(repository)):
                self._settle(repository, tip)
            if undone := history.last_undone(repository):
                self.steps.record_decline(repository, *undone)

    def _undecided(self, repository: pygit2.Repository, id: str) -> Tip:
        """The branch to decide on. Raises `AlreadyDecided`, `NotFound`."""
        tip = self._tips.of(repository, id)
        done = self._settle(repository, tip) if tip else history.decision(repository, id, None)
        if done:
            raise AlreadyDecided(id, done.outcome, done.by, done.at, done.reason)
        if tip is None:
            raise NotFound(f"no proposal {id}")
        return tip

    def _settle(self, repository: pygit2.Repository, tip: Tip) -> Decision | None:
        """Complete the references of a proposal that is decided; tells the decision, if any."""
        done = history.decision(repository, tip.branch.id, tip)
        if done and not history.recorded(repository, tip.branch.id):
            landed = repository[done.commit].peel(pygit2.Commit)
            self.steps.record_merge(repository, tip.branch.id, landed)
        if done:
            self.steps.delete_branch(str(tip.branch))
        return done


def _object(repository: pygit2.Repository, id: str) -> pygit2.Object | None:
    try:
        return repository.get(id)
    except ValueError:  # not the name of any object
        return None
