"""Whether what was published can be read yet, where the site is built elsewhere: its page, at its
public address, carries the digest of the document that main has.
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import requests
from urllib3.exceptions import HTTPError

from contrib_gateway.clock import Clock
from contrib_gateway.library import Library
from contrib_gateway.loop import Loop
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store, Submission
from plugins.render import digest

SOONEST, LATEST = timedelta(seconds=2), timedelta(minutes=10)  # between two looks at one page
GIVES_UP = timedelta(days=7)
PATIENCE = (4, 10)  # seconds to connect, and between two bytes
LONGEST_PAGE = 2_000_000  # bytes that are read of a page
LONGEST_LOOK = 20  # seconds; the digest stands at the top of its page
PIECE = 65_536  # bytes
DIGEST = re.compile(rb'<meta name="vigie:digest" content="([0-9a-f]{16})">')


class Onlooker:
    """Looks at the public site as its readers do, and notes since when a page is there."""

    def __init__(self, settings: Settings, store: Store, library: Library, clock: Clock) -> None:
        self._public_url = settings.public_url
        self._store = store
        self._library = library
        self._clock = clock
        self._due: dict[str, datetime] = {}
        self.loop = Loop("onlooker", self.look)

    def look(self) -> None:
        """Look at the pages whose turn it is: often at what is new, seldom at what is late."""
        waiting = self._store.offline()
        self._due = {id: due for id, due in self._due.items() if id in waiting}
        for id in waiting:
            now = self._clock()
            if self._due.get(id, now) <= now:
                self._due[id] = now + self._look_at(id, now)

    def _look_at(self, id: str, now: datetime) -> timedelta:
        """Look at one page, unless it is too late; how long to leave it alone then."""
        submission = self._store.find(id)
        if submission is None or submission.decided_at is None:
            return LATEST
        age = now - submission.decided_at
        if age < GIVES_UP and self._is_online(submission):
            self._store.mark_online([id])
        return min(max(age / 10, SOONEST), LATEST)

    def _is_online(self, submission: Submission) -> bool:
        document = self._library.index.by_id(submission.document_id)
        if document is None:  # main was not looked at since, or the page is gone again
            return False
        return document.url is None or self._shown(document.url) == digest(document)

    def _shown(self, path: str) -> str:
        """The digest that the page at its public address carries; "" if there is none."""
        try:
            with requests.get(
                self._public_url + path,
                headers={"Cache-Control": "no-cache"},
                timeout=PATIENCE,
                stream=True,
            ) as answer:
                found = DIGEST.search(_beginning(answer)) if answer.ok else None
        except (requests.RequestException, HTTPError, ValueError):  # of a redirection, say
            return ""
        return found[1].decode() if found else ""


def _beginning(answer: requests.Response) -> bytes:
    """As much of a page as is sent soon enough."""
    page, end = bytearray(), time.monotonic() + LONGEST_LOOK
    while len(page) < LONGEST_PAGE and time.monotonic() < end:
        piece = answer.raw.read1(PIECE, decode_content=True)
        if not piece:
            break
        page += piece
    return bytes(page)
