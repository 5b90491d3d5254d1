"""Faults strike at the call they are planned for, and do what they say."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from github3.exceptions import (
    AuthenticationFailed,
    ClientError,
    Conflict,
    ForbiddenError,
    GitHubException,
    MethodNotAllowed,
    NotFoundError,
    ServerError,
    UnexpectedResponse,
    UnprocessableEntity,
)
from github3.exceptions import (
    ConnectionError as Broken,
)

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.ledger import git
from tests.github import Fault, GitHub, Kind
from tests.github.driving import commit, connect, propose

BRANCH = "contribution/need/wifi-a1"
NEW = {"content/needs/wifi.md": "Du wifi\n"}


@pytest.mark.parametrize(
    ("kind", "raised", "message"),
    [
        (Kind.ERROR, ServerError, "Server Error"),
        (Kind.BAD_GATEWAY, ServerError, "Server Error"),
        (Kind.UNAVAILABLE, ServerError, "Service unavailable"),
        (Kind.RATE_LIMIT, ForbiddenError, "API rate limit exceeded"),
        (Kind.SECONDARY, ForbiddenError, "secondary rate limit"),
        (Kind.SECONDARY_MUTE, ForbiddenError, "secondary rate limit"),
        (Kind.TOO_MANY, ClientError, "secondary rate limit"),
        (Kind.UNAUTHORIZED, AuthenticationFailed, "Bad credentials"),
        (Kind.FORBIDDEN, ForbiddenError, "Resource not accessible by integration"),
        (Kind.NOT_FOUND, NotFoundError, "Not Found"),
        (Kind.EXISTS, UnprocessableEntity, "Reference already exists"),
        (Kind.MOVED_HEAD, Conflict, "Head branch was modified"),
        (Kind.MOVED_BASE, MethodNotAllowed, "Base branch was modified"),
        (Kind.REFUSED, Broken, "connection-level"),
    ],
)
def test_nothing_is_done_when_the_answer_says_so(
    github: GitHub, repository: Any, kind: Kind, raised: type[GitHubException], message: str
) -> None:
    sha = commit(repository, NEW)
    github.faults.plan(Fault(kind, call="create_ref"))
    with pytest.raises(raised, match=message):
        repository.create_ref(f"refs/heads/{BRANCH}", sha)
    assert git(github.repository, "branch", "--list", BRANCH) == ""
    repository.create_ref(f"refs/heads/{BRANCH}", sha)


def test_limits_say_when_to_come_back_or_do_not(
    github: GitHub, repository: Any, clock: SetClock
) -> None:
    def refused(kind: Kind) -> Any:
        github.faults.plan(Fault(kind, retry_after=7))
        with pytest.raises(GitHubException) as refusal:
            repository.ref("heads/main")
        return refusal.value.response.headers

    assert refused(Kind.SECONDARY)["Retry-After"] == "7"
    assert refused(Kind.TOO_MANY)["Retry-After"] == "7"
    assert "Retry-After" not in refused(Kind.SECONDARY_MUTE)
    primary = refused(Kind.RATE_LIMIT)
    assert primary["X-RateLimit-Remaining"] == "0"
    assert int(primary["X-RateLimit-Reset"]) == int(clock.now.timestamp()) + 3600


@pytest.mark.parametrize(
    ("kind", "raised"),
    [(Kind.HALF_JSON, UnexpectedResponse), (Kind.CUT, Exception), (Kind.LOST, Broken)],
)
def test_the_work_is_done_though_the_answer_is_spoilt(
    github: GitHub, repository: Any, kind: Kind, raised: type[Exception]
) -> None:
    sha = commit(repository, NEW)
    github.faults.plan(Fault(kind, call="create_ref"))
    with pytest.raises(raised):
        repository.create_ref(f"refs/heads/{BRANCH}", sha)
    assert git(github.repository, "rev-parse", BRANCH) == sha


@pytest.mark.parametrize(("kind", "done"), [(Kind.HANG, ""), (Kind.LATE, BRANCH)])
def test_an_answer_is_held_until_it_is_released(
    github: GitHub, repository: Any, kind: Kind, done: str
) -> None:
    sha = commit(repository, NEW)
    fault = github.faults.plan(Fault(kind, call="create_ref"))
    failed: list[Exception] = []

    def create() -> None:
        try:
            connect(github).create_ref(f"refs/heads/{BRANCH}", sha)
        except Broken as error:
            failed.append(error)

    asking = threading.Thread(target=create)
    asking.start()
    fault.wait_struck()
    assert repository.ref("heads/main")  # others are answered meanwhile
    fault.release()
    asking.join(timeout=10)
    assert len(failed) == 1
    assert git(github.repository, "branch", "--format=%(refname:short)", "--list", BRANCH) == done


def test_a_fault_waits_for_its_call_and_strikes_as_often_as_it_says(
    github: GitHub, repository: Any
) -> None:
    fault = github.faults.plan(Fault(Kind.ERROR, method="GET", path="*/git/ref/*", nth=2, times=2))
    outcomes = []
    for _ in range(5):
        try:
            repository.ref("heads/main")
            outcomes.append("answered")
        except ServerError:
            outcomes.append("failed")
    assert outcomes == ["answered", "failed", "failed", "answered", "answered"]
    assert fault.struck == 2


def test_calls_have_short_names(github: GitHub, repository: Any) -> None:
    always = github.faults.plan(Fault(Kind.ERROR, call="find_pull", times=None))
    propose(repository, BRANCH, NEW)
    assert len(list(repository.pull_requests())) == 1
    for _ in range(3):
        with pytest.raises(ServerError):
            list(repository.pull_requests(head=f"vigie:{BRANCH}"))
    assert always.struck == 3
    github.faults.clear()
    assert list(repository.pull_requests(head=f"vigie:{BRANCH}"))


def test_nobody_listens_while_it_is_away(github: GitHub, repository: Any) -> None:
    repository.ref("heads/main")
    with github.away(), pytest.raises(Broken):
        repository.ref("heads/main")
    assert repository.ref("heads/main")


def test_every_exchange_is_recorded(github: GitHub, repository: Any) -> None:
    github.calls.clear()
    github.faults.plan(Fault(Kind.LOST, call="create_tree"))
    with pytest.raises(Broken):
        commit(repository, NEW)
    propose(repository, BRANCH, NEW)
    assert ("POST", "/repos/vigie/territoire/git/trees", 0) in github.calls
    assert ("POST", "/repos/vigie/territoire/pulls", 201) in github.calls
    assert github.creating == 5
