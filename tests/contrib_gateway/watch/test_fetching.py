"""What strangers' servers may do, and what the watch makes of it."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise
from threading import Thread

import pytest

from contrib_gateway.watch import fetching
from contrib_gateway.watch.faults import Fault, Unfetched
from tests.contrib_gateway.watch.asked import (
    FEED,
    PATIENCE,
    fault,
    fetcher,
    get,
    server,
)
from tests.contrib_gateway.watch.servers import (
    RESET,
    Server,
    bomb,
    conditional,
    dripping,
    redirect,
    reply,
)

FIXTURES = (server,)
packed = partial(gzip.compress, mtime=0)  # the same each time: some are names of tests


# What is asked


def test_we_say_who_we_are_and_what_we_have_already(server: Server) -> None:
    address = server.put("/polite", reply(304))
    answer = get(address, '"abc"', "Sun, 22 Nov 2026 10:00:00 GMT")
    sent = server.requests[-1].headers
    assert answer.unchanged and answer.body == b""
    assert sent["user-agent"] == "Vigie (+http://vigie.example/)"
    assert sent["if-none-match"] == '"abc"'
    assert sent["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert sent["host"] == f"127.0.0.1:{server.port}"
    assert "gzip" in sent["accept-encoding"]


def test_what_is_unchanged_is_not_sent_again(server: Server) -> None:
    address = server.put("/again", conditional(FEED, '"one"'))
    first = get(address)
    assert (first.body, first.etag, first.unchanged) == (FEED, '"one"', False)
    assert get(address, first.etag).unchanged


def test_a_tag_that_cannot_be_sent_back_is_forgotten(server: Server) -> None:
    for tag in ("é", "x" * 1000, "a\tb"):
        assert get(server.put("/tag", reply(200, FEED, etag=tag))).etag == ""


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", packed(FEED)),
        ("gzip", packed(FEED[:50]) + packed(FEED[50:])),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
        ("", FEED),
    ],
)
def test_what_is_compressed_is_read(server: Server, coding: str, packed: bytes) -> None:
    assert get(server.put("/packed", reply(200, packed, content_encoding=coding))).body == FEED


def test_what_comes_in_chunks_is_read(server: Server) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (FEED[:9], FEED[9:])) + b"0\r\n\r\n"
    whole = reply(200, b"", content_length="", transfer_encoding="chunked") + chunks
    assert get(server.put("/chunks", whole)).body == FEED


# Time


@pytest.mark.parametrize("part", ["status", "headers", "body", "chunks"])
def test_one_byte_at_a_time_is_not_waited_for(server: Server, part: str) -> None:
    slow = {
        "status": reply(200, FEED),
        "headers": b"HTTP/1.1 200 Fine\r\n" + b"X-Header: and so on\r\n" * 100,
        "body": b"HTTP/1.0 200 Fine\r\n\r\n" + FEED * 10,
        "chunks": b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n<\r\n" * 999,
    }[part]
    began = time.monotonic()
    assert fault(server.put("/slow", dripping(slow))).fault is Fault.SLOW
    assert time.monotonic() - began < 2 * PATIENCE


def test_redirections_do_not_begin_the_time_anew(server: Server) -> None:
    for number in range(5):
        server.put(f"/hop{number}", dripping(redirect(302, f"/hop{number + 1}"), 0.005))
    began = time.monotonic()
    assert fault(server.url("/hop0")).fault is Fault.SLOW
    assert time.monotonic() - began < 2 * PATIENCE


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause(server: Server) -> None:
    """However long that takes, nobody's own time is spent on it."""
    address, polite = server.put("/calm", reply(200, FEED)), fetcher(pause=0.15)
    before = len(server.requests)

    def ask() -> None:
        with polite.fetched(address):
            pass

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [request.at for request in server.requests[before:]]
    assert len(times) == 4
    assert all(later - sooner >= 0.14 for sooner, later in pairwise(times))


# Size


def test_a_bomb_costs_no_memory(server: Server) -> None:
    packed = bomb(600)
    assert len(packed) < 600_000
    address = server.put("/bomb", reply(200, packed, content_encoding="gzip"))
    del packed
    tracemalloc.start()
    try:
        assert fault(address, patience=10).fault is Fault.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
    finally:
        tracemalloc.stop()


def test_what_never_ends_is_given_up(server: Server) -> None:
    def endless(request: object) -> Iterator[bytes]:
        yield b"HTTP/1.0 200 Fine\r\n\r\n"
        while True:
            yield bytes(100_000)

    assert fault(server.put("/endless", endless), patience=10).fault is Fault.TOO_LARGE


@pytest.mark.parametrize("line", [b"X: " + b"x" * 70_000, b"\r\n".join([b"X: " + b"x" * 999] * 90)])
def test_headers_that_never_end_are_given_up(server: Server, line: bytes) -> None:
    address = server.put("/headers", b"HTTP/1.1 200 Fine\r\n" + line + b"\r\n\r\n")
    assert fault(address).fault is Fault.GARBLED


def test_only_a_few_large_answers_are_held_at_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGE", 1000)
    address, crowded = server.put("/large", reply(200, bytes(2000))), fetcher()
    with crowded.fetched(address), crowded.fetched(address), crowded.fetched(address):
        with pytest.raises(Unfetched) as raised, crowded.fetched(address):
            pass
        assert raised.value.fault is Fault.SLOW
        small = server.put("/small", reply(200, b"<"))
        with crowded.fetched(small):
            pass
    with crowded.fetched(address):
        pass


# Truth


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (reply(200, FEED, content_length="9999"), Fault.CUT_OFF),
        (reply(200, packed(FEED)[:-20], content_encoding="gzip"), Fault.CUT_OFF),
        (reply(200, FEED, content_encoding="gzip"), Fault.GARBLED),
        (reply(200, FEED, content_encoding="br"), Fault.GARBLED),
        (
            reply(200, b"5\r\n<rss>\r\n", content_length="", transfer_encoding="chunked"),
            Fault.CUT_OFF,
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Fault.GARBLED),
        (b"", Fault.CUT_OFF),
        (b"HTTP/1.1 999999999 What\r\n\r\n", Fault.GARBLED),
        (reply(404), Fault.MISSING),
        (reply(410), Fault.GONE),
        (reply(403), Fault.DENIED),
        (reply(500), Fault.BROKEN),
        (reply(418), Fault.STATUS),
        (reply(204), Fault.STATUS),
        (reply(301), Fault.STATUS),
    ],
)
def test_each_fault_has_its_code(server: Server, page: bytes, expected: Fault) -> None:
    assert fault(server.put("/fault", page), patience=5.0).fault is expected


def test_a_connection_that_breaks_is_told_from_an_end(server: Server) -> None:
    address = server.put("/reset", lambda request: [b"HTTP/1.0 200 Fine\r\n\r\n<rss>", RESET])
    assert fault(address).fault is Fault.CUT_OFF


@pytest.mark.parametrize("tail", [b"", b"\x1f", b"garbage", b"x" + packed(b"more")])
def test_files_packed_in_a_row_are_one_wherever_the_chunks_end(server: Server, tail: bytes) -> None:
    one, two = packed(FEED[:50]), packed(FEED[50:]) + tail
    for parts in ((one, two), (one + two[:1], two[1:]), (one + two[:9], two[9:-1], two[-1:])):
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))
        head = reply(200, content_encoding="gzip", content_length="", transfer_encoding="chunked")
        assert get(server.put("/row", head + chunks)).body == FEED


def test_a_length_of_the_compressed_that_is_wrong_does_no_harm(server: Server) -> None:
    page = reply(200, packed(FEED), content_encoding="gzip", content_length="9999")
    assert get(server.put("/long", page)).body == FEED


def test_nobody_there() -> None:
    with Server() as gone:
        pass
    assert fault(gone.url()).fault is Fault.UNREACHABLE


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 18:35:00 GMT", 300),
        ("Mon, 23 Nov 2020 18:35:00 GMT", 0),
        ("999999999", 7 * 24 * 3600),
        ("-1", 0),
        ("soon", 0),
        ("Mon, 99 Nov 2026 18:35:00 GMT", 0),
    ],
)
def test_who_asks_for_rest_gets_it_within_bounds(server: Server, told: str, seconds: int) -> None:
    busy = fault(server.put("/busy", reply(503, retry_after=told)))
    assert (busy.fault, busy.rest) == (Fault.BUSY, timedelta(seconds=seconds))
    assert fault(server.put("/busy", reply(429, retry_after=told))).rest == busy.rest


def test_how_long_an_answer_keeps_is_read(server: Server) -> None:
    page = reply(200, FEED, cache_control="public, max-age=7200")
    assert get(server.put("/keeps", page)).rest == timedelta(hours=2)
    page = reply(200, FEED, cache_control="s-maxage=9, max-age=99999999999999")
    assert get(server.put("/keeps", page)).rest == timedelta(days=7)
    assert get(server.put("/keeps", reply(200, FEED))).rest == timedelta(0)


# Redirections


def test_a_move_for_good_is_told_from_a_passing_one(server: Server) -> None:
    feed = server.put("/feed", reply(200, FEED))
    for status in (301, 308):
        moved = get(server.put("/old", redirect(status, "/feed")))
        assert (moved.body, moved.address, moved.moved_to) == (FEED, feed, feed)
    for status in (302, 303, 307):
        passing = get(server.put("/old", redirect(status, "/feed")))
        assert (passing.body, passing.address, passing.moved_to) == (FEED, feed, "")
    server.put("/older", redirect(301, "/old"))  # for good, then in passing
    assert get(server.url("/older")).moved_to == ""
    assert get(feed).moved_to == ""


def test_circles_and_long_ways_end(server: Server) -> None:
    server.put("/a", redirect(301, "/b"))
    server.put("/b", redirect(302, "/a"))
    assert fault(server.url("/a")).fault is Fault.CIRCLE
    for number in range(9):
        server.put(f"/way{number}", redirect(302, f"/way{number + 1}"))
    before = len(server.requests)
    assert fault(server.url("/way0"), patience=5).fault is Fault.CIRCLE
    assert len(server.requests) - before == 6


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "", "http://", "//x/",
     "http://[::1", "http://example.org:25/", "http://example.org:99999/", "gopher://x/1"],
)  # fmt: skip
def test_only_the_web_is_asked(server: Server, address: str) -> None:
    assert fault(address).fault is Fault.ADDRESS
    if ":" in address and address != "http://":  # which is where we are
        assert fault(server.put("/odd", redirect(301, address))).fault is Fault.ADDRESS
