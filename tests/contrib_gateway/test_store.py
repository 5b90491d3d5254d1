"""The database: what a contributor, an editor or an operator would notice if it were wrong."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrib_gateway.errors import AlreadyDecided, NotFound, StoreUnavailable
from contrib_gateway.store import UNDECIDED, NewSubmission, State, Store, Submission
from contrib_gateway.store.access import LOGIN_LIFETIME, SESSION_LIFETIME
from tests.contrib_gateway.clocks import SetClock

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vigie.sqlite"


@pytest.fixture
def store(path: Path, clock: SetClock) -> Iterator[Store]:
    opened = Store(path, clock)
    yield opened
    opened.close()


def new(id: str = "a1", **more: object) -> NewSubmission:
    first = NewSubmission(
        id=id,
        ticket=f"ticket-{id}",
        digest=f"digest-{id}",
        type="need",
        slug=f"besoin-{id}",
        title=f"Un besoin {id}",
        lang="fr",
        data={"title": f"Un besoin {id}", "themes": ["transport"], "place": {"lat": 47.35}},
        body="Des bus le soir.",
        private={"contact": "zoe@example.org"},
        signed_as="Zoé",
        client="c1",
    )
    return replace(first, **more)  # type: ignore[arg-type]


def free(slug: str) -> bool:
    return False


def accept(store: Store, id: str = "a1", **more: object) -> Submission:
    return store.accept(new(id, **more), free)


def proposed(store: Store, id: str = "a1") -> Submission:
    accept(store, id)
    return store.mark_proposed(id, f"contribution/need/besoin-{id}-{id}")


# Accepting


def test_what_was_sent_is_kept_whole(store: Store, clock: SetClock) -> None:
    accepted = accept(store)
    assert accepted == store.find("a1") == store.by_ticket("ticket-a1", "digest-a1")
    assert accepted.state is State.QUEUED
    assert accepted.accepted_at == clock.now
    sent = new()
    for name in ("title", "lang", "data", "body", "private", "signed_as", "slug", "client"):
        assert getattr(accepted, name) == getattr(sent, name)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(), number=st.integers(0, 10**9))
def test_any_words_read_back_as_they_were_typed(store: Store, words: str, number: int) -> None:
    id = f"w{number}-{abs(hash(words))}"
    sent = new(id, slug=id, title=words, body=words, data={"t": words}, private={"c": [words]})
    store.accept(sent, free)
    found = store.find(id)
    assert found
    assert (found.title, found.body, found.data, found.private) == (
        words,
        words,
        {"t": words},
        {"c": [words]},
    )


def test_the_same_form_sent_twice_is_one_submission(store: Store) -> None:
    first = accept(store)
    again = store.accept(replace(new("b2"), ticket="ticket-a1", digest="digest-a1"), free)
    assert again == first
    assert store.counts()[State.QUEUED] == 1


def test_the_same_form_with_other_content_is_another_submission(store: Store) -> None:
    accept(store)
    store.accept(replace(new("b2"), ticket="ticket-a1"), free)
    assert sum(store.counts().values()) == 2


def test_five_clicks_at_once_are_one_submission(store: Store) -> None:
    with ThreadPoolExecutor(5) as pool:
        results = pool.map(
            lambda n: store.accept(replace(new(f"c{n}"), ticket="t", digest="d"), free), range(5)
        )
    assert len({submission.id for submission in results}) == 1
    assert sum(store.counts().values()) == 1


def test_two_people_sending_one_title_at_once_get_two_addresses(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        slugs = pool.map(lambda n: accept(store, f"s{n}", slug="bus").slug, range(8))
    assert set(slugs) == {"bus", *(f"bus-{number}" for number in range(2, 9))}


def test_an_address_of_the_site_is_not_given_again(store: Store) -> None:
    taken = {"bus", "bus-2"}
    assert store.accept(new(slug="bus"), taken.__contains__).slug == "bus-3"


def test_types_do_not_compete_for_addresses(store: Store) -> None:
    assert accept(store, "a1", slug="bus").slug == "bus"
    assert accept(store, "b2", slug="bus", type="actor").slug == "bus"
    assert accept(store, "c3", slug="bus-lent").slug == "bus-lent"
    assert accept(store, "d4", slug="bus").slug == "bus-2"


@pytest.mark.parametrize("close", [State.DECLINED, State.WITHDRAWN])
def test_the_address_of_what_was_refused_is_free_again(store: Store, close: State) -> None:
    proposed(store, "a1")
    if close is State.DECLINED:
        store.mark_declined("a1", "Nour", "Non")
    else:
        store.mark_withdrawn("a1")
    assert accept(store, "b2", slug="besoin-a1").slug == "besoin-a1"


def test_the_address_of_what_is_published_or_dead_stays_reserved(store: Store) -> None:
    proposed(store, "a1")
    store.mark_published("a1", "Nour", "c0ffee")
    accept(store, "b2", slug="mort")
    store.mark_dead("b2", "no")
    assert accept(store, "c3", slug="besoin-a1").slug == "besoin-a1-2"
    assert accept(store, "d4", slug="mort").slug == "mort-2"


def test_a_name_that_cannot_be_checked_accepts_nothing(store: Store) -> None:
    def broken(slug: str) -> bool:
        raise ValueError("main cannot be read")

    with pytest.raises(ValueError, match="main cannot be read"):
        store.accept(new(), broken)
    assert store.find("a1") is None
    assert accept(store).slug == "besoin-a1"


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
}
ALLOWED = {
    State.HELD: {"release", "decline held", "withdraw"},
    State.QUEUED: {"retry", "dead", "propose"},
    State.PROPOSED: {"publish", "decline", "withdraw"},
    State.DEAD: {"requeue", "decline dead", "withdraw"},
    State.PUBLISHED: set(),
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


# What is shown


def test_the_states_always_sum_to_what_was_accepted(store: Store) -> None:
    assert store.counts() == dict.fromkeys(State, 0)
    for state in State:
        if state is not State.HELD:
            accept(store, f"x-{state}")
    store.mark_dead("x-dead", "no")
    for id in ("x-proposed", "x-published", "x-declined", "x-withdrawn"):
        store.mark_proposed(id, "branch")
    store.mark_published("x-published", "Nour", "c0ffee")
    store.mark_declined("x-declined", "Nour", "Non")
    store.mark_withdrawn("x-withdrawn")
    accept(store, "x-held", state=State.HELD)
    assert store.counts() == dict.fromkeys(State, 1)
    assert {submission.state for submission in store.waiting()} == set(UNDECIDED)


def test_the_desk_lists_what_waits_the_oldest_first_and_decisions_the_latest_first(
    store: Store, clock: SetClock
) -> None:
    for id in ("c3", "a1", "b2", "d4"):
        proposed(store, id)
        clock.move(minutes=1)
    assert [submission.id for submission in store.waiting()] == ["c3", "a1", "b2", "d4"]
    for id in ("b2", "c3", "a1"):
        store.mark_published(id, "Nour", "c0ffee")
        clock.move(minutes=1)
    assert [submission.id for submission in store.decided(2)] == ["a1", "c3"]
    assert [submission.id for submission in store.waiting()] == ["d4"]


def test_what_one_client_sent_lately_is_counted_whatever_became_of_it(
    store: Store, clock: SetClock
) -> None:
    accept(store, "old")
    clock.move(hours=1, seconds=1)
    proposed(store, "a1")
    store.mark_declined("a1", "Nour", "Non")
    accept(store, "b2")
    accept(store, "other", client="c2")
    assert store.recent("c1", clock.now - timedelta(hours=1)) == 2
    assert store.recent("nobody", clock.now - timedelta(hours=1)) == 0


def test_moments_compare_right_whatever_their_zone(store: Store, clock: SetClock) -> None:
    accept(store)
    paris = timezone(timedelta(hours=2))
    assert store.recent("c1", clock.now.astimezone(paris)) == 1
    assert store.recent("c1", (clock.now + timedelta(seconds=1)).astimezone(paris)) == 0


def test_the_journal_tells_who_did_what_and_when(store: Store, clock: SetClock) -> None:
    accept(store, state=State.HELD)
    store.release("a1", "Nour")
    store.mark_proposed("a1", "branch")
    clock.move(minutes=1)
    store.mark_published("a1", "Sacha", "c0ffee")
    store.log("Sacha", "signed-in")
    told = [(entry.who, entry.what) for entry in store.journal("a1")]
    assert told == [("Sacha", "published"), ("", "proposed"), ("Nour", "queued")]
    assert store.journal("a1")[0].at == clock.now
    assert [entry.what for entry in store.journal(limit=2)] == ["signed-in", "published"]


# Entering the desk


def test_a_login_link_serves_once(store: Store) -> None:
    link = store.create_login("nour@example.org")
    secret = store.redeem_login(link)
    assert secret
    session = store.session(secret)
    assert session
    assert session.address == "nour@example.org"
    assert store.redeem_login(link) is None
    assert store.session(link) is None


def test_a_login_link_followed_twice_at_once_serves_once(store: Store) -> None:
    link = store.create_login("nour@example.org")
    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(lambda _: store.redeem_login(link), range(8)))
    assert sum(secret is not None for secret in secrets) == 1


def test_links_and_sessions_expire(store: Store, clock: SetClock) -> None:
    late, used = store.create_login("a@example.org"), store.create_login("b@example.org")
    secret = store.redeem_login(used)
    assert secret
    clock.move(seconds=LOGIN_LIFETIME.total_seconds())
    assert store.redeem_login(late) is None
    assert store.session(secret)
    clock.move(seconds=(SESSION_LIFETIME - LOGIN_LIFETIME).total_seconds())
    assert store.session(secret) is None


def test_signing_out_ends_a_session_and_an_editor_can_be_shut_out(store: Store) -> None:
    secrets = [store.redeem_login(store.create_login("a@example.org")) for _ in range(2)]
    other = store.redeem_login(store.create_login("b@example.org"))
    assert secrets[0]
    assert secrets[1]
    assert other
    store.end_session(secrets[0])
    assert store.session(secrets[0]) is None
    assert store.session(secrets[1])
    link = store.create_login("a@example.org")
    store.end_sessions("a@example.org")
    assert store.session(secrets[1]) is None
    assert store.redeem_login(link) is None
    assert store.session(other)


@given(token=st.text())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_made_up_secret_opens_nothing(store: Store, token: str) -> None:
    assert store.session(token) is None
    assert store.redeem_login(token) is None
    store.end_session(token)


def test_whoever_reads_the_file_cannot_enter(store: Store, path: Path) -> None:
    link = store.create_login("nour@example.org")
    secret = store.redeem_login(store.create_login("nour@example.org"))
    assert secret
    store.close()
    raw = path.read_bytes()
    assert link.encode() not in raw
    assert secret.encode() not in raw


# Builds


def test_the_last_build_and_the_last_good_one_are_known(store: Store, clock: SetClock) -> None:
    assert store.last_build() is store.last_good_build() is None
    good = store.start_build("c1")
    running = store.last_build()
    assert running
    assert running.running
    assert not running.ok
    clock.move(seconds=3)
    store.finish_build(good, ok=True, log="")
    bad = store.start_build("c2")
    store.finish_build(bad, ok=False, log="a fault in content/")
    last, last_good = store.last_build(), store.last_good_build()
    assert last
    assert last_good
    assert (last.commit, last.ok, last.log, last.running) == (
        "c2",
        False,
        "a fault in content/",
        False,
    )
    assert (last_good.number, last_good.commit, last_good.finished_at) == (good, "c1", clock.now)
    store.start_build("c3")
    again = store.last_good_build()
    assert again
    assert again.number == good


# The file


def test_what_was_accepted_survives_a_kill(path: Path) -> None:
    """The process dies as soon as `accept` returns, with nothing closed."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from tests.contrib_gateway.test_store import Store, accept\n"
        "accept(Store(Path(sys.argv[1])))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    store = Store(path)
    found = store.find("a1")
    assert found
    assert found.private == {"contact": "zoe@example.org"}
    store.close()


def test_commits_are_durable_and_the_file_has_a_version(store: Store, path: Path) -> None:
    with store._reading() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "user_version", "foreign_keys")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "user_version": 1,
        "foreign_keys": 1,
    }


def test_nobody_else_on_the_machine_can_read_the_addresses(store: Store, path: Path) -> None:
    accept(store)
    for file in path.parent.glob("vigie.sqlite*"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_database_can_be_opened_again_and_by_two_processes_at_once(
    path: Path, clock: SetClock
) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: Store(path, clock), range(6)))
    for number, store in enumerate(stores):
        accept(store, f"n{number}")
    assert all(sum(store.counts().values()) == 6 for store in stores)
    for store in stores:
        store.close()


def test_a_newer_database_is_refused_not_damaged(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreUnavailable, match="99"):
        Store(path)


def test_a_spoilt_or_unreachable_file_is_an_outage_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "spoilt").write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "spoilt")
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "missing" / "vigie.sqlite")


def test_a_disk_that_is_full_accepts_nothing_and_says_so(store: Store) -> None:
    accept(store, "a1")
    with store._reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable):
        accept(store, "b2", body="x" * 100_000)
    assert store.find("b2") is None
    assert store.find("a1")


def test_readers_are_not_stopped_by_a_writer(store: Store) -> None:
    accept(store)
    with store._writing():
        assert store.find("a1")
        assert sum(store.counts().values()) == 1
