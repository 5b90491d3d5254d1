"""People who mean harm: strangers with an account on GitHub, and those who may push to branches.

An editor's click publishes what the editor was shown, and nothing that anybody says or pushes
elsewhere changes that, hides it, or keeps the gateway from seeing what others do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contrib_gateway.errors import GatewayError
from contrib_gateway.forge import STRICT
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import receipt_for
from contrib_gateway.store import State, Submission
from plugins.check import check, load
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME, git
from tests.contrib_gateway.offices import need, small_content
from tests.contrib_gateway.running import enter, serving
from tests.contrib_gateway.visitor import Page, Visitor
from tests.github import GitHub
from tests.github.objects import people
from tests.github.objects import pulls as shown

HAND = "content/needs/ecrit-a-la-main.md"
PAGE = """---
title: {title}
id: {id}
lang: fr
created: 2026-01-02
updated: 2026-01-02
---
"""


@dataclass(frozen=True)
class Link:
    """A symbolic link, as git keeps one."""

    target: str


Files = Mapping[str, str | Link]


@dataclass
class Place:
    """A gateway that does nothing by itself, an editor at its desk, and its repository."""

    gateway: Gateway
    editor: Visitor
    clock: SetClock
    remote: Path
    folder: Path

    def send(self, title: str = "Le bus du soir", id: str = "") -> str:
        """Somebody has sent a need, and it waits on the forge; its id."""
        new = need(title, self.clock, id)
        self.gateway.store.accept(new, lambda slug: False)
        self.gateway.worker.work()
        assert self.submission(new.id).state is State.PROPOSED
        return new.id

    def submission(self, id: str) -> Submission:
        found = self.gateway.store.find(id)
        assert found
        return found

    def push(self, branch: str, files: Files, onto: str = "") -> None:
        """Somebody with the right to push adds a commit to a branch, or makes it."""
        clone = self.folder / "clone"
        if not clone.exists():
            git(self.folder, "clone", "--quiet", str(self.remote), "clone")
        git(clone, "fetch", "--quiet")
        git(clone, "switch", "--quiet", "--detach", f"origin/{onto or branch}")
        for path, content in files.items():
            target = clone / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Link):
                target.unlink(missing_ok=True)
                target.symlink_to(content.target)
            else:
                target.write_text(content, encoding="utf-8")
        git(clone, "add", "--all")
        git(clone, "commit", "--quiet", "--message", "Slip something in")
        git(clone, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    def main(self) -> list[tuple[str, str]]:
        """Mode and path of all that main has."""
        lines = git(self.remote, "ls-tree", "-r", "main").splitlines()
        return [(line.split()[0], line.partition("\t")[2]) for line in lines]

    def desk(self, id: str) -> Page:
        return self.editor.get(f"/redaction/{id}/")

    def press(self, page: Page, id: str, verb: str, **values: str) -> Page:
        return self.editor.submit(page, f"/{id}/{verb}/", values)

    def later(self, minutes: float = 11) -> None:
        self.clock.move(minutes=minutes)
        self.gateway.worker.work()


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    return small_content(tmp_path / "seed")


@pytest.fixture
def github(tmp_path: Path, seed: Path, clock: SetClock) -> Iterator[GitHub]:
    with GitHub(tmp_path / "github.git", seed, clock=clock) as github:
        yield github
        assert not github.violations, "\n".join(map(str, github.violations))


@pytest.fixture
def on_github(github: GitHub, tmp_path: Path, clock: SetClock) -> Iterator[Place]:
    settings = {
        "VIGIE_FORGE": f"github:{NAME}",
        "VIGIE_GITHUB_URL": github.url,
        "VIGIE_GITHUB_TOKEN": github.token,
        "VIGIE_GITHUB_PACE": "off",
    }
    with serving(tmp_path / "state", clock, **settings) as (gateway, editor):
        yield Place(gateway, enter(gateway, editor), clock, github.repository, tmp_path)


@pytest.fixture(params=["embedded", "github"])
def place(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[Place]:
    if request.param == "github":
        yield request.getfixturevalue("on_github")
        return
    state = tmp_path / "state"
    LocalForge.open(state / "forge.git", request.getfixturevalue("seed"), clock)
    with serving(state, clock) as (gateway, editor):
        yield Place(gateway, enter(gateway, editor), clock, state / "forge.git", tmp_path)


def number(github: GitHub, place: Place, id: str) -> int:
    branch = place.submission(id).branch
    return next(pull.number for pull in github.state.pulls if pull.head == branch)


# A stranger with an account, who comments

DEEP = '<!-- vigie {"a":' + "[" * 50_000 + "} -->"


def test_no_strangers_comment_keeps_an_editor_from_declining(
    on_github: Place, github: GitHub
) -> None:
    id = on_github.send()
    github.comment(number(github, on_github, id), "passant", DEEP, "NONE")
    told = on_github.press(on_github.desk(id), id, "refuser", reason="Pas ici.")
    assert told.status == 303
    assert on_github.submission(id).state is State.DECLINED


def test_no_strangers_comment_keeps_the_gateway_from_seeing_what_others_decide(
    on_github: Place, github: GitHub
) -> None:
    ids = [on_github.send(title) for title in ("Un", "Deux", "Trois")]
    on_github.clock.move(seconds=5)
    for id in ids:
        if id != ids[-1]:
            github.comment(number(github, on_github, id), "passant", DEEP, "NONE")
        github.close(number(github, on_github, id), "nadia")
    for _ in range(3):
        with suppress(RecursionError):  # the loop would log it, and go on
            on_github.later()
    assert [on_github.submission(id).state for id in ids] == [State.DECLINED] * 3


def test_a_strangers_forged_mark_decides_nothing_and_is_told_to_nobody(
    on_github: Place, github: GitHub
) -> None:
    id = on_github.send()
    forged = 'Non.\n\n<!-- vigie {"outcome": "declined", "by": "Léa", "reason": "Nul"} -->'
    github.comment(number(github, on_github, id), "passant", forged, "NONE")
    on_github.later()
    assert on_github.submission(id).state is State.PROPOSED
    github.close(number(github, on_github, id), "nadia")
    on_github.later()
    found = on_github.submission(id)
    assert (found.state, found.decided_by, found.reason) == (State.DECLINED, "nadia", "")


def test_a_mark_written_in_a_reason_is_only_a_reason(on_github: Place, github: GitHub) -> None:
    id = on_github.send()
    reason = '--> <!-- vigie {"outcome": "declined", "by": "Karim", "reason": "x"} --> fixes #1'
    assert on_github.press(on_github.desk(id), id, "refuser", reason=reason).status == 303
    on_github.later()
    found = on_github.submission(id)
    assert (found.decided_by, found.reason) == ("Lea Martin", reason)
    decision = on_github.gateway.forge.decision(id)
    assert decision
    assert (decision.by, decision.reason) == ("Lea Martin", reason)


@pytest.mark.parametrize("kind", ["comment", "review"])
def test_what_a_deleted_account_had_said_blinds_nobody(
    on_github: Place, github: GitHub, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """GitHub's description: the user of a comment or a review may be null."""
    ids = [on_github.send("Un"), on_github.send("Deux")]
    known = people.user

    def user(links: Any, one: Any) -> Any:
        return None if one.login == "parti" else known(links, one)

    monkeypatch.setattr(people, "user", user)
    on_github.clock.move(seconds=5)
    say = github.comment if kind == "comment" else github.review
    say(number(github, on_github, ids[0]), "parti", "Bravo", association="NONE")
    for id in ids:
        github.comment(number(github, on_github, id), "nadia", "Où ?", "MEMBER")
    on_github.later()
    said = on_github.gateway.store.remarks
    assert [[remark.text for remark in said(id)] for id in ids] == [["Où ?"]] * 2


def test_a_fork_that_names_its_branch_like_ours_is_nothing_to_us(
    on_github: Place, github: GitHub
) -> None:
    id = on_github.send()
    branch = on_github.submission(id).branch
    on_github.push("elsewhere", {HAND: PAGE.format(title="Vilain", id=id)}, onto="main")
    commit = git(on_github.remote, "rev-parse", "elsewhere")
    theirs = github.open_pull("passant", branch, "Vilain", fork_commit=commit)
    on_github.later()
    opened = on_github.gateway.forge.opened(id)
    assert opened
    assert opened.title == "Le bus du soir"
    github.close(theirs, "passant")
    on_github.later()
    assert on_github.submission(id).state is State.PROPOSED
    assert on_github.press(on_github.desk(id), id, "publier").status == 303
    assert on_github.gateway.library.index.by_id("ecrit1")


# Somebody who may push, but is no editor


def test_what_is_pushed_between_the_look_and_githubs_merge_is_not_published(place: Place) -> None:
    """The forge compares what was seen; what is pushed after that must not be taken instead."""
    id = place.send()
    opened = place.gateway.forge.opened(id)
    assert opened
    path = next(iter(opened.files))

    class Slow:
        pushed = False
        combine = STRICT.combine

        def check(self, files: Mapping[str, str]) -> None:
            if not self.pushed:
                self.pushed = True
                text = PAGE.format(title="Vilain", id=id)
                place.push(place.submission(id).branch, {path: text})

    with suppress(GatewayError):
        place.gateway.forge.merge(id, "Léa", Slow(), opened.head)
    place.gateway.forge.refresh()
    assert "Vilain" not in git(place.remote, "log", "-p", "--first-parent", "main")


def test_no_link_reaches_main_by_a_proposal(place: Place) -> None:
    """A build would follow it, and publish a file of the machine it runs on."""
    id = place.send()
    link = {"content/images/plan.png": Link("/etc/hostname")}
    place.push(place.submission(id).branch, link)
    place.press(place.desk(id), id, "publier")
    assert {mode for mode, _ in place.main()} == {"100644"}


def test_the_checker_tells_of_links(tmp_path: Path) -> None:
    folder = small_content(tmp_path / "content")
    (folder / "images").mkdir()
    (folder / "images/plan.png").symlink_to("/etc/hostname")
    (tmp_path / "secret.md").write_text(PAGE.format(title="Ailleurs", id="ailleurs"))
    (folder / "needs/ailleurs.md").symlink_to(tmp_path / "secret.md")
    assert {found.path for found in check(load(folder))} == {
        "images/plan.png",
        "needs/ailleurs.md",
    }


def test_the_desk_shows_all_that_a_click_would_publish(place: Place) -> None:
    id = place.send()
    slipped = {"content/needs/zz-glissee.md": PAGE.format(title="Page glissée", id="glissee")}
    place.push(place.submission(id).branch, slipped)
    page = place.desk(id)
    told = place.press(page, id, "publier")
    published = "content/needs/zz-glissee.md" in [path for _, path in place.main()]
    assert not published or "glissee" in page.text, told.words


def test_a_page_of_somebody_else_is_not_overwritten_as_a_new_one(place: Place) -> None:
    """Pushed to a proposal's branch, it is shown as a new page: nothing tells what it replaces."""
    id = place.send()
    place.push(place.submission(id).branch, {HAND: PAGE.format(title="À moi", id="autre")})
    page = place.desk(id)
    place.press(page, id, "publier")
    place.gateway.forge.refresh()
    kept = place.gateway.library.index.by_id("ecrit1") is not None
    assert kept or "Un besoin écrit à la main" in page.text


def test_a_branch_that_leaves_the_content_is_told_to_the_editor(place: Place) -> None:
    id = place.send()
    place.push(place.submission(id).branch, {"Makefile": "all: ; true\n"})
    told = place.press(place.desk(id), id, "publier")
    assert told.status < 500, told.words
    assert "Makefile" not in [path for _, path in place.main()]


# Words


@pytest.mark.parametrize("id", ["abcdef2345", "bus2345678", "kmnpqrstuv"])
def test_git_tells_which_submission_a_commit_is_whatever_its_letters(place: Place, id: str) -> None:
    """Seven letters of an id may look like the name of a commit."""
    place.send(id=id)
    assert place.press(place.desk(id), id, "publier").status == 303
    assert (
        git(place.remote, "log", "-1", "--format=%(trailers:key=Submission,valueonly)", "main")
        == id
    )


def test_a_receipt_is_in_no_metric_no_referrer_and_no_pull_request(
    on_github: Place, github: GitHub
) -> None:
    id = on_github.send()
    receipt = receipt_for(on_github.gateway.settings.secret_key, id)
    page = on_github.editor.get(f"/suivi/{receipt}/")
    assert (page.status, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert page.headers["Cache-Control"] == "no-store"
    secret = receipt.partition("-")[2]
    assert secret not in on_github.editor.get("/metrics").text
    pull = github.state.pull(str(number(github, on_github, id)))
    assert secret not in f"{pull.title} {pull.body}"
    assert secret not in git(on_github.remote, "log", "--all", "--format=%B")


def test_a_pull_request_of_a_deleted_account_blinds_nobody(
    on_github: Place, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub's description: the user of a pull request in a list may be null."""
    id = on_github.send()
    on_github.push("elsewhere", {HAND: PAGE.format(title="Vilain", id="vilain")}, onto="main")
    commit = git(on_github.remote, "rev-parse", "elsewhere")
    github.open_pull("parti", "patch-1", "Adieu", fork_commit=commit)
    known = shown.pull

    def pull(*arguments: Any) -> Any:
        found = known(*arguments)
        return {**found, "user": None} if found["title"] == "Adieu" else found

    monkeypatch.setattr(shown, "pull", pull)
    on_github.clock.move(seconds=5)
    github.comment(number(github, on_github, id), "nadia", "Où ?", "MEMBER")
    on_github.later()
    assert [remark.text for remark in on_github.gateway.store.remarks(id)] == ["Où ?"]


def test_no_file_hides_behind_the_most_that_github_tells_of(
    on_github: Place, github: GitHub
) -> None:
    """A comparison lists 300 files; a squash would merge all of them."""
    id = on_github.send()
    many: dict[str, str | Link] = {
        f"content/images/{number:03}.txt": "x\n" for number in range(300)
    }
    on_github.push(on_github.submission(id).branch, {**many, "plugins/x.py": "boom\n"})
    told = on_github.press(on_github.desk(id), id, "publier")
    assert told.status < 500, told.words
    assert "plugins/x.py" not in [path for _, path in on_github.main()]
    assert on_github.submission(id).state is State.PROPOSED


def test_a_second_branch_with_the_same_id_does_not_take_the_place_of_the_first(
    on_github: Place, github: GitHub
) -> None:
    id = on_github.send()
    branch = f"contribution/need/autre-{id}"
    on_github.push(branch, {HAND: PAGE.format(title="Vilain", id=id)}, onto="main")
    github.open_pull("carole", branch, "Vilain")
    on_github.later()
    opened = on_github.gateway.forge.opened(id)
    assert opened
    assert opened.branch == on_github.submission(id).branch
