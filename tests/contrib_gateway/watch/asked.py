"""An address is asked on loopback, as the watch asks it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contrib_gateway.watch import hosts
from contrib_gateway.watch.faults import Unfetched
from contrib_gateway.watch.fetching import Answer, Fetcher
from tests.contrib_gateway.watch.servers import Server, rss

FEED = rss("Un blog", ["http://example.org/1"])
PATIENCE = 0.3
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def fetcher(**options: Any) -> Fetcher:
    chosen = {"allow_private": True, "patience": PATIENCE, "pause": 0.0, **options}
    return Fetcher("Vigie (+http://vigie.example/)", lambda: NOW, **chosen)


def get(address: str, etag: str = "", modified: str = "", **options: Any) -> Answer:
    with fetcher(**options).fetched(address, etag, modified) as answer:
        return answer


def fault(address: str, **options: Any) -> Unfetched:
    with pytest.raises(Unfetched) as raised:
        get(address, **options)
    return raised.value


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as one:
        yield one


def resolve_to(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> list[str]:
    """Every name is at these addresses; returns the names that were asked for."""
    asked = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in n], socket.SOCK_STREAM, 6, "", (n, port)) for n in numbers]

    monkeypatch.setattr(hosts.socket, "getaddrinfo", getaddrinfo)
    return asked
