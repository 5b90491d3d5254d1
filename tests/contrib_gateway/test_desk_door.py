"""The review desk opens to editors only, and acts only on what they themselves pressed."""

from __future__ import annotations

import pytest

from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.running import EDITORS, Server
from tests.contrib_gateway.visitor import Visitor, answers, id_of

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


def test_a_sign_in_link_works_once(server: Server) -> None:
    """A second person who follows it is told so; the first may follow it again by mistake."""
    link = server.login_path()
    first, second = server.visitor(), server.visitor()
    assert first.get(link).status == 303
    refused = second.get(link)
    assert refused.status == 403
    assert "Ce lien n’ouvre plus" in refused.words
    assert not second.cookies
    assert first.get(link).status == 303
    assert first.get("/redaction/").status == 200


def test_looking_at_a_sign_in_link_without_opening_it_does_not_use_it(server: Server) -> None:
    """Programs that preview links ask for the head of the page only."""
    path = server.login_path()
    looked = server.visitor().request("HEAD", path)
    assert looked.status == 200
    assert not looked.headers.get_all("Set-Cookie")
    assert server.visitor().get(path).status == 303


def test_the_session_cookie_is_for_the_desk_only(server: Server) -> None:
    """No script may read it, no other site sends it with a form, and pages of the desk are not
    kept by the browser.
    """
    page = server.visitor().get(server.login_path())
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=" in cookie
    assert page.headers["Cache-Control"] == "no-store"


def test_a_made_up_link_opens_nothing(server: Server) -> None:
    for token in ("x", "0" * 43, "%00", "..%2f"):
        assert server.visitor().get(f"/redaction/entrer/{token}/").status in (403, 404)


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
