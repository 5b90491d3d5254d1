"""One question to one server, which may be anybody's: bounded in time and in size.

The standard library's own HTTP is spoken, over a socket that we connected ourselves.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from functools import cache
from io import BufferedReader
from typing import Any

import certifi

from contrib_gateway.watch.hosts import Peer

MOST_HEADERS = 64 * 1024  # bytes of an answer before its body
TO_CONNECT = 8.0  # seconds for one of a host's addresses, of which the next may answer at once


class Deadline:
    """When all has to be over, however a server spends the time."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """The time that was spent otherwise does not count."""
        self._until += seconds

    def left(self) -> float:
        """Seconds, more than none. Raises TimeoutError."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Timed:
    """A socket's own timeout begins anew with each byte; this one's is what is left of all."""

    deadline: Deadline | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.deadline:
            self.settimeout(self.deadline.left())  # type: ignore[attr-defined]  # a socket's
        return super().recv_into(*args, **kwargs)  # type: ignore[misc,no-any-return]


class _Socket(_Timed, socket.socket):
    pass


class _SecureSocket(_Timed, ssl.SSLSocket):
    pass


class _Counted:
    """A file whose lines together are of MOST_HEADERS bytes at most."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._left = MOST_HEADERS

    def readline(self, limit: int = -1) -> bytes:
        line = self._file.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise http.client.LineTooLong("all headers")
        return line

    def close(self) -> None:
        self._file.close()


class _Response(http.client.HTTPResponse):
    def begin(self) -> None:
        file = self.fp
        self.fp = _Counted(file)  # type: ignore[assignment]  # only lines are read of it
        try:
            super().begin()
        finally:
            self.fp = file


class _Connection(http.client.HTTPConnection):
    response_class = _Response


@cache
def _trust() -> ssl.SSLContext:
    """Mozilla's list of authorities, and the system's. Made once: it weighs megabytes."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    context.sslsocket_class = _SecureSocket
    return context


def ask(
    host: str,
    path: str,
    headers: Mapping[str, str],
    *,
    peers: Sequence[Peer],
    secure: bool,
    deadline: Deadline,
) -> http.client.HTTPResponse:
    """The answer, its headers read and its body not. Raises OSError or HTTPException; TimeoutError
    at the deadline, which holds for reading the body too.
    """
    connected = _connected(peers, deadline)
    try:
        if secure:
            connected.settimeout(deadline.left())
            connected = _trust().wrap_socket(connected, server_hostname=host)  # type: ignore[assignment]  # it is one, too
            connected.deadline = deadline
        connection = _Connection(host)
        connection.sock = connected
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse()
    except BaseException:
        connected.close()
        raise


def _connected(peers: Sequence[Peer], deadline: Deadline) -> _Socket:
    fault: OSError = OSError("no address")
    for peer in peers:
        found = _Socket(peer.family, socket.SOCK_STREAM)
        try:
            found.settimeout(min(TO_CONNECT, deadline.left()))
            found.connect(peer.address)
        except OSError as error:
            found.close()
            fault = error
        else:
            found.deadline = deadline
            return found
    raise fault
