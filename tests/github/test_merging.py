"""The merge of a pull request: by the API, and by the green button."""

from __future__ import annotations

from typing import Any

import pytest
from github3.exceptions import Conflict, MethodNotAllowed, UnprocessableEntity

from tests.contrib_gateway.ledger import git
from tests.github import GitHub
from tests.github.conftest import FIRST
from tests.github.driving import ask, commit, propose

BRANCH = "contribution/need/first-a1"
FILE = "content/needs/first.md"
TOP = {FILE: FIRST.replace("line 1\n", "the first line\n")}
BOTTOM = {FILE: FIRST.replace("line 30\n", "the last line\n")}
OTHER_TOP = {FILE: FIRST.replace("line 1\n", "another first line\n")}


def test_a_squash_is_one_commit_with_both_sides_changes(github: GitHub, repository: Any) -> None:
    pull = propose(repository, BRANCH, TOP)
    repository.ref("heads/main").update(commit(repository, BOTTOM))
    main = git(github.repository, "rev-parse", "main")
    done = ask(
        github,
        "PUT",
        f"/pulls/{pull.number}/merge",
        json={
            "merge_method": "squash",
            "commit_title": "A title",
            "commit_message": "Details",
            "sha": pull.head.sha,
        },
    ).json()
    assert done["merged"] and done["sha"] == git(github.repository, "rev-parse", "main")
    shown = git(github.repository, "show", f"main:{FILE}")
    assert shown.startswith("the first line\n") and shown.endswith("the last line")
    assert git(github.repository, "log", "-1", "--format=%P %an %cn %B", "main") == (
        f"{main} vigie-bot GitHub A title\n\nDetails"
    )
    merged = repository.pull_request(pull.number)
    assert (merged.merged, merged.state, merged.merge_commit_sha) == (True, "closed", done["sha"])
    assert repository.issue(pull.number).closed_by.login == "vigie-bot"
    assert [file.filename for file in merged.files()] == [FILE]


def test_the_default_words_of_a_squash_are_githubs(github: GitHub, repository: Any) -> None:
    pull = propose(repository, BRANCH, TOP)
    pull.merge(merge_method="squash")
    assert git(github.repository, "log", "-1", "--format=%B", "main") == "Proposal (#1)"


def test_changes_to_the_same_lines_are_not_mergeable(github: GitHub, repository: Any) -> None:
    pull = propose(repository, BRANCH, TOP)
    repository.ref("heads/main").update(commit(repository, OTHER_TOP))
    assert repository.pull_request(pull.number).mergeable is None
    again = repository.pull_request(pull.number)
    assert (again.mergeable, again.mergeable_state) == (False, "dirty")
    with pytest.raises(MethodNotAllowed, match="Pull Request is not mergeable"):
        pull.merge(merge_method="squash")
    assert repository.pull_request(pull.number).state == "open"


def test_whether_it_is_mergeable_is_not_known_at_first(repository: Any) -> None:
    pull = propose(repository, BRANCH, TOP)
    assert repository.pull_request(pull.number).mergeable is None
    known = repository.pull_request(pull.number)
    assert (known.mergeable, known.merged) == (True, False)
    # A test merge, on no branch: it says nothing of a merge.
    assert repository.git_commit(known.merge_commit_sha).parents[1]["sha"] == pull.head.sha


def test_a_head_that_moved_is_not_merged(repository: Any) -> None:
    pull = propose(repository, BRANCH, TOP)
    with pytest.raises(Conflict, match="Head branch was modified"):
        pull.merge(merge_method="squash", sha="0" * 40)


def test_what_is_closed_or_merged_cannot_be_merged(repository: Any) -> None:
    closed = propose(repository, BRANCH, TOP)
    assert closed.close()
    with pytest.raises(MethodNotAllowed):
        closed.merge()
    merged = propose(repository, "contribution/need/other-b2", BOTTOM)
    assert merged.merge()
    with pytest.raises(MethodNotAllowed):
        merged.merge()


def test_the_green_button_makes_a_merge_commit_of_that_person(
    github: GitHub, repository: Any
) -> None:
    pull = propose(repository, BRANCH, TOP)
    landed = github.merge_as(pull.number, "nadia", "Nadia Roy")
    assert git(github.repository, "log", "-1", "--format=%H %an %s", "main") == (
        f"{landed} Nadia Roy Merge pull request #1 from vigie/{BRANCH}"
    )
    merged = repository.pull_request(pull.number)
    assert (merged.merged_by.login, merged.merge_commit_sha) == ("nadia", landed)
    assert repository.ref(f"heads/{BRANCH}").object.sha == pull.head.sha


def test_branches_may_be_deleted_on_merge(github: GitHub, repository: Any) -> None:
    github.state.delete_branch_on_merge = True
    pull = propose(repository, BRANCH, TOP)
    pull.merge(merge_method="squash")
    assert git(github.repository, "branch", "--format=%(refname:short)") == "main"
    assert repository.pull_request(pull.number).merged
    assert repository.ref(f"pull/{pull.number}/head").object.sha == pull.head.sha


def test_a_closed_one_is_opened_again_while_its_branch_is_there(
    github: GitHub, repository: Any
) -> None:
    pull = propose(repository, BRANCH, TOP)
    github.close(pull.number, "nadia")
    assert repository.issue(pull.number).closed_by.login == "nadia"
    assert pull.reopen() and pull.state == "open"
    pull.close()
    repository.ref(f"heads/{BRANCH}").delete()
    with pytest.raises(UnprocessableEntity) as refused:
        pull.reopen()
    assert f"The {BRANCH} branch has been deleted." in refused.value.errors[0]["message"]


def test_a_stacked_proposal_is_merged_with_the_one_above_it(
    github: GitHub, repository: Any
) -> None:
    below = propose(repository, BRANCH, TOP)
    name = "contribution/need/stacked-b2"
    sha = commit(repository, {"content/needs/second.md": "x\n"}, base=BRANCH)
    repository.create_ref(f"refs/heads/{name}", sha)
    above = repository.create_pull("Above", "main", f"vigie:{name}")
    github.merge_as(above.number, "nadia", "Nadia Roy")
    assert repository.pull_request(below.number).merged
