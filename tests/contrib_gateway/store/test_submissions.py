"""What contributors sent: what they, or whoever reads it, would notice if it were wrong."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from contrib_gateway.store import UNDECIDED, State, Store
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.store.samples import accept, free, new, proposed

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


def test_what_was_accepted_before_slows_nobody(store: Store, clock: SetClock) -> None:
    said: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, asked: Any, *___: Any) -> None:
        said.append((statement, asked))

    event.listen(store._engine, "before_cursor_execute", hear)
    store.by_ticket("ticket-a1", "digest-a1")
    store.recent("c1", clock.now)
    accept(store)
    event.remove(store._engine, "before_cursor_execute", hear)
    queries = [(words, asked) for words, asked in said if words.startswith("SELECT")]
    assert len(queries) == 4
    with store._reading() as connection:
        for words, asked in queries:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", asked)
            assert not [row.detail for row in plan if row.detail.startswith("SCAN")], words
