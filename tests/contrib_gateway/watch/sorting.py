"""The inbox of the watch at the hands of an editor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from contrib_gateway.store import Story
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.inprocess import Editor, open_gateway
from tests.contrib_gateway.running import sample_content
from tests.contrib_gateway.watch.stories import Told, find, story
from tests.pages import Element, parse

WATCH = "/redaction/veille/"
SOURCE = """\
---
title: La lettre des tiers-lieux
site: https://lettre.example/
why: Ce qui se fait ailleurs.
id: lettre1
lang: fr
created: 2026-01-02
updated: 2026-01-02
---
"""
WHY = "Une structure d’ici peut s’en servir dès demain."


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = sample_content(tmp_path_factory.mktemp("content"))
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "lettre.md").write_text(SOURCE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory, content: Path) -> Iterator[Editor]:
    state = tmp_path_factory.mktemp("inbox") / "state"
    gateway = open_gateway(state, content, SetClock())
    yield Editor(gateway)
    gateway.store.close()


@pytest.fixture(autouse=True)
def emptied(editor: Editor) -> None:
    with editor.gateway.store._writing() as connection:
        for table in ("items", "clusters", "turns", "submissions", "feeds"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 — our own names


def told(editor: Editor, *items: Told, suggested: tuple[str, ...] = ()) -> Story:
    gateway = editor.gateway
    return story(gateway.store, *items, suggested=suggested, now=gateway.clock())


def now(editor: Editor, one: Story) -> Story:
    return find(editor.gateway.store, one.id)


def page(editor: Editor, path: str = "") -> Element:
    answer = editor.get(WATCH + path)
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def titles(editor: Editor, path: str = "") -> list[str]:
    return [h.text.strip() for h in page(editor, path).all("h3", **{"class": "story-title"})]


def press(editor: Editor, verb: str, path: str = "", **more: str) -> TestResponse:
    """A button of the list's form, with all that the form holds."""
    form = page(editor, path).one("form", id="tri")
    hidden = [
        (i.attributes["name"], i.attributes["value"])
        for i in form.all("input")
        if i.attributes["type"] == "hidden"
    ]
    action = form.attributes["action"]
    return editor.post(action, [*hidden, ("do", verb), *more.items()])


def sent(editor: Editor, one: Story, action: str, *answers: tuple[str, str]) -> TestResponse:
    """A form of a story's page."""
    form = next(
        f
        for f in page(editor, f"{one.id}/").all("form", method="post")
        if f.attributes["action"].partition("?")[0] == f"{WATCH}{action}"
    )
    hidden = [
        (i.attributes["name"], i.attributes["value"])
        for i in form.all("input")
        if i.attributes["type"] == "hidden"
    ]
    return editor.post(f"{WATCH}{action}", [*hidden, *answers])


def followed(editor: Editor, answer: TestResponse) -> Element:
    assert answer.status_code == 303, answer.text
    return parse(editor.get(answer.headers["Location"]).text)


def csrf(editor: Editor) -> str:
    return re.findall(r'name="_csrf" value="([0-9a-f]+)"', editor.get("/redaction/compte/").text)[0]
