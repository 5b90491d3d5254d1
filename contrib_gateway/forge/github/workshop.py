"""What proposing and deciding share: the pull requests as they are known, commits, one squash."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contrib_gateway.clock import Clock
from contrib_gateway.errors import Conflict, ForgeUnavailable, Refused
from contrib_gateway.forge import BRANCHES, Branch, Rules, message
from contrib_gateway.forge.combining import Blobs, combine
from contrib_gateway.forge.github.board import Board
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.github.main import Main
from contrib_gateway.forge.github.objects import Difference, Objects
from contrib_gateway.forge.github.pulls import Moved, Pull, Pulls, branch_name
from contrib_gateway.forge.message import Message, one_line
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
        self.clock = clock
        self._listed: datetime | None = None
        self._knows_all = False
        self._untidy: set[str] = set()

    # Looking

    def look(self) -> None:
        """Take note of what changed since the last look; the first time, of all that waits too."""
        since = self._listed or self.clock() - OVERLAP
        recent = self.pulls.updated(since)
        self.board.learn(recent)
        if self._listed is None:
            self.board.learn(self.pulls.open(), old=True)
        self._listed = max([since, *(pull.updated for pull in recent)])

    def look_at_all(self) -> None:
        """Take note of everything there ever was; it takes long only once."""
        self.look()
        if not self._knows_all:
            self.board.learn(self.pulls.updated(BEGINNING), old=True)
            self._knows_all = True

    def find(self, id: str) -> Pull | None:
        """A proposal's pull request, as it is now."""
        if self.board.proposal(id) is None:
            self.look()
        if self.board.proposal(id) is None:
            self.look_at_all()  # decided long ago, perhaps
        known = self.board.proposal(id)
        return self.learn(known.number) if known else None

    def learn(self, number: int) -> Pull:
        found = self.pulls.get(number)
        if found is None:
            raise ForgeUnavailable(f"pull request {number} is no proposal any more")
        self.board.learn([found])
        return found

    def close(self, number: int) -> Pull:
        """Raises `Refused` if it is merged."""
        closed = self.pulls.close(number)
        if closed is None:
            raise ForgeUnavailable(f"pull request {number} is no proposal any more")
        self.board.learn([closed])
        return closed

    def compare(self, pull: Pull) -> Difference | None:
        """What it proposes; None if somebody put a history of their own on the branch."""
        found = self.objects.difference("main", pull.head)
        if found:
            self.main.ensure(found.base)
        return found

    def difference(self, pull: Pull) -> Difference:
        """The same. Raises `Refused`."""
        found = self.compare(pull)
        if found is None:
            raise Refused(f"{pull.branch_name} has no history in common with main")
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
        """Open the pull request of a branch, unless it is there."""
        name = branch_name(branch, undoing)
        made = self.pulls.create(branch, title, body, undoing)
        self.board.learn([made] if made else self.pulls.of(name))
        found = self.board.undoing(branch.id) if undoing else self.board.proposal(branch.id)
        if found is None:
            raise ForgeUnavailable("GitHub says that there is a pull request, and shows none")
        return found

    def combine(
        self, wanted: Blobs, base: Mapping[str, str], main: Mapping[str, str], rules: Rules
    ) -> Blobs:
        """What is to change on main, as `rules` have it. Raises what they raise."""
        refuse_collisions(wanted, main)
        changes = combine(wanted, base.get, main.get, rules, self.main)
        rules.check({p: b for p, b in {**main, **changes}.items() if b is not None})
        return changes

    def join(self, pull: Pull, found: Difference, rules: Rules) -> str:
        """The commit to squash, with what the rules make of both sides. Raises `Moved`.

        Git would merge text, line by line, and whatever else is on the branch. So it first gets the
        files merged field by field, with main as a second parent: nothing is left for git to mix,
        and nothing that was not checked.
        """
        main = self.main.refresh()
        base, now = self.main.files(found.base), self.main.files(main)
        changes = self.combine(found.changes, base, now, rules)
        joined = Message(f"Merge main into {pull.branch_name}")
        head = self.commit_blobs(joined, main, changes, [pull.head, main])
        try:
            self.objects.move_branch(pull.branch_name, head)
        except Refused as refused:
            raise Moved(refused.reason) from refused
        return head

    # Tidying: a decided proposal needs its branch no more, GitHub keeps its commits

    def tidy(self, pull: Pull) -> None:
        """Remove the branch, if GitHub answers; else `sweep` will."""
        if not pull.open:
            with suppress(ForgeUnavailable, Refused):
                self.objects.delete_branch(pull.branch_name)

    def sweep(self, news: set[str]) -> None:
        """Remove what a fault, a killed process or a decision on github.com left behind."""
        found = (self.board.proposal(id) for id in news)
        self._untidy |= {pull.branch_name for pull in found if pull and not pull.open}
        if not self._untidy:
            return
        with suppress(ForgeUnavailable):  # then at the next look
            for name in self._untidy & set(self.objects.branches(BRANCHES)):
                with suppress(Refused):
                    self.objects.delete_branch(name)
            self._untidy.clear()


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
    trailers = {key: quiet(one_line(value)) for key, value in text.trailers.items()}
    if id := text.trailers.get(message.SUBMISSION):  # nobody chose it, and we read it again
        trailers[message.SUBMISSION] = id
    return Message(quiet(one_line(text.subject)), quiet(text.text), trailers)
