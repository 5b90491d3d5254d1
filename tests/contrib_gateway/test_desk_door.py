"""The review desk opens to editors only, and acts only on what they themselves pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contrib_gateway.gateway import Gateway
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import EDITORS, Server, serving
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of

TITLE = "Un secret de rédaction"


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve()


@pytest.fixture(scope="module")
def editor(server: Server) -> Visitor:
    return server.editor()


@pytest.fixture(scope="module")
def waiting(server: Server) -> str:
    """The id of a proposal that waits, and still does after every test here."""
    receipt = server.visitor().contribute("need", answers("need", TITLE))
    server.wait_queue()
    return id_of(receipt)


def paths(id: str) -> list[str]:
    pages = ["/redaction/", f"/redaction/{id}/", f"/redaction/{id}/page/", "/redaction/absent/"]
    return [prefix + page for prefix in ("", "/en") for page in pages]


def buttons(id: str) -> list[str]:
    pages = [f"/redaction/{id}/publier/", f"/redaction/{id}/refuser/", "/redaction/sortir/"]
    return [prefix + page for prefix in ("", "/en") for page in pages]


def assert_untouched(server: Server, id: str) -> None:
    assert server.health()["proposed"] == 1
    assert server.health()["published"] == server.health()["declined"] == 0


@pytest.mark.parametrize("cookie", ["", "vigie-desk", "vigie-desk=", "vigie-desk=made-up"])
def test_without_a_session_nothing_is_shown_and_nothing_is_done(
    server: Server, waiting: str, cookie: str
) -> None:
    """403 everywhere, whether the proposal exists or not, and not a word of it."""
    visitor = server.visitor()
    headers = {"Cookie": cookie} if cookie else {}
    for path in paths(waiting):
        page = visitor.request("GET", path, headers=headers)
        assert page.status == 403, path
        assert TITLE not in page.words
        assert page.headers["Cache-Control"] == "no-store"
    for path in buttons(waiting):
        assert visitor.request("POST", path, "reason=Non", headers).status == 403, path
    assert_untouched(server, waiting)


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é", "of another session"])
def test_a_button_pressed_from_elsewhere_does_nothing(
    server: Server, editor: Visitor, waiting: str, token: str | None
) -> None:
    """A form that another site, or another session, made: 403, and nothing changed."""
    if token == "of another session":
        token = server.editor(EDITORS[1]).csrf()
    sent = [("reason", "Non")] + ([] if token is None else [("_csrf", token)])
    for path in buttons(waiting):
        page = editor.post(path, sent)
        assert page.status == 403, path
    assert editor.get("/redaction/").status == 200  # still signed in
    assert_untouched(server, waiting)


def test_what_changes_something_is_never_a_link(
    server: Server, editor: Visitor, waiting: str
) -> None:
    """An address that is only visited, by a robot or a picture's source, decides nothing."""
    for path in buttons(waiting):
        assert editor.get(path).status in (404, 405), path
    assert_untouched(server, waiting)


def test_only_pages_without_a_cookie_say_that_there_is_none(
    server: Server, editor: Visitor
) -> None:
    said = "Pas de cookie"
    assert said in server.visitor().get("/contribuer/").words
    assert said not in editor.get("/redaction/").words


def test_a_sign_in_link_works_once(server: Server) -> None:
    """A second person who follows it is told so; the first may follow it again by mistake."""
    link = server.login_path()
    first, second = server.visitor(), server.visitor()
    for _ in range(2):
        page = first.get(link)
        assert page.status == 200, "looking at it does not use it"
    assert first.submit(page, link, {}).status == 303
    refused = second.post(link)
    assert refused.status == 403
    assert "Ce lien n’ouvre plus" in refused.words
    assert not second.cookies
    assert first.get(link).status == first.post(link).status == 303
    assert first.get("/redaction/").status == 200


def test_looking_at_a_sign_in_link_without_opening_it_does_not_use_it(server: Server) -> None:
    """Programs that preview links ask for the head of the page only."""
    path = server.login_path()
    looked = server.visitor().request("HEAD", path)
    assert looked.status == 200
    assert not looked.headers.get_all("Set-Cookie")
    assert server.visitor().post(path).status == 303


def test_the_session_cookie_is_for_the_desk_only(server: Server) -> None:
    """No script may read it, no other site sends it with a form, and pages of the desk are not
    kept by the browser.
    """
    page = server.visitor().post(server.login_path())
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=" in cookie
    assert page.headers["Cache-Control"] == "no-store"


def test_a_made_up_link_opens_nothing(server: Server) -> None:
    for token in ("x", "0" * 43, "%00"):
        assert server.visitor().post(f"/redaction/entrer/{token}/").status in (403, 404)


def test_a_link_is_made_for_editors_only(server: Server) -> None:
    done = server.run("login", "inconnu@example.org")
    assert done.returncode != 0
    assert "VIGIE_EDITORS" in done.stderr
    assert server.run("login", EDITORS[0].upper()).returncode == 0


def test_who_signs_out_is_out_wherever_the_cookie_is(server: Server) -> None:
    visitor = server.editor()
    copy = dict(visitor.cookies)
    left = visitor.submit(visitor.get("/redaction/"), "/sortir/", {})
    assert left.status == 303
    visitor.cookies = copy
    assert visitor.get("/redaction/").status == 403


# Links by mail


@pytest.fixture
def mailed(state: Path, clock: SetClock) -> Iterator[tuple[Mailbox, Gateway, Visitor]]:
    with Mailbox() as box:
        settings = {"VIGIE_SMTP_URL": box.url, "VIGIE_EDITORS": f"{EDITORS[0]}:admin,{EDITORS[1]}"}
        with serving(state, clock, **settings) as (gateway, visitor):
            yield box, gateway, visitor


def ask(gateway: Gateway, visitor: Visitor, address: str) -> Page:
    page = visitor.get("/redaction/")
    told = visitor.submit(page, "/redaction/entrer/", {"address": address})
    assert gateway.post
    gateway.post.work()
    return told


def link_in(message: EmailMessage) -> str:
    return urlsplit(re.findall(r"http\S+/redaction/entrer/\S+", message.get_content())[0]).path


def test_an_editor_gets_a_link_by_mail(mailed: tuple[Mailbox, Gateway, Visitor]) -> None:
    box, gateway, visitor = mailed
    told = ask(gateway, visitor, f" {EDITORS[0].upper()} ")
    assert told.status == 200 and "un lien est parti" in told.words
    [message] = box.wait_for(1)
    assert message["To"] == EDITORS[0]
    link = link_in(message)
    assert visitor.submit(visitor.get(link), link, {}).status == 303
    assert visitor.get("/redaction/").status == 200


def test_whoever_asks_learns_nothing_of_who_is_an_editor(
    mailed: tuple[Mailbox, Gateway, Visitor],
) -> None:
    box, gateway, visitor = mailed
    said = {ask(gateway, visitor, to).text for to in (EDITORS[1], "zoe@exemple.org", "a@b")}
    assert len(said) == 1
    assert [message["To"] for message in box.wait_for(1)] == [EDITORS[1]]
    wrong = visitor.submit(visitor.get("/redaction/"), "/redaction/entrer/", {"address": "zoe"})
    assert wrong.status == 422 and "Écrivez votre adresse" in wrong.words
    for hostile in (f"{EDITORS[0]}\r\nBcc: x@x.example", "a" * 9999 + "@b.example", "@", "\0@x"):
        assert ask(gateway, visitor, hostile).status == 200
    assert len(box.messages) == 1


def test_nobody_floods_an_editor_with_links(
    mailed: tuple[Mailbox, Gateway, Visitor], clock: SetClock
) -> None:
    box, gateway, visitor = mailed
    for _ in range(9):
        assert "un lien est parti" in ask(gateway, visitor, EDITORS[0]).words
    assert len(box.wait_for(5)) == 5
    clock.move(minutes=61)
    ask(gateway, visitor, EDITORS[0])
    assert len(box.wait_for(6)) == 6


def test_a_link_that_could_not_be_sent_in_time_is_not_sent(
    mailed: tuple[Mailbox, Gateway, Visitor], clock: SetClock
) -> None:
    box, gateway, visitor = mailed
    box.fail("450 later")
    ask(gateway, visitor, EDITORS[0])
    clock.move(minutes=16)
    box.mend()
    assert gateway.post
    gateway.post.work()
    assert box.received == []


def test_a_session_begins_anew_and_another_site_begins_none(
    mailed: tuple[Mailbox, Gateway, Visitor],
) -> None:
    _, gateway, visitor = mailed
    visitor.cookies["vigie-desk"] = "chosen-by-somebody"
    link = f"/redaction/entrer/{gateway.store.create_login(EDITORS[0])}/"
    crossed = visitor.request("POST", link, "", {"Sec-Fetch-Site": "cross-site"})
    assert crossed.status == 403 and "vigie-desk" not in str(crossed.headers)
    assert visitor.post(link).status == 303
    assert visitor.cookies["vigie-desk"] != "chosen-by-somebody"


# Sessions


def entered(gateway: Gateway, visitor: Visitor, address: str) -> Visitor:
    editor = Visitor(visitor.port)
    assert editor.post(f"/redaction/entrer/{gateway.store.create_login(address)}/").status == 303
    return editor


def test_an_editor_closes_their_own_sessions_and_an_administrator_everybodys(
    mailed: tuple[Mailbox, Gateway, Visitor],
) -> None:
    _, gateway, visitor = mailed
    admin, phone = (entered(gateway, visitor, EDITORS[0]) for _ in range(2))
    reviewer = entered(gateway, visitor, EDITORS[1])
    page = reviewer.get("/redaction/compte/")
    assert page.words.count("Sortir") == 1, "their own only"
    [session] = gateway.store.sessions(EDITORS[1])
    of_others = [one.id for one in gateway.store.sessions(EDITORS[0])]
    for id in of_others:
        told = [("_csrf", reviewer.csrf()), ("session", id)]
        reviewer.post("/redaction/compte/fermer/", told)
    assert admin.get("/redaction/").status == phone.get("/redaction/").status == 200
    shown = admin.get("/redaction/compte/")
    assert shown.status == 200 and EDITORS[1] not in shown.text
    told = [("_csrf", admin.csrf()), ("session", session.id)]
    assert admin.post("/redaction/compte/fermer/", told).status == 303
    assert reviewer.get("/redaction/").status == 403
    unused = gateway.store.create_login(EDITORS[0])
    told = [("_csrf", phone.csrf()), ("session", "all")]
    assert phone.post("/redaction/compte/fermer/", told).status == 303
    assert admin.get("/redaction/").status == phone.get("/redaction/").status == 403
    assert visitor.post(f"/redaction/entrer/{unused}/").status == 403
