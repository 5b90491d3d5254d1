"""What every forge promises of decisions: declined, undone, and who came first.

A test says what a contributor or an editor would notice.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from contrib_gateway.errors import AlreadyDecided, Conflict, NotFound
from contrib_gateway.forge import Decision, Outcome, outcome
from tests.contrib_gateway.forge.worlds import BUS, SEED, World, at_once, proposal


def test_a_declined_proposal_is_kept_with_its_reason_and_publishes_nothing(world: World) -> None:
    world.forge.propose(proposal("a1"))
    reason = "Merci !\n\nC'est déjà là : voir « Le bus ».\nMerged-by: personne"
    decision = world.forge.decline("a1", "Nour", reason)
    assert (decision.outcome, decision.by, decision.reason) == (Outcome.DECLINED, "Nour", reason)
    assert world.forge.decision("a1") == world.reopen().decision("a1") == decision
    assert world.main() == SEED
    assert world.forge.pending() == []


def test_a_reason_may_be_left_out(world: World) -> None:
    world.forge.propose(proposal("a1"))
    world.forge.decline("a1", "Nour", "")
    decision = world.forge.decision("a1")
    assert decision
    assert (decision.by, decision.reason) == ("Nour", "")


def test_an_undone_merge_gives_the_former_files_back_and_keeps_what_came_after(
    world: World,
) -> None:
    files: Mapping[str, bytes | None] = {BUS: b"changed\n", "content/needs/new.md": b"new\n"}
    world.forge.propose(proposal("a1", files=files))
    world.forge.merge("a1", "Nour")
    world.forge.propose(proposal("b2"))
    world.forge.merge("b2", "Nour")
    decision = world.forge.undo("a1", "Sacha", "Publiée trop tôt.")
    assert world.main() == {**SEED, "needs/besoin-b2.md": b"---\ntitle: b2\n---\n"}
    assert (decision.outcome, decision.by) == (Outcome.DECLINED, "Sacha")
    assert decision.reason == "Publiée trop tôt."
    assert world.forge.decision("a1") == world.reopen().decision("a1") == decision
    assert world.forge.pending() == []
    assert world.forge.propose(proposal("a1", files=files))
    assert world.forge.pending() == [], "it does not come back by itself"


def test_what_changed_after_the_merge_is_not_undone_blindly(world: World) -> None:
    world.forge.propose(proposal("a1", files={BUS: b"one\n"}))
    world.forge.merge("a1", "Nour")
    world.forge.propose(proposal("b2", files={BUS: b"two\n"}))
    world.forge.merge("b2", "Nour")
    with pytest.raises(Conflict):
        world.forge.undo("a1", "Sacha", "Non")
    assert world.main()["needs/bus.md"] == b"two\n"
    decision = world.forge.decision("a1")
    assert decision
    assert decision.outcome is Outcome.MERGED


def test_only_what_is_merged_can_be_undone(world: World) -> None:
    world.forge.propose(proposal("a1"))
    with pytest.raises(NotFound):
        world.forge.undo("a1", "Nour", "Non")
    world.forge.decline("a1", "Nour", "Non")
    with pytest.raises(NotFound):
        world.forge.undo("a1", "Nour", "Non")
    world.forge.propose(proposal("b2"))
    world.forge.merge("b2", "Nour")
    world.forge.undo("b2", "Nour", "Non")
    with pytest.raises(NotFound):
        world.forge.undo("b2", "Nour", "Non")


@pytest.mark.parametrize("first", ["merge", "decline"])
@pytest.mark.parametrize("second", ["merge", "decline"])
def test_the_second_editor_is_told_who_did_what(world: World, first: str, second: str) -> None:
    def decide(how: str, by: str) -> Decision:
        if how == "merge":
            return world.forge.merge("a1", by)
        return world.forge.decline("a1", by, "Non")

    world.forge.propose(proposal("a1"))
    decision = decide(first, "Nour")
    with pytest.raises(AlreadyDecided) as caught:
        decide(second, "Sacha")
    told = caught.value
    assert (told.what, told.by, told.at) == (decision.outcome, "Nour", decision.at)
    assert world.forge.decision("a1") == decision


@pytest.mark.parametrize("round", range(5))
def test_of_two_editors_deciding_at_once_one_wins(world: World, round: int) -> None:
    world.forge.propose(proposal("a1"))
    results = at_once(
        lambda: world.forge.merge("a1", "Nour"),
        lambda: world.forge.decline("a1", "Sacha", "Non"),
        lambda: world.forge.merge("a1", "Alix"),
    )
    [won] = [result for result in results if isinstance(result, Decision)]
    lost = [result for result in results if isinstance(result, AlreadyDecided)]
    assert [told.by for told in lost] == [won.by] * 2
    assert world.forge.decision("a1") == won
    published = "needs/besoin-a1.md" in world.main()
    assert published == (won.outcome is Outcome.MERGED)


def test_an_unknown_proposal_cannot_be_decided(world: World) -> None:
    with pytest.raises(NotFound):
        world.forge.merge("nobody", "Nour")
    with pytest.raises(NotFound):
        world.forge.decline("nobody", "Nour", "Non")
    assert world.forge.decision("nobody") is None
    assert world.forge.opened("nobody") is None
    assert outcome(world.forge, "nobody") is Outcome.UNKNOWN
