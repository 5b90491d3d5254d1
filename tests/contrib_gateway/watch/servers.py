"""Servers of strangers, on loopback addresses: each answers whatever bytes a test wants."""

from __future__ import annotations

import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

Page = Callable[["Request"], Iterable[bytes]]
DRIP = 0.02  # seconds between two bytes of one that is slow


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Server:
    """One server: `pages` by path, and the `requests` that came. Others get a 404."""

    host: str = "127.0.0.1"
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Server:
        self._listening = socket.create_server((self.host, 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def url(self, path: str = "/", host: str = "") -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    def put(self, path: str, page: Page | bytes) -> str:
        """Serve `page` there, or always the same bytes; returns its address."""
        self.pages[path] = page if callable(page) else lambda request: [page]
        return self.url(path)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := connection.recv(65_536)):
                    return
                head += more
            first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in lines)}
            request = Request(first.split(" ")[1], headers, time.monotonic())
            self.requests.append(request)
            for data in self.pages.get(request.path, _missing)(request):
                if data is RESET:
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return
                connection.sendall(data)


RESET = b"reset"
"""A page that yields this breaks its connection."""


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; `content_type` is Content-Type. An empty header is left out."""
    told = {"content_length": str(len(body)), "content_type": "application/xml", **headers}
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in told.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status} Fine", *lines, "", ""]).encode() + body


def redirect(status: int, to: str) -> bytes:
    return reply(status, location=to)


def _missing(request: Request) -> Iterable[bytes]:
    return [reply(404)]


def dripping(data: bytes, seconds: float = DRIP) -> Page:
    """The bytes one by one."""

    def page(request: Request) -> Iterator[bytes]:
        for byte in data:
            yield bytes([byte])
            time.sleep(seconds)

    return page


def bomb(megabytes: int) -> bytes:
    """So many megabytes, packed into a thousandth of that; how it ends nobody will see."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    begun = packing.compress(b"") + packing.flush(zlib.Z_FULL_FLUSH)
    ten = packing.compress(bytes(10_000_000)) + packing.flush(zlib.Z_FULL_FLUSH)
    return begun + ten * (megabytes // 10)


def conditional(body: bytes, etag: str) -> Page:
    """Answers 304 to who has it already."""

    def page(request: Request) -> Iterable[bytes]:
        if request.headers.get("if-none-match") == etag:
            return [reply(304, etag=etag)]
        return [reply(200, body, etag=etag)]

    return page


def rss(title: str, links: Iterable[str], more: str = "") -> bytes:
    """A feed whose entries have these links, which name them."""
    entries = "".join(
        f"<item><guid>{link}</guid><link>{link}</link><title>De {link}</title></item>"
        for link in links
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>http://example.org/</link>{more}{entries}</channel></rss>"
    ).encode()
