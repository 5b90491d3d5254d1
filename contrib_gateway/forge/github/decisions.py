"""Decisions on GitHub: taken here, or on github.com itself, and read back from what is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from contrib_gateway.errors import (
    AlreadyDecided,
    ForgeUnavailable,
    NotAsSeen,
    NotFound,
    Refused,
)
from contrib_gateway.forge import Decision, Outcome, Rules, message
from contrib_gateway.forge.combining import Blobs
from contrib_gateway.forge.github.objects import Difference
from contrib_gateway.forge.github.pulls import Moved, Pull, branch_name, marked
from contrib_gateway.forge.github.workshop import Workshop, proposed, quietly
from contrib_gateway.forge.message import Message
from contrib_gateway.forge.words import escaped, loud, quiet

TRIES = 4  # of a merge beside which main or the branch keeps moving


class Decisions:
    """Merges, declines and takes back. Not for several threads at once."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._joined: dict[str, str] = {}  # our own last commit on a branch whose merge failed

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
            raise already(id, done)
        return pull

    # Taking them

    def merge(self, id: str, by: str, rules: Rules, seen: str) -> Decision:
        def attempt() -> Decision:
            pull = self.undecided(id)
            if seen and pull.head not in (seen, self._joined.get(id)):
                raise NotAsSeen(f"{id} is not at {seen}")
            found = self._shop.difference(pull)
            text = message.merging(proposed(found, id), by, id)
            mine = Decision(Outcome.MERGED, by, "", self._shop.clock(), "")
            return self._land(pull, found, text, rules, mine)

        return again_if_moved(attempt)

    def _land(
        self, pull: Pull, found: Difference, text: Message, rules: Rules, mine: Decision
    ) -> Decision:
        """Squash; the decision that this was. From GitHub's yes on, nothing can undo it."""
        head = self._joined[pull.branch.id] = self._shop.join(pull, found, rules)
        title, _, body = str(quietly(text)).partition("\n\n")
        try:
            decision = replace(
                mine, commit=self._shop.pulls.squash(pull.number, head, title, body.strip())
            )
        except ForgeUnavailable:
            done = self.read(self._shop.learn(pull.number))  # the answer may be all that is lost
            if done is None:
                raise
            decision = done
        self._joined.pop(pull.branch.id, None)
        with suppress(ForgeUnavailable, Refused):  # the next look sees to the rest
            merged = self._shop.learn(pull.number)
            self._shop.main.refresh()
            self._shop.tidy(merged)
        return decision

    def decline(self, id: str, by: str, reason: str) -> Decision:
        pull = self.undecided(id)
        self._explain(pull, by, reason)
        closed = self._closed(pull)
        self._shop.tidy(closed)
        if closed.merged and (done := self.read(closed)):
            raise already(id, done)
        at = closed.closed or self._shop.clock()
        return Decision(Outcome.DECLINED, by, reason, at, closed.head)

    def _closed(self, pull: Pull) -> Pull:
        try:
            return self._shop.close(pull.number)
        except (ForgeUnavailable, Refused):
            found = self._shop.learn(pull.number)  # merged meanwhile, or only the answer is lost
            if found.open:
                raise
            return found

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

        def attempt() -> Decision:
            undoing = self._undoing(pull, by, reason, rules)
            found = self._shop.difference(undoing)
            mine = Decision(Outcome.DECLINED, by, reason, self._shop.clock(), "")
            return self._land(undoing, found, proposed(found, id), rules, mine)

        return again_if_moved(attempt)

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


def again_if_moved(attempt: Callable[[], Decision]) -> Decision:
    """Raises `Moved` with GitHub's reason where it stays so."""
    for _ in range(TRIES - 1):
        with suppress(Moved):
            return attempt()
    return attempt()


def taken_back(former: Mapping[str, str], later: Mapping[str, str]) -> Blobs:
    """The files that changed between two states of main, as they were in the former."""
    paths = {path for path in {*former, *later} if former.get(path) != later.get(path)}
    return {path: former.get(path) for path in paths}


def already(id: str, done: Decision) -> AlreadyDecided:
    return AlreadyDecided(id, done.outcome, done.by, done.at, done.reason)
