"""What people push with git is seen at the next call."""

from __future__ import annotations

from typing import Any

import pytest
from github3.exceptions import UnprocessableEntity

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.ledger import git
from tests.github import GitHub
from tests.github.driving import Clone, propose

BRANCH = "contribution/need/wifi-a1"
NEW = {"content/needs/wifi.md": "Du wifi\n"}


def test_a_push_to_the_branch_moves_the_head(
    repository: Any, clone: Clone, clock: SetClock
) -> None:
    pull = propose(repository, BRANCH, NEW)
    clone.git("fetch", "--quiet")
    clone.git("switch", "--quiet", BRANCH)
    clock.move(minutes=5)
    pushed = clone.write("content/needs/wifi.md", "Du wifi et du thé\n")
    clone.git("push", "--quiet")
    seen = repository.pull_request(pull.number)
    assert (seen.head.sha, seen.state, seen.commits_count) == (pushed, "open", 2)
    assert seen.updated_at == clock.now
    assert repository.ref(f"pull/{pull.number}/head").object.sha == pushed


@pytest.mark.parametrize("squashing", [False, True])
def test_a_merge_by_hand_merges_the_pull_request(
    repository: Any, clone: Clone, squashing: bool
) -> None:
    """Not a squash made by hand, of which git knows nothing."""
    pull = propose(repository, BRANCH, NEW)
    clone.write("content/other.md", "Meanwhile\n")
    clone.git("fetch", "--quiet")
    if squashing:
        clone.git("merge", "--quiet", "--squash", f"origin/{BRANCH}")
        clone.git("commit", "--quiet", "--message", "Squashed by hand")
    else:
        clone.git("merge", "--quiet", "--no-ff", "--message", "By hand", f"origin/{BRANCH}")
    landed = clone.git("rev-parse", "HEAD")
    clone.write("content/later.md", "Afterwards\n")
    clone.git("push", "--quiet", "origin", "HEAD:main")
    seen = repository.pull_request(pull.number)
    if squashing:
        assert (seen.state, seen.merged) == ("open", False)
    else:
        assert (seen.state, seen.merged, seen.merge_commit_sha) == ("closed", True, landed)
        assert (seen.merged_by.login, seen.merged_by.type) == ("nadia", "User")


def test_a_merge_and_the_end_of_the_branch_in_one_push_is_a_merge(
    repository: Any, clone: Clone
) -> None:
    pull = propose(repository, BRANCH, NEW)
    clone.git("fetch", "--quiet")
    clone.git("merge", "--quiet", "--ff-only", f"origin/{BRANCH}")
    clone.git("push", "--quiet", "origin", "HEAD:main", f":{BRANCH}")
    assert repository.pull_request(pull.number).merged


def test_a_branch_that_is_gone_closes_the_pull_request(
    github: GitHub, repository: Any, clone: Clone
) -> None:
    pull = propose(repository, BRANCH, NEW)
    clone.git("push", "--quiet", "origin", f":{BRANCH}")
    seen = repository.pull_request(pull.number)
    assert (seen.state, seen.merged) == ("closed", False)
    assert list(repository.pull_requests(head=f"vigie:{BRANCH}", state="open")) == []
    assert [p.number for p in repository.pull_requests(head=f"vigie:{BRANCH}", state="all")] == [1]
    assert [file.filename for file in seen.files()] == ["content/needs/wifi.md"]


def test_a_branch_pushed_back_to_main_closes_the_pull_request(
    repository: Any, clone: Clone
) -> None:
    pull = propose(repository, BRANCH, NEW)
    clone.git("push", "--quiet", "--force", "origin", f"HEAD:{BRANCH}")
    seen = repository.pull_request(pull.number)
    assert (seen.state, seen.merged) == ("closed", False)


def test_packed_references_are_read_too(github: GitHub, repository: Any, clone: Clone) -> None:
    pull = propose(repository, BRANCH, NEW)
    git(github.repository, "pack-refs", "--all")
    assert repository.pull_request(pull.number).state == "open"
    clone.git("push", "--quiet", "origin", f":{BRANCH}")
    assert repository.pull_request(pull.number).state == "closed"


def test_a_branch_without_common_history_cannot_be_proposed(repository: Any, clone: Clone) -> None:
    clone.git("switch", "--quiet", "--orphan", "elsewhere")
    clone.write("content/needs/alien.md", "From nowhere\n")
    clone.git("push", "--quiet", "origin", f"HEAD:{BRANCH}")
    with pytest.raises(UnprocessableEntity) as refused:
        repository.create_pull("Alien", "main", f"vigie:{BRANCH}")
    assert "no history in common with main" in refused.value.errors[0]["message"]


def test_a_person_proposes_a_branch_or_from_a_fork(
    github: GitHub, repository: Any, clone: Clone
) -> None:
    """A fork's branch may have any name: that of one of ours too."""
    ours = propose(repository, BRANCH, NEW)
    clone.git("switch", "--quiet", "--create", "idea")
    theirs = clone.write("content/needs/theirs.md", "Not ours\n")
    clone.git("push", "--quiet", "origin", "idea")
    assert github.open_pull("nadia", "idea", "An idea") == 2
    clone.git("push", "--quiet", "origin", "--delete", "idea")
    number = github.open_pull("stranger", BRANCH, "Publish me", fork_commit=theirs)
    seen = repository.pull_request(number)
    assert (seen.user.login, seen.head.label) == ("stranger", f"stranger:{BRANCH}")
    assert seen.head.repository.full_name == "stranger/territoire"
    assert [p.number for p in repository.pull_requests(head=f"vigie:{BRANCH}")] == [ours.number]
    assert [p.number for p in repository.pull_requests(head=f"stranger:{BRANCH}")] == [number]
    assert repository.ref(f"pull/{number}/head").object.sha == theirs
    github.merge_as(number, "nadia", "Nadia Roy")
    assert repository.pull_request(ours.number).state == "open"
