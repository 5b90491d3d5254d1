"""Writing through the API: trees, commits, references, pull requests, labels."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from github3.exceptions import NotFoundError, UnprocessableEntity

from tests.contrib_gateway.ledger import git
from tests.github import GitHub
from tests.github.driving import ask, commit, propose

BRANCH = "contribution/need/wifi-a1"
NEW = {"content/needs/wifi.md": "Du wifi à l’étage\n"}


def test_a_proposal_is_in_the_bare_repository(github: GitHub, repository: Any) -> None:
    pull = propose(repository, BRANCH, NEW)
    shown = git(github.repository, "show", f"{BRANCH}:content/needs/wifi.md")
    assert shown == "Du wifi à l’étage"
    assert git(github.repository, "show", f"{BRANCH}:content/site.yaml") == "name: Vigie"
    assert git(github.repository, "rev-parse", f"refs/pull/{pull.number}/head") == pull.head.sha
    assert (pull.number, pull.user.login, pull.state) == (1, "vigie-bot", "open")
    assert pull.created_at.isoformat() == "2026-11-23T18:30:00+00:00"


def test_a_reference_is_made_once_and_moved_forward_only(github: GitHub, repository: Any) -> None:
    first = commit(repository, NEW)
    other = commit(repository, {"content/needs/other.md": "x"})
    repository.create_ref(f"refs/heads/{BRANCH}", first)
    with pytest.raises(UnprocessableEntity, match="Reference already exists"):
        repository.create_ref(f"refs/heads/{BRANCH}", first)
    reference = repository.ref(f"heads/{BRANCH}")
    with pytest.raises(UnprocessableEntity, match="Update is not a fast forward"):
        reference.update(other)
    assert reference.update(other, force=True)
    assert git(github.repository, "rev-parse", BRANCH) == other
    reference.delete()
    with pytest.raises(UnprocessableEntity, match="Reference does not exist"):
        reference.delete()
    with pytest.raises(NotFoundError):
        repository.ref(f"heads/{BRANCH}")


def test_a_branch_cannot_be_below_another(repository: Any) -> None:
    repository.create_ref("refs/heads/contribution", commit(repository, NEW))
    with pytest.raises(UnprocessableEntity):
        repository.create_ref(f"refs/heads/{BRANCH}", commit(repository, NEW))


def test_references_are_found_by_the_beginning_of_their_name(
    github: GitHub, repository: Any
) -> None:
    for name in ("contribution/need/a-1", "contribution/need/b-2", "contribution/actor/c-3"):
        repository.create_ref(f"refs/heads/{name}", commit(repository, NEW))
    found = ask(github, "GET", "/git/matching-refs/heads/contribution/need/").json()
    assert [each["ref"].rpartition("/")[2] for each in found] == ["a-1", "b-2"]
    assert ask(github, "GET", "/git/matching-refs/heads/nothing").json() == []


def test_a_tree_takes_files_by_name_by_content_and_away(github: GitHub, repository: Any) -> None:
    blob = repository.create_blob(base64.b64encode(b"\x00\xff").decode(), "base64")
    main = repository.ref("heads/main").object.sha
    tree = repository.create_tree(
        [
            {"path": "content/images/a.png", "mode": "100644", "type": "blob", "sha": blob},
            {"path": "content/needs/first.md", "mode": "100644", "type": "blob", "sha": None},
        ],
        repository.git_commit(main).tree.sha,
    )
    files = [entry.path for entry in tree.recurse().tree if entry.type == "blob"]
    assert files == ["README.md", "content/images/a.png", "content/site.yaml"]
    assert repository.blob(blob).size == 2
    assert base64.b64decode(repository.blob(blob).content) == b"\x00\xff"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"path": "a", "sha": "0" * 40}, "is not a valid blob"),
        ({"path": "content/../a", "content": ""}, "malformed path"),
        ({"path": ".git/config", "content": ""}, "malformed path"),
        ({"path": "content/needs/none.md", "sha": None}, "GitRPC::BadObjectState"),
        ({"path": "a"}, "Must supply"),
    ],
)
def test_a_bad_tree_is_refused(repository: Any, entry: dict[str, Any], message: str) -> None:
    main = repository.ref("heads/main").object.sha
    base = repository.git_commit(main).tree.sha
    with pytest.raises(UnprocessableEntity, match=message):
        repository.create_tree([{"mode": "100644", "type": "blob"} | entry], base)


def test_a_commit_keeps_its_author_and_is_the_bots_by_default(repository: Any) -> None:
    main = repository.ref("heads/main").object.sha
    tree = repository.git_commit(main).tree.sha
    plain = repository.create_commit("Plain", tree, [main])
    assert plain.author["name"] == plain.committer["name"] == "vigie-bot"
    assert plain.author["date"] == "2026-11-23T18:30:00Z"
    author = {"name": "Léa", "email": "l@example.org", "date": "2026-01-02T03:04:05+01:00"}
    signed = repository.create_commit("Signed", tree, [main], author=author)
    assert signed.author["name"] == signed.committer["name"] == "Léa"
    assert signed.author["date"] == "2026-01-02T02:04:05Z"
    with pytest.raises(UnprocessableEntity, match="Tree SHA does not exist"):
        repository.create_commit("None", "0" * 40, [main])
    with pytest.raises(UnprocessableEntity, match="Parent SHA"):
        repository.create_commit("None", tree, ["0" * 40])


def test_a_second_pull_request_for_a_branch_is_refused(repository: Any) -> None:
    propose(repository, BRANCH, NEW)
    with pytest.raises(UnprocessableEntity) as refused:
        repository.create_pull("Again", "main", f"vigie:{BRANCH}")
    assert refused.value.message == "Validation Failed"
    message = f"A pull request already exists for vigie:{BRANCH}."
    assert [error["message"] for error in refused.value.errors] == [message]


def test_a_pull_request_needs_a_branch_and_commits(repository: Any) -> None:
    with pytest.raises(UnprocessableEntity) as refused:
        repository.create_pull("None", "main", f"vigie:{BRANCH}")
    assert refused.value.errors[0]["field"] == "head"
    repository.create_ref(f"refs/heads/{BRANCH}", repository.ref("heads/main").object.sha)
    with pytest.raises(UnprocessableEntity) as refused:
        repository.create_pull("None", "main", f"vigie:{BRANCH}")
    assert refused.value.errors[0]["message"] == f"No commits between main and {BRANCH}"


def test_a_label_is_defined_once_and_put_on_a_pull_request(github: GitHub, repository: Any) -> None:
    with pytest.raises(NotFoundError):
        repository.label("contribution")
    repository.create_label("contribution", "0e8a16", "From a form")
    with pytest.raises(UnprocessableEntity) as refused:
        repository.create_label("Contribution", "0e8a16")
    assert refused.value.errors[0]["code"] == "already_exists"
    pull = propose(repository, BRANCH, NEW)
    path = f"/issues/{pull.number}/labels"
    ask(github, "POST", path, json={"labels": ["contribution", "never defined"]})
    labels = [label.name for label in repository.issue(pull.number).labels()]
    assert labels == ["contribution", "never defined"]
    assert repository.label("never defined").color == "ededed"


def test_numbers_are_shared_with_issues(github: GitHub, repository: Any) -> None:
    assert github.open_issue("nadia", "A question") == 1
    assert propose(repository, BRANCH, NEW).number == 2
    assert repository.issue(1).pull_request_urls is None
    assert repository.issue(2).pull_request().number == 2
    with pytest.raises(NotFoundError):
        repository.pull_request(1)


def test_a_field_that_is_missing_is_refused_and_broken_json_too(github: GitHub) -> None:
    asked = ask(github, "POST", "/git/refs", json={"ref": "refs/heads/a"})
    assert (asked.status_code, asked.json()["message"]) == (
        422,
        'Invalid request.\n\n"sha" wasn\'t supplied.',
    )
    asked = ask(github, "POST", "/git/refs", data="{")
    assert (asked.status_code, asked.json()["message"]) == (400, "Problems parsing JSON")
    github.violations.clear()
