"""Where the watch connects to: the public internet only, and servers that prove who they are."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from contrib_gateway.watch import connection, hosts
from contrib_gateway.watch.faults import Fault
from tests.contrib_gateway.watch.asked import (
    FEED,
    PATIENCE,
    fault,
    get,
    resolve_to,
    server,
)
from tests.contrib_gateway.watch.servers import (
    DRIP,
    Server,
    redirect,
    reply,
)

FIXTURES = (server,)


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
