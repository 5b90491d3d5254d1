"""What may go wrong between a client and GitHub, planned by tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from tests.github.exchange import Answer, Call, Refused, invalid

_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
HOUR = timedelta(hours=1)


class Kind(StrEnum):
    # The work is not done, and the answer says so.
    ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    RATE_LIMIT = "403 primary"  # X-RateLimit-Remaining: 0
    SECONDARY = "403 secondary"  # with Retry-After
    SECONDARY_MUTE = "403 secondary without Retry-After"
    TOO_MANY = "429"  # with Retry-After
    UNAUTHORIZED = "401"
    FORBIDDEN = "403 integration"
    NOT_FOUND = "404"
    EXISTS = "422 already exists"
    MOVED_HEAD = "409"
    MOVED_BASE = "405 base modified"
    # The work is not done, and there is no answer.
    REFUSED = "refused"  # the connection is reset
    HANG = "hang"  # nothing comes until `release`, or until the server is closed
    # The work IS done.
    HALF_JSON = "half JSON"  # a whole HTTP answer, whose body is the first half of the JSON
    CUT = "cut"  # the connection is reset in the middle of the answer
    LOST = "lost"  # the connection is reset before the answer
    LATE = "late"  # as HANG


BEFORE_WORK = frozenset(
    kind for kind in Kind if kind not in (Kind.HALF_JSON, Kind.CUT, Kind.LOST, Kind.LATE)
)
WITHOUT_ANSWER = frozenset({Kind.REFUSED, Kind.HANG, Kind.LOST, Kind.LATE})


_REFUSALS = {
    Kind.ERROR: (500, "Server Error"),
    Kind.BAD_GATEWAY: (502, "Server Error"),
    Kind.UNAVAILABLE: (503, "Service unavailable"),
    Kind.RATE_LIMIT: (403, "API rate limit exceeded for installation ID 1."),
    Kind.SECONDARY: (403, _SECONDARY),
    Kind.SECONDARY_MUTE: (403, _SECONDARY),
    Kind.TOO_MANY: (429, _SECONDARY),
    Kind.UNAUTHORIZED: (401, "Bad credentials"),
    Kind.FORBIDDEN: (403, "Resource not accessible by integration"),
    Kind.NOT_FOUND: (404, "Not Found"),
    Kind.MOVED_HEAD: (409, "Head branch was modified. Review and try the merge again."),
    Kind.MOVED_BASE: (405, "Base branch was modified. Review and try the merge again."),
    # Never read by anybody: the connection is reset.
    Kind.REFUSED: (500, ""),
    Kind.HANG: (500, ""),
}


@dataclass(eq=False)
class Fault:
    """Strikes at the `nth` matching call and at the following ones, `times` in all.

    `call` is the operation's short name ("create_tree", "find_pull"…); it, `method` and `path`
    (below the API's root, without the query) may have wildcards. `times=None`: for ever.
    """

    kind: Kind
    call: str = "*"
    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int | None = 1
    when: Callable[[Call], bool] | None = None  # any other condition
    retry_after: int = 60  # seconds
    struck: int = 0
    _seen: int = 0
    _struck: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def meets(self, call: Call) -> bool:
        """Whether it strikes at this call; counts it."""
        matches = (
            fnmatchcase(call.name, self.call)
            and fnmatchcase(call.method, self.method)
            and fnmatchcase(call.path, self.path)
            and (self.when is None or self.when(call))
        )
        if not matches or (self.times is not None and self.struck >= self.times):
            return False
        self._seen += 1
        if self._seen < self.nth:
            return False
        self.struck += 1
        self._struck.set()
        return True

    def wait_struck(self, patience: float = 30.0) -> None:
        """Wait until it struck once."""
        assert self._struck.wait(patience), f"nothing met {self.kind} at {self.call}"

    def hold(self) -> None:
        self._released.wait()

    def release(self) -> None:
        """Let the calls it holds go: their connections are then reset."""
        self._released.set()

    def answer(self, call: Call, now: datetime) -> Answer:
        """Of those that have one. The rate's reset is an hour from `now`."""
        if self.kind is Kind.EXISTS:
            return _exists(call).answer
        status, message = _REFUSALS[self.kind]
        headers = {}
        if self.kind in (Kind.SECONDARY, Kind.TOO_MANY):
            headers = {"Retry-After": str(self.retry_after)}
        elif self.kind is Kind.RATE_LIMIT:
            reset = int((now + HOUR).timestamp())
            headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
        return Refused(status, message, headers=headers).answer


def _exists(call: Call) -> Refused:
    match call.name:
        case "create_ref":
            return Refused(422, "Reference already exists")
        case "create_pull":
            head = call.data.get("head") if isinstance(call.data, dict) else ""
            message = f"A pull request already exists for {head}."
            return invalid("PullRequest", "custom", message=message)
        case _:
            return invalid("Label", "already_exists", "name")


class Faults:
    """Those that are planned. The first that meets a call strikes."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lock = threading.Lock()

    def plan(self, fault: Fault) -> Fault:
        with self._lock:
            self._planned.append(fault)
        return fault

    def clear(self) -> None:
        """Forget them all, and let go what they hold."""
        with self._lock:
            for fault in self._planned:
                fault.release()
            self._planned.clear()

    def strike(self, call: Call) -> Fault | None:
        with self._lock:
            return next((fault for fault in self._planned if fault.meets(call)), None)
