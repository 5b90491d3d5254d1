"""What every forge promises of merging: whole, in order, by the rules, never by text.

A test says what a contributor or an editor would notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from contrib_gateway.errors import Conflict, ForgeError
from contrib_gateway.forge import Outcome, Strict, outcome
from tests.contrib_gateway.forge.worlds import BUS, SEED, World, proposal


def test_a_merged_proposal_is_published_with_its_decision(world: World) -> None:
    wanted = proposal("a1")
    world.forge.propose(wanted)
    before = world.forge.head()
    decision = world.forge.merge("a1", "Nour")
    assert world.main() == {
        **SEED,
        "needs/besoin-a1.md": wanted.files["content/needs/besoin-a1.md"],
    }
    assert world.forge.head() != before
    assert (decision.outcome, decision.by, decision.reason) == (Outcome.MERGED, "Nour", "")
    assert abs(decision.at - world.clock.now) < timedelta(minutes=1)
    assert world.forge.decision("a1") == world.reopen().decision("a1") == decision
    assert outcome(world.forge, "a1") is Outcome.MERGED
    assert world.forge.pending() == []
    assert world.forge.opened("a1") is None


def test_files_are_added_changed_and_removed_together(world: World) -> None:
    files: Mapping[str, bytes | None] = {
        BUS: None,
        "content/needs/wifi.md": b"new\n",
        "content/images/new/photo.webp": b"\x00\xff",
    }
    world.forge.propose(proposal("a1", files=files))
    opened = world.forge.opened("a1")
    assert opened
    assert dict(opened.files) == files
    world.forge.merge("a1", "Nour")
    expected = dict(SEED) | {"needs/wifi.md": b"new\n", "images/new/photo.webp": b"\x00\xff"}
    del expected["needs/bus.md"]
    assert world.main() == expected


def test_removing_the_last_file_of_a_folder_removes_the_folder(world: World) -> None:
    world.forge.propose(proposal("a1", files={"content/images/logo.png": None}))
    world.forge.merge("a1", "Nour")
    assert "images/logo.png" not in world.main()


def test_proposals_on_different_files_are_all_published(world: World) -> None:
    for id in ("a1", "b2", "c3"):
        world.forge.propose(proposal(id))
    for id in ("b2", "c3", "a1"):
        world.forge.merge(id, "Nour")
    assert set(world.main()) == {*SEED, *(f"needs/besoin-{id}.md" for id in ("a1", "b2", "c3"))}


def test_a_page_changed_meanwhile_is_never_overwritten(world: World) -> None:
    world.forge.propose(proposal("a1", files={BUS: b"one\n"}))
    world.forge.propose(proposal("b2", files={BUS: b"two\n", "content/needs/new.md": b"new\n"}))
    world.forge.merge("a1", "Nour")
    after = world.forge.head()
    with pytest.raises(Conflict) as caught:
        world.forge.merge("b2", "Nour")
    assert caught.value.paths == (BUS,)
    assert world.forge.head() == after
    assert world.main()["needs/bus.md"] == b"one\n"
    assert [opened.id for opened in world.forge.pending()] == ["b2"], "it still waits"
    world.forge.decline("b2", "Nour", "Déjà fait")


def test_changes_to_neighbouring_lines_are_not_mixed(world: World) -> None:
    """Git would merge them line by line into a text that nobody wrote."""
    world.forge.propose(proposal("a1", files={"content/needs/long.md": b"a\nb\nc\nd\ne\nf\n"}))
    world.forge.merge("a1", "Nour")
    for id, text in (("b2", b"A\nb\nc\nd\ne\nf\n"), ("c3", b"a\nb\nc\nd\ne\nF\n")):
        world.forge.propose(proposal(id, files={"content/needs/long.md": text}))
    world.forge.merge("b2", "Nour")
    with pytest.raises(Conflict):
        world.forge.merge("c3", "Nour")


def test_two_people_making_the_same_change_do_not_disturb_each_other(world: World) -> None:
    for id in ("a1", "b2"):
        world.forge.propose(proposal(id, files={BUS: b"same\n"}))
        world.clock.move(seconds=1)
    assert world.forge.merge("a1", "Nour").outcome is Outcome.MERGED
    assert world.forge.merge("b2", "Nour").outcome is Outcome.MERGED
    assert world.main()["needs/bus.md"] == b"same\n"


def test_two_new_pages_of_one_name_conflict(world: World) -> None:
    for id in ("a1", "b2"):
        world.forge.propose(proposal(id, files={"content/needs/same.md": id.encode()}))
    world.forge.merge("a1", "Nour")
    with pytest.raises(Conflict):
        world.forge.merge("b2", "Nour")


def test_a_file_does_not_take_the_place_of_a_folder(world: World) -> None:
    with pytest.raises(ForgeError):
        world.forge.propose(proposal("a1", files={"content/needs": b"x"}))
    with pytest.raises(ForgeError):
        world.forge.propose(proposal("b2", files={f"{BUS}/x.md": b"x"}))
    assert world.forge.pending() == []
    assert world.main() == SEED


def test_a_check_sees_what_main_would_be_and_can_prevent_it(world: World) -> None:
    world.forge.propose(proposal("a1", files={BUS: b"new\n"}))
    seen: dict[str, bytes] = {}

    class Refuse(Strict):
        def check(self, files: Mapping[str, str]) -> None:
            seen.update({path: world.forge.read(blob) for path, blob in files.items()})
            raise ValueError("not like this")

    with pytest.raises(ValueError, match="not like this"):
        world.forge.merge("a1", "Nour", Refuse())
    assert seen == {f"content/{path}": data for path, data in SEED.items()} | {BUS: b"new\n"}
    assert world.main() == SEED
    assert len(world.forge.pending()) == 1
    world.forge.merge("a1", "Nour")
    assert world.main()["needs/bus.md"] == b"new\n"


class Joined(Strict):
    """Both versions, one after the other; or no file where the proposal wants none."""

    def combine(
        self, path: str, base: bytes | None, main: bytes | None, proposed: bytes | None
    ) -> bytes | None:
        if proposed is None:
            return None
        return (base or b"-") + (main or b"-") + proposed


def test_two_versions_of_a_page_become_what_the_rules_make_of_them(world: World) -> None:
    world.forge.propose(proposal("a1", files={BUS: b"one\n"}))
    world.forge.propose(proposal("b2", files={BUS: b"two\n", "content/needs/new.md": b"new\n"}))
    world.forge.merge("a1", "Nour")
    world.forge.merge("b2", "Nour", Joined())
    assert world.main()["needs/bus.md"] == SEED["needs/bus.md"] + b"one\ntwo\n"
    assert world.main()["needs/new.md"] == b"new\n"
    decision = world.forge.decision("b2")
    assert decision
    assert (decision.outcome, decision.by) == (Outcome.MERGED, "Nour")


def test_the_rules_may_remove_a_page_that_changed_meanwhile(world: World) -> None:
    world.forge.propose(proposal("a1", files={BUS: b"one\n"}))
    world.forge.propose(proposal("b2", files={BUS: None}))
    world.forge.merge("a1", "Nour")
    world.forge.merge("b2", "Nour", Joined())
    assert "needs/bus.md" not in world.main()


def test_only_what_both_changed_goes_through_the_rules(world: World) -> None:
    world.forge.propose(proposal("a1", files={BUS: b"one\n"}))
    world.forge.propose(proposal("b2"))
    world.forge.merge("a1", "Nour")
    world.forge.merge("b2", "Nour", Joined())
    assert world.main()["needs/besoin-b2.md"] == b"---\ntitle: b2\n---\n"
    assert world.main()["needs/bus.md"] == b"one\n"
