"""What people do on github.com, so that tests can play them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from tests.github import pulls
from tests.github.merging import merge
from tests.github.reconcile import reconcile
from tests.github.records import Comment, LineComment, Review
from tests.github.state import State


class People:
    """Each is named by a login; the account is made at its first mention."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._lock = RLock()

    @contextmanager
    def _now(self) -> Iterator[State]:
        """The state, with what was pushed taken into account."""
        with self._lock:
            reconcile(self.state)
            yield self.state

    def open_issue(self, login: str, title: str, body: str | None = None) -> int:
        """Returns its number: issues and pull requests share one sequence."""
        with self._now() as state:
            return state.open_issue(state.person(login), title, body).number

    def open_pull(
        self,
        login: str,
        branch: str,
        title: str,
        body: str | None = None,
        fork_commit: str | None = None,
    ) -> int:
        """Returns its number. `fork_commit`: where the branch is in that person's own copy.

        It must be in the repository, as what is fetched from a fork is. Raises `Refused`.
        """
        with self._now() as state:
            pull = pulls.open_pull(
                state,
                state.person(login),
                title=title,
                body=body,
                head=branch,
                base="main",
                fork_commit=fork_commit,
            )
            return pull.number

    def comment(
        self, number: int, login: str, text: str, association: str = "COLLABORATOR"
    ) -> Comment:
        with self._now() as state:
            issue = state.issue(str(number))
            return state.comment(issue, state.person(login), text, association)

    def delete_comment(self, comment: Comment) -> None:
        with self._now() as state:
            issue, found = state.comments.pop(comment.id)
            issue.comments.remove(found)
            state.touch(issue)

    def review(
        self,
        number: int,
        login: str,
        text: str,
        state: str = "COMMENTED",
        association: str = "COLLABORATOR",
    ) -> Review:
        """`state`: APPROVED, CHANGES_REQUESTED, COMMENTED or PENDING."""
        with self._now() as now:
            pull = now.pull(str(number))
            return pulls.review(
                now, pull, now.person(login), text, verdict=state, association=association
            )

    def comment_line(
        self, number: int, login: str, text: str, path: str, line: int = 1
    ) -> LineComment:
        with self._now() as state:
            pull, user = state.pull(str(number)), state.person(login)
            return pulls.comment_line(
                state, pull, user, text, path=path, line=line, association="COLLABORATOR"
            )

    def label(self, number: int, login: str, name: str) -> None:
        with self._now() as state:
            state.attach(state.issue(str(number)), [name], state.person(login))

    def close(self, number: int, login: str) -> None:
        """A pull request, without merging it."""
        with self._now() as state:
            pulls.close(state, state.pull(str(number)), state.person(login))

    def reopen(self, number: int, login: str) -> None:
        """Raises `Refused` as GitHub would."""
        with self._now() as state:
            pulls.reopen(state, state.pull(str(number)), state.person(login))

    def merge_as(self, number: int, login: str, name: str, method: str = "merge") -> str:
        """The green button. Returns the commit; raises `Refused` as GitHub would."""
        with self._now() as state:
            return merge(state, state.pull(str(number)), state.person(login, name), method=method)
