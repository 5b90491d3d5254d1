"""How submissions move: in the queue, by an editor's decision, or when two places disagree."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.store import Act, State, Store, Submission
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.store.samples import accept, free, new, proposed

# The queue


def test_the_queue_is_served_in_order(store: Store, clock: SetClock) -> None:
    for id in ("b2", "a1", "c3"):
        accept(store, id)
        clock.move(seconds=1)
    served = []
    while submission := store.next_queued(clock.now):
        served.append(submission.id)
        store.mark_proposed(submission.id, "branch")
    assert served == ["b2", "a1", "c3"]


def test_what_failed_waits_its_time_and_lets_others_pass(store: Store, clock: SetClock) -> None:
    accept(store, "a1")
    clock.move(seconds=1)
    accept(store, "b2")
    store.retry("a1", clock.now + timedelta(minutes=1), "no answer")
    found = store.next_queued(clock.now)
    assert found
    assert found.id == "b2"
    store.mark_proposed("b2", "branch")
    assert store.next_queued(clock.now) is None
    clock.move(minutes=1)
    again = store.next_queued(clock.now)
    assert again
    assert (again.id, again.attempts, again.reason) == ("a1", 1, "no answer")
    fine = store.mark_proposed("a1", "branch")
    assert (fine.branch, fine.reason, fine.next_try_at) == ("branch", "", None)


def test_what_is_held_is_not_proposed_before_an_editor_looked(
    store: Store, clock: SetClock
) -> None:
    accept(store, state=State.HELD, reason="screening")
    assert store.next_queued(clock.now) is None
    released = store.release("a1", "Nour")
    assert (released.state, released.reason) == (State.QUEUED, "")
    assert store.next_queued(clock.now) == released


def test_what_is_dead_can_be_tried_again(store: Store, clock: SetClock) -> None:
    accept(store)
    store.retry("a1", clock.now, "no answer")
    dead = store.mark_dead("a1", "the repository is gone")
    assert (dead.state, dead.reason) == (State.DEAD, "the repository is gone")
    assert store.next_queued(clock.now) is None
    again = store.requeue("a1", "Nour")
    assert (again.state, again.attempts, again.reason) == (State.QUEUED, 0, "")


def test_all_that_is_dead_can_be_tried_again_at_once(store: Store, clock: SetClock) -> None:
    for id in ("a1", "b2", "c3"):
        accept(store, id)
    store.retry("a1", clock.now, "no answer")
    for id in ("a1", "b2"):
        store.mark_dead(id, "the token has expired")
    assert store.requeue_all("Nour") == 2
    assert store.counts()[State.QUEUED] == 3
    found = store.find("a1")
    assert found
    assert (found.attempts, found.reason, found.next_try_at) == (0, "", None)
    assert [(entry.who, entry.what) for entry in store.journal("b2", 1)] == [("Nour", "queued")]
    assert store.journal("c3") == []
    assert store.requeue_all("Nour") == 0


def test_a_queue_tells_since_when_somebody_waits(store: Store, clock: SetClock) -> None:
    assert store.oldest_queued() is None
    accept(store, "a1", state=State.HELD)
    first = clock.now
    accept(store, "b2")
    clock.move(minutes=1)
    accept(store, "c3")
    assert store.oldest_queued() == first
    store.mark_proposed("b2", "branch")
    assert store.oldest_queued() == clock.now


# Deciding


def test_a_published_submission_tells_who_when_and_since_when_it_is_online(
    store: Store, clock: SetClock
) -> None:
    proposed(store)
    clock.move(hours=1)
    published = store.mark_published("a1", "Nour", "c0ffee")
    assert (published.state, published.decided_by, published.commit, published.decided_at) == (
        State.PUBLISHED,
        "Nour",
        "c0ffee",
        clock.now,
    )
    assert published.online_at is None
    assert store.offline() == ("a1",)
    clock.move(seconds=5)
    store.mark_online(store.offline())
    clock.move(seconds=5)
    store.mark_online(["a1"])
    found = store.find("a1")
    assert found
    assert found.online_at == clock.now - timedelta(seconds=5)
    assert store.offline() == ()


def test_only_what_is_published_goes_online(store: Store) -> None:
    proposed(store)
    store.mark_online(["a1", "unknown"])
    store.mark_online([])
    found = store.find("a1")
    assert found
    assert found.online_at is None


def test_what_was_taken_back_is_declined_with_the_reason_and_online_no_more(
    store: Store, clock: SetClock
) -> None:
    proposed(store)
    store.mark_published("a1", "Nour", "c0ffee")
    store.mark_online(["a1"])
    clock.move(hours=1)
    undone = store.mark_undone("a1", "Sacha", "Un doublon")
    assert (undone.state, undone.decided_by, undone.reason) == (
        State.DECLINED,
        "Sacha",
        "Un doublon",
    )
    assert (undone.decided_at, undone.online_at, undone.commit) == (clock.now, None, "c0ffee")
    assert store.offline() == ()
    assert accept(store, "b2", slug=undone.slug).slug == undone.slug


# When the forge and the database disagree


def test_a_proposal_that_is_gone_from_the_forge_is_made_again(
    store: Store, clock: SetClock
) -> None:
    accept(store)
    store.retry("a1", clock.now, "no answer")
    store.mark_proposed("a1", "contribution/need/besoin-a1-a1")
    again = store.reopen("a1")
    assert (again.state, again.branch, again.attempts) == (State.QUEUED, "", 0)
    assert store.next_queued(clock.now) == again


def test_a_proposal_that_the_database_does_not_know_is_adopted_once(
    store: Store, clock: SetClock
) -> None:
    """The database was restored from a backup older than the proposal."""
    adopted = store.adopt(new(), "contribution/need/besoin-a1-a1")
    assert (adopted.state, adopted.branch) == (State.PROPOSED, "contribution/need/besoin-a1-a1")
    assert (adopted.title, adopted.data, adopted.body) == (new().title, new().data, new().body)
    clock.move(minutes=1)
    assert store.adopt(new(), "contribution/need/besoin-a1-a1") == adopted
    store.mark_published("a1", "Nour", "c0ffee")
    assert store.adopt(new(), "contribution/need/besoin-a1-a1").state is State.PUBLISHED
    assert store.states() == {"a1": State.PUBLISHED}
    assert [entry.what for entry in store.journal("a1")] == ["published", "adopted"]


def test_what_was_adopted_is_found_by_whoever_sends_its_form_again(store: Store) -> None:
    store.adopt(new(ticket="", digest="", private={}, client=""), "branch")
    again = store.accept(new(), free)
    assert (again.id, again.state) == ("a1", State.PROPOSED)
    assert (again.private, again.client) == ({"contact": "zoe@example.org"}, "c1")
    assert store.by_ticket("ticket-a1", "digest-a1") == again
    assert store.accept(new(), free) == again


def test_proposals_are_adopted_even_if_they_compete_for_an_address(store: Store) -> None:
    slugs = [store.adopt(new(id, slug="bus"), f"bus-{id}").slug for id in ("a1", "b2", "c3")]
    assert slugs == ["bus", "bus-2", "bus-3"]


def test_every_submission_is_told_with_its_state(store: Store) -> None:
    accept(store, "a1", state=State.HELD)
    proposed(store, "b2")
    assert store.states() == {"a1": State.HELD, "b2": State.PROPOSED}


# Who may do what


Move = Callable[[Store], object]
MOVES: dict[str, Move] = {
    "release": lambda store: store.release("a1", "Sacha"),
    "retry": lambda store: store.retry("a1", datetime(2027, 1, 1, tzinfo=UTC), "later"),
    "requeue": lambda store: store.requeue("a1", "Sacha"),
    "dead": lambda store: store.mark_dead("a1", "no"),
    "propose": lambda store: store.mark_proposed("a1", "branch"),
    "publish": lambda store: store.mark_published("a1", "Sacha", "c0ffee"),
    "decline": lambda store: store.mark_declined("a1", "Sacha", "Non"),
    "decline held": lambda store: store.mark_declined("a1", "Sacha", "Non", State.HELD),
    "decline dead": lambda store: store.mark_declined("a1", "Sacha", "Non", State.DEAD),
    "withdraw": lambda store: store.mark_withdrawn("a1"),
    "undo": lambda store: store.mark_undone("a1", "Sacha", "Un doublon"),
    "reopen": lambda store: store.reopen("a1"),
}
ALLOWED = {
    State.HELD: {"release", "decline held", "withdraw"},
    State.QUEUED: {"withdraw", "retry", "dead", "propose"},
    State.PROPOSED: {"publish", "decline", "withdraw", "reopen"},
    State.DEAD: {"requeue", "decline dead", "withdraw"},
    State.PUBLISHED: {"undo"},
    State.DECLINED: set(),
    State.WITHDRAWN: set(),
}


def in_state(store: Store, state: State) -> Submission:
    accept(store, state=State.HELD if state is State.HELD else State.QUEUED)
    if state is State.DEAD:
        store.mark_dead("a1", "no")
    elif state not in (State.HELD, State.QUEUED):
        store.mark_proposed("a1", "branch")
    if state is State.PUBLISHED:
        store.mark_published("a1", "Nour", "c0ffee")
    if state is State.DECLINED:
        store.mark_declined("a1", "Nour", "Hors sujet")
    if state is State.WITHDRAWN:
        store.mark_withdrawn("a1")
    found = store.find("a1")
    assert found
    assert found.state is state
    return found


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", MOVES)
def test_a_submission_moves_only_as_it_may(store: Store, state: State, move: str) -> None:
    before = in_state(store, state)
    if move in ALLOWED[state]:
        MOVES[move](store)
        assert store.find("a1") != before
    else:
        with pytest.raises(AlreadyDecided) as caught:
            MOVES[move](store)
        assert caught.value.what == state
        assert store.find("a1") == before


@pytest.mark.parametrize("move", MOVES)
def test_an_unknown_submission_cannot_move(store: Store, move: str) -> None:
    with pytest.raises(NotFound):
        MOVES[move](store)


def test_the_second_editor_is_told_who_did_what_and_why(store: Store, clock: SetClock) -> None:
    proposed(store)
    store.mark_declined("a1", "Nour", "Hors sujet")
    clock.move(minutes=1)
    with pytest.raises(AlreadyDecided) as caught:
        store.mark_published("a1", "Sacha", "c0ffee")
    told = caught.value
    assert (told.what, told.by, told.reason) == (State.DECLINED, "Nour", "Hors sujet")
    assert told.at == clock.now - timedelta(minutes=1)


@pytest.mark.parametrize("round", range(5))
def test_of_two_editors_deciding_at_once_one_wins(path: Path, clock: SetClock, round: int) -> None:
    """Each has a database of its own, as two processes would."""
    stores = [Store(path, clock), Store(path, clock)]
    proposed(stores[0])
    barrier = threading.Barrier(2)

    def decide(number: int) -> object:
        barrier.wait()
        try:
            if number:
                return stores[1].mark_declined("a1", "Sacha", "Non").state
            return stores[0].mark_published("a1", "Nour", "c0ffee").state
        except AlreadyDecided as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(decide, range(2)))
    [won] = [result for result in results if isinstance(result, State)]
    [lost] = [result for result in results if isinstance(result, AlreadyDecided)]
    assert lost.what == won
    assert lost.by == ("Nour" if won is State.PUBLISHED else "Sacha")
    assert stores[0].counts()[won] == 1
    for store in stores:
        store.close()


def test_the_journal_tells_who_did_what_and_when(store: Store, clock: SetClock) -> None:
    accept(store, state=State.HELD)
    store.release("a1", "Nour")
    store.mark_proposed("a1", "branch")
    clock.move(minutes=1)
    store.mark_published("a1", "Sacha", "c0ffee")
    store.log("Sacha", Act.WRITTEN, about="actor/x")
    told = [(entry.who, entry.what) for entry in store.journal("a1")]
    assert told == [("Sacha", "published"), ("", "proposed"), ("Nour", "released")]
    assert store.journal("a1")[0].at == clock.now
    assert [entry.what for entry in store.journal(limit=2)] == ["written", "published"]
