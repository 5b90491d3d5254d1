"""HTTP/1.1 on loopback: connections that are kept alive, one thread each, and ways to break them.

The few lines of HTTP that clients of an API use cost a tenth of what the standard library's
server spends on a request, and a broken connection has to be broken by hand anyway.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_LONGEST_LINE = 65536


@dataclass
class Request:
    method: str
    target: str  # path and query, as they were sent
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Response:
    """`sent`: how much of it is sent, then the connection is reset; None sends it whole."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    sent: float | None = None

    def encode(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


class Wire:
    """Listens on a port of 127.0.0.1; 0 takes a free one."""

    def __init__(self, port: int) -> None:
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self.port = port
        self._open()

    def _open(self) -> socket.socket:
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self._listening.getsockname()[1]
        return self._listening

    def listen(self, respond: Callable[[Request], Response]) -> None:
        """Take connections; after `close`, again on the same port."""
        arguments = (self._listening or self._open(), respond)
        threading.Thread(target=self._accept, args=arguments, daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and break off those there are."""
        if self._listening is None:
            return
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._listening = None
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket, respond: Callable[[Request], Response]) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection, respond), daemon=True).start()

    def _serve(self, connection: socket.socket, respond: Callable[[Request], Response]) -> None:
        with self._lock:
            self._connections.add(connection)
        try:
            # The peer may leave at any moment; there is nobody to tell.
            with contextlib.suppress(OSError), connection.makefile("rb") as reader:
                while request := _read(reader):
                    response = respond(request)
                    if response.sent is not None:
                        _break(connection, response)
                        return
                    connection.sendall(response.encode())
                    if request.headers.get("connection", "").lower() == "close":
                        return
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()


def _read(reader: BinaryIO) -> Request | None:
    """None at the end, for what is not HTTP, and where its peer died before all was said."""
    words = reader.readline(_LONGEST_LINE).decode("latin-1").split()
    if len(words) != 3:
        return None
    headers: dict[str, str] = {}
    while (line := reader.readline(_LONGEST_LINE).decode("latin-1")).rstrip("\r\n"):
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if not line:
        return None
    length = int(headers.get("content-length", 0))
    body = reader.read(length)
    if len(body) < length:
        return None
    return Request(words[0], words[1], headers, body)


def _break(connection: socket.socket, response: Response) -> None:
    """Send a part of the answer, then a reset instead of an end."""
    whole = response.encode()
    connection.sendall(whole[: int(len(whole) * (response.sent or 0))])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
