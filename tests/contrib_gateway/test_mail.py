"""Mail, told to a real server: whatever strangers type, one message to one address, or none."""

from __future__ import annotations

import logging
import re
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.errors import GatewayError, MailRefused, MailUnavailable
from contrib_gateway.logs import JsonLines
from contrib_gateway.mail import LONGEST_SUBJECT, Letter, Mailer, one_line
from contrib_gateway.settings import Security, Smtp
from contrib_gateway.settings.values import smtp
from contrib_gateway.smtp import Patience
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.mailbox import DROP, HANG, Mailbox
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.strangers import bounded

SENDER = "vigie@exemple.fr"
ZOE = "zoe.petit@example.org"
HEADERS = [
    *("Date", "From", "To", "Message-ID", "Auto-Submitted", "Subject"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
]
SHORT = Patience(connect=0.5, answer=0.3, whole=0.6)
MARKS = st.text(alphabet="ab1é.-+@<>()[],;:\"\\ \r\n\t\0%=?!_'\u202f\u2028\x85")


@pytest.fixture
def box(open_box: Mailbox) -> Mailbox:
    open_box.mend()
    open_box.received.clear()
    return open_box


def settings(url: str) -> Smtp:
    read = smtp(f"{url}?from={SENDER}")
    assert read
    return read


def mailer(box: Mailbox, patience: Patience | None = None) -> Mailer:
    return Mailer(settings(box.url), SetClock(), patience or Patience())


def letter(to: str = ZOE, subject: str = "Vigie", text: str = "Bonjour,\n") -> Letter:
    return Letter(to, subject, text)


def test_a_letter_arrives_with_our_headers_and_no_others(box: Mailbox) -> None:
    text = "Bonjour,\n\nC’est arrivé\u202f!\n.\nFrom là\n\n-- \nVigie\n"
    mailer(box).send(letter(subject="Vigie\u202f: c’est arrivé", text=text), "k7m2p9 receipt")
    [message] = box.wait_for(1)
    [received] = box.received
    assert (received.sender, received.recipients) == (SENDER, (ZOE,))
    assert received.greeted_as == "exemple.fr", "the machine’s own name is told to nobody"
    assert received.raw.isascii()
    assert message.keys() == HEADERS
    assert message["From"] == SENDER
    assert message["To"] == ZOE
    assert message["Subject"] == "Vigie\u202f: c’est arrivé"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == SetClock().now
    assert re.fullmatch(r"<[0-9a-f]{32}@exemple\.fr>", message["Message-ID"])
    assert (message.get_content_type(), message.get_content()) == ("text/plain", text)


def test_a_letter_sent_again_is_the_same_message_and_another_is_not(box: Mailbox) -> None:
    for id in ("k7m2p9 receipt", "k7m2p9 receipt", "k7m2p9 published"):
        mailer(box).send(letter(), id)
    first, again, other = (message["Message-ID"] for message in box.wait_for(3))
    assert first == again != other


@bounded
@given(subject=st.text() | MARKS, text=st.text() | MARKS)
def test_whatever_is_typed_arrives_as_words(open_box: Mailbox, subject: str, text: str) -> None:
    assert_words_arrive(open_box, subject, text)


@pytest.mark.parametrize("typed", [*NAUGHTY, "é" * 5000, "a" * 5000, "=?utf-8?q?a=0D=0AX:_b?="])
def test_words_that_break_programs_arrive_as_words(open_box: Mailbox, typed: str) -> None:
    assert_words_arrive(open_box, typed, typed)
    assert_words_arrive(open_box, f"Vigie : « {typed} »", f"> {typed}\nFin")


def assert_words_arrive(box: Mailbox, subject: str, text: str) -> None:
    box.mend()
    box.received.clear()
    mailer(box).send(letter(subject=subject, text=text), subject)
    [message] = box.wait_for(1)
    assert box.received[0].recipients == (ZOE,)
    assert all(len(line) < 998 for line in box.received[0].raw.splitlines())
    assert message.keys() == HEADERS
    assert message["Subject"].replace("\u2060", "") == expected_subject(subject)
    assert message.get_content().split("\n")[:-1] == shown(text)


def expected_subject(typed: str) -> str:
    return one_line(typed)[:LONGEST_SUBJECT].strip(" ").replace("\u2060", "")


def shown(typed: str) -> list[str]:
    """Its lines; what is no character of any text is shown as such."""
    lines = re.split("\r\n|\r|\n", typed)
    if not lines[-1] and len(lines) > 1:
        lines.pop()
    return [re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "\ufffd", x) for x in lines]


@bounded
@given(st.text() | MARKS | st.builds("{}@{}".format, MARKS, st.just("exemple.fr") | MARKS))
def test_whatever_address_is_typed_gets_one_message_or_none(open_box: Mailbox, typed: str) -> None:
    assert_one_or_none(open_box, typed)


@bounded
@given(
    st.text("abZ09.!#$%&'*+/=?^_`{|}~-é", min_size=1, max_size=66),
    st.lists(st.text("abZ09-é", min_size=1, max_size=64), min_size=1, max_size=4).map(".".join),
)
def test_odd_addresses_get_one_message_or_none(open_box: Mailbox, local: str, host: str) -> None:
    assert_one_or_none(open_box, f"{local}@{host}")


@pytest.mark.parametrize("typed", NAUGHTY)
def test_words_that_break_programs_are_no_address(open_box: Mailbox, typed: str) -> None:
    for to in (typed, f"{typed}@exemple.fr", f"zoe@{typed}", f"zoe@exemple.fr{typed}"):
        assert_one_or_none(open_box, to)


def assert_one_or_none(box: Mailbox, to: str) -> None:
    box.mend()
    box.received.clear()
    try:
        mailer(box).send(letter(to), "id")
    except MailRefused:
        assert not box.received
        return
    [message] = box.wait_for(1)
    local, _, _ = to.rpartition("@")
    [told] = box.received[0].recipients
    assert told.rpartition("@")[0] == local
    assert told.rpartition("@")[2].isascii()
    assert message.keys() == HEADERS
    assert (str(message["To"]), len(message["To"].addresses)) == (told, 1)


@pytest.mark.parametrize(
    "to",
    [
        *("", "zoe", "@exemple.fr", "zoe@", "zoe@.fr", "zoe@exemple..fr", "zoe.@exemple.fr"),
        *("zoe@exemple.fr,leo@exemple.fr", "zoe@exemple.fr, leo@exemple.fr"),
        *("zoe@exemple.fr leo@exemple.fr", "zoe@exemple.fr;leo@exemple.fr"),
        *("zoe,leo@exemple.fr", '"zoe, leo"@exemple.fr', "zoe@leo@exemple.fr"),
        *("Zoé <zoe@exemple.fr>", "<zoe@exemple.fr>", "zoe@exemple.fr>", "zoe(x)@exemple.fr"),
        *("zoe@exemple.fr\r\nBcc: leo@exemple.fr", "zoe@exemple.fr\n", "zoe\n@exemple.fr"),
        *("zoe\0@exemple.fr", "zoe\u2028@exemple.fr", "zo\ud800@exemple.fr", "zoe@exempl\ud800.fr"),
        *("=?utf-8?q?zoe=2Cleo?=@exemple.fr", "zoe@[127.0.0.1]", "zoe@exemple.fr:25"),
        *("zoe@exemple.fr SIZE=1", "groupe:zoe@exemple.fr;", f"{'z' * 65}@exemple.fr"),
        *(
            f"zoe@{'x' * 64}.fr",
            f"zoe@{'exemple.' * 40}fr",
            "zoe@-exemple.fr",
            "zoe@ex\u202eemple.fr",
        ),
    ],
)
def test_what_is_not_one_address_is_refused_before_the_server_hears_of_it(
    box: Mailbox, to: str
) -> None:
    with pytest.raises(MailRefused):
        mailer(box).send(letter(to), "id")
    assert not box.received


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("zoe@straße.example", "zoe@xn--strae-oqa.example"),
        ("zoe@MÉDIATHÈQUE.example", "zoe@xn--mdiathque-53af.example"),
        ("zoe@例え.example", "zoe@xn--r8jz45g.example"),
        ("Zoe+vigie@Exemple.FR", "Zoe+vigie@Exemple.FR"),
        ("zoé@exemple.fr", "zoé@exemple.fr"),
        ("用户@例え.example", "用户@xn--r8jz45g.example"),
    ],
)
def test_an_address_in_any_script_is_reached(box: Mailbox, typed: str, told: str) -> None:
    mailer(box).send(letter(typed, subject="Reçu"), "id")
    [message] = box.wait_for(1)
    assert box.received[0].recipients == (told,)
    assert (message["To"], message["Subject"]) == (told, "Reçu")


def test_an_address_that_the_server_cannot_write_is_refused_and_others_are_not() -> None:
    with Mailbox(smtputf8=False) as box:
        with pytest.raises(MailRefused):
            mailer(box).send(letter("zoé@exemple.fr"), "id")
        mailer(box).send(letter("zoe@médiathèque.example", "Reçu", "Reçu"), "id")
        [message] = box.wait_for(1)
        assert message["Subject"] == "Reçu"
        assert box.received[0].raw.isascii()


LATER = [
    *("421 4.3.2 Closing", "450 4.2.0 <zoe.petit@example.org> greylisted", "452 4.5.3 Too many"),
    *("530 5.7.0 Authentication required", "550 5.7.1 <zoe.petit@example.org>: Relay denied"),
    *("550 5.1.8 <vigie@exemple.fr>: Sender rejected", "554 5.7.1 zoe.petit@example.org: policy"),
    *(DROP, HANG),
]


@pytest.mark.parametrize("answer", LATER)
def test_a_server_that_cannot_take_it_now_is_tried_again_later(box: Mailbox, answer: str) -> None:
    box.fail(answer, times=1)
    with pytest.raises(MailUnavailable) as caught:
        mailer(box, SHORT).send(letter(), "id")
    assert_discreet(caught.value)
    assert not box.received
    mailer(box).send(letter(), "id")
    assert len(box.wait_for(1)) == 1


@pytest.mark.parametrize("at", ["MAIL", "DATA"])
@pytest.mark.parametrize("answer", ["451 4.3.0 zoe.petit", "550 5.1.1 zoe.petit", DROP, HANG])
def test_what_is_not_said_of_the_recipient_can_be_mended(
    box: Mailbox, at: str, answer: str
) -> None:
    box.fail(answer, at)
    with pytest.raises(MailUnavailable) as caught:
        mailer(box, SHORT).send(letter(), "id")
    assert_discreet(caught.value)
    assert not box.received


@pytest.mark.parametrize(
    "answer",
    ["550 5.1.1 <zoe.petit@example.org> unknown", "550 zoe.petit?", "552 5.2.2 Full", "501 ?"],
)
def test_an_address_that_the_server_does_not_know_is_never_written_to_again(
    box: Mailbox, answer: str
) -> None:
    box.fail(answer)
    with pytest.raises(MailRefused, match=answer[:3]) as caught:
        mailer(box).send(letter(), "id")
    assert_discreet(caught.value)
    assert not box.received


def assert_discreet(error: GatewayError) -> None:
    """Neither what it says nor what the log has of it quotes an address or an answer's words."""
    record = logging.LogRecord(
        "contrib_gateway.x", 40, "", 1, "failed", (), (type(error), error, None)
    )
    for told in (str(error), JsonLines().format(record)):
        assert "@" not in told
        assert "zoe" not in told


def test_a_message_whose_answer_was_lost_comes_again_as_the_same_message(box: Mailbox) -> None:
    box.fail(DROP, "DATA", times=1, taken=True)
    with pytest.raises(MailUnavailable):
        mailer(box).send(letter(), "k7m2p9 receipt")
    mailer(box).send(letter(), "k7m2p9 receipt")
    first, again = box.wait_for(2)
    assert first["Message-ID"] == again["Message-ID"]


@pytest.mark.parametrize("answer", [DROP, HANG, "421 4.4.2 Too late", "500 What?"])
def test_a_message_that_was_taken_is_not_sent_again_for_a_bad_goodbye(
    box: Mailbox, answer: str
) -> None:
    box.fail(answer, "QUIT")
    mailer(box, SHORT).send(letter(), "id")
    assert len(box.messages) == 1


def test_a_server_that_is_stopped_is_unavailable_until_it_is_back() -> None:
    with Mailbox() as box:
        box.stop()
        with pytest.raises(MailUnavailable):
            mailer(box).send(letter(), "id")
        box.start()
        mailer(box).send(letter(), "id")
        assert len(box.wait_for(1)) == 1


@contextmanager
def speaker(said: bytes, pause: float = 0.02) -> Iterator[str]:
    """A server that says one byte after another, for ever, and never listens; its URL."""
    over = Event()

    def speak() -> None:
        while not over.is_set():
            try:
                client, _ = listening.accept()
            except OSError:
                return
            with client:
                drip(client)

    def drip(client: socket.socket) -> None:
        try:
            while said and not over.wait(pause):
                client.sendall(said)
            over.wait()
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=speak, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("said", [b"", b"2", b"220-again\r\n", b"\xff\0\r\n", b"220 x\r\n" * 9999])
def test_a_server_that_never_comes_to_an_end_is_left(said: bytes) -> None:
    with speaker(said) as url, pytest.raises(MailUnavailable):
        Mailer(settings(url), SetClock(), SHORT).send(letter(), "id")


def test_one_that_nobody_has_heard_of_is_unavailable() -> None:
    with pytest.raises(MailUnavailable):
        Mailer(settings("smtp://nowhere.invalid"), SetClock(), SHORT).send(letter(), "id")


def test_many_letters_at_once_arrive_each_once(box: Mailbox) -> None:
    shared, addresses = mailer(box), [f"zoe{number}@exemple.fr" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda to: shared.send(letter(to), to), addresses))
    assert sorted(to for one in box.received for to in one.recipients) == sorted(addresses)


PASSWORD = "p@ss:/mot%20? #"


def test_a_server_that_asks_who_we_are_is_told() -> None:
    with Mailbox(credentials=("vigie@exemple.fr", PASSWORD)) as box:
        mailer(box).send(letter(), "id")
        assert len(box.wait_for(1)) == 1
        for wrong in ({"password": "autre"}, {"user": "", "password": ""}):
            with pytest.raises(MailUnavailable, match="53") as caught:
                Mailer(replace(settings(box.url), **wrong), SetClock()).send(letter(), "id")
            assert_discreet(caught.value)
        assert len(box.messages) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key, of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mailbox")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mailbox.pem"
    pem = serialization.Encoding.PEM
    written = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(written + signed.public_bytes(pem))
    return path


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_words_are_hidden_on_their_way_and_only_from_a_server_that_proves_who_it_is(
    certificate: Path, security: Security, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Mailbox(security=security, context=context, credentials=("vigie", PASSWORD)) as box:
        with pytest.raises(MailUnavailable, match="CertVerification"):
            mailer(box).send(letter(), "id")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        mailer(box).send(letter(), "id")
        assert len(box.wait_for(1)) == 1
        assert box.received[0].secured


def test_nothing_is_told_to_a_server_that_cannot_hide_it(box: Mailbox) -> None:
    smtp = replace(settings(box.url), security=Security.STARTTLS, user="vigie", password=PASSWORD)
    with pytest.raises(MailUnavailable):
        Mailer(smtp, SetClock()).send(letter(), "id")
    assert not box.received
