"""Fetching what is at an address, politely, from servers of which nothing may be taken for granted.

Conditional and compressed; bounded in time, in size as inflated, and in memory over all threads;
never into a private network, by whichever redirection; redirections followed by hand.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import BoundedSemaphore
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from contrib_gateway.clock import Clock
from contrib_gateway.watch.connection import Deadline, ask
from contrib_gateway.watch.faults import Fault, Unfetched
from contrib_gateway.watch.hosts import peers
from contrib_gateway.watch.inflation import PIECE, Inflater
from contrib_gateway.watch.manners import Manners

PATIENCE = 30.0  # seconds for one source, redirections and all
PAUSE = 1.0  # seconds between two questions to one host
MOST_HOPS = 5
MOST_BYTES = 10_000_000  # of a body, inflated
LARGE = 1_000_000  # bytes from which on a body is one of the few large ones held at a time
MOST_LARGE = 3
LONGEST_REST = timedelta(days=7)  # that a server can ask for
LONGEST_TAG = 500  # characters of an ETag that is sent back
LONGEST_ADDRESS = 2_000
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}
FAULTS = {
    401: Fault.DENIED,
    402: Fault.DENIED,
    403: Fault.DENIED,
    404: Fault.MISSING,
    410: Fault.GONE,
    429: Fault.BUSY,
    451: Fault.DENIED,
    503: Fault.BUSY,
}
CUT_OFF = (
    http.client.IncompleteRead,
    ConnectionResetError,
    BrokenPipeError,
    ssl.SSLEOFError,
)
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.3"
)


@dataclass(frozen=True)
class Answer:
    """What a server said. `address` is where that was in the end, `moved_to` the same if all
    redirections were for good, else "". `unchanged`: the body is what it was. `rest` is how long it
    asks to be left alone.
    """

    address: str
    moved_to: str
    unchanged: bool
    body: bytes
    content_type: str
    etag: str
    modified: str
    rest: timedelta


class Fetcher:
    """Asks for addresses; the threads of one run share it."""

    def __init__(
        self,
        agent: str,
        clock: Clock,
        *,
        allow_private: bool = False,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        """`agent` names us to servers."""
        self._agent = agent
        self._clock = clock
        self._allow_private = allow_private
        self._patience = patience
        self._manners = Manners(pause)
        self._large = BoundedSemaphore(MOST_LARGE)

    @contextmanager
    def fetched(self, address: str, etag: str = "", modified: str = "") -> Iterator[Answer]:
        """What is at an address, while it is held. Raises `Unfetched`."""
        headers = {
            "User-Agent": self._agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            **({"If-None-Match": etag} if etag else {}),
            **({"If-Modified-Since": modified} if modified else {}),
        }
        with ExitStack() as held:
            yield self._followed(address, headers, held)

    def _followed(self, address: str, headers: dict[str, str], held: ExitStack) -> Answer:
        deadline, seen, moved = Deadline(self._patience), set[str](), True
        for hops in range(MOST_HOPS + 1):
            url = parsed(address)
            address = url.url
            if address in seen:
                break
            seen.add(address)
            with self._manners.at(url.host or "") as waited, _faults():
                deadline.extend(waited)
                with closing(self._ask(url, headers, deadline)) as response:
                    target = response.getheader("Location", "")
                    if response.status not in REDIRECTS or not target:
                        moved_to = address if moved and hops else ""
                        return self._answer(response, address, moved_to, deadline, held)
                    moved &= response.status in PERMANENT
            address = joined(address, target)
        raise Unfetched(Fault.CIRCLE)

    def _ask(
        self, url: Url, headers: dict[str, str], deadline: Deadline
    ) -> http.client.HTTPResponse:
        secure, host = url.scheme == "https", (url.host or "").strip("[]")
        port = url.port or (443 if secure else 80)
        return ask(
            host,
            url.request_uri,
            {"Host": url.netloc or "", **headers},
            peers=peers(host, port, self._allow_private),
            secure=secure,
            deadline=deadline,
        )

    def _answer(
        self,
        response: http.client.HTTPResponse,
        address: str,
        moved_to: str,
        deadline: Deadline,
        held: ExitStack,
    ) -> Answer:
        status, unchanged = response.status, response.status == 304
        if not unchanged and status != 200:
            fault = FAULTS.get(status, Fault.BROKEN if status >= 500 else Fault.STATUS)
            asked = response.getheader("Retry-After", "")
            raise Unfetched(fault, status, retry_after(asked, self._clock()))
        return Answer(
            address=address,
            moved_to=moved_to,
            unchanged=unchanged,
            body=b"" if unchanged else self._body(response, deadline, held),
            content_type=response.getheader("Content-Type", ""),
            etag=sendable(response.getheader("ETag", "")),
            modified=sendable(response.getheader("Last-Modified", "")),
            rest=max_age(response.getheader("Cache-Control", "")),
        )

    def _body(
        self, response: http.client.HTTPResponse, deadline: Deadline, held: ExitStack
    ) -> bytes:
        inflater = Inflater(response.getheader("Content-Encoding", ""))
        body, came, is_large = bytearray(), 0, False
        # Of lengths only that of chunks is to be relied on, to wait for what may follow.
        while (response.chunked or not inflater.is_over) and (data := response.read1(PIECE)):
            came += len(data)
            for piece in inflater.inflate(data):
                body += piece
                if max(len(body), came) > MOST_BYTES:
                    raise Unfetched(Fault.TOO_LARGE)
                if len(body) > LARGE and not is_large:
                    is_large = True
                    self._hold_large(deadline, held)
        if inflater.is_cut_off or (response.length and not inflater.is_over):
            raise Unfetched(Fault.CUT_OFF)
        return bytes(body)

    def _hold_large(self, deadline: Deadline, held: ExitStack) -> None:
        """Wait until this may be one of the few large bodies that are in memory."""
        if not self._large.acquire(timeout=deadline.left()):
            raise TimeoutError
        held.callback(self._large.release)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Unfetched(Fault.SLOW) from error
    except CUT_OFF as error:
        raise Unfetched(Fault.CUT_OFF) from error
    except ssl.SSLError as error:
        raise Unfetched(Fault.INSECURE) from error
    except OSError as error:
        raise Unfetched(Fault.UNREACHABLE) from error
    except (http.client.HTTPException, ValueError) as error:
        raise Unfetched(Fault.GARBLED) from error


def parsed(address: str) -> Url:
    """An address of the web, without a name, password or fragment. Raises `Unfetched`."""
    try:
        url = parse_url(address)
    except LocationParseError as error:
        raise Unfetched(Fault.ADDRESS) from error
    if url.scheme not in ("http", "https") or not url.host or len(address) > LONGEST_ADDRESS:
        raise Unfetched(Fault.ADDRESS)
    return url._replace(auth=None, fragment=None)


def joined(address: str, target: str) -> str:
    """Where a redirection leads. Raises `Unfetched`."""
    try:
        return urljoin(address, target)
    except ValueError as error:
        raise Unfetched(Fault.ADDRESS) from error


def sendable(value: str) -> str:
    """What a server told us, if it can be sent back in a header as it is; else ""."""
    return value if re.fullmatch(rf"[ -~]{{1,{LONGEST_TAG}}}", value) else ""


def max_age(value: str) -> timedelta:
    """How long `Cache-Control` lets an answer be kept."""
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", value.lower())
    return _bounded(int(found[1])) if found else timedelta(0)


def retry_after(value: str, now: datetime) -> timedelta:
    """How long `Retry-After` asks us to wait, in seconds or until a date."""
    if re.fullmatch("[0-9]{1,9}", value.strip()):
        return _bounded(int(value))
    try:
        until = parsedate_to_datetime(value)
        seconds = (until - now).total_seconds()
    except (ValueError, TypeError, OverflowError):  # no date, or one without its zone
        return timedelta(0)
    return _bounded(max(seconds, 0))


def _bounded(seconds: float) -> timedelta:
    return min(timedelta(seconds=seconds), LONGEST_REST)
