"""The processes that parse: whatever a feed does to one, the next feed is parsed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contrib_gateway.watch.parsing import Parsers
from plugins.watch.errors import NotAFeed

ADDRESS = "https://site.example/feed"
FEED = (
    b"<rss version='2.0'><channel><title>Ici</title><item><title>Une</title></item></channel></rss>"
)


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    with Parsers(2) as parsers:
        yield parsers


def test_several_threads_share_the_processes(parsers: Parsers) -> None:
    def ask(number: int) -> str:
        data = FEED.replace(b"Une", str(number).encode())
        return parsers.parse(data, "application/xml", ADDRESS).entries[0].title

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(40))) == [str(number) for number in range(40)]


def test_what_is_no_feed_is_told_as_without_a_process(parsers: Parsers) -> None:
    with pytest.raises(NotAFeed) as caught:
        parsers.parse(b"<html><p>Bonjour</p></html>", "text/html", ADDRESS)
    assert caught.value.code == "html"


def title(parsers: Parsers) -> str:
    return parsers.parse(FEED, "application/xml", ADDRESS).title


def code(parsers: Parsers, data: bytes = FEED) -> str:
    with pytest.raises(NotAFeed) as caught:
        parsers.parse(data, "application/xml", ADDRESS)
    return caught.value.code


def pid(parsers: Parsers) -> int:
    """Of its only process."""
    (parser,) = parsers._all
    return parser._process.pid


def test_one_that_hangs_is_killed_and_replaced() -> None:
    with Parsers(1, deadline=1.5) as parsers:
        assert title(parsers) == "Ici"
        os.kill(stopped := pid(parsers), signal.SIGSTOP)
        assert code(parsers) == "too_long"
        assert title(parsers) == "Ici"
        assert pid(parsers) != stopped


def test_one_that_dies_is_replaced() -> None:
    with Parsers(1) as parsers:
        assert title(parsers) == "Ici"
        os.kill(pid(parsers), signal.SIGSEGV)
        assert code(parsers) == "broken"
        assert title(parsers) == "Ici"


def test_what_takes_too_much_memory_is_told_so() -> None:
    bomb = b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"[]," * 4_000_000
    with Parsers(1, memory=160 << 20) as parsers:
        assert code(parsers, bomb) == "too_large"
        assert title(parsers) == "Ici"


def test_one_that_is_busy_ends_when_the_gateway_does() -> None:
    parsers = Parsers(1)
    assert title(parsers) == "Ici"
    process = next(iter(parsers._all))._process
    os.kill(process.pid, signal.SIGSTOP)
    parsers.close()
    assert process.returncode == -signal.SIGKILL


def test_a_parser_reaches_neither_the_network_nor_our_secrets(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden = "import sys, socket; from plugins.watch.worker import _refuse\n"
    forbidden += "sys.addaudithook(_refuse); socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", forbidden], capture_output=True, check=False)
    assert b"PermissionError" in done.stderr
    monkeypatch.setenv("VIGIE_SECRET_KEY", "a secret")
    with Parsers(1) as fresh:
        title(fresh)
        assert b"a secret" not in Path(f"/proc/{pid(fresh)}/environ").read_bytes()
