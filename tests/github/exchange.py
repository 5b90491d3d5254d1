"""One exchange over HTTP: what was called, what is answered, and how GitHub words a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.github.records import User

DOCS = "https://docs.github.com/rest"
ERRORS = range(400, 600)


@dataclass
class Call:
    """A request. `path` is below the API's root and still percent-encoded; `parts` are decoded."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes = b""
    name: str = ""  # the operation's short name, as "create_tree"
    template: str = ""  # the path as GitHub's description writes it
    parts: dict[str, str] = field(default_factory=dict)
    actor: User | None = None
    data: Any = None  # the parsed body

    @property
    def user(self) -> User:
        """Who asks. Raises `Refused` when it is nobody."""
        if self.actor is None:
            raise Refused(401, "Requires authentication")
        return self.actor

    @property
    def full(self) -> bool:
        """Whether bodies are asked for as text and HTML too, as github3.py always does."""
        return ".full" in self.headers.get("accept", "")


@dataclass
class Answer:
    """`data` is sent as JSON; None is an empty body; bytes are sent as they are."""

    status: int
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        if self.data is None or isinstance(self.data, bytes):
            return self.data or b""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).encode()


class Refused(Exception):
    """An answer that says no."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Any] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message)
        data: dict[str, Any] = {
            "message": message,
            "documentation_url": DOCS,
            "status": str(status),
        }
        if errors:
            data["errors"] = list(errors)
        self.answer = Answer(status, data, dict(headers or {}))


def not_found() -> Refused:
    return Refused(404, "Not Found")


def invalid(resource: str, code: str, field: str = "", message: str = "") -> Refused:
    """`Validation Failed`, with one error in GitHub's shape."""
    error = {"resource": resource, "code": code}
    if field:
        error["field"] = field
    if message:
        error["message"] = message
    return Refused(422, "Validation Failed", [error])


def page(call: Call, url: str, items: Sequence[Any], show: Callable[[Any], Any]) -> Answer:
    """One page of a list, shown item by item, with its Link header."""
    size = min(max(_number(call, "per_page", 30), 1), 100)
    number = max(_number(call, "page", 1), 1)
    last = max(-(-len(items) // size), 1)
    shown = [show(item) for item in items[(number - 1) * size : number * size]]
    targets: dict[str, int] = {}
    if number > 1:
        targets |= {"prev": number - 1}
    if number < last:
        targets |= {"next": number + 1, "last": last}
    if number > 1:
        targets |= {"first": 1}
    links = [
        f'<{url}?{urlencode({**call.query, "page": target})}>; rel="{rel}"'
        for rel, target in targets.items()
    ]
    return Answer(200, shown, {"Link": ", ".join(links)} if links else {})


def _number(call: Call, name: str, default: int) -> int:
    try:
        return int(call.query.get(name, default))
    except ValueError:
        return default
