"""What every forge promises. A test says what a contributor or an editor would notice."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from contrib_gateway.errors import AlreadyDecided, Conflict, ForgeError, NotFound
from contrib_gateway.forge import Decision, Outcome, Strict, outcome
from tests.contrib_gateway.forge.worlds import SEED, World, git, proposal

BUS = "content/needs/bus.md"


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each action, all begun together, returned or raised."""
    results: list[object] = [None] * len(actions)
    barrier = threading.Barrier(len(actions))

    def run(number: int, action: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = action()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


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


# Proposing


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


# Merging


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


# Merging by the rules


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


# Amending


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


def test_a_proposal_is_amended_only_while_it_waits_and_inside_the_content(world: World) -> None:
    world.forge.propose(proposal("a1"))
    with pytest.raises(ForgeError):
        world.forge.amend("a1", {"Makefile": b"all:"}, "Nour")
    world.forge.merge("a1", "Nour")
    with pytest.raises(AlreadyDecided):
        world.forge.amend("a1", {BUS: b"x\n"}, "Nour")
    with pytest.raises(NotFound):
        world.forge.amend("nobody", {BUS: b"x\n"}, "Nour")


# Undoing


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


# Looking at what others do


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


# Declining


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


# Who came first


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


# People with git


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
