"""What every forge promises where other people work on it, with git or on its pages.

A test says what a contributor or an editor would notice.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from contrib_gateway.errors import AlreadyDecided, ForgeError, NotAsSeen
from contrib_gateway.forge import Outcome, Strict
from tests.contrib_gateway.forge.worlds import BUS, SEED, World, git, proposal


def test_a_proposal_merged_with_git_is_noticed(world: World) -> None:
    world.forge.propose(proposal("a1"))
    world.forge.propose(proposal("b2"))
    clone = world.clone()
    git(clone, "merge", "--quiet", "--no-ff", "--no-edit", "origin/" + proposal("a1").branch)
    git(clone, "push", "--quiet", "origin", "main")
    world.forge.refresh()
    assert world.forge.head() == git(clone, "rev-parse", "HEAD")
    assert [opened.id for opened in world.forge.pending()] == ["b2"]
    decision = world.forge.decision("a1")
    assert decision
    assert (decision.outcome, decision.by) == (Outcome.MERGED, "Nadia")
    assert decision.commit == world.forge.head()
    with pytest.raises(AlreadyDecided):
        world.forge.decline("a1", "Nour", "Non")
    world.forge.merge("b2", "Nour")
    assert {"needs/besoin-a1.md", "needs/besoin-b2.md"} <= set(world.main())


def test_the_editor_who_merged_with_git_is_named_however_main_went_on(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    git(clone, "merge", "--quiet", "--no-ff", "--no-edit", "origin/" + proposal("a1").branch)
    landed = git(clone, "rev-parse", "HEAD")
    for number in range(3):
        git(clone, "commit", "--quiet", "--allow-empty", "-m", f"more {number}")
    git(clone, "push", "--quiet", "origin", "main")
    decision = world.forge.decision("a1")
    assert decision
    assert decision.commit == landed


def test_merged_with_git_and_its_branch_removed_it_is_still_known(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    branch = proposal("a1").branch
    git(clone, "merge", "--quiet", "--no-ff", "--no-edit", "origin/" + branch)
    git(clone, "push", "--quiet", "origin", "main", ":" + branch)
    world.forge.propose(proposal("a1"))
    assert world.forge.pending() == []
    decision = world.forge.decision("a1")
    assert decision
    world.forge.refresh()
    assert (decision.outcome, decision.commit) == (Outcome.MERGED, world.forge.head())
    with pytest.raises(AlreadyDecided):
        world.forge.merge("a1", "Nour")


def test_a_correction_pushed_to_the_branch_is_what_gets_published(world: World) -> None:
    world.forge.propose(proposal("a1", title="Des bus", signed_as="Zoé"))
    clone = world.clone()
    branch = proposal("a1").branch
    git(clone, "switch", "--quiet", branch)
    (clone / "content/needs/besoin-a1.md").write_text("corrected\n")
    git(clone, "commit", "--quiet", "-am", "Correct a word")
    git(clone, "push", "--quiet", "origin", branch)
    opened = world.forge.opened("a1")
    assert opened
    assert (opened.title, opened.signed_as) == ("Des bus", "Zoé")
    assert dict(opened.files) == {"content/needs/besoin-a1.md": b"corrected\n"}
    world.forge.merge("a1", "Nour")
    assert world.main()["needs/besoin-a1.md"] == b"corrected\n"


def test_only_what_the_editor_saw_is_published(world: World) -> None:
    world.forge.propose(proposal("a1"))
    opened = world.forge.opened("a1")
    assert opened
    world.forge.amend("a1", {BUS: b"something else\n"}, "Zoé")
    with pytest.raises(NotAsSeen):
        world.forge.merge("a1", "Nour", seen=opened.head)
    assert world.main() == SEED
    now = world.forge.opened("a1")
    assert now
    world.forge.merge("a1", "Nour", seen=now.head)
    assert world.main()["needs/bus.md"] == b"something else\n"


def test_a_branch_that_leaves_the_content_cannot_be_merged(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    git(clone, "switch", "--quiet", proposal("a1").branch)
    (clone / "Makefile").write_text("all: ; rm -rf /\n")
    git(clone, "add", "Makefile")
    git(clone, "commit", "--quiet", "-m", "Slip something in")
    git(clone, "push", "--quiet", "origin", "HEAD")
    with pytest.raises(ForgeError):
        world.forge.merge("a1", "Nour")
    assert world.main() == SEED


def test_branches_that_are_no_proposals_disturb_nobody(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/contribution/odd")
    git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/wip")
    git(clone, "checkout", "--quiet", "--orphan", "elsewhere")
    git(clone, "commit", "--quiet", "-m", "No history in common")
    git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/contribution/need/strange-s1")
    assert [opened.id for opened in world.forge.pending()] == ["a1"]
    assert world.forge.opened("s1") is None


def test_a_merge_made_while_somebody_pushes_keeps_both(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    (clone / "content/needs/pushed.md").write_text("pushed\n")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "Add by hand")
    pushed: list[str] = []

    class PushMeanwhile(Strict):
        def check(self, files: Mapping[str, str]) -> None:
            if not pushed:
                pushed.append(git(clone, "push", "--quiet", "origin", "main"))

    world.forge.merge("a1", "Nour", PushMeanwhile())
    assert {"needs/pushed.md", "needs/besoin-a1.md"} <= set(world.main())


def test_after_a_look_main_is_where_somebody_pushed_it(world: World) -> None:
    clone = world.clone()
    (clone / "content/needs/pushed.md").write_text("pushed\n")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "Add by hand")
    git(clone, "push", "--quiet", "origin", "main")
    world.forge.refresh()
    assert world.forge.head() == git(clone, "rev-parse", "HEAD")
    assert world.main()["needs/pushed.md"] == b"pushed\n"


def test_a_branch_left_behind_is_told_and_can_be_removed(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    git(clone, "checkout", "--quiet", "--orphan", "elsewhere")
    git(clone, "commit", "--quiet", "-m", "No history in common")
    git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/contribution/need/strange-s1")
    [stray] = world.forge.strays()
    assert (stray.branch, dict(stray.files)) == ("contribution/need/strange-s1", {})
    for kept in ("main", proposal("a1").branch, "contribution/need/absent-x1"):
        with pytest.raises(ForgeError):
            world.forge.discard(kept)
    world.forge.discard("contribution/need/strange-s1")
    assert list(world.forge.strays()) == []
    assert [pending.id for pending in world.forge.pending()] == ["a1"]


def test_the_accounts_tell_what_became_of_everything(world: World) -> None:
    for id in ("a1", "b2", "c3", "d4"):
        world.forge.propose(proposal(id))
    world.forge.merge("b2", "Nour")
    world.forge.decline("c3", "Nour", "Non")
    world.forge.merge("d4", "Nour")
    world.forge.undo("d4", "Nour", "Trop tôt")
    expected = {
        "a1": Outcome.OPEN,
        "b2": Outcome.MERGED,
        "c3": Outcome.DECLINED,
        "d4": Outcome.DECLINED,
    }
    assert world.forge.outcomes() == world.reopen().outcomes() == expected
