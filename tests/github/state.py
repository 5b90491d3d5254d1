"""What one GitHub repository remembers: its git repository, people, labels, issues and pulls."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import pygit2

from tests.github.exchange import not_found
from tests.github.records import Comment, Issue, Label, Pull, User
from tests.github.repository import Repository

Clock = Callable[[], datetime]
GHOST_EMAIL = "noreply@github.com"  # who commits what is merged on github.com


class Listener(Protocol):
    """Is told of what happens, as webhooks are. `about` are the records of the event."""

    def __call__(self, event: str, action: str, sender: User, **about: Any) -> None: ...


def ignore(event: str, action: str, sender: User, **about: Any) -> None:
    """No webhook is set."""


class State:
    """Not safe for several threads: the server holds a lock while it answers."""

    def __init__(self, repository: Repository, owner: str, name: str, clock: Clock) -> None:
        self.repository = repository
        self.name = name
        self._clock = clock
        self._last_id = 1000
        self.people: dict[str, User] = {}
        self.owner = self.person(owner, type="Organization")
        self.id = self.new_id()
        self.created_at = self.pushed_at = self.now()
        self.labels: dict[str, Label] = {}
        self.issues: dict[int, Issue] = {}
        self.comments: dict[int, tuple[Issue, Comment]] = {}
        self.open_by_label: dict[str, list[Pull]] = {}
        self.delete_branch_on_merge = False
        self.tree_limit = 100_000  # entries of a recursive tree, then it is truncated
        self.file_limit = 300  # of a comparison, then they are silently left out
        self.tell: Listener = ignore

    def now(self) -> datetime:
        """To the second, as all of GitHub's dates."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    # People

    def person(self, login: str, name: str | None = None, type: str = "User") -> User:
        """The account of that login, made at its first mention."""
        if login not in self.people:
            self.people[login] = User(self.new_id(), login, type)
        if name:
            self.people[login].name = name
        return self.people[login]

    def author(self, signature: pygit2.Signature) -> User:
        """The account that goes with a commit's author."""
        login = re.sub(r"[^a-z0-9\[\]]+", "-", signature.name.lower()).strip("-") or "ghost"
        return self.person(login, signature.name)

    def known_author(self, signature: pygit2.Signature) -> User | None:
        """The account a commit's address belongs to, if any."""
        return next((user for user in self.people.values() if user.email == signature.email), None)

    def signature(self, user: User) -> pygit2.Signature:
        seconds = int(self.now().timestamp())
        return pygit2.Signature(user.name or user.login, user.email, seconds, 0)

    def merger(self) -> pygit2.Signature:
        """Who commits merges made on github.com: GitHub itself."""
        return pygit2.Signature("GitHub", GHOST_EMAIL, int(self.now().timestamp()), 0)

    # Issues

    def issue(self, number: str) -> Issue:
        """Raises `Refused` (404)."""
        found = self.issues.get(int(number)) if number.isdigit() else None
        if found is None:
            raise not_found()
        return found

    def pull(self, number: str) -> Pull:
        """Raises `Refused` (404)."""
        found = self.issue(number)
        if not isinstance(found, Pull):
            raise not_found()
        return found

    @property
    def pulls(self) -> list[Pull]:
        """The oldest first."""
        return [issue for issue in self.issues.values() if isinstance(issue, Pull)]

    def waiting(self, branch: str) -> list[Pull]:
        """The open ones of a branch of this repository."""
        return list(self.open_by_label.get(f"{self.owner.login}:{branch}", ()))

    def touch(self, issue: Issue) -> datetime:
        issue.updated_at = self.now()
        return issue.updated_at

    def open_issue(self, user: User, title: str, body: str | None = None) -> Issue:
        at = self.now()
        number = len(self.issues) + 1
        issue = Issue(self.new_id(), number, user, title, body, "CONTRIBUTOR", at, at)
        self.issues[number] = issue
        return issue

    def comment(self, issue: Issue, user: User, body: str, association: str) -> Comment:
        at = self.touch(issue)
        comment = Comment(self.new_id(), user, body, association, at, at)
        issue.comments.append(comment)
        self.comments[comment.id] = (issue, comment)
        self.tell("issue_comment", "created", user, issue=issue, comment=comment)
        return comment

    # Labels

    def label(self, name: str) -> Label | None:
        return self.labels.get(name.lower())

    def new_label(self, name: str, color: str = "ededed", description: str | None = None) -> Label:
        label = Label(self.new_id(), name, color, description)
        self.labels[name.lower()] = label
        return label

    def attach(self, issue: Issue, names: list[str], user: User) -> None:
        """Put labels on an issue; one that nobody defined is defined by it, as GitHub does."""
        for name in names:
            label = self.label(name) or self.new_label(name)
            if label not in issue.labels:
                issue.labels.append(label)
                self.touch(issue)
                if isinstance(issue, Pull):
                    self.tell("pull_request", "labeled", user, pull=issue, label=label)
