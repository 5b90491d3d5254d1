"""What strangers can send to the doors of contributors: changes, receipts, letters, pictures."""

from __future__ import annotations

import io
import os
import random
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from contrib_gateway.errors import BadPicture
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Allowance, receipt_for
from contrib_gateway.store import NewLetter, State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.inprocess import Person, open_gateway
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.running import Server
from tests.contrib_gateway.strangers import answered, bounded, required
from tests.contrib_gateway.test_pictures import REFUSED, saved, scene
from tests.contrib_gateway.visitor import answers
from tests.pages import parse

CHANGE, AMEND, ANSWER, WRITE = "change", "amend", "answer", "write"
FORM = "application/x-www-form-urlencoded"
INITIATIVE = "/contribuer/initiative/"


@dataclass
class Doors:
    """A gateway with one page, one receipt and one letter, and a stranger in front of it."""

    gateway: Gateway
    stranger: Person
    receipt: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with Mailbox() as box:
        gateway = open_gateway(tmp_path_factory.mktemp("doors") / "state", smtp=box.url)
        stranger = Person(gateway)
        good = required(gateway.library.schema.types["need"], stranger)
        receipt = stranger.confirm(stranger.read_over("need", good.items())).headers["Location"]
        gateway.worker.work()
        page = gateway.library.index.of("actor")[0]
        gateway.store.set_address(page.id, "", "accueil@structure.example")
        gateway.store.add_letter(NewLetter("cle", page.id, "lea@exemple.org", "", "", "fr"))
        paths = {
            CHANGE: f"/contribuer/{page.ref}/",
            AMEND: f"{receipt}corriger/",
            ANSWER: f"{receipt}repondre/",
            WRITE: f"/ecrire/{page.ref}/",
            "reply": "/ecrire/reponse/cle/",
        }
        yield Doors(gateway, stranger, receipt, paths)


def names_of(doors: Doors, path: str) -> set[str]:
    """Every input of the forms of a page, hidden ones too."""
    shown = doors.stranger.get(path.replace("repondre/", ""))
    page = parse(answered(shown).text).one("main")
    return {e.attributes["name"] for e in page if "name" in e.attributes} - {"_add"}


@pytest.mark.parametrize("door", [CHANGE, AMEND, ANSWER, WRITE, "reply"])
def test_anything_typed_anywhere_gets_an_answer_and_runs_nowhere(doors: Doors, door: str) -> None:
    path = doors.paths[door]
    names = sorted(names_of(doors, path))
    for number, typed in enumerate(NAUGHTY):
        mixed = [(name, NAUGHTY[(number + n) % len(NAUGHTY)]) for n, name in enumerate(names)]
        same = [(name, typed) for name in names]
        for pairs in (same, mixed):
            answer = answered(doors.stranger.post(path, pairs))
            assert answer.status_code in (200, 303, 409, 422, 429), (door, answer.status_code)
    assert answered(doors.stranger.get(doors.receipt)).status_code == 200


anything = st.text(max_size=60) | st.sampled_from(NAUGHTY)
odd_names = st.sampled_from(
    ["title", "place-territory", "image-file", "image-remove", "typed.title", "typed.", "text"]
    + ["_ticket", "_reviewed", "_edit", "_add", "_complete", "_website", "name", "address", "id"]
)


@bounded
@given(
    st.sampled_from([CHANGE, AMEND, ANSWER, WRITE, "reply"]),
    st.lists(st.tuples(odd_names | anything, anything), max_size=12),
)
def test_any_names_with_any_values_get_an_answer(
    doors: Doors, door: str, pairs: list[tuple[str, str]]
) -> None:
    answer = answered(doors.stranger.post(doors.paths[door], pairs))
    assert answer.status_code in (200, 303, 409, 422, 429)


@pytest.mark.parametrize("door", [CHANGE, AMEND, ANSWER, WRITE, "reply"])
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (FORM, b"&".join(b"x%d=1" % n for n in range(10_000))),
        (FORM, b"title=%ED%A0%80&text=%ff%fe%00&address=%F0%28%8C%28"),
        ("multipart/form-data; boundary=z", b"--z\r\n" * 10_000),
        (
            "multipart/form-data; boundary=z",
            b'--z\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 10_000 + b"--z--\r\n",
        ),
        (
            "multipart/form-data; boundary=z",
            b"--z\r\n" + b"X-Long: " + b"a" * 3_000_000 + b"\r\n\r\n1\r\n--z--\r\n",
        ),
        (
            "multipart/form-data; boundary=z",
            b'--z\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"a" * 3_000_000,
        ),
        ("multipart/form-data; boundary=" + "z" * 5000, b"--z\r\n\r\n"),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b"[" * 100_000),
    ],
    ids=["fields", "bytes", "lines", "parts", "header", "long", "boundary", "none", "json"],
)
def test_too_much_or_malformed_is_answered_at_once(
    doors: Doors, door: str, kind: str, data: bytes
) -> None:
    began = os.times()
    answer = answered(doors.stranger.client.post(doors.paths[door], data=data, content_type=kind))
    assert answer.status_code in (200, 303, 400, 409, 413, 422, 429)
    assert os.times().user - began.user < 3


# Receipts and tickets


def test_a_ticket_serves_the_form_that_it_was_made_for_and_no_other(doors: Doors) -> None:
    """A change's ticket made by the form of a new page, or of a letter, is no ticket."""
    gateway, stranger = doors.gateway, doors.stranger
    page = gateway.library.index.of("actor")[0]
    before = gateway.store.accepted()
    tickets = [
        gateway.tickets.issue(form, commit).text
        for form in ("actor", "need", page.ref, f"letter {page.id}", "suivi x", "")
        for commit in ("", gateway.forge.head(), "0" * 40, "../../etc", "HEAD~1", "main")
    ]
    for path in (doors.paths[CHANGE], doors.paths[AMEND], INITIATIVE, doors.paths[WRITE]):
        for ticket in tickets:
            answer = answered(stranger.post(path, [("_ticket", ticket), ("title", "x")]))
            # 409: it names a state of main that nobody can have seen.
            assert answer.status_code in (200, 409, 422), (path, answer.status_code)
    assert gateway.store.accepted() == before


def test_nobody_guesses_a_receipt_and_all_wrong_ones_look_alike(doors: Doors) -> None:
    gateway, stranger = doors.gateway, doors.stranger
    id, _, mark = doors.receipt.strip("/").rpartition("/")[2].partition("-")
    other = receipt_for("another secret", id).partition("-")[2]
    at = random.Random(4).randrange(len(mark))
    flipped = mark[:at] + ("1" if mark[at] == "0" else "0") + mark[at + 1 :]
    wrong = [f"{id}-{other}", f"{id}-{flipped}", f"zzzzzzzzzz-{mark}", f"{id}-{mark}-", id]
    told = {answered(stranger.get(f"/suivi/{one}/")).text for one in wrong}
    assert len(told) == 1, "which part is wrong is not told"
    for one in wrong:
        for verb in ("repondre", "retirer", "oublier", "corriger"):
            assert stranger.post(f"/suivi/{one}/{verb}/", [("text", "x")]).status_code == 404
    found = gateway.store.find(id)
    assert found and found.state is State.PROPOSED


def test_an_amendment_replayed_after_the_decision_changes_nothing(doors: Doors) -> None:
    gateway, stranger = doors.gateway, doors.stranger
    good = required(gateway.library.schema.types["need"], stranger)
    receipt = stranger.confirm(stranger.read_over("need", good.items())).headers["Location"]
    id = receipt.strip("/").rpartition("/")[2].partition("-")[0]
    gateway.worker.work()
    path = f"{receipt}corriger/"
    ticket = parse(stranger.get(path).text).one("input", name="_ticket").attributes["value"]
    sent = [*{**good, "title": "Autrement"}.items(), ("_ticket", ticket)]
    review = parse(stranger.post(path, sent).text)
    seal = review.one("input", name="_reviewed").attributes["value"]
    gateway.desk.publish(id, "Nour")
    late = answered(stranger.post(path, [*sent, ("_reviewed", seal)]))
    assert late.status_code == 409
    found = gateway.library.index.by_id(id)
    assert found and found.title == good["title"]


# Pictures


def upload(
    doors: Doors, data: bytes, name: str = "a.jpg", kind: str = "image/jpeg"
) -> TestResponse:
    good = required(doors.gateway.library.schema.types["initiative"], doors.stranger)
    sent = {**good, "image-alt": "Ce que l’on voit", "image-upload": (io.BytesIO(data), name, kind)}
    sent["_ticket"] = doors.stranger.ticket("initiative")
    return answered(doors.stranger.client.post(INITIATIVE, data=sent))


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_is_no_picture_is_said_and_what_was_typed_is_kept(doors: Doors, code: str) -> None:
    for make in REFUSED[code]:
        answer = upload(doors, make())
        assert answer.status_code == (200 if code == "empty" else 422) or code == "empty"
        if answer.status_code == 422:
            page = parse(answer.text)
            assert page.one("input", name="title").attributes["value"] == "Un titre"
            assert "Une photo" in page.one("main").text


@bounded
@given(st.binary(max_size=300), st.text(max_size=80), st.text(max_size=40))
def test_any_file_of_any_name_and_kind_gets_an_answer(
    doors: Doors, data: bytes, name: str, kind: str
) -> None:
    safe = "".join(letter for letter in kind if letter.isascii() and letter.isprintable())
    answer = upload(doors, data, name, safe or "image/jpeg")
    assert answer.status_code in (200, 422)


def test_a_picture_goes_where_its_bytes_say_whatever_its_name(doors: Doors) -> None:
    for name in ("../../etc/passwd", "a\x00.svg", "C:\\x.php", "x" * 4000, ".htaccess", "'\"<b>"):
        answer = upload(doors, saved(scene(), "PNG"), name, "text/html")
        assert answer.status_code == 200
        images = [image.attributes.get("src", "") for image in parse(answer.text).all("img")]
        [src] = [src for src in images if "/images/" in src]
        assert src.rpartition("/")[2].partition(".")[0].isalnum()
        got = doors.stranger.get(src)
        assert got.mimetype == "image/jpeg" and got.headers["X-Content-Type-Options"] == "nosniff"


def test_a_kept_picture_is_named_by_its_form_alone(doors: Doors) -> None:
    """A made-up name is told as gone; no file of the machine, nor of another page, is taken."""
    good = required(doors.gateway.library.schema.types["initiative"], doors.stranger)
    for file in ("../../../etc/passwd", "0" * 16 + ".webp", "x.svg", "\x00", "a/b.webp", "*.webp"):
        told = {**good, "image-file": file, "image-alt": "x"}
        answer = answered(doors.stranger.post(INITIATIVE, told.items()))
        assert answer.status_code == 422


def test_a_picture_for_a_page_that_is_gone_meanwhile_is_kept_with_the_rest(doors: Doors) -> None:
    ticket = doors.gateway.tickets.issue("initiative/parti", doors.gateway.forge.head())
    sent = {"title": "Un titre", "image-alt": "Ce que l’on voit", "_ticket": ticket.text}
    file = {"image-upload": (io.BytesIO(saved(scene(), "PNG")), "a.png", "image/png")}
    answer = answered(doors.stranger.client.post(f"{INITIATIVE}parti/", data=sent | file))
    assert answer.status_code == 409
    kept = parse(answer.text).one("input", name="image-file").attributes["value"]
    assert doors.gateway.album.files(kept)


def test_a_crowd_of_pictures_lets_everybody_else_in(doors: Doors) -> None:
    """Some are told to come back in a moment; a form without a picture is answered meanwhile."""
    heavy = saved(scene().resize((5000, 3700)), "PNG")
    room = doors.gateway.darkroom

    def develop(_: int) -> str:
        try:
            return room.develop(heavy).name
        except BadPicture as refused:
            return refused.code

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(develop, range(12)))
    assert "busy" in told and len({one for one in told if one != "busy"}) == 1
    assert room.develop(saved(scene(), "PNG")).name, "it is free again"


def test_there_is_an_end_to_the_pictures_that_are_kept(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in bytes, and without those that were sent and that an editor is to look at."""
    album = doors.gateway.album
    assert upload(doors, saved(scene(corner=(1, 99, 1)), "PNG")).status_code == 200
    monkeypatch.setattr("contrib_gateway.views.forms.uploads.MOST_KEPT", album.size())
    answer = upload(doors, saved(scene(), "PNG"))
    assert answer.status_code == 422 and "dans un instant" in answer.text
    kept = {file.name for file in (doors.gateway.settings.state / "pictures").glob("*.webp")}
    monkeypatch.setattr(type(doors.gateway.housekeeper), "awaited", lambda _: kept)
    assert upload(doors, saved(scene(), "PNG")).status_code == 200


def test_one_connection_sends_so_many_pictures_an_hour_and_then_waits(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    monkeypatch.setitem(vars(doors.gateway), "uploads", Allowance(3, timedelta(hours=1), clock))
    told = [upload(doors, saved(scene(), "PNG")) for _ in range(5)]
    assert [answer.status_code for answer in told] == [200, 200, 200, 422, 422]
    assert "un peu plus tard" in told[-1].text
    other = doors.stranger.client.environ_base
    other["REMOTE_ADDR"] = "192.0.2.7"
    assert upload(doors, saved(scene(), "PNG")).status_code == 200
    other["REMOTE_ADDR"] = "127.0.0.1"
    clock.move(hours=1)
    assert upload(doors, saved(scene(), "PNG")).status_code == 200


def test_two_hundred_slow_senders_keep_nobody_out(sample_state: Path, tmp_path: Path) -> None:
    """Each has begun to send a form with a picture, and sends a byte now and then."""
    shutil.copytree(sample_state, tmp_path / "state")
    server = Server(tmp_path / "state").start()
    head = (
        b"POST /contribuer/initiative/ HTTP/1.1\r\nHost: vigie.example\r\n"
        b"Content-Type: multipart/form-data; boundary=z\r\nContent-Length: 9000000\r\n\r\n--z\r\n"
    )
    slow: list[socket.socket] = []
    try:
        for _ in range(200):
            slow.append(socket.create_connection(("127.0.0.1", server.port)))
            slow[-1].sendall(head)
        for number in range(3):
            for one in slow:
                one.sendall(b"x")
            server.visitor().contribute("need", answers("need", f"Vite {number}"))
        server.wait_queue()
        assert server.health()["accepted"] == 3
    finally:
        for one in slow:
            one.close()
        server.kill()
