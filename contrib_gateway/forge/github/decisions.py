"""Decisions on GitHub: taken here, or on github.com itself, and read back from what is there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from contrib_gateway.errors import AlreadyDecided, ForgeUnavailable, NotFound, Refused
from contrib_gateway.forge import Decision, Outcome, Rules, message
from contrib_gateway.forge.combining import Blobs
from contrib_gateway.forge.github.pulls import Pull, branch_name, marked
from contrib_gateway.forge.github.workshop import Workshop, proposed
from contrib_gateway.forge.words import escaped, loud, quiet

TRIES = 4  # of a merge beside which main or the branch keeps moving


class Decisions:
    """Merges, declines and takes back. Not for several threads at once."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop

    # Reading them

    def read(self, pull: Pull) -> Decision | None:
        if pull.open:
            return None
        undoing = self._shop.board.undoing(pull.branch.id)
        if undoing and undoing.merged:
            landed = self._shop.objects.commit(undoing.merge_commit)
            by = landed.message.trailers.get(message.DECLINED_BY) or landed.author
            reason = loud(landed.message.text)
            return Decision(
                Outcome.DECLINED, loud(by), reason, undoing.merged, undoing.merge_commit
            )
        if pull.merged:
            landed = self._shop.objects.commit(pull.merge_commit)
            by = landed.message.trailers.get(message.MERGED_BY) or landed.author
            return Decision(Outcome.MERGED, loud(by), "", pull.merged, pull.merge_commit)
        return self._closing(pull)

    def _closing(self, pull: Pull) -> Decision:
        """Who closed it and why: our own words, or the last ones of whoever did on github.com."""
        assert pull.closed is not None  # noqa: S101 — the caller has looked
        said = self._shop.pulls.comments(pull.number)
        for comment in reversed(said):
            if comment.login == pull.author and comment.mark.get("outcome") == Outcome.DECLINED:
                by, reason = comment.mark.get("by", ""), comment.mark.get("reason", "")
                return Decision(Outcome.DECLINED, by, reason, pull.closed, pull.head)
        by = self._shop.pulls.closer(pull.number)
        words = [c.text for c in said if c.login == by and c.at <= pull.closed + timedelta(hours=1)]
        return Decision(Outcome.DECLINED, by, words[-1] if words else "", pull.closed, pull.head)

    def undecided(self, id: str) -> Pull:
        """Raises `AlreadyDecided`, `NotFound`."""
        pull = self._shop.find(id)
        if pull is None:
            raise NotFound(f"no proposal {id}")
        if done := self.read(pull):
            self._shop.tidy(pull)
            raise already(id, done)
        return pull

    # Taking them

    def merge(self, id: str, by: str, rules: Rules) -> Decision:
        for _ in range(TRIES):
            pull = self.undecided(id)
            found = self._shop.difference(pull)
            text = message.merging(proposed(found, id), by, id)
            if self._shop.squash(pull, found, text, rules):
                return self._settled(pull)
        raise ForgeUnavailable(f"GitHub would not merge {id}: it keeps moving")

    def _settled(self, pull: Pull) -> Decision:
        """What follows a merge: main is where it now is, the branch is gone."""
        merged = self._shop.learn(pull.number)
        self._shop.main.refresh()
        self._shop.tidy(merged)
        decision = self.read(merged)
        if decision is None:
            raise ForgeUnavailable(f"GitHub merged {pull.number}, and does not say so")
        return decision

    def decline(self, id: str, by: str, reason: str) -> Decision:
        pull = self.undecided(id)
        self._explain(pull, by, reason)
        with suppress(Refused):  # merged in this very moment
            self._shop.pulls.close(pull.number)
        closed = self._shop.learn(pull.number)
        decision = self.read(closed)
        if decision is None:
            raise ForgeUnavailable(f"GitHub closed {pull.number}, and does not say so")
        self._shop.tidy(closed)
        if decision.outcome is not Outcome.DECLINED:
            raise already(id, decision)
        return decision

    def _explain(self, pull: Pull, by: str, reason: str) -> None:
        """Say why in a comment, once: a killed process may have said it already."""
        mark = {"outcome": Outcome.DECLINED.value, "by": by, "reason": reason}
        comments = self._shop.pulls.comments(pull.number)
        said = [c.mark for c in comments if c.mark and c.login == pull.author]
        if said[-1:] != [mark]:
            words = f"**{escaped(by)}**\n\n{escaped(reason)}"
            self._shop.pulls.say(pull.number, marked(words, mark))

    def undo(self, id: str, by: str, reason: str, rules: Rules) -> Decision:
        pull = self._shop.find(id)
        done = self.read(pull) if pull else None
        if pull is None or done is None or done.outcome is not Outcome.MERGED:
            raise NotFound(f"{id} is not merged")
        for _ in range(TRIES):
            undoing = self._undoing(pull, by, reason, rules)
            found = self._shop.difference(undoing)
            if self._shop.squash(undoing, found, proposed(found, id), rules):
                self._shop.learn(undoing.number)
                return self._settled(pull)
        raise ForgeUnavailable(f"GitHub would not take {id} back: it keeps moving")

    def _undoing(self, pull: Pull, by: str, reason: str, rules: Rules) -> Pull:
        """The pull request that takes a merged one back, opened unless it is there."""
        name = branch_name(pull.branch, undoing=True)
        self._shop.board.learn(self._shop.pulls.of(name))
        known = self._shop.board.undoing(pull.branch.id)
        if known and known.open:
            return known
        if self._shop.objects.branch(name) is None:
            landed = self._shop.objects.commit(pull.merge_commit)
            text = message.undoing(landed.message, by, reason, pull.branch.id)
            main = self._shop.main.refresh()
            former = self._shop.main.ensure(landed.parents[0])
            later = self._shop.main.ensure(landed.sha)
            now = self._shop.main.files(main)
            changes = self._shop.combine(taken_back(former, later), later, now, rules)
            commit = self._shop.commit_blobs(text, main, changes, [main])
            self._shop.objects.create_branch(name, commit)
        return self._shop.request(pull.branch, quiet(f"↩ {loud(pull.title)}"), "", undoing=True)


def taken_back(former: Mapping[str, str], later: Mapping[str, str]) -> Blobs:
    """The files that changed between two states of main, as they were in the former."""
    paths = {path for path in {*former, *later} if former.get(path) != later.get(path)}
    return {path: former.get(path) for path in paths}


def already(id: str, done: Decision) -> AlreadyDecided:
    return AlreadyDecided(id, done.outcome, done.by, done.at, done.reason)
