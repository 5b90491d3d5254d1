"""What keeps strangers honest without asking them anything: signatures, a trap, a measure."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from threading import Lock

from itsdangerous import BadData, URLSafeTimedSerializer

from contrib_gateway.clock import Clock
from contrib_gateway.forms import Answers
from plugins.schema.slugs import ALPHABET, ID_LENGTH

TICKET_LIFE = timedelta(hours=24)
HUMAN_PACE = timedelta(seconds=2)  # nobody reads a form, fills it in and rereads it faster
RECEIPT_LENGTH = 26


@dataclass(frozen=True)
class Ticket:
    """Proof that we made a form: `nonce` is its own, `issued` when; `text` is how it travels.

    `commit` is main's when the page that the form changes was shown; "" if it changes none.
    """

    nonce: str
    issued: datetime
    text: str
    commit: str = ""

    def expired(self, now: datetime) -> bool:
        return now - self.issued > TICKET_LIFE

    def too_fast(self, now: datetime) -> bool:
        return now - self.issued < HUMAN_PACE


class Tickets:
    """Issues tickets and seals what was reviewed, under the gateway's secret key."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def _signer(self, form: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt=f"ticket {form}")

    def issue(self, form: str, commit: str = "") -> Ticket:
        issued = self._clock()
        nonce = token_urlsafe(12)
        text = self._signer(form).dumps([nonce, issued.timestamp(), commit])
        return Ticket(nonce, issued, str(text), commit)

    def read(self, form: str, text: str) -> Ticket | None:
        """The ticket that `text` is, however old; None if we did not make it for this form."""
        try:
            nonce, stamp, *commit = self._signer(form).loads(text)  # older ones have no commit
        except (BadData, ValueError):
            return None
        issued = datetime.fromtimestamp(stamp, self._clock().tzinfo)
        return Ticket(nonce, issued, text, "".join(commit))

    def seal(self, ticket: Ticket, digest: str) -> str:
        """Proof that this content was shown to whoever holds this ticket."""
        return keyed(self._secret, "reviewed", f"{ticket.nonce} {digest}")

    def is_sealed(self, ticket: Ticket, digest: str, seal: str) -> bool:
        return hmac.compare_digest(self.seal(ticket, digest).encode(), seal.encode())


def keyed(secret: str, purpose: str, text: str) -> str:
    """An HMAC-SHA256 in hexadecimal, of its own for each purpose."""
    return hmac.new(secret.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def content_digest(form: str, answers: Answers) -> str:
    """What tells two submissions of one ticket apart: everything that was answered."""
    content = [form, dict(answers.data), answers.body, dict(answers.private)]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def submission_id(secret: str, ticket: str, digest: str) -> str:
    """The id of what this ticket and content become: the page to review has it already."""
    number = int(keyed(secret, "submission", f"{ticket} {digest}"), 16)
    letters = []
    for _ in range(ID_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def receipt_for(secret: str, id: str) -> str:
    """The secret name of a submission's receipt page; the id alone opens nothing."""
    return f"{id}-{keyed(secret, 'receipt', id)[:RECEIPT_LENGTH]}"


def read_receipt(secret: str, receipt: str) -> str | None:
    """The submission's id, if the receipt is one of ours."""
    id = receipt.partition("-")[0]
    good = hmac.compare_digest(receipt_for(secret, id).encode(), receipt.encode())
    return id if good else None


def feed_secret(secret: str, address: str, feed: str) -> str:
    """The secret part of an editor's feed's address; another `feed`, another secret."""
    return keyed(secret, "desk feed", f"{address} {feed}")


def stop_secret(secret: str, address: str) -> str:
    """What ends an editor's daily mail, and nothing else, from any of those mails."""
    return keyed(secret, "no daily mail", address)


def client_key(secret: str, address: str, now: datetime) -> str:
    """Counts one day's submissions of one address without keeping the address.

    An IPv6 subscriber has a whole /64 (RFC 6177), so it is counted as one.
    """
    try:
        prefix = 64 if ipaddress.ip_address(address).version == 6 else 32
        network = str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))
    except ValueError:
        network = address
    return keyed(secret, "client", f"{now:%Y-%m-%d} {network}")


class Allowance:
    """How often each client may do something within a while; forgotten when the process ends."""

    def __init__(self, most: int, within: timedelta, clock: Clock) -> None:
        self._most = most
        self._within = within
        self._clock = clock
        self._lock = Lock()
        self._spent: deque[tuple[datetime, str]] = deque()
        self._counts: Counter[str] = Counter()

    def spend(self, client: str) -> bool:
        """Whether this client may once more; if so, it counts."""
        now = self._clock()
        with self._lock:
            while self._spent and self._spent[0][0] <= now - self._within:
                _, gone = self._spent.popleft()
                self._counts[gone] -= 1
                if not self._counts[gone]:
                    del self._counts[gone]
            if self._counts[client] >= self._most:
                return False
            self._spent.append((now, client))
            self._counts[client] += 1
            return True
