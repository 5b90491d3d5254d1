"""How often GitHub may be asked: what it says in its answers, and its limit on creating content.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock

from contrib_gateway.clock import Clock
from contrib_gateway.errors import ForgeBusy

# Requests that create content, at most so many in each span of time.
ALLOWED = ((80, timedelta(minutes=1)), (500, timedelta(hours=1)))
CREATING = ("POST", "PUT", "PATCH", "DELETE")
WITHOUT_A_WORD = timedelta(minutes=1)  # the pause GitHub asks for when it names none
LONGEST = timedelta(hours=1)  # both of its windows are at most that long
LATE = timedelta(seconds=2)  # a call counts when it arrives, later than it was sent
LEFT, RESET, AFTER = "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"
MOST = "X-RateLimit-Limit"


class Limits:
    """Keeps to the limits of one account. Safe for several threads."""

    def __init__(self, clock: Clock, paced: bool) -> None:
        self._clock = clock
        self._paced = paced
        self._lock = Lock()
        self._created: deque[datetime] = deque(maxlen=max(count for count, _ in ALLOWED))
        self._until = datetime.fromtimestamp(0, UTC)
        self._why = ""
        self._scoldings = 0
        self._half_spent_until = self._until

    def before(self, method: str) -> None:
        """To be called before each request. Raises `ForgeBusy` while GitHub wants none."""
        with self._lock:
            now = self._clock()
            if now < self._until:
                raise ForgeBusy(self._until, self._why)
            if method in CREATING:
                self._created.append(now)

    def leave_room(self, calls: int) -> None:
        """Raises `ForgeBusy` until so many creating calls can be made without a pause."""
        if not self._paced:
            return
        with self._lock:
            now = self._clock()
            for count, span in ALLOWED:
                recent = [moment for moment in self._created if moment > now - span - LATE]
                surplus = len(recent) + calls - count
                if surplus > 0:
                    until = recent[surplus - 1] + span + LATE
                    raise ForgeBusy(until, f"{count} creating calls in {span}")

    def keep_half(self) -> None:
        """To be called before what readers cause. Raises `ForgeBusy` once half of the hour's
        requests are spent: the rest is for what contributors send.
        """
        with self._lock:
            if self._paced and self._clock() < self._half_spent_until:
                raise ForgeBusy(self._half_spent_until, "half of this hour's requests are spent")

    def after(self, status: int, headers: Mapping[str, str], said: str) -> None:
        """To be called with each answer. Raises `ForgeBusy` if it says that this was too much."""
        with self._lock:
            now = self._clock()
            if _is_limit(status, headers, said):
                self._scoldings += 1
                self._rest(self._pause_end(headers, now), f"GitHub answered {status}, its limit")
                raise ForgeBusy(self._until, self._why)
            if status < 400:
                self._scoldings = 0
            if 2 * _number(headers, LEFT) < _number(headers, MOST):
                self._half_spent_until = _reset(headers, now) or now
            if headers.get(LEFT) == "0":
                end = _reset(headers, now) or now + WITHOUT_A_WORD
                self._rest(end, "no request is left in this hour")

    def _pause_end(self, headers: Mapping[str, str], now: datetime) -> datetime:
        """The moment GitHub names; where it names none, or one that our clock has passed already,
        pauses that grow.
        """
        if seconds := _number(headers, AFTER):
            return now + min(timedelta(seconds=seconds), LONGEST)
        reset = _reset(headers, now) if headers.get(LEFT) == "0" else None
        if reset and reset > now:
            return reset
        return now + min(WITHOUT_A_WORD * self._scoldings**2, LONGEST)

    def _rest(self, until: datetime, why: str) -> None:
        self._until, self._why = max(until, self._until), why


def _is_limit(status: int, headers: Mapping[str, str], said: str) -> bool:
    """Not every 403 is one: most say that a right is missing."""
    named = headers.get(LEFT) == "0" or AFTER in headers or "rate limit" in said.lower()
    return status == 429 or (status == 403 and named)


def _reset(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the hour that is spent ends; None if that makes no sense."""
    stamp = _number(headers, RESET)
    # A second more, as theirs may be a fraction behind ours.
    return min(datetime.fromtimestamp(stamp + 1, UTC), now + LONGEST) if stamp else None


def _number(headers: Mapping[str, str], name: str) -> int:
    """A header's positive number; 0 for anything else."""
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else 0
