"""What strangers' servers may do, and what the watch makes of it."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from contrib_gateway.watch import connection, fetching, hosts
from contrib_gateway.watch.faults import Fault, Unfetched
from contrib_gateway.watch.fetching import Answer, Fetcher
from tests.contrib_gateway.watch.servers import (
    DRIP,
    RESET,
    Server,
    bomb,
    conditional,
    dripping,
    redirect,
    reply,
    rss,
)

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
        ("gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:50]) + gzip.compress(FEED[50:])),
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
        (reply(200, gzip.compress(FEED)[:-20], content_encoding="gzip"), Fault.CUT_OFF),
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


@pytest.mark.parametrize("tail", [b"", b"\x1f", b"garbage", b"x" + gzip.compress(b"more")])
def test_files_packed_in_a_row_are_one_wherever_the_chunks_end(server: Server, tail: bytes) -> None:
    one, two = gzip.compress(FEED[:50]), gzip.compress(FEED[50:]) + tail
    for parts in ((one, two), (one + two[:1], two[1:]), (one + two[:9], two[9:-1], two[-1:])):
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))
        head = reply(200, content_encoding="gzip", content_length="", transfer_encoding="chunked")
        assert get(server.put("/row", head + chunks)).body == FEED


def test_a_length_of_the_compressed_that_is_wrong_does_no_harm(server: Server) -> None:
    page = reply(200, gzip.compress(FEED), content_encoding="gzip", content_length="9999")
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


# Private networks


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
     "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_no_private_address_is_one_of_the_internet(number: str) -> None:
    assert not hosts.is_public(number)


@pytest.mark.parametrize(
    "number", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:9.9.9.9"]
)
def test_a_public_address_is_one(number: str) -> None:
    assert hosts.is_public(number)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost"])
def test_a_private_address_is_not_asked_however_it_is_written(server: Server, host: str) -> None:
    before = len(server.requests)
    assert fault(server.url("/feed", host), allow_private=False).fault is Fault.PRIVATE
    assert len(server.requests) == before


def test_a_name_that_leads_inside_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(server.requests)
    for numbers in (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"]):
        resolve_to(monkeypatch, *numbers)
        found = fault(server.url("/feed", "feeds.example"), allow_private=False)
        assert found.fault is Fault.PRIVATE
    assert len(server.requests) == before


def test_a_redirection_inside_is_not_followed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here 127.0.0.1 counts as public, and 127.0.0.2 as private."""
    server.put("/inside", redirect(302, server.url("/secret", "127.0.0.2")))
    monkeypatch.setattr(hosts, "is_public", lambda number: number == "127.0.0.1")
    with Server("127.0.0.2") as inside:
        server.put("/inside", redirect(301, inside.put("/secret", reply(200, FEED))))
        assert fault(server.url("/inside"), allow_private=False).fault is Fault.PRIVATE
        assert not inside.requests


def test_the_address_that_was_judged_is_the_one_that_is_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is asked once: no second answer leads elsewhere."""
    server.put("/feed", reply(200, FEED))
    asked = resolve_to(monkeypatch, "127.0.0.1")
    assert get(server.url("/feed", "feeds.example")).body == FEED
    assert asked == ["feeds.example"]
    assert server.requests[-1].headers["host"] == f"feeds.example:{server.port}"


def test_the_next_address_of_a_host_is_tried(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("/feed", reply(200, FEED))
    resolve_to(monkeypatch, "127.0.0.9", "127.0.0.1")  # nobody listens at the first one
    assert get(server.url("/feed", "feeds.example")).body == FEED


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(hosts.socket, "getaddrinfo", unknown)
    assert fault("http://nowhere.example/").fault is Fault.UNKNOWN_HOST


def test_a_password_in_an_address_is_not_sent(server: Server) -> None:
    server.put("/feed", reply(200, FEED))
    with_password = server.url("/feed").replace("://", "://me:secret@")
    assert "@" not in get(with_password).address
    assert "authorization" not in server.requests[-1].headers


# TLS


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for one name, which it signed itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, kind, plain) + made.public_bytes(pem))
    return file


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of a server that is https://feeds.example/, and its certificate."""
    file = certificate(tmp_path_factory.mktemp("tls"), "feeds.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listening = socket.create_server(("127.0.0.1", 0))

    def speak(raw: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(raw, server_side=True) as connected:
            is_slow = b"/slow" in connected.recv(65_536)
            connected.sendall(b"HTTP/1.0 200 Fine\r\n\r\n")
            for byte in FEED if is_slow else ():
                connected.sendall(bytes([byte]))
                time.sleep(DRIP)
            connected.sendall(FEED)

    def serve() -> None:
        while True:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            Thread(target=speak, args=(connected,), daemon=True).start()

    Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1], file
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the system trust one more authority."""
    connection._trust.cache_clear()
    yield lambda file: monkeypatch.setenv("SSL_CERT_FILE", str(file))
    connection._trust.cache_clear()


def test_a_certificate_is_verified(
    secure: tuple[int, Path], trust: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, file = secure
    resolve_to(monkeypatch, "127.0.0.1")
    address = f"https://feeds.example:{port}/"
    assert fault(address, patience=5).fault is Fault.INSECURE
    trust(file)
    connection._trust.cache_clear()
    assert get(address, patience=5).body == FEED
    assert fault(f"https://other.example:{port}/", patience=5).fault is Fault.INSECURE
    assert fault(f"https://feeds.example:{port}/slow").fault is Fault.SLOW


def test_a_server_that_never_greets_is_not_waited_for(server: Server) -> None:
    """TLS is asked of one who waits for more of a plain question."""
    began = time.monotonic()
    address = server.url("/").replace("http:", "https:")
    assert fault(address).fault is Fault.SLOW
    assert time.monotonic() - began < 2 * PATIENCE
