"""What GitHub remembers beside git: people, labels, issues, pull requests, conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False)
class User:
    id: int
    login: str
    type: str = "User"  # "User", "Bot" or "Organization"
    name: str | None = None

    @property
    def email(self) -> str:
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(eq=False)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False)
class Comment:
    """One in an issue's conversation."""

    id: int
    user: User
    body: str
    association: str
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class LineComment:
    """One about a place in a pull request's files."""

    id: int
    user: User
    body: str
    association: str
    created_at: datetime
    updated_at: datetime
    path: str
    commit_id: str
    line: int | None
    side: str
    review: int
    in_reply_to: int | None = None


@dataclass(eq=False)
class Review:
    id: int
    user: User
    body: str
    state: str  # APPROVED, CHANGES_REQUESTED, COMMENTED, PENDING or DISMISSED
    association: str
    commit_id: str
    submitted_at: datetime | None


@dataclass(eq=False)
class Issue:
    id: int
    number: int
    user: User
    title: str
    body: str | None
    association: str
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    closed_at: datetime | None = None
    closed_by: User | None = None
    labels: list[Label] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass(eq=False)
class Pull(Issue):
    """`base_sha` is the base's tip when the head was last pushed, and for ever once closed."""

    pull_id: int = 0
    source: User | None = None  # whose repository the head is in; another's is a fork
    head: str = ""  # branches, without refs/heads/
    head_sha: str = ""
    base: str = ""
    base_sha: str = ""
    merged_at: datetime | None = None
    merged_by: User | None = None
    merge_commit_sha: str | None = None  # while open, a test merge that is on no branch
    mergeable: bool | None = None
    examined: tuple[str, str] | None = None  # the (head, base) that `mergeable` is about
    reviews: list[Review] = field(default_factory=list)
    line_comments: list[LineComment] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The head as GitHub names it, with its owner."""
        assert self.source
        return f"{self.source.login}:{self.head}"

    @property
    def merged(self) -> bool:
        return self.merged_at is not None
