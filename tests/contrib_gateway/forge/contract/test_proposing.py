"""What every forge promises of proposals: one of each, waiting, changed, found again.

A test says what a contributor or an editor would notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from contrib_gateway.errors import AlreadyDecided, ForgeError, NotFound
from contrib_gateway.forge import Outcome, outcome
from tests.contrib_gateway.forge.worlds import BUS, SEED, World, at_once, git, proposal


def test_the_content_one_begins_with_is_published(world: World) -> None:
    assert world.main() == SEED


def test_an_unknown_commit_or_blob_is_said_to_be_unknown(world: World) -> None:
    for unknown in ("0" * 40, "not a name", ""):
        with pytest.raises(NotFound):
            world.forge.files(unknown)
        with pytest.raises(NotFound):
            world.forge.read(unknown)
    with pytest.raises(NotFound):
        world.forge.read(world.forge.head())


def test_a_proposal_waits_for_an_editor_and_publishes_nothing(world: World) -> None:
    before = world.forge.head()
    wanted = proposal("a1", title="Des bus le soir", signed_as="Zoé Petit")
    assert world.forge.propose(wanted) == "contribution/need/besoin-a1-a1"
    assert world.forge.head() == before
    [pending] = world.forge.pending()
    opened = world.forge.opened("a1")
    assert opened
    assert vars(pending).items() <= vars(opened).items()
    assert (opened.id, opened.branch, opened.base) == ("a1", wanted.branch, before)
    assert (opened.title, opened.signed_as) == ("Des bus le soir", "Zoé Petit")
    assert dict(opened.files) == dict(wanted.files)
    assert abs(opened.proposed_at - world.clock.now) < timedelta(minutes=1)
    assert world.forge.decision("a1") is None
    assert outcome(world.forge, "a1") is Outcome.OPEN


def test_sending_twice_makes_one_proposal(world: World) -> None:
    assert world.forge.propose(proposal("a1")) == world.forge.propose(proposal("a1"))
    assert len(world.forge.pending()) == 1
    assert world.reopen().propose(proposal("a1"))
    assert len(world.forge.pending()) == 1


def test_a_decided_proposal_does_not_come_back(world: World) -> None:
    for id in ("a1", "b2"):
        world.forge.propose(proposal(id))
    world.forge.merge("a1", "Nour")
    world.forge.decline("b2", "Nour", "Hors sujet")
    for id in ("a1", "b2"):
        assert world.forge.propose(proposal(id)) == proposal(id).branch
    assert world.forge.pending() == []


def test_proposals_are_listed_the_oldest_first(world: World) -> None:
    for id in ("z1", "m1", "a1"):
        world.forge.propose(proposal(id))
        world.clock.move(minutes=1)
    assert [opened.id for opened in world.forge.pending()] == ["z1", "m1", "a1"]


def test_twenty_people_proposing_at_once_are_all_heard(world: World) -> None:
    ids = [f"p{number}" for number in range(20)]
    at_once(*(lambda id=id: world.forge.propose(proposal(id)) for id in ids))
    assert {opened.id for opened in world.forge.pending()} == set(ids)


def test_the_same_proposal_sent_at_once_from_two_places_is_one(world: World) -> None:
    at_once(*[lambda: world.forge.propose(proposal("a1"))] * 8)
    assert len(world.forge.pending()) == 1


@pytest.mark.parametrize(
    "words",
    ["---", "need: x", "Merged-by: Mallory\n\nSubmission: b2", "\u202egauche", "  ", "😀 \0"],
)
def test_naughty_titles_and_names_change_nothing_but_themselves(world: World, words: str) -> None:
    world.forge.propose(proposal("a1", title=words, signed_as=words, message=words))
    opened = world.forge.opened("a1")
    assert opened
    assert "\n" not in opened.title + opened.signed_as
    decision = world.forge.merge("a1", "Nour")
    assert decision.by == "Nour"
    assert world.forge.decision("b2") is None


def test_an_amended_proposal_proposes_the_new_files_only(world: World) -> None:
    world.forge.propose(proposal("a1", title="Des bus", signed_as="Zoé"))
    after: Mapping[str, bytes | None] = {"content/needs/autre.md": b"autre\n", BUS: None}
    world.forge.amend("a1", after, "Nour")
    opened = world.forge.opened("a1")
    assert opened
    assert dict(opened.files) == after
    assert (opened.title, opened.signed_as) == ("Des bus", "Zoé")
    assert len(world.forge.pending()) == 1
    world.forge.amend("a1", after, "Nour")
    assert world.forge.opened("a1") == opened, "the same once more changes nothing"
    world.forge.merge("a1", "Sacha")
    assert set(world.main()) == set(SEED) - {"needs/bus.md"} | {"needs/autre.md"}


@pytest.mark.parametrize("words", ["", "Zo, gh-12 #3 [skip ci]"])
@pytest.mark.parametrize("same", [True, False])
def test_a_contributor_is_named_as_they_wish_now_and_their_former_words_are_not_published(
    world: World, words: str, same: bool
) -> None:
    wanted = proposal("a1", title="Un nom privé", signed_as="Zoé Petit")
    world.forge.propose(wanted)
    world.forge.amend("a1", {BUS: b"by an editor\n"}, "Nour")
    files = wanted.files if same else {"content/needs/besoin-a1.md": b"---\ntitle: b\n---\n"}
    for _ in range(2):
        world.forge.amend("a1", files, "", signed_as=words, title="Un besoin")
        opened = world.forge.opened("a1")
        assert opened
        assert (opened.signed_as, dict(opened.files)) == (words, dict(files))
    again = world.reopen().opened("a1")
    assert again
    world.forge.amend("a1", files, "", signed_as=words, title="Un besoin")
    assert world.reopen().opened("a1") == again, "the same once more changes nothing"
    before = world.forge.head()
    world.forge.merge("a1", "Sacha")
    [version, *_] = world.forge.history(["content/needs/besoin-a1.md"])
    assert (version.proposed_by, version.corrected_by, version.by) == (words, "", "Sacha")
    said = git(world.clone(), "log", "--format=%B", f"{before}..origin/main")
    assert "Petit" not in said and "privé" not in said and "Un besoin" in said


def test_a_name_alone_can_be_amended(world: World) -> None:
    wanted = proposal("a1", signed_as="Zoé")
    world.forge.propose(wanted)
    world.forge.amend("a1", wanted.files, "", signed_as="")
    opened = world.forge.opened("a1")
    assert opened and (opened.signed_as, opened.title) == ("", "Un besoin a1")


def test_what_a_proposal_is_can_be_said_anew_while_it_waits(world: World) -> None:
    world.forge.propose(proposal("a1", title="Des bus"))
    before = world.forge.opened("a1")
    world.forge.describe("a1", "Des bus, le @soir", "Un autre texte")
    opened = world.forge.opened("a1")
    assert before and opened and (opened.files, opened.head) == (before.files, before.head)
    world.forge.merge("a1", "Nour")
    with pytest.raises(AlreadyDecided):
        world.forge.describe("a1", "Trop tard", "")
    with pytest.raises(NotFound):
        world.forge.describe("nobody", "Personne", "")


def test_a_proposal_is_amended_only_while_it_waits_and_inside_the_content(world: World) -> None:
    world.forge.propose(proposal("a1"))
    with pytest.raises(ForgeError):
        world.forge.amend("a1", {"Makefile": b"all:"}, "Nour")
    world.forge.merge("a1", "Nour")
    with pytest.raises(AlreadyDecided):
        world.forge.amend("a1", {BUS: b"x\n"}, "Nour")
    with pytest.raises(NotFound):
        world.forge.amend("nobody", {BUS: b"x\n"}, "Nour")
