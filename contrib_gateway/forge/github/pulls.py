"""Pull requests: found, opened, labelled, merged, closed, and what people say in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from github3 import exceptions as faults

from contrib_gateway.errors import Refused
from contrib_gateway.forge import BRANCHES, Branch, Remark
from contrib_gateway.forge.github.client import Client, answered, ask, every
from contrib_gateway.forge.message import one_line

LABEL = "contribution"
LABEL_COLOUR = "3b6e8f"
UNDOING = "undo/"
ERASED = "Erased, as its contributor asked"
LONGEST_TITLE = 256  # characters that GitHub takes
WRITERS = ("OWNER", "MEMBER", "COLLABORATOR")
_MARK = re.compile(r"<!-- vigie (\{[^<>]*\}) -->\s*\Z")  # at the end, and with no sign of its own


class Moved(Refused):
    """GitHub will not merge this: mostly as main or the branch has moved, so try again."""


@dataclass(frozen=True)
class Pull:
    """A pull request that is a proposal, or that takes one back (`undoing`)."""

    number: int
    branch: Branch
    undoing: bool
    head: str
    title: str
    author: str
    url: str
    labels: tuple[str, ...]
    created: datetime
    updated: datetime
    closed: datetime | None
    merged: datetime | None
    merge_commit: str

    @property
    def open(self) -> bool:
        return self.closed is None

    @property
    def branch_name(self) -> str:
        return branch_name(self.branch, self.undoing)

    @classmethod
    def read(cls, found: dict[str, Any], repository: str) -> Self | None:
        """None for one that is neither, that comes from a fork, or that is not meant for main."""
        head = found["head"]
        undoing = head["ref"].startswith(UNDOING)
        branch = Branch.parse(
            BRANCHES + head["ref"].removeprefix(UNDOING) if undoing else head["ref"]
        )
        home = (head["repo"] or {}).get("full_name", "")
        elsewhere = home.lower() != repository.lower() or found["base"]["ref"] != "main"
        if branch is None or elsewhere:
            return None
        return cls(
            number=found["number"],
            branch=branch,
            undoing=undoing,
            head=head["sha"],
            title=found["title"],
            author=(found["user"] or {}).get("login", ""),
            url=found["html_url"],
            labels=tuple(label["name"] for label in found["labels"]),
            created=datetime.fromisoformat(found["created_at"]),
            updated=datetime.fromisoformat(found["updated_at"]),
            closed=_moment(found["closed_at"]),
            merged=_moment(found["merged_at"]),
            merge_commit=found["merge_commit_sha"] or "",
        )


def branch_name(branch: Branch, undoing: bool = False) -> str:
    return UNDOING + str(branch).removeprefix(BRANCHES) if undoing else str(branch)


def _moment(stamp: str | None) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None


@dataclass(frozen=True)
class Comment:
    """`mark` is what the gateway hid in a comment of its own, for itself to read again."""

    number: int
    login: str
    text: str
    at: datetime
    mark: dict[str, str]


def marked(text: str, mark: dict[str, str]) -> str:
    """A comment with a mark that nobody sees, and in which GitHub recognises nothing."""
    letters = json.dumps(mark, ensure_ascii=True)
    safe = re.sub(r"[^\w {}\":,.\\]", lambda found: f"\\u{ord(found[0]):04x}", letters)
    return f"{text}\n\n<!-- vigie {safe} -->"


class Pulls:
    """The pull requests of one repository."""

    def __init__(self, client: Client) -> None:
        self._client = client

    # Finding

    def of(self, branch: str) -> list[Pull]:
        """All those that ever were opened from a branch."""
        return list(self._listed("all", head=f"{self._client.owner}:{branch}"))

    def open(self) -> list[Pull]:
        return list(self._listed("open"))

    def updated(self, since: datetime) -> list[Pull]:
        """Those that anything happened to since then."""
        return list(self._listed("all", since, sort="updated", direction="desc"))

    def _listed(self, state: str, since: datetime | None = None, **how: str) -> Iterator[Pull]:
        """Read without the library's models: they know no author whose account is deleted."""
        query = urlencode({"state": state, **how})
        with self._client.repository() as repository:
            for found in every(repository, f"pulls?{query}"):
                if since and datetime.fromisoformat(found["updated_at"]) < since:
                    return
                if pull := Pull.read(found, repository.full_name):
                    yield pull

    def get(self, number: int) -> Pull | None:
        with self._client.repository() as repository:
            found = ask(repository, "GET", f"pulls/{number}", 200)
            return Pull.read(found, repository.full_name)

    # Acting

    def create(self, branch: Branch, title: str, body: str, undoing: bool = False) -> Pull | None:
        """None if GitHub says that there is one for this branch already."""
        name = branch_name(branch, undoing)
        title = one_line(title)[:LONGEST_TITLE] or name
        with self._client.repository() as repository:
            try:
                made = repository.create_pull(title, "main", name, body)
            except faults.UnprocessableEntity as error:
                if "already exists" in str([error.message, *error.errors]):
                    return None
                raise
            return Pull.read(made.as_dict(), repository.full_name)

    def label(self, number: int) -> None:
        """Put our label on it; GitHub may not know that label yet."""
        with self._client.repository() as repository:
            try:
                repository.label(LABEL)
            except faults.NotFoundError:
                with suppress(faults.UnprocessableEntity):  # somebody was faster
                    repository.create_label(LABEL, LABEL_COLOUR, "From a form of the site")
            ask(repository, "POST", f"issues/{number}/labels", 200, labels=[LABEL])

    def squash(self, number: int, head: str, title: str, message: str) -> str:
        """Merge, as one commit; returns it. Raises `Moved`."""
        words = {"commit_title": title, "commit_message": message}
        path, how = f"pulls/{number}/merge", {"sha": head, "merge_method": "squash"}
        with self._client.repository() as repository:
            try:
                return str(ask(repository, "PUT", path, 200, **how, **words)["sha"])
            except (faults.MethodNotAllowed, faults.Conflict) as error:
                raise Moved(answered(error)) from error

    def close(self, number: int) -> Pull | None:
        """Raises `Refused` if it is merged."""
        with self._client.repository() as repository:
            closed = ask(repository, "PATCH", f"pulls/{number}", 200, state="closed")
            return Pull.read(closed, repository.full_name)

    def describe(self, number: int, title: str, body: str) -> None:
        words = {"title": one_line(title)[:LONGEST_TITLE], "body": body}
        with self._client.repository() as repository:
            ask(repository, "PATCH", f"pulls/{number}", 200, **words)

    def blank(self, number: int) -> None:
        """Close it, and take its words away."""
        words = {"title": ERASED, "body": ERASED}
        with self._client.repository() as repository:
            ask(repository, "PATCH", f"pulls/{number}", 200, state="closed", **words)

    # What is said

    def comments(self, number: int) -> list[Comment]:
        """The conversation, the oldest first."""
        with self._client.repository() as repository:
            return [_comment(found) for found in every(repository, f"issues/{number}/comments")]

    def say(self, number: int, text: str) -> None:
        with self._client.repository() as repository:
            ask(repository, "POST", f"issues/{number}/comments", 201, body=text)

    def closer(self, number: int) -> str:
        """The login of whoever closed it."""
        with self._client.repository() as repository:
            found = repository.issue(number).as_dict().get("closed_by") or {}
            return str(found.get("login", ""))

    def remarks(self, pull: Pull) -> list[Remark]:
        """What those who may write to the repository said: comments, reviews, notes on lines."""
        places = {"comment": "issues/{}/comments", "review": "pulls/{}/reviews"}
        places |= {"note": "pulls/{}/comments"}
        with self._client.repository() as repository:
            said = [
                (kind, one)
                for kind, path in places.items()
                for one in every(repository, path.format(pull.number))
            ]
        remarks = [
            Remark(f"{kind}-{one['id']}", _login(one), one["body"], _when(one))
            for kind, one in said
            if one.get("author_association") in WRITERS
            and (one.get("user") or {}).get("type") != "Bot"
            and (one.get("body") or "").strip()
            and not (_login(one) == pull.author and _MARK.search(one["body"]))
        ]
        return sorted(remarks, key=lambda remark: remark.at)


def _comment(found: dict[str, Any]) -> Comment:
    text = found["body"] or ""
    mark = _MARK.search(text)
    try:
        hidden = json.loads(mark[1]) if mark else {}
    except (ValueError, RecursionError):  # anybody may write a comment
        hidden = {}
    return Comment(found["id"], _login(found), text, _when(found), hidden)


def _login(found: dict[str, Any]) -> str:
    return str((found.get("user") or {}).get("login", ""))


def _when(found: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(found.get("created_at") or found["submitted_at"])
