"""What is known of the pull requests: which is a submission's, and which takes one back."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from contrib_gateway.forge import Outcome
from contrib_gateway.forge.github.pulls import Pull


class Board:
    """Pull requests by the submission's id, as they were last seen. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._proposals: dict[str, Pull] = {}
        self._undoings: dict[str, Pull] = {}
        self._news: set[str] = set()

    def learn(self, pulls: Iterable[Pull], *, old: bool = False) -> None:
        """Take note of these. `old`: one that was not known is no news, it only was not needed."""
        with self._lock:
            for pull in pulls:
                known = self._undoings if pull.undoing else self._proposals
                before = known.get(pull.branch.id)
                if before and before.branch != pull.branch:
                    continue  # somebody made another branch with an id that is taken
                if before is None or _counts_more(pull, before):
                    known[pull.branch.id] = pull
                    if pull != before and not (old and before is None):
                        self._news.add(pull.branch.id)

    def take_news(self) -> set[str]:
        """The ids of all that changed since this was last asked, however we learned of it."""
        with self._lock:
            news, self._news = self._news, set()
        return news

    def proposal(self, id: str) -> Pull | None:
        return self._proposals.get(id)

    def undoing(self, id: str) -> Pull | None:
        return self._undoings.get(id)

    def outcomes(self) -> dict[str, Outcome]:
        """What became of each proposal that is known."""
        with self._lock:
            return {id: self._outcome(pull) for id, pull in self._proposals.items()}

    def _outcome(self, pull: Pull) -> Outcome:
        undoing = self._undoings.get(pull.branch.id)
        if pull.open:
            return Outcome.OPEN
        taken_back = undoing is not None and undoing.merged
        return Outcome.MERGED if pull.merged and not taken_back else Outcome.DECLINED

    def waiting(self) -> list[Pull]:
        """The proposals nobody has decided on, the oldest first."""
        with self._lock:
            found = [pull for pull in self._proposals.values() if pull.open]
        return sorted(found, key=lambda pull: (pull.created, pull.branch_name))


def _counts_more(new: Pull, old: Pull) -> bool:
    """Of two for one branch: what is merged, then what is open, then the later one."""
    if new.number == old.number:
        return new.updated >= old.updated
    return (bool(new.merged), new.open, new.number) > (bool(old.merged), old.open, old.number)
