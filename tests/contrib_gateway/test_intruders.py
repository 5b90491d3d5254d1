"""Odd addresses, forged tickets, closed doors: an answer in words, and nothing is given away."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import State
from contrib_gateway.views.messages import MESSAGES
from plugins.render.words import words
from tests.contrib_gateway.forge.worlds import git
from tests.contrib_gateway.inprocess import Editor, Person, open_gateway
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.strangers import answered, bounded, latin, required
from tests.pages import parse

ADDRESSES = (
    *("/{}", "/{}/", "/theme/{}", "/initiatives/{}/", "/en/{}/", "/contribuer/{}/", "/suivi/{}/"),
    *("/redaction/{}/", "/redaction/entrer/{}/", "/redaction/{}/page/", "/?v={}", "/{}?{}={}"),
)
ANSWERS = (200, 301, 303, 304, 308, 400, 403, 404, 405, 416)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """With the whole site built, as strangers find it."""
    gateway = open_gateway(tmp_path_factory.mktemp("hostile") / "state")
    Editor(gateway).build()
    return gateway


@pytest.fixture(scope="module")
def stranger(gateway: Gateway) -> Person:
    return Person(gateway)


@pytest.mark.parametrize("address", ADDRESSES)
def test_any_address_gets_an_answer(stranger: Person, address: str) -> None:
    for typed in (*NAUGHTY, "a" * 300, "a/" * 2000, "é" * 200, "/evil.example", "//evil.example/"):
        quoted = quote(typed[:3000], safe="", errors="replace")
        answer = answered(stranger.get(address.replace("{}", quoted)))
        assert answer.status_code in ANSWERS
        if "://" not in typed:
            raw = {"PATH_INFO": address.partition("?")[0].replace("{}", latin(typed))}
            assert answered(stranger.client.get("/", environ_overrides=raw)).status_code in ANSWERS


@bounded
@given(st.text(st.characters(max_codepoint=255), max_size=80), st.text(max_size=20))
def test_any_bytes_of_an_address_a_cookie_or_a_header_get_an_answer(
    stranger: Person, path: str, header: str
) -> None:
    environ = {
        "PATH_INFO": f"/{path}",
        "QUERY_STRING": path.replace("\r", "").replace("\n", ""),  # no request line holds them
        "HTTP_COOKIE": f"vigie-desk={latin(header)}",
        "HTTP_RANGE": latin(header),
        "HTTP_IF_MODIFIED_SINCE": latin(header),
        "HTTP_X_FORWARDED_FOR": latin(header),
        "HTTP_REFERER": latin(header),
        "HTTP_ACCEPT_LANGUAGE": latin(header),
    }
    for start in ("", "/contribuer", "/suivi", "/redaction"):
        override = environ | {"PATH_INFO": start + environ["PATH_INFO"]}
        answer = stranger.client.get("/", environ_overrides=override)
        assert answered(answer).status_code in ANSWERS


@pytest.mark.parametrize(
    "host", ["evil.example", "<script>", "[", "a b", "x" * 300, "évil", "", ":"]
)
@pytest.mark.parametrize(
    "path", ["/contribuer", "//evil.example", "/\\evil.example", "/initiatives"]
)
def test_a_redirection_never_leaves_this_host(stranger: Person, host: str, path: str) -> None:
    override = {"HTTP_HOST": latin(host), "PATH_INFO": path}
    answer = answered(stranger.client.get("/", environ_overrides=override))
    assert "evil.example/" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "path",
    [
        *("../vigie.sqlite", "..%2fvigie.sqlite", "%2e%2e/vigie.sqlite", "x/../../secret-key"),
        *(
            "..%5cvigie.sqlite",
            "/etc/passwd",
            "//etc/passwd",
            "....//vigie.sqlite",
            "~root/.profile",
        ),
        *("theme%00.css", "index.html%00", "theme/css/ground.css/x", "../../builds/", "%2e%2e/"),
    ],
)
def test_only_files_of_the_site_are_served(stranger: Person, path: str) -> None:
    answer = answered(stranger.get(f"/{path}"))
    assert answer.status_code == 404 or path in ("../../builds/", "%2e%2e/")
    assert b"SQLite" not in answer.data
    assert b"root:" not in answer.data


def test_a_link_in_the_repository_leads_nowhere_on_this_machine(tmp_path: Path) -> None:
    """A pushed symbolic link is exported as the few bytes it is, never followed."""
    secret = tmp_path / "secret.png"
    secret.write_text("un secret")
    gateway = open_gateway(tmp_path / "state")
    git(tmp_path, "clone", "-q", str(tmp_path / "state" / "forge.git"), "clone")
    clone = tmp_path / "clone"
    (clone / "content" / "images").mkdir(exist_ok=True)
    (clone / "content" / "images" / "lien.png").symlink_to(secret)
    (clone / "content" / "dossier").symlink_to(tmp_path)
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "Des liens")
    git(clone, "push", "-q", "origin", "HEAD:main")
    gateway.builder.build()
    state = tmp_path / "state"
    for folder in (state / "content", state / "builds"):
        for file in folder.rglob("*"):
            assert not file.is_symlink()
            assert file.is_dir() or b"un secret" not in file.read_bytes()


DESK = ("", "abc/", "abc/page/", "{id}/", "{id}/page/", "{id}/publier/", "{id}/refuser/", "sortir/")


def test_nobody_reaches_the_desk_without_being_let_in(gateway: Gateway, stranger: Person) -> None:
    good = required(gateway.library.schema.types["need"], stranger)
    id = stranger.contribute("need", (good | {"title": "Réservé à la rédaction"}).items())
    gateway.worker.work()
    editor, other = Editor(gateway), Editor(gateway)
    token = parse(other.get("/redaction/").text).one("input", name="_csrf").attributes["value"]
    forged = Person(gateway)
    for cookie in ("", "x", "null", "../x", "a" * 4000, "%00"):
        forged.client.set_cookie("vigie-desk", cookie)
        for path in DESK:
            address = f"/redaction/{path.format(id=id)}"
            for answer in (forged.get(address), forged.post(address, [("_csrf", token)])):
                assert answered(answer).status_code in (403, 404, 405)
                assert "Réservé à la rédaction" not in answer.text
    for csrf in (None, "", token, "x", "é", "\x00"):
        pairs = [("reason", "Non")] + ([("_csrf", csrf)] if csrf is not None else [])
        for button in ("publier", "refuser"):
            assert editor.post(f"/redaction/{id}/{button}/", pairs).status_code == 403
        assert editor.post("/redaction/sortir/", pairs).status_code == 403
    found = gateway.store.find(id)
    assert found
    assert found.state is State.PROPOSED
    assert editor.get(f"/redaction/{id}/").status_code == 200
    for button in ("publier", "refuser"):  # a link or a picture elsewhere can only GET
        assert editor.get(f"/redaction/{id}/{button}/").status_code == 404


def test_a_link_to_sign_in_serves_once(gateway: Gateway) -> None:
    token = gateway.store.create_login("nadia@example.org")
    first, second = Person(gateway), Person(gateway)
    assert first.post(f"/redaction/entrer/{token}/").status_code == 303
    assert second.post(f"/redaction/entrer/{token}/").status_code == 403
    assert second.get("/redaction/").status_code == 403
    stranger_to_the_list = gateway.store.create_login("autre@evil.example")
    second.post(f"/redaction/entrer/{stranger_to_the_list}/")
    assert second.get("/redaction/").status_code == 403


def test_a_forged_ticket_or_seal_sends_nothing(gateway: Gateway, stranger: Person) -> None:
    """Only what was shown to whoever holds the ticket is accepted; else it is shown again."""
    good = list(required(gateway.library.schema.types["need"], stranger).items())
    honest = parse(stranger.read_over("need", good).text)
    ticket = honest.one("input", name="_ticket").attributes["value"]
    seal = honest.one("input", name="_reviewed").attributes["value"]
    elsewhere = stranger.ticket("event")
    before = sum(gateway.store.counts().values())
    for attempt in (
        *[
            (forged, seal)
            for forged in ("", "x", ticket[:-1], f"{ticket}x", elsewhere, f".{ticket}")
        ],
        *[(ticket, forged) for forged in ("", "x", seal[:-1], seal.upper(), "é", ticket)],
        *[(typed[:2000], typed[:2000]) for typed in NAUGHTY],
    ):
        system = [("_ticket", attempt[0]), ("_reviewed", attempt[1])]
        answer = answered(stranger.post("/contribuer/need/", [*good, *system]))
        assert (answer.status_code, "_reviewed" in answer.text) == (200, True)
    changed = [("title", "Un autre titre"), *good, ("_ticket", ticket), ("_reviewed", seal)]
    answer = answered(stranger.post("/contribuer/need/", changed))
    assert (answer.status_code, "Un autre titre" in answer.text) == (200, True)
    assert sum(gateway.store.counts().values()) == before


def test_a_receipt_opens_for_its_holder_only(gateway: Gateway, stranger: Person) -> None:
    good = required(gateway.library.schema.types["need"], stranger)
    review = stranger.read_over("need", good.items())
    address = stranger.confirm(review).headers["Location"]
    assert stranger.get(address).status_code == 200
    receipt = address.strip("/").rpartition("/")[2]
    id, _, mark = receipt.partition("-")
    for forged in (
        id,
        f"{id}-",
        f"{id}-{mark[:-1]}",
        f"{id}-{'0' * 26}",
        f"x{receipt}",
        f"{id}--{mark}",
    ):
        assert answered(stranger.get(f"/suivi/{forged}/")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nulle-part/", 404),
        ("GET", "/contribuer/page/", 404),
        ("GET", "/suivi/x/", 404),
        ("GET", "/redaction/", 403),
        ("POST", "/", 405),
        ("DELETE", "/contribuer/need/", 405),
        ("TRACE", "/", 405),
        ("GET", "/en/nowhere/", 404),
    ],
)
def test_every_refusal_is_a_page_in_the_readers_language(
    stranger: Person, method: str, path: str, status: int
) -> None:
    answer = answered(stranger.client.open(path, method=method))
    page = parse(answer.text)
    lang = "en" if path.startswith("/en/") else "fr"
    assert answer.status_code == status
    assert page.one("html").attributes["lang"] == lang
    say = words(lang).gettext
    titles = {say(message.title) for message in MESSAGES.values()}
    title = page.one("h1").text
    others = ("The review desk is for editors", "This link leads to no receipt")
    assert title in titles | set(map(say, others))
    assert page.one("main").all("p")
