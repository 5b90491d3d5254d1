"""What is read: trees, comparisons, archives, lists by pages, and nothing when nothing changed."""

from __future__ import annotations

import http.client
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
import requests
from github3.exceptions import ForbiddenError, NotFoundError

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.ledger import git
from tests.github import GitHub
from tests.github.conftest import FIRST
from tests.github.driving import Clone, ask, commit, connect, propose

BRANCH = "contribution/need/wifi-a1"
FIRST_FILE = "content/needs/first.md"


def test_a_recursive_tree_is_truncated_at_a_limit(github: GitHub, repository: Any) -> None:
    whole = ask(github, "GET", "/git/trees/main", params={"recursive": "1"}).json()
    assert [entry["path"] for entry in whole["tree"]] == [
        *("README.md", "content", "content/needs", FIRST_FILE, "content/site.yaml")
    ]
    assert (whole["tree"][3]["size"], whole["truncated"]) == (len(FIRST), False)
    github.state.tree_limit = 3
    part = ask(github, "GET", "/git/trees/main", params={"recursive": "false"}).json()
    assert (len(part["tree"]), part["truncated"]) == (3, True)
    assert [entry.path for entry in repository.tree(whole["sha"]).tree] == ["README.md", "content"]


def test_a_comparison_is_of_what_the_branch_did(
    github: GitHub, repository: Any, clone: Clone
) -> None:
    """Not of what happened on main meanwhile: three dots."""
    base = repository.ref("heads/main").object.sha
    clone.git("switch", "--quiet", "--create", "work")
    clone.git("mv", FIRST_FILE, "content/needs/renamed.md")
    clone.write("content/needs/new.md", "New\n")
    clone.git("rm", "--quiet", "content/site.yaml")
    head = clone.write("content/needs/new.md", "New and longer\n")
    clone.git("push", "--quiet", "origin", "work")
    repository.ref("heads/main").update(commit(repository, {"content/meanwhile.md": "x\n"}))
    found = ask(github, "GET", "/compare/main...work").json()
    assert found["merge_base_commit"]["sha"] == base
    assert (found["status"], found["ahead_by"], found["behind_by"]) == ("diverged", 2, 1)
    assert [each["sha"] for each in found["commits"]][-1] == head
    assert {file["filename"]: file["status"] for file in found["files"]} == {
        "content/needs/new.md": "added",
        "content/needs/renamed.md": "renamed",
        "content/site.yaml": "removed",
    }
    (renamed,) = [file for file in found["files"] if file["status"] == "renamed"]
    assert renamed["previous_filename"] == FIRST_FILE
    assert repository.compare_commits("main", "main").status == "identical"
    github.state.file_limit = 2
    assert len(ask(github, "GET", "/compare/main...work").json()["files"]) == 2


def test_what_has_no_common_history_cannot_be_compared(repository: Any, clone: Clone) -> None:
    clone.git("switch", "--quiet", "--orphan", "elsewhere")
    clone.write("alien.md", "From nowhere\n")
    clone.git("push", "--quiet", "origin", "elsewhere")
    with pytest.raises(NotFoundError, match="No common ancestor"):
        repository.compare_commits("main", "elsewhere")
    with pytest.raises(NotFoundError):
        repository.compare_commits("main", "nothing")


def test_the_archive_is_reached_through_a_redirection(
    github: GitHub, repository: Any, tmp_path: Path
) -> None:
    asked = ask(github, "GET", "/tarball/heads/main", allow_redirects=False)
    assert (asked.status_code, asked.content) == (302, b"")
    assert asked.headers["Location"].startswith(f"{github.url}/codeload/")
    packed = io.BytesIO()
    assert repository.archive("tarball", packed, "main")
    packed.seek(0)
    top = f"vigie-territoire-{git(github.repository, 'rev-parse', 'main')[:7]}"
    with tarfile.open(fileobj=packed) as tar:
        assert f"{top}/{FIRST_FILE}" in tar.getnames()
        read = tar.extractfile(f"{top}/content/site.yaml")
        assert read and read.read() == b"name: Vigie\n"


def test_a_commit_shows_what_it_changed(repository: Any) -> None:
    sha = commit(repository, {FIRST_FILE: FIRST + "line 31\n"})
    shown = repository.commit(sha)
    assert (shown.additions, shown.deletions, shown.files[0]["filename"]) == (1, 0, FIRST_FILE)
    assert shown.files[0]["patch"].endswith("+line 31")
    assert shown.author["login"] == "vigie-bot"
    assert repository.commit("main").author is None  # an address of nobody's account


def test_the_commits_of_a_file_are_those_that_git_log_shows(
    github: GitHub, repository: Any, clone: Clone
) -> None:
    """Of a merge, the side that brought it; a list by pages, the newest first."""
    clone.git("switch", "--quiet", "--create", "work")
    clone.write(FIRST_FILE, "Changed\n")
    clone.git("switch", "--quiet", "main")
    clone.write("content/meanwhile.md", "x\n")
    clone.git("merge", "--quiet", "--no-ff", "-m", "Merge", "work")
    clone.git("rm", "--quiet", FIRST_FILE)
    clone.git("commit", "--quiet", "-m", "Take it off")
    clone.write(FIRST_FILE, "Back\n")
    clone.git("push", "--quiet", "origin", "main")
    expected = clone.git("log", "--format=%H", "--", FIRST_FILE).split()
    query = {"sha": clone.git("rev-parse", "HEAD"), "path": FIRST_FILE, "per_page": 3}
    asked = ask(github, "GET", "/commits", params=query)
    assert [each["sha"] for each in asked.json()] == expected[:3]
    assert "next" in asked.links and len(expected) == 4
    assert ask(github, "GET", "/commits", params={"path": "nowhere"}).json() == []
    assert ask(github, "GET", "/commits", params={"path": "x", "sha": "no"}).status_code == 404


def test_the_files_and_commits_of_a_pull_request(repository: Any) -> None:
    pull = propose(repository, BRANCH, {"content/needs/a.md": "a\n", FIRST_FILE: None})
    statuses = [(file.filename, file.status, file.sha is not None) for file in pull.files()]
    assert statuses == [
        ("content/needs/a.md", "added", True),
        (FIRST_FILE, "removed", True),
    ]
    assert [each.sha for each in pull.commits()] == [pull.head.sha]


def test_lists_go_on_where_their_link_says(github: GitHub, repository: Any) -> None:
    sha = commit(repository, {"content/a.md": "a\n"})
    for number in range(5):
        repository.create_ref(f"refs/heads/c/{number}", sha)
        repository.create_pull("One", "main", f"vigie:c/{number}")
    asked = ask(github, "GET", "/pulls", params={"per_page": 2, "state": "all"})
    assert set(asked.links) == {"next", "last"}
    assert "/repositories/" in asked.links["next"]["url"]
    numbers = [pull.number for pull in repository.pull_requests(state="all")]
    assert numbers == [5, 4, 3, 2, 1]
    read, found = asked, []
    while True:
        found += [each["number"] for each in read.json()]
        if "next" not in read.links:
            break
        read = requests.get(read.links["next"]["url"], timeout=10)
    assert found == numbers


def test_a_head_without_its_owner_does_not_filter(github: GitHub, repository: Any) -> None:
    for name in ("a-1", "b-2"):
        propose(repository, f"contribution/need/{name}", {f"content/{name}.md": "a\n"})
    found = repository.pull_requests(head="vigie:contribution/need/b-2")
    assert [pull.number for pull in found] == [2]
    assert len(list(repository.pull_requests(head="contribution/need/b-2"))) == 2
    assert list(repository.pull_requests(head="somebody:contribution/need/b-2")) == []


def test_what_did_not_change_is_not_sent_again_nor_counted(github: GitHub, repository: Any) -> None:
    first = ask(github, "GET", "/git/ref/heads/main")
    left = int(first.headers["X-RateLimit-Remaining"])
    again = ask(
        github, "GET", "/git/ref/heads/main", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    repository.ref("heads/main").update(commit(repository, {"content/a.md": "a\n"}))
    moved = ask(
        github, "GET", "/git/ref/heads/main", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert moved.status_code == 200
    assert left - int(moved.headers["X-RateLimit-Remaining"]) == 7  # of eight calls


def test_the_rate_is_told_and_held(tmp_path: Path, seed: Path, clock: SetClock) -> None:
    with GitHub(tmp_path / "limited.git", seed, clock=clock, rate_limit=3) as github:
        repository = connect(github)
        reset = int(clock.now.timestamp()) + 3600
        told = ask(github, "GET", "/labels").headers
        assert [told[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")] == [
            *("3", "1", str(reset))
        ]
        assert list(repository.labels()) == []
        with pytest.raises(ForbiddenError, match="rate limit exceeded") as refused:
            repository.ref("heads/main")
        assert refused.value.response.headers["X-RateLimit-Remaining"] == "0"
        assert repository.ratelimit_remaining == 0
        clock.move(hours=1)
        repository.ref("heads/main")


def test_a_call_needs_a_user_agent_and_a_token_that_is_known(github: GitHub) -> None:
    connection = http.client.HTTPConnection(github.url.removeprefix("http://"))
    connection.request("GET", "/api/v3/repos/vigie/territoire/labels")
    assert connection.getresponse().status == 403
    connection.close()
    bad = ask(github, "GET", "/labels", headers={"Authorization": "token wrong"})
    assert (bad.status_code, bad.json()["message"]) == (401, "Bad credentials")
    nobody = ask(github, "POST", "/labels", json={"name": "a"}, headers={"Authorization": ""})
    assert (nobody.status_code, nobody.json()["message"]) == (401, "Requires authentication")


def test_errors_are_in_githubs_shape(github: GitHub) -> None:
    missing = ask(github, "GET", "/git/ref/heads/nothing")
    assert missing.headers["Content-Type"] == "application/json; charset=utf-8"
    assert missing.json() == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }
