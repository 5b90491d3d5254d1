"""What proposing and deciding share: the pull requests as they are known, commits, one squash."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contrib_gateway.clock import Clock
from contrib_gateway.errors import Conflict, ForgeUnavailable, NotFound, Refused
from contrib_gateway.forge import Branch, Rules, message
from contrib_gateway.forge.combining import Blobs, combine
from contrib_gateway.forge.github.board import Board
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.github.main import Main
from contrib_gateway.forge.github.objects import Difference, Objects
from contrib_gateway.forge.github.pulls import Pull, Pulls, branch_name
from contrib_gateway.forge.message import Message
from contrib_gateway.forge.words import quiet

BEGINNING = datetime.fromtimestamp(0, UTC)
OVERLAP = timedelta(days=3)  # what happened while the gateway was down is looked at again


class Workshop:
    """One repository on GitHub, with what was last seen of it."""

    def __init__(self, client: Client, folder: Path, clock: Clock) -> None:
        """`folder` is where main's content is mirrored. Nothing is asked yet."""
        self.limits = client.limits
        self.objects = Objects(client)
        self.pulls = Pulls(client)
        self.main = Main(self.objects, folder)
        self.board = Board()
        self._clock = clock
        self._listed = BEGINNING

    # Looking

    def look(self) -> set[str]:
        """Take note of what changed since the last look; all that waits, the first time."""
        news = set()
        if self._listed == BEGINNING:
            self.board.learn(self.pulls.open())
            self._listed = self._clock() - OVERLAP
        recent = self.pulls.updated(self._listed)
        news = self.board.learn(recent)
        self._listed = max([self._listed, *(pull.updated for pull in recent)])
        return news

    def find(self, id: str) -> Pull | None:
        """A proposal's pull request, as it is now."""
        known = self.board.proposal(id)
        if known is None:
            self.look()
            known = self.board.proposal(id)
        if known is None:
            # Decided long ago, perhaps: everything there ever was, once.
            self.board.learn(self.pulls.updated(BEGINNING))
            return self.board.proposal(id)
        return self.learn(known.number)

    def learn(self, number: int) -> Pull:
        found = self.pulls.get(number)
        if found is None:
            raise ForgeUnavailable(f"pull request {number} is no proposal any more")
        self.board.learn([found])
        return found

    def difference(self, pull: Pull) -> Difference:
        """Raises `NotFound` if somebody put a history of their own on the branch."""
        found = self.objects.difference("main", pull.head)
        if found is None:
            raise NotFound(f"{pull.branch_name} shares no history with main")
        self.main.ensure(found.base)
        return found

    # Changing

    def commit(
        self, text: Message, base: str, files: Mapping[str, bytes | None], parents: list[str]
    ) -> str:
        """A commit with the files of `base`, but for these. GitHub refuses to remove a file that
        is not there.
        """
        there = self.main.ensure(base)
        changes = {p: data for p, data in files.items() if data is not None or p in there}
        tree = self.objects.write_tree(self.main.tree(base), changes)
        return self.objects.write_commit(quietly(text), tree, parents)

    def commit_blobs(self, text: Message, base: str, blobs: Blobs, parents: list[str]) -> str:
        """The same, of files that are held here already."""
        files = {p: None if b is None else self.main.read(b) for p, b in blobs.items()}
        return self.commit(text, base, files, parents)

    def request(self, branch: Branch, title: str, body: str, undoing: bool = False) -> Pull:
        """Open the pull request of a branch; if it may not be, the branch does not stay alone."""
        name = branch_name(branch, undoing)
        try:
            made = self.pulls.create(branch, title, body, undoing)
        except Refused:
            with suppress(ForgeUnavailable, Refused):
                self.objects.delete_branch(name)
            raise
        self.board.learn([made] if made else self.pulls.of(name))
        found = self.board.undoing(branch.id) if undoing else self.board.proposal(branch.id)
        if found is None:
            raise ForgeUnavailable("GitHub has a pull request, and has not")
        return found

    def combine(
        self, wanted: Blobs, base: Mapping[str, str], main: Mapping[str, str], rules: Rules
    ) -> Blobs:
        """What is to change on main, as `rules` have it. Raises what they raise."""
        refuse_collisions(wanted, main)
        changes = combine(wanted, base.get, main.get, rules, self.main)
        rules.check({p: b for p, b in {**main, **changes}.items() if b is not None})
        return changes

    def squash(self, pull: Pull, found: Difference, text: Message, rules: Rules) -> bool:
        """Merge as one commit what the rules make of both sides; False if either moved.

        Git would merge text, line by line. So a branch that is behind main first gets the files
        merged field by field, with main as a second parent: nothing is left for git to mix.
        """
        main, head = self.main.refresh(), pull.head
        base, now = self.main.files(found.base), self.main.files(main)
        changes = self.combine(found.changes, base, now, rules)
        if main != found.base:
            joined = Message(f"Merge main into {pull.branch_name}")
            head = self.commit_blobs(joined, main, changes, [pull.head, main])
            try:
                self.objects.move_branch(pull.branch_name, head)
            except Refused:
                return False
        title, _, body = str(quietly(text)).partition("\n\n")
        return self.pulls.squash(pull.number, head, title, body.strip())

    def tidy(self, pull: Pull) -> None:
        """A decided proposal needs its branch no more: GitHub keeps its commits."""
        undoing = self.board.undoing(pull.branch.id)
        for done in (pull, undoing):
            if done and not done.open:
                with suppress(ForgeUnavailable, Refused):
                    self.objects.delete_branch(done.branch_name)


def refuse_collisions(changes: Mapping[str, object], files: Mapping[str, str]) -> None:
    """Raises `Conflict` where a file would stand in the place of a folder, or the reverse."""
    added = [path for path, wanted in changes.items() if wanted is not None and path not in files]
    for path in added:
        inside = path + "/"
        above = [path[:place] for place, sign in enumerate(path) if sign == "/"]
        if any(folder in files for folder in above) or any(f.startswith(inside) for f in files):
            raise Conflict([path])


def proposed(found: Difference, id: str) -> Message:
    """Our own commit's message, on a branch to which other people may have pushed more."""
    ours = [said for said in found.messages if said.trailers.get(message.SUBMISSION) == id]
    return ours[-1] if ours else found.messages[-1]


def quietly(text: Message) -> Message:
    """The same message, in which GitHub recognises nothing."""
    trailers = {key: quiet(value) for key, value in text.trailers.items()}
    return Message(quiet(text.subject), quiet(text.text), trailers)
