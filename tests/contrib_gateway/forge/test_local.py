"""The embedded forge: what somebody with git, or after a power cut, would notice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import Option

from contrib_gateway.errors import AlreadyDecided, ForgeError, ForgeUnavailable
from contrib_gateway.forge import Outcome, outcome
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.lock import exclusive
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import (
    SEED,
    World,
    git,
    local_world,
    proposal,
    seed_folder,
)

ROOT = Path(__file__).parents[3]
KILLED = -signal.SIGKILL


@pytest.fixture
def world(tmp_path: Path, clock: SetClock) -> World:
    return local_world(tmp_path, clock)


def victim(world: World, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.contrib_gateway.forge.victim", str(world.remote)]
    return subprocess.Popen([*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def assert_sound(world: World) -> None:
    """Git finds nothing wrong, and every proposal is in one place."""
    git(world.remote, "fsck", "--strict", "--no-dangling")
    refs = git(world.remote, "for-each-ref", "--format=%(refname)").split()
    ids = [ref.rsplit("/")[-1].rsplit("-")[-1] for ref in refs if ref != "refs/heads/main"]
    assert len(ids) == len(set(ids)), refs
    assert not (world.remote / "refs/heads/main.lock").exists()


# For people with git


def test_git_understands_the_repository(world: World) -> None:
    for id in ("a1", "b2", "c3"):
        world.forge.propose(proposal(id))
    world.forge.merge("a1", "Nour")
    world.forge.decline("b2", "Nour", "Hors sujet")
    assert_sound(world)
    clone = world.clone()
    assert (clone / "content/needs/besoin-a1.md").is_file()
    assert not (clone / "content/needs/besoin-b2.md").exists()
    assert git(clone, "branch", "-r", "--list", "origin/contribution/*") == (
        "origin/contribution/need/besoin-c3-c3"
    )
    assert git(clone, "log", "--first-parent", "--format=%s") == (
        "Publish need: Un besoin a1\nSeed the content"
    )


def test_the_history_tells_who_proposed_and_who_published(world: World) -> None:
    base = world.forge.head()
    world.forge.propose(proposal("a1", signed_as="Zoé Petit"))
    branch = proposal("a1").branch
    assert git(world.remote, "rev-list", "--parents", "--max-count=1", branch).split()[1:] == [base]
    head = git(world.remote, "rev-parse", branch)
    world.forge.merge("a1", "Nour")
    parents = git(world.remote, "rev-list", "--parents", "--max-count=1", "main").split()[1:]
    assert parents == [base, head]
    trailers = git(world.remote, "log", "-1", "--format=%(trailers:only)", "main")
    assert trailers.splitlines() == [
        "Proposed-by: Zoé Petit",
        "Merged-by: Nour",
        "Submission: a1",
    ]
    people = git(world.remote, "log", "--all", "--format=%an <%ae> %cn <%ce>")
    assert set(people.splitlines()) == {"Vigie <vigie@localhost> Vigie <vigie@localhost>"}


def test_a_declined_proposal_stays_in_the_repository_with_its_reason(world: World) -> None:
    world.forge.propose(proposal("a1"))
    world.forge.decline("a1", "Nour", "Déjà fait")
    shown = git(world.remote, "log", "-1", "--format=%B", "refs/declined/a1")
    assert shown == "Decline need: Un besoin a1\n\n  Déjà fait\n\nDeclined-by: Nour\nSubmission: a1"
    assert git(world.remote, "show", "refs/declined/a1:content/needs/besoin-a1.md")


def test_sent_again_after_the_decision_no_branch_comes_back(world: World) -> None:
    for id in ("a1", "b2"):
        world.forge.propose(proposal(id))
    world.forge.merge("a1", "Nour")
    world.forge.decline("b2", "Nour", "Non")
    world.forge.propose(proposal("c3", files={"content/needs/besoin-a1.md": b"newer\n"}))
    world.forge.merge("c3", "Nour")
    for id in ("a1", "b2"):
        world.forge.propose(proposal(id))
    assert git(world.remote, "branch", "--list", "contribution/*") == ""


def test_a_merge_made_with_git_is_recorded_like_ours(world: World) -> None:
    world.forge.propose(proposal("a1"))
    clone = world.clone()
    git(clone, "merge", "--quiet", "--no-ff", "--no-edit", "origin/" + proposal("a1").branch)
    git(clone, "push", "--quiet", "origin", "main")
    assert world.forge.pending() == []
    assert git(world.remote, "rev-parse", "refs/merged/a1") == world.forge.head()
    assert git(world.remote, "branch", "--list", "contribution/*") == ""


def test_main_can_be_pushed_to_but_its_history_not_rewritten(world: World) -> None:
    clone = world.clone()
    git(clone, "commit", "--quiet", "--allow-empty", "-m", "One more")
    git(clone, "push", "--quiet", "origin", "main")
    git(clone, "reset", "--quiet", "--hard", "HEAD~1")
    with pytest.raises(AssertionError, match="rejected"):
        git(clone, "push", "--force", "--quiet", "origin", "main")


def test_everything_still_works_after_git_packed_the_repository(world: World) -> None:
    for id in ("a1", "b2", "c3", "d4"):
        world.forge.propose(proposal(id))
    world.forge.merge("a1", "Nour")
    world.forge.decline("b2", "Nour", "Non")
    git(world.remote, "gc", "--quiet", "--prune=now")
    assert [opened.id for opened in world.forge.pending()] == ["c3", "d4"]
    world.forge.merge("c3", "Nour")
    world.forge.decline("d4", "Nour", "Non")
    assert world.forge.pending() == []
    assert outcome(world.forge, "b2") is Outcome.DECLINED
    assert_sound(world)


# Beginning


def test_the_folder_one_began_with_is_read_once(world: World) -> None:
    head = world.forge.head()
    (world.folder / "seed/needs/bus.md").write_text("changed in the checkout\n")
    assert world.reopen().head() == head
    assert world.main() == SEED


def test_hidden_files_of_the_checkout_are_not_published(tmp_path: Path) -> None:
    seed = seed_folder(tmp_path / "seed")
    (seed / ".DS_Store").touch()
    (seed / ".cache").mkdir()
    (seed / ".cache/x").touch()
    forge = LocalForge.open(tmp_path / "forge.git", seed)
    assert len(forge.files(forge.head())) == len(SEED)


def test_a_first_start_that_was_killed_is_begun_again(tmp_path: Path, clock: SetClock) -> None:
    draft = tmp_path / "state" / "forge.git.draft"
    draft.mkdir(parents=True)
    (draft / "HEAD").write_text("ref: refs/heads/main\n")
    world = local_world(tmp_path, clock)
    assert world.main() == SEED
    assert not draft.exists()
    assert_sound(world)


def test_nothing_to_begin_with_is_said(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match="no file"):
        LocalForge.open(tmp_path / "forge.git", tmp_path / "missing")
    assert not (tmp_path / "forge.git").exists()


def test_ten_processes_starting_at_once_begin_once(tmp_path: Path) -> None:
    seed = seed_folder(tmp_path / "seed")
    heads: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: heads.append(LocalForge.open(tmp_path / "forge.git", seed).head())
        )
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heads) == 10
    assert len(set(heads)) == 1


def test_a_folder_that_is_no_repository_is_an_outage_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "forge.git").mkdir()
    with pytest.raises(ForgeUnavailable):
        LocalForge.open(tmp_path / "forge.git", seed_folder(tmp_path / "seed"))


# Power cuts and kills


def test_what_is_answered_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switched: list[tuple[object, ...]] = []
    monkeypatch.setattr(pygit2, "option", lambda *given: switched.append(given))
    LocalForge(tmp_path)
    assert switched == [(Option.ENABLE_FSYNC_GITDIR, True)]


PROPOSING = ("write_commit", "create_branch")
MERGING = ("merged_tree", "write_merge", "update_main", "record_merge", "delete_branch")
DECLINING = ("write_decline", "record_decline", "delete_branch")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", PROPOSING)
def test_killed_while_proposing_there_is_one_proposal_in_the_end(
    world: World, step: str, moment: str
) -> None:
    assert victim(world, step, moment, "propose:a1").wait() == KILLED
    forge = world.reopen()
    forge.propose(proposal("a1"))
    assert [opened.id for opened in forge.pending()] == ["a1"]
    assert_sound(world)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", MERGING)
def test_killed_while_merging_it_is_merged_once_or_still_waits(
    world: World, step: str, moment: str
) -> None:
    world.forge.propose(proposal("a1"))
    world.forge.propose(proposal("b2"))
    assert victim(world, step, moment, "merge:a1").wait() == KILLED
    forge = world.reopen()
    moved = MERGING.index(step) > 2 or (step, moment) == ("update_main", "after")
    assert outcome(forge, "a1") is (Outcome.MERGED if moved else Outcome.OPEN)
    if moved:
        with pytest.raises(AlreadyDecided) as caught:
            forge.merge("a1", "Sacha")
        assert caught.value.by == "Nour"
    else:
        forge.merge("a1", "Sacha")
    assert [opened.id for opened in forge.pending()] == ["b2"]
    assert git(world.remote, "rev-parse", "refs/merged/a1") == forge.head()
    subjects = git(world.remote, "log", "--first-parent", "--format=%s", "main").splitlines()
    assert subjects == ["Publish need: Un besoin a1", "Seed the content"]
    assert_sound(world)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("step", DECLINING)
def test_killed_while_declining_it_is_declined_or_still_waits(
    world: World, step: str, moment: str
) -> None:
    world.forge.propose(proposal("a1"))
    assert victim(world, step, moment, "decline:a1").wait() == KILLED
    forge = world.reopen()
    if outcome(forge, "a1") is Outcome.OPEN:
        assert (step, moment) in [
            ("write_decline", "before"),
            ("write_decline", "after"),
            ("record_decline", "before"),
        ]
        forge.decline("a1", "Nour", "Non")
    decision = forge.decision("a1")
    assert decision
    assert (decision.outcome, decision.reason) == (Outcome.DECLINED, "Non")
    assert forge.pending() == []
    assert world.main() == SEED
    assert_sound(world)


@pytest.mark.parametrize("round", range(4))
def test_killed_at_any_moment_of_much_work_nothing_is_lost_or_double(
    world: World, round: int
) -> None:
    with victim(world, "busy") as working:
        assert working.stdout
        first = working.stdout.readline()
        time.sleep(0.1 + 0.13 * round)
        working.kill()
        announced = [first.strip(), *working.stdout.read().split()]
    forge = world.reopen()
    for id in announced:
        forge.propose(proposal(id))
    waiting = {opened.id for opened in forge.pending()}
    for number, id in enumerate(announced[:-1]):
        wanted = (Outcome.OPEN, Outcome.MERGED, Outcome.DECLINED)[number % 3]
        assert outcome(forge, id) is wanted
        assert (id in waiting) == (wanted is Outcome.OPEN)
    assert len(announced) > 1
    for id in waiting:
        forge.merge(id, "Nour")
    subjects = git(world.remote, "log", "--first-parent", "--format=%s", "main").splitlines()
    assert len(subjects) == len(set(subjects))
    assert_sound(world)


@pytest.mark.parametrize(
    "lock",
    [
        "refs/heads/main.lock",
        "refs/heads/contribution/need/besoin-a1-a1.lock",
        "refs/merged/a1.lock",
        "packed-refs.lock",
    ],
)
def test_a_lock_left_by_a_killed_process_does_not_stop_the_next(world: World, lock: str) -> None:
    world.forge.propose(proposal("b2"))
    git(world.remote, "pack-refs", "--all")
    path = world.remote / lock
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    world.forge.propose(proposal("a1"))
    world.forge.merge("a1", "Nour")
    world.forge.merge("b2", "Nour")
    assert outcome(world.forge, "a1") is Outcome.MERGED
    assert_sound(world)


def test_one_writes_at_a_time_and_anybody_reads(world: World) -> None:
    world.forge.propose(proposal("a1"))
    writers = [
        threading.Thread(target=world.forge.propose, args=[proposal("b2")]),
        threading.Thread(target=world.forge.merge, args=["a1", "Nour"]),
    ]
    with exclusive(world.remote.with_name("forge.git.lock")):
        for writer in writers:
            writer.start()
        time.sleep(0.3)
        assert [opened.id for opened in world.forge.pending()] == ["a1"]
        assert world.main() == SEED
    for writer in writers:
        writer.join()
    assert [opened.id for opened in world.forge.pending()] == ["b2"]
    assert outcome(world.forge, "a1") is Outcome.MERGED


@contextmanager
def held_by_somebody_alive(lock: Path) -> Iterator[None]:
    """Git at work: its lock is another one each time, and never stays long."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with lock.open("x"):
                time.sleep(0.1)
            os.utime(lock, ns=(time.time_ns(), time.time_ns()))
            assert lock.exists(), "somebody took away a lock that was in use"
            lock.unlink()
            time.sleep(0.01)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_lock_that_is_in_use_is_waited_for(world: World) -> None:
    world.forge.propose(proposal("a1"))
    with held_by_somebody_alive(world.remote / "refs/heads/main.lock"):
        time.sleep(0.02)
        world.forge.merge("a1", "Nour")
    assert outcome(world.forge, "a1") is Outcome.MERGED


def test_a_lock_that_others_never_let_go_is_an_outage_and_theirs(world: World) -> None:
    world.forge.propose(proposal("a1"))
    lock = world.remote / "refs/heads/main.lock"
    lock.touch()
    stop = threading.Event()

    def renew() -> None:
        for number in count():
            if stop.wait(0.05):
                return
            fresh = lock.with_name(f"fresh{number}")
            fresh.touch()
            fresh.replace(lock)

    others = threading.Thread(target=renew)
    others.start()
    try:
        with pytest.raises(ForgeUnavailable):
            world.forge.merge("a1", "Nour")
        assert lock.exists()
    finally:
        stop.set()
        others.join()
    lock.unlink()
    assert world.forge.merge("a1", "Nour").outcome is Outcome.MERGED
