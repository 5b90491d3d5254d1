"""Who may open what at the desk: nobody without a session, and some pages administrators only."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contrib_gateway.app import create_app
from contrib_gateway.gateway import Gateway, assemble
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import EDITORS, settings_for

ADMIN, REVIEWER = EDITORS
OPEN = ("entrer/", "fil/", "courriel/")  # opened by a secret in the address, or asking for one


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    state = tmp_path_factory.mktemp("roles") / "state"
    editors = f"{ADMIN}:admin,{REVIEWER}"
    gateway = assemble(settings_for(state, VIGIE_EDITORS=editors), SetClock())
    yield gateway
    gateway.store.close()


@pytest.fixture(scope="module")
def app(gateway: Gateway) -> Flask:
    return create_app(gateway)


def signed_in(gateway: Gateway, app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    link = f"/redaction/entrer/{gateway.store.create_login(address)}/"
    assert client.post(link).status_code == 303
    return client


def desk_routes(app: Flask) -> Iterator[tuple[str, str, bool]]:
    """Method, address and whether it is for administrators, of every page of the desk."""
    for rule in app.url_map.iter_rules():
        below = rule.rule.partition("/redaction/")[2]
        if "/redaction/" not in rule.rule or below.startswith(OPEN):
            continue
        guarded = inspect.getclosurevars(app.view_functions[rule.endpoint]).nonlocals
        path = re.sub("<[^>]*>", "x", rule.rule)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            yield method, path, bool(guarded["admin"])  # a page without the gate has no such thing


def test_without_a_session_every_page_of_the_desk_is_closed(app: Flask) -> None:
    routes = list(desk_routes(app))
    assert len(routes) > 20
    for method, path, _ in routes:
        answer = app.test_client().open(path, method=method, data={"_csrf": "x"})
        assert answer.status_code == 403, (method, path)


def test_what_is_for_administrators_is_closed_to_other_editors(
    gateway: Gateway, app: Flask
) -> None:
    """By its address, with their own session and its token: 403, and for an administrator not."""
    for method, path, for_admins in desk_routes(app):
        if not for_admins:
            continue
        for address, closed in ((REVIEWER, True), (ADMIN, False)):
            client = signed_in(gateway, app, address)
            page = client.get("/redaction/compte/").text
            token = re.findall(r'name="_csrf" value="([0-9a-f]+)"', page)[0]
            answer = client.open(path, method=method, data={"_csrf": token})
            assert (answer.status_code == 403) is closed, (method, path, address)


def test_each_editor_is_told_their_role(gateway: Gateway, app: Flask) -> None:
    told = {ADMIN: "à l’administration", REVIEWER: "de la rédaction"}
    for address, words in told.items():
        assert words in signed_in(gateway, app, address).get("/redaction/compte/").text
