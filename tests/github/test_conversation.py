"""What people say on github.com, and what the bot says to them."""

from __future__ import annotations

from typing import Any

import pytest
from github3.exceptions import UnprocessableEntity

from tests.contrib_gateway.clocks import SetClock
from tests.github import GitHub
from tests.github.driving import ask, propose

BRANCH = "contribution/need/wifi-a1"
FILE = "content/needs/wifi.md"


@pytest.fixture
def pull(repository: Any) -> Any:
    return propose(repository, BRANCH, {FILE: "Du wifi\n"})


def test_comments_come_with_who_their_author_is_here(
    github: GitHub, repository: Any, pull: Any
) -> None:
    github.comment(pull.number, "nadia", "Et le lieu ?", association="MEMBER")
    github.comment(pull.number, "passer-by", "**Spam**", association="NONE")
    answered = pull.create_comment("Merci <b>")
    found = list(repository.issue(pull.number).comments())
    assert [(each.user.login, each.author_association, each.body) for each in found] == [
        ("nadia", "MEMBER", "Et le lieu ?"),
        ("passer-by", "NONE", "**Spam**"),
        ("vigie-bot", "CONTRIBUTOR", "Merci <b>"),
    ]
    assert answered.body_html == "<p>Merci &lt;b&gt;</p>"
    assert answered.edit("Merci beaucoup")
    assert list(repository.issue(pull.number).comments())[-1].body == "Merci beaucoup"


def test_comments_are_listed_since_a_date(github: GitHub, clock: SetClock, pull: Any) -> None:
    github.comment(pull.number, "nadia", "Before")
    clock.move(hours=1)
    since = clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    github.comment(pull.number, "nadia", "After")
    path = f"/issues/{pull.number}/comments"
    found = ask(github, "GET", path, params={"since": since}).json()
    assert [each["body"] for each in found] == ["After"]


def test_reviews_have_a_verdict(github: GitHub, pull: Any) -> None:
    github.review(pull.number, "nadia", "Bien", "APPROVED", association="MEMBER")
    github.review(pull.number, "karim", "Non", "CHANGES_REQUESTED")
    pull.create_review("Je regarde", event="COMMENT")
    found = [(each.user.login, each.state, each.author_association) for each in pull.reviews()]
    assert found == [
        ("nadia", "APPROVED", "MEMBER"),
        ("karim", "CHANGES_REQUESTED", "COLLABORATOR"),
        ("vigie-bot", "COMMENTED", "CONTRIBUTOR"),
    ]


def test_nobody_approves_what_they_proposed(pull: Any) -> None:
    with pytest.raises(UnprocessableEntity) as refused:
        pull.create_review("Parfait", event="APPROVE")
    assert refused.value.errors == ["Can not approve your own pull request"]


def test_comments_on_lines_are_reviews_too(github: GitHub, pull: Any) -> None:
    github.comment_line(pull.number, "nadia", "Lequel ?", FILE, line=1)
    said = pull.create_review_comment("Celui-ci", pull.head.sha, FILE, 1)
    assert (said.path, said.position, said.commit_id) == (FILE, 1, pull.head.sha)
    assert [each.body for each in pull.review_comments()] == ["Lequel ?", "Celui-ci"]
    assert [each.state for each in pull.reviews()] == ["COMMENTED", "COMMENTED"]
    with pytest.raises(UnprocessableEntity):
        pull.create_review_comment("Où ?", pull.head.sha, "content/site.yaml", 1)


def test_whatever_happens_to_it_moves_its_date(
    github: GitHub, repository: Any, clock: SetClock, pull: Any
) -> None:
    happenings = [
        lambda: github.comment(1, "nadia", "Hm"),
        lambda: github.review(1, "nadia", "Bien", "APPROVED"),
        lambda: github.label(1, "nadia", "urgent"),
        lambda: pull.update(title="Another"),
        lambda: github.close(1, "nadia"),
        lambda: github.reopen(1, "nadia"),
        lambda: github.merge_as(1, "nadia", "Nadia"),
    ]
    for happening in happenings:
        clock.move(minutes=1)
        happening()
        (seen,) = repository.pull_requests(state="all")
        assert seen.updated_at == clock.now


def test_what_was_updated_last_can_be_asked_for_first(
    github: GitHub, repository: Any, clock: SetClock
) -> None:
    for name in ("a", "b", "c"):
        clock.move(minutes=1)
        propose(repository, f"contribution/need/{name}-1", {f"content/needs/{name}.md": name})
    clock.move(minutes=1)
    github.comment(2, "nadia", "Hm")
    found = repository.pull_requests(state="all", sort="updated", direction="desc")
    assert [pull.number for pull in found] == [2, 3, 1]
    assert [each["number"] for each in ask(github, "GET", "/pulls").json()] == [3, 2, 1]
    oldest = ask(github, "GET", "/pulls", params={"sort": "updated"}).json()
    assert [each["number"] for each in oldest] == [1, 3, 2]
