"""The desk in states that a morning does not pass: axe finds nothing, a phone is wide enough."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from contrib_gateway.app import create_app
from contrib_gateway.gateway import assemble
from contrib_gateway.guards import stop_secret
from contrib_gateway.settings import Settings
from plugins.schema import Document, choosing
from tests.contrib_gateway.crowds import change, wait
from tests.contrib_gateway.running import copied_state
from tests.stories.conftest import Built
from tests.stories.test_accessibility import EDITOR, LONG, Stage, enter, inspect, look, page

FIXTURES = (page,)
DESK = "/redaction/"


@pytest.fixture(scope="module")
def stage(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A gateway that sends mail, and does nothing by itself; its site is there."""
    state = copied_state(built.state, tmp_path_factory.mktemp("states") / "state")
    settings = {
        "VIGIE_STATE": str(state),
        "PORT": str(built.port),
        "VIGIE_EDITORS": f"{EDITOR}:admin",
        "VIGIE_SMTP_URL": "smtp://127.0.0.1:9",
    }
    gateway = assemble(Settings.from_environ(settings))
    server = make_server("127.0.0.1", built.port, create_app(gateway), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Stage(gateway, f"http://127.0.0.1:{built.port}")
    server.shutdown()
    thread.join()


@pytest.fixture
def desk(stage: Stage, page: Page) -> Page:
    enter(page, stage)
    return page


def unfolded(page: Page, name: str) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    inspect(page, f"{name}, unfolded")


def needs(stage: Stage) -> tuple[Document, ...]:
    return stage.gateway.library.index.of("need")


def proposed(stage: Stage, id: str, **more: str) -> str:
    """One more proposal; the same, if it is there already."""
    if not stage.gateway.store.find(id):
        wait(stage.gateway, id, data={"title": f"{LONG} {id}"}, signed_as=LONG, **more)
        stage.gateway.worker.open(id)
    return f"{DESK}{id}/"


def test_nothing_waits_and_nothing_was_done(stage: Stage, desk: Page) -> None:
    look(desk, stage, DESK, f"{DESK}?etat=dead", f"{DESK}journal/", "/en/redaction/")
    look(desk, stage, f"{DESK}fiches/retirees/", f"{DESK}ensemble/", f"{DESK}ensemble/bilan/")


def test_how_an_editor_is_told(stage: Stage, desk: Page) -> None:
    stage.gateway.store.renew_feed(EDITOR)
    stage.gateway.store.wish_daily(EDITOR, "fr", True)
    look(desk, stage, f"{DESK}compte/", "/en/redaction/compte/")
    assert ".atom" in desk.locator(".keep-link").inner_text()
    secret = stop_secret(stage.gateway.settings.secret_key, EDITOR)
    look(desk, stage, f"{DESK}courriel/{secret}/")
    desk.locator("main button").click()
    inspect(desk, "no daily mail any more")


def test_a_conflict_is_solved_in_the_form(stage: Stage, desk: Page) -> None:
    before = needs(stage)[0]
    if not stage.gateway.store.find("clash"):
        change(stage.gateway, "clash", before, title=f"Ce qui est proposé {LONG}")
        stage.gateway.worker.open("clash")
        stage.change(before, title=f"Ce que le site dit {LONG}")
    look(desk, stage, f"{DESK}clash/", f"{DESK}clash/corriger/")
    assert desk.locator(".clashes").count() == 1
    desk.fill("[name=title]", "")
    desk.locator("main form button[type=submit]").last.click()
    inspect(desk, "a correction with an error")
    desk.fill("[name=title]", f"Ce qui sera {LONG}")
    desk.locator("main form button[type=submit]").last.click()
    inspect(desk, "a correction to be read over")


def test_several_together_of_which_some_are_not_safe(stage: Stage, desk: Page) -> None:
    paths = [proposed(stage, "plain"), proposed(stage, "asked")]
    proposed(stage, "aside", held="screening links")
    stage.gateway.store.ask("asked", "Marie", LONG)
    ids = "&".join(f"id={id}" for id in ("plain", "asked", "aside", "clash"))
    look(desk, stage, *paths, f"{DESK}ensemble/?{ids}")
    for box in desk.get_by_role("checkbox").all():
        box.check()
    desk.get_by_role("button", name="Ne pas retenir ce qui est coché").click()
    inspect(desk, "why several are declined")
    desk.get_by_role("button", name="Ne pas retenir", exact=True).click()
    expect(desk).to_have_title(re.compile("^Erreur"))
    inspect(desk, "no reason")
    look(
        desk, stage, f"{DESK}ensemble/bilan/?r=plain.done&r=asked.asked&r=aside.held&r=clash.clash"
    )


def test_what_became_of_a_publication(stage: Stage, desk: Page) -> None:
    gateway, path = stage.gateway, proposed(stage, "out")
    if gateway.store.find("out").decided_at is None:
        gateway.desk.publish("out", "Marie")
    look(desk, stage, f"{path}?suite=1", f"{path}?suite=0")
    unfolded(desk, "on its way online")
    number = gateway.store.start_build("0" * 40)
    gateway.store.finish_build(number, ok=False, log=f"content/needs/{LONG}.md — {LONG}\n" * 9)
    look(desk, stage, path, DESK)
    unfolded(desk, "a failed build")
    gateway.store.mark_online(["out"])
    look(desk, stage, path)
    back = proposed(stage, "back")
    if gateway.store.find("back").decided_at is None:
        gateway.desk.publish("back", "Marie")
        gateway.desk.undo("back", "Marie", f"Trop tôt. {LONG}")
    look(
        desk,
        stage,
        back,
        f"{DESK}journal/",
        f"{DESK}journal/?qui=Marie",
        f"{DESK}journal/?qui={LONG}",
    )


def test_the_lists_of_choices_and_what_their_changes_would_do(stage: Stage, desk: Page) -> None:
    index = stage.gateway.library.index
    terms = index.vocabularies["themes"].terms
    used = max(terms, key=lambda key: len(choosing(index, "themes", key)))
    unused = min(terms, key=lambda key: len(choosing(index, "themes", key)))
    themes = f"{DESK}vocabulaires/themes/"
    look(desk, stage, f"{DESK}vocabulaires/", themes, f"{themes}termes/{used}/")
    unfolded(desk, "a choice")
    for verb, asked in (
        ("ajouter", {"fr": LONG, "en": LONG}),
        ("nommer", {"terme": used, "fr": LONG, "en": ""}),
        ("nommer", {"terme": used, "fr": ""}),
        ("cle", {"terme": used, "cle": LONG.lower()}),
        ("cle", {"terme": used, "cle": unused}),
        ("reunir", {"terme": used, "garde": unused}),
        ("retirer", {"terme": used}),
        ("retirer", {"terme": unused}),
    ):
        look(desk, stage, f"{themes}{verb}/?{urlencode(asked)}")


def test_the_versions_of_a_page_and_what_was_taken_off(stage: Stage, desk: Page) -> None:
    page = stage.gateway.library.index.of("initiative")[0]
    if "Un autre" not in page.title:
        stage.change(page, title=f"Un autre nom {LONG}")
    for path in (f"{DESK}fiches/{page.ref}/gerer/", f"{DESK}fiches/{page.ref}/versions/"):
        look(desk, stage, path)
        unfolded(desk, path)
    look(desk, stage, f"{DESK}fiches/initiative/nouvelle/", f"{DESK}fiches/{page.ref}/")
    for group in stage.gateway.library.index.of("group"):
        look(desk, stage, f"/{group.url}")
