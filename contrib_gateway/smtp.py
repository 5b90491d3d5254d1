"""One conversation with a mail server: secured as the settings ask, and over in a bounded time."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from socket import create_connection, socket
from time import monotonic
from typing import TYPE_CHECKING

from contrib_gateway.settings import Security, Smtp

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True)
class Patience:
    """Seconds that a mail server may take to be reached, for an answer, and for all of them."""

    connect: float = 10.0
    answer: float = 30.0
    whole: float = 120.0


PATIENCE = Patience()


@contextmanager
def conversation(smtp: Smtp, patience: Patience = PATIENCE) -> Iterator[smtplib.SMTP]:
    """A server that greeted us, secured, and that knows us. Raises OSError or ValueError.

    What it took before it fell silent, it took: how it says goodbye does not matter.
    """
    server = _Server(smtp, patience)
    try:
        server.ehlo_or_helo_if_needed()
        if smtp.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if smtp.user:
            server.login(smtp.user, smtp.password)
        server.ehlo_or_helo_if_needed()
        yield server
    finally:
        with suppress(OSError):
            server.quit()
        server.close()


class _Server(smtplib.SMTP):
    """smtplib's, over TLS from the beginning where asked, and with a deadline.

    smtplib alone waits for each piece of a line: a server that sends one now and then never ends.
    """

    def __init__(self, smtp: Smtp, patience: Patience) -> None:
        self._implicit_tls = smtp.security is Security.TLS
        self._patience = patience
        self._ends = monotonic() + patience.whole
        ours = smtp.sender.rpartition("@")[2]  # smtplib would ask DNS, and tell the machine's name
        super().__init__(smtp.host, smtp.port, local_hostname=ours, timeout=patience.connect)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket:
        connected = create_connection((host, port), timeout)
        connected.settimeout(self._patience.answer)
        if self._implicit_tls:
            return ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        return connected

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = BufferedReader(_Answers(self.sock, self._patience.answer, self._ends))
        return super().getreply()


class _Answers(RawIOBase):
    """What comes through a socket, until the moment `ends` of the monotonic clock."""

    def __init__(self, source: socket, patience: float, ends: float) -> None:
        self._source, self._patience, self._ends = source, patience, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError("the conversation took too long")
        self._source.settimeout(min(left, self._patience))
        return self._source.recv_into(buffer)
