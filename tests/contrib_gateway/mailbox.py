"""A mail server on loopback that keeps what it is given, and fails as it is told to.

with Mailbox() as box:
    ... VIGIE_SMTP_URL=box.url ...
    [message] = box.wait_for(1)
    box.fail("450 4.2.0 Later.", times=2)  # at RCPT; or box.fail(HANG), box.fail(DROP, at="DATA")
    box.wait_for_faults(2)
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Condition, Event, Thread
from typing import Any, Self, cast
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from contrib_gateway.settings import Security

PATIENCE = 60.0  # seconds
OK = "250 OK"
DROP, HANG = "drop", "hang"


@dataclass(frozen=True)
class Received:
    """One message as the server was given it, and from whom to whom the server was told it goes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    greeted_as: str
    secured: bool

    @property
    def message(self) -> EmailMessage:
        lines = self.raw.replace(b"\r\n", b"\n")
        return cast(EmailMessage, message_from_bytes(lines, policy=policy.default))


@dataclass
class Fault:
    """What happens instead of an answer `at` a command: DROP, HANG, or another answer.

    With `taken`, at DATA, the message is kept all the same: only its answer is lost.
    """

    answer: str
    at: str
    left: int | None
    taken: bool


class Mailbox:
    """The server; it may be stopped and started again, on the same port."""

    def __init__(
        self,
        *,
        credentials: tuple[str, str] | None = None,
        smtputf8: bool = True,
        security: Security = Security.NONE,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.port = 0
        self.received: list[Received] = []
        self.faults = 0  # how often it failed
        self._credentials = credentials
        self._smtputf8 = smtputf8
        self._security = security
        self._context = context
        self._fault: Fault | None = None
        self._news = Condition()
        self._sessions: list[SMTP] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """What VIGIE_SMTP_URL must be."""
        names = ":".join(quote(part, safe="") for part in self._credentials or ())
        return f"{self._security}://{names}{'@' if names else ''}127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        with self._news:
            return [received.message for received in self.received]

    def wait_for(self, count: int) -> list[EmailMessage]:
        """All messages, once there are `count` at least."""
        self._wait(lambda: len(self.received) >= count, f"{count} messages")
        return self.messages

    def wait_for_faults(self, count: int) -> None:
        self._wait(lambda: self.faults >= count, f"{count} faults")

    def fail(
        self, answer: str, at: str = "RCPT", *, times: int | None = None, taken: bool = False
    ) -> None:
        """Fail at MAIL, RCPT, DATA or QUIT from now on, so many times or until `mend`."""
        self._fault = Fault(answer, at, times, taken)

    def mend(self) -> None:
        self._fault = None

    def start(self) -> None:
        ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(PATIENCE), "the mail server does not start"

    def stop(self) -> None:
        """Refuse connections from now on; those that are open end."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        with self._news:
            assert self._news.wait_for(condition, PATIENCE), f"waited in vain for {what}"

    async def _serve(self, ready: Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        implicit = self._context if self._security is Security.TLS else None
        server = await self._loop.create_server(
            self._session, "127.0.0.1", self.port, ssl=implicit, reuse_address=True
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stopping.wait()
        server.close()
        for session in self._sessions:
            if session.transport is not None:
                cast(asyncio.Transport, session.transport).abort()
        await asyncio.sleep(0)
        self._sessions.clear()

    def _session(self) -> SMTP:
        session = SMTP(
            self,
            hostname="mailbox.example",
            enable_SMTPUTF8=self._smtputf8,
            tls_context=self._context if self._security is Security.STARTTLS else None,
            require_starttls=self._security is Security.STARTTLS,
            authenticator=self._authenticate,
            auth_require_tls=False,
            loop=self._loop,
        )
        self._sessions.append(session)
        return session

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        known = self._credentials and LoginPassword(*(part.encode() for part in self._credentials))
        return AuthResult(success=given == known, handled=False)

    async def handle_MAIL(  # noqa: N802 — aiosmtpd's name, like the next ones
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._credentials and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return await self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer("RCPT", server)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self._fault
        if fault is None or fault.at != "DATA" or fault.taken:
            self._keep(server, session, envelope)
        return await self._answer("DATA", server)

    async def handle_QUIT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return await self._answer("QUIT", server, "221 Bye")

    def _keep(self, server: SMTP, session: Session, envelope: Envelope) -> None:
        received = Received(
            envelope.mail_from or "",
            tuple(envelope.rcpt_tos),
            cast(bytes, envelope.original_content),
            session.host_name or "",
            cast(asyncio.Transport, server.transport).get_extra_info("ssl_object") is not None,
        )
        with self._news:
            self.received.append(received)
            self._news.notify_all()

    async def _answer(self, command: str, server: SMTP, good: str = OK) -> str:
        fault = self._fault
        if fault is None or fault.at != command or fault.left == 0:
            return good
        if fault.left is not None:
            fault.left -= 1
        with self._news:
            self.faults += 1
            self._news.notify_all()
        if fault.answer == DROP:
            cast(asyncio.Transport, server.transport).abort()
        if fault.answer in (DROP, HANG):
            await asyncio.Event().wait()  # until the connection is lost, which cancels this
        return fault.answer
