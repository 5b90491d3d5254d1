"""The log: lines that a program can read, and not a word of what anybody wrote."""

from __future__ import annotations

import ast
import io
import json
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contrib_gateway.app import create_app
from contrib_gateway.builder import PROJECT
from contrib_gateway.gateway import Gateway
from contrib_gateway.logs import FIELDS, JsonLines, Plain
from contrib_gateway.store import State
from plugins.schema import Audience
from tests.contrib_gateway.inprocess import Editor, Person, open_gateway
from tests.contrib_gateway.running import sample_content
from tests.contrib_gateway.strangers import required

CANARY = "canari"
TYPED = ("text", "paragraph", "markdown")
SECRETS = ("suivi", "entrer", "fil", "courriel")


class Heard:
    """What is logged, as `vigie serve` writes it and as a terminal shows it."""

    def __init__(self) -> None:
        self.lines, self.plain = io.StringIO(), io.StringIO()

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines.getvalue().splitlines()]

    def events(self, event: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record["event"] == event]

    def assert_discreet(self) -> None:
        for text in (self.lines.getvalue(), self.plain.getvalue()):
            assert CANARY not in text.lower(), text
            for secret in SECRETS:
                assert f"/{secret}/" not in text.replace(f"/{secret}/<", "")


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard, root, ours = Heard(), logging.getLogger(), logging.getLogger("contrib_gateway")
    levels = root.level, ours.level
    handlers = [logging.StreamHandler(heard.lines), logging.StreamHandler(heard.plain)]
    handlers[0].setFormatter(JsonLines())
    handlers[1].setFormatter(Plain())
    root.setLevel(logging.DEBUG)  # whatever a library may ever say
    for handler in handlers:
        root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield heard
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = open_gateway(tmp_path / "state", sample_content(tmp_path / "content"))
    yield gateway
    gateway.store.close()


@pytest.fixture
def person(gateway: Gateway) -> Person:
    return Person(gateway)


def everywhere(person: Person, form: str = "need") -> list[tuple[str, str]]:
    """Answers with the canary in each field where words may be typed."""
    content_type = person.gateway.library.schema.types[form]
    given = required(content_type, person)
    for field in content_type.form_fields(Audience.PUBLIC):
        if field.kind.name in TYPED:
            given[field.name] = f"Un {CANARY} dans {field.name}"
        elif field.kind.name == "email":
            given[field.name] = f"{CANARY}@example.org"
    return [*given.items(), ("body", f"Le {CANARY} chante."), (CANARY, CANARY)]


def accepted(person: Person) -> str:
    id = person.contribute("need", everywhere(person))
    found = person.gateway.store.find(id)
    assert found
    told = [found.title, found.body, found.signed_as, str(found.private.get("contact"))]
    assert all(CANARY in words for words in told), told
    return id


@contextmanager
def database(gateway: Gateway) -> Iterator[sqlite3.Connection]:
    """The file of the database in somebody else's hands."""
    connection = sqlite3.connect(gateway.settings.state / "vigie.sqlite")
    yield connection
    connection.commit()
    connection.close()


def test_a_submission_is_told_by_its_id_from_its_arrival_to_its_publication(
    person: Person, gateway: Gateway, heard: Heard
) -> None:
    id = accepted(person)
    Editor(gateway).publish(id)
    assert [record["submission"] for record in heard.events("accepted")] == [id]
    moves = [(record["submission"], record["state"]) for record in heard.events("moved")]
    assert moves == [(id, "proposed"), (id, "published")]
    heard.assert_discreet()


def test_strangers_can_make_nothing_be_logged(person: Person, heard: Heard) -> None:
    shouted = dict.fromkeys(("User-Agent", "Referer", "Cookie", "X-Forwarded-For"), CANARY)
    for path in (f"/{CANARY}/", f"/contribuer/{CANARY}/?{CANARY}", f"/suivi/{CANARY}/", "/%00"):
        for method in ("GET", "POST", CANARY.upper()):
            person.client.open(path, method=method, headers=shouted, data={CANARY: CANARY})
    person.post(f"/redaction/entrer/{CANARY}/")
    heard.assert_discreet()


def test_a_surprise_in_a_page_is_logged_with_its_place_and_nothing_of_what_was_typed(
    person: Person, gateway: Gateway, heard: Heard
) -> None:
    class Broken:
        def read(self, form: str, text: str) -> None:
            raise ValueError(f"the {CANARY} is not a ticket") from KeyError(CANARY)

    broken = replace(gateway, tickets=Broken())  # type: ignore[arg-type]
    client = create_app(broken).test_client()
    answer = client.post("/contribuer/need/?q=" + CANARY, data=dict(everywhere(person)))
    assert answer.status_code == 500
    [told] = heard.events("could not be answered")
    assert (told["route"], told["method"], told["status"]) == ("/contribuer/<name>/", "POST", 500)
    assert told["fault"] == "ValueError < KeyError"
    assert told["frames"][0] == "Traceback of ValueError"
    assert any(frame.endswith("Broken.read") for frame in told["frames"])
    assert "Traceback" in heard.plain.getvalue()
    heard.assert_discreet()


def test_a_surprise_in_the_queue_names_the_submission_and_is_tried_again(
    person: Person, gateway: Gateway, heard: Heard
) -> None:
    id = accepted(person)
    with database(gateway) as connection:  # bytes where there was text: nobody expects that
        connection.execute("UPDATE submissions SET signed_as = ?", (CANARY.encode(),))
    gateway.worker.open(id)
    [told] = heard.events("could not be proposed")
    assert told["submission"] == id
    assert told["frames"][0].startswith("Traceback of ")
    [again] = heard.events("will be tried again")
    assert (again["submission"], again["attempts"], again["level"]) == (id, 1, "warning")
    heard.assert_discreet()


def test_a_silent_forge_costs_one_line_for_each_attempt(
    person: Person, gateway: Gateway, heard: Heard
) -> None:
    id = accepted(person)
    forge = gateway.settings.state / "forge.git"
    forge.rename(forge.with_suffix(".away"))
    gateway.worker.open(id)
    assert [told["submission"] for told in heard.events("will be tried again")] == [id]
    found = gateway.store.find(id)
    assert found
    assert found.state is State.QUEUED
    heard.assert_discreet()
    assert "Traceback" not in heard.lines.getvalue()


def test_a_broken_database_is_told_in_its_own_words_only(
    person: Person, gateway: Gateway, heard: Heard
) -> None:
    review = person.read_over("need", everywhere(person))
    with database(gateway) as connection:
        connection.execute("ALTER TABLE submissions RENAME TO elsewhere")
    assert person.confirm(review).status_code == 503
    [told] = heard.events("could not be answered")
    assert told["fault"].startswith(
        "StoreUnavailable: the database: no such table: submissions < OperationalError"
    )
    assert "frames" not in told
    heard.assert_discreet()


def test_a_failed_build_is_told_by_its_commit_and_number(
    person: Person, gateway: Gateway, heard: Heard
) -> None:
    content = gateway.settings.state / "content"
    content.parent.mkdir(exist_ok=True)
    content.write_text("not a folder")
    assert not gateway.builder.build()
    [told] = heard.events("could not be built")
    last = gateway.store.last_build()
    assert last
    assert last.log
    assert (told["commit"], told["build"]) == (last.commit, last.number)
    assert last.log not in heard.lines.getvalue()


def test_what_nobody_caught_is_a_line_like_any_other() -> None:
    script = (
        "import sys, threading, warnings\n"
        "from contrib_gateway.logs import write_lines\n"
        "write_lines(sys.stderr)\n"
        f"def sing(): raise ValueError('{CANARY}')\n"
        "thread = threading.Thread(target=sing); thread.start(); thread.join()\n"
        f"warnings.warn('{CANARY}')\n"
        "sing()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert CANARY not in done.stderr
    thread, _, last = [json.loads(line) for line in done.stderr.splitlines()]
    assert thread["fault"] == last["fault"] == "ValueError"
    assert thread["frames"][-1] == "<string>:4 sing"


def test_every_event_is_a_constant_and_every_field_is_known() -> None:
    """Else a stranger's words might be written, or a field be dropped without a sound."""
    for source in (PROJECT / "contrib_gateway").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if not isinstance(node.func.value, ast.Name) or node.func.value.id != "log":
                continue
            where = f"{source.name}:{node.lineno}"
            given = node.args[1:] if node.func.attr == "log" else node.args
            assert [type(argument) for argument in given] == [ast.Constant], where
            for keyword in node.keywords:
                keys = keyword.value.keys if isinstance(keyword.value, ast.Dict) else []
                assert {getattr(key, "value", None) for key in keys} <= set(FIELDS), where
