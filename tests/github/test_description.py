"""What GitHub's own description does not know is found, whoever says it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.github import GitHub
from tests.github.description import MISSING
from tests.github.driving import ask, propose
from tests.github.exchange import Answer, Call
from tests.github.fetch import Trimmer
from tests.github.routes.site import Route, Site
from tests.github.schema import Checker

BRANCH = "contribution/need/wifi-a1"


@pytest.fixture
def github(tmp_path: Path, seed: Path) -> Iterator[GitHub]:
    """Where violations are expected."""
    with GitHub(tmp_path / "github.git", seed) as started:
        if not started.validating:
            pytest.skip(MISSING)
        yield started


@pytest.mark.parametrize(
    ("asked", "body", "found"),
    [
        ("GET /pulls?state=opened", None, "query.state: $: 'opened' is not one of"),
        ("GET /pulls?per_page=many", None, "query.per_page: $: 'many' is not of type 'integer'"),
        ("GET /pulls?author=nadia", None, "unknown query parameter 'author'"),
        ("GET /pulls/one", None, "path.pull_number: $: 'one' is not of type 'integer'"),
        ("GET /git/refs", None, "asked for something the server does not know"),
        ("POST /labels", {"name": "a", "colour": "f00"}, "unknown property 'colour'"),
        ("POST /labels", {"color": "f00"}, "$: 'name' is a required property"),
        ("POST /labels", {"name": 1}, "$.name: 1 is not of type 'string'"),
        ("POST /labels", None, "no body"),
        ("POST /issues/1/labels", ["a"], "is not valid under any of the given schemas"),
        ("PUT /pulls/1/merge", {"merge_method": "fast"}, "'fast' is not one of"),
        ("PATCH /pulls/1", {"state": "merged"}, "'merged' is not one of"),
        ("POST /git/trees", {"tree": [{"path": "a", "mode": "644"}]}, "'644' is not one of"),
    ],
)
def test_what_a_client_may_not_ask_is_found(
    github: GitHub, repository: Any, asked: str, body: Any, found: str
) -> None:
    propose(repository, BRANCH, {"content/a.md": "a\n"})
    assert github.violations == []
    ask(github, *asked.split(), json=body)
    assert any(found in violation for violation in github.violations), github.violations


def test_what_is_outside_the_api_is_found(github: GitHub, repository: Any) -> None:
    repository.session.get(f"{github.url}/repos/vigie/territoire")
    assert github.violations == [
        "GET /repos/vigie/territoire: asked for something the server does not know"
    ]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ({"number": "1"}, "$.number: '1' is not of type 'integer'"),
        ({"state": "merged"}, "$.state: 'merged' is not one of"),
        ({"url": "/pulls/1"}, "$.url: '/pulls/1' is not a 'uri'"),
        ({"created_at": "yesterday"}, "$.created_at: 'yesterday' is not a 'date-time'"),
        ({"user": None}, "$.user: None is not of type 'object'"),
        ({"reviewed": True}, "unknown property 'reviewed'"),
        ({"title": ...}, "$: 'title' is a required property"),
    ],
)
def test_what_the_server_may_not_answer_is_found(
    github: GitHub, repository: Any, planted: dict[str, Any], found: str
) -> None:
    propose(repository, BRANCH, {"content/a.md": "a\n"})
    answer = ask(github, "GET", "/pulls/1").json() | planted
    answer = {name: value for name, value in answer.items() if value is not ...}
    checker = Checker.load()
    assert checker
    template = "/repos/{owner}/{repo}/pulls/{pull_number}"
    call = Call("GET", "/repos/vigie/territoire/pulls/1", {}, {}, template=template)
    (violation,) = checker.answer(call, Answer(200, answer))
    assert found in violation
    assert checker.answer(call, Answer(202, answer)) == [
        "answer 202 to GET /repos/vigie/territoire/pulls/1: a status that is not described"
    ]


def test_lists_are_looked_at_item_by_item(github: GitHub, repository: Any) -> None:
    propose(repository, BRANCH, {"content/a.md": "a\n"})
    (item,) = ask(github, "GET", "/pulls").json()
    checker = Checker.load()
    assert checker
    template = "/repos/{owner}/{repo}/pulls"
    call = Call("GET", "/repos/vigie/territoire/pulls", {}, {}, template=template)
    assert checker.answer(call, Answer(200, [item])) == []
    planted = item | {"number": "2", "reviewed": True}
    wrong, unknown = checker.answer(call, Answer(200, [item, planted]))
    assert "$[1].number: '2' is not of type 'integer'" in wrong
    assert "unknown property 'reviewed'" in unknown


def test_a_failure_of_the_server_itself_is_found(
    github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(site: Site, call: Call) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setattr(Route, "handler", property(lambda self: fail), raising=False)
    assert ask(github, "GET", "/labels").status_code == 500
    assert "ZeroDivisionError" in github.violations[0]


def test_the_description_is_trimmed_to_what_is_used() -> None:
    """And its `nullable`, which JSON Schema does not know, becomes the type null."""
    whole = {
        "info": {"version": "1"},
        "paths": {
            "/a": {
                "get": {
                    "parameters": [{"$ref": "#/components/parameters/p"}],
                    "responses": {"200": {"$ref": "#/components/responses/r"}},
                },
                "delete": {},
            },
        },
        "components": {
            "parameters": {"p": {"name": "p", "in": "query", "schema": {"type": "integer"}}},
            "responses": {
                "r": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/one"}}
                    }
                }
            },
            "schemas": {
                "one": {
                    "type": "object",
                    "description": "Prose",
                    "properties": {
                        "description": {"type": "string", "nullable": True},
                        "state": {"type": "string", "enum": ["open"], "nullable": True},
                        "any": {"allOf": [{"type": "string"}], "nullable": True},
                        "self": {"$ref": "#/components/schemas/one"},
                    },
                },
                "unused": {"type": "string"},
            },
        },
    }
    trimmed = Trimmer(whole).trim([("GET", "/a")])
    assert trimmed["operations"]["GET /a"]["answers"] == {
        "200": {"$ref": "urn:github#/schemas/one"}
    }
    assert trimmed["schemas"] == {
        "one": {
            "type": "object",
            "properties": {
                "description": {"type": ["string", "null"]},
                "state": {"type": ["string", "null"], "enum": ["open", None]},
                "any": {"anyOf": [{"allOf": [{"type": "string"}]}, {"type": "null"}]},
                "self": {"$ref": "urn:github#/schemas/one"},
            },
        }
    }
