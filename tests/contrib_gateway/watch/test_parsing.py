"""The processes that parse: whatever a feed does to one, the next feed is parsed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

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
