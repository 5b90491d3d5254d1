"""Webhooks: what happens is told, signed, whoever did it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.github import GitHub
from tests.github.driving import Clone, ask, propose
from tests.github.wire import Request, Response, Wire

SECRET = "a shared secret"
BRANCH = "contribution/need/wifi-a1"


@pytest.fixture
def heard(github: GitHub) -> Iterator[list[Request]]:
    """Every delivery, in order."""
    received: list[Request] = []

    def take(request: Request) -> Response:
        received.append(request)
        return Response(204)

    wire = Wire(0)
    wire.listen(take)
    github.webhook = (f"http://127.0.0.1:{wire.port}/webhooks/github", SECRET)
    yield received
    github.hooks.wait()
    wire.close()


def told(github: GitHub, heard: list[Request]) -> list[tuple[str, str]]:
    """Event and action of each delivery until now, which are then forgotten."""
    github.hooks.wait()
    found = [(r.headers["x-github-event"], json.loads(r.body).get("action", "")) for r in heard]
    heard.clear()
    return found


def test_what_the_bot_does_is_told(github: GitHub, repository: Any, heard: list[Request]) -> None:
    pull = propose(repository, BRANCH, {"content/a.md": "a\n"})
    ask(github, "POST", f"/issues/{pull.number}/labels", json={"labels": ["contribution"]})
    assert told(github, heard) == [
        ("push", ""),
        ("pull_request", "opened"),
        ("pull_request", "labeled"),
    ]
    pull.create_comment("Bonjour")
    pull.close()
    pull.reopen()
    pull.merge(merge_method="squash")
    assert told(github, heard) == [
        ("issue_comment", "created"),
        ("pull_request", "closed"),
        ("pull_request", "reopened"),
        ("pull_request", "closed"),
        ("push", ""),
    ]


def test_what_people_do_is_told_with_their_login(
    github: GitHub, repository: Any, heard: list[Request]
) -> None:
    pull = propose(repository, BRANCH, {"content/a.md": "a\n"})
    told(github, heard)
    github.comment(pull.number, "nadia", "Et le lieu ?", association="MEMBER")
    github.review(pull.number, "nadia", "Bien", "APPROVED")
    github.merge_as(pull.number, "nadia", "Nadia Roy")
    github.hooks.wait()
    comment, review, closed, push = (json.loads(request.body) for request in heard)
    assert comment["comment"]["author_association"] == "MEMBER"
    assert comment["issue"]["pull_request"]["url"].endswith("/pulls/1")
    assert review["review"]["state"] == "approved"  # in small letters, only here
    assert closed["pull_request"]["merged"] is True
    assert (push["ref"], len(push["commits"])) == ("refs/heads/main", 2)
    assert {event["sender"]["login"] for event in (comment, review, closed, push)} == {"nadia"}


def test_a_push_by_git_is_told_once_it_is_seen(
    github: GitHub, repository: Any, clone: Clone, heard: list[Request]
) -> None:
    pull = propose(repository, BRANCH, {"content/a.md": "a\n"})
    clone.git("fetch", "--quiet")
    clone.git("switch", "--quiet", BRANCH)
    after = clone.write("content/a.md", "b\n")
    clone.git("push", "--quiet")
    told(github, heard)
    repository.ref("heads/main")
    github.hooks.wait()
    push, synchronize = (json.loads(request.body) for request in heard)
    assert (push["before"], push["after"]) == (pull.head.sha, after)
    assert (synchronize["action"], synchronize["after"]) == ("synchronize", after)


def test_deliveries_are_signed_and_sent_again_with_the_same_id(
    github: GitHub, repository: Any, heard: list[Request]
) -> None:
    propose(repository, BRANCH, {"content/a.md": "a\n"})
    github.redeliver()
    github.hooks.wait()
    first, again = heard[-2:]
    assert first.body == again.body
    assert first.headers["x-github-delivery"] == again.headers["x-github-delivery"]
    signed = hmac.new(SECRET.encode(), first.body, hashlib.sha256).hexdigest()
    assert first.headers["x-hub-signature-256"] == f"sha256={signed}"


def test_nobody_listening_is_no_matter(github: GitHub, repository: Any) -> None:
    github.webhook = ("http://127.0.0.1:9/", SECRET)
    propose(repository, BRANCH, {"content/a.md": "a\n"})
    github.hooks.wait()
    assert {status for _, status in github.hooks.deliveries} == {0}
