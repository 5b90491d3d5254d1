"""Sorting what the watch brought: found, decided, split, joined, undone, by several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.store import TIP, FeedState, Pile, Sought, Store, Story, Take, Verdict
from plugins.watch.entry import Entry
from plugins.watch.recognition import recognise
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.watch.stories import Told, find, story

GONE = Verdict(Pile.DISCARDED, "Hors sujet")
KEEP = Verdict(Pile.KEPT, qualification={"why": "Utile ici."})


def decide(store: Store, one: Story, verdict: Verdict, by: str = "Léa") -> Story:
    assert not store.sort_stories({one.id: one.version}, verdict, by).stale
    return find(store, one.id)


def last(store: Store, one: Story) -> int:
    return store.turns(one.id)[0].number


# Finding


def test_the_newest_day_comes_first_and_of_a_day_what_most_carry(
    store: Store, clock: SetClock
) -> None:
    clock.now = clock.now.replace(hour=18)
    old = story(store, Told("Avant-hier", hours=48), Told(source="b", hours=49), now=clock.now)
    alone = story(store, Told("Seule", hours=1), now=clock.now)
    carried = story(store, Told("Relayée", hours=3), Told(source="b", hours=4), now=clock.now)
    assert [s.id for s in store.stories(Sought(), 10)] == [carried.id, alone.id, old.id]
    assert [s.id for s in store.stories(Sought(), 1, 1)] == [alone.id]
    assert store.story_after(carried, Sought()) == alone.id
    decide(store, alone, GONE)
    assert store.story_after(alone, Sought()) == old.id
    assert store.story_after(old, Sought()) == ""


@pytest.mark.parametrize(
    ("sought", "titles"),
    [
        (Sought(source="a"), {"Un", "Deux"}),
        (Sought(tips=True), {"Trois"}),
        (Sought(theme="sante"), {"Un"}),
        (Sought(theme="mobilite"), {"Deux"}),
        (Sought(lang="en"), {"Deux"}),
        (Sought(words="echeance"), {"Un"}),
        (Sought(words="ECH prolongée"), {"Un"}),
        (Sought(words="prolongée rien"), set()),
        (Sought(words="“*” OR -"), set()),
        (Sought(words="*"), set()),
        (Sought(pile=Pile.LATER), set()),
    ],
)
def test_a_filter_leaves_what_was_asked_for(
    store: Store, clock: SetClock, sought: Sought, titles: set[str]
) -> None:
    un = Told("Un", "a", summary="L’échéance est prolongée")
    story(store, un, suggested=["sante"], now=clock.now)
    deux = story(store, Told("Deux", "a", lang="en"), now=clock.now)
    decide(store, deux, Verdict(Pile.KEPT, qualification={"themes": ["mobilite"]}))
    decide(store, find(store, deux.id), Verdict(Pile.INBOX))
    story(store, Told("Trois", "t", key=TIP), now=clock.now)
    assert {s.lead.title for s in store.stories(sought, 10)} == titles
    assert store.count_stories(sought) == len(titles)


def test_words_that_a_source_corrects_are_found_by_their_new_form(
    store: Store, clock: SetClock
) -> None:
    one = story(store, Told("Un atelier couture"), now=clock.now)
    assert store.stories(Sought(words="couture"), 5)
    with store._writing() as connection:
        connection.exec_driver_sql("UPDATE items SET title = 'Un atelier vélo'")
    assert not store.stories(Sought(words="couture"), 5)
    assert [s.id for s in store.stories(Sought(words="velo"), 5)] == [one.id]
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM items")
    assert not store.stories(Sought(words="velo"), 5)


def test_what_may_be_the_same_is_proposed(store: Store, clock: SetClock) -> None:
    one = story(store, Told("La carte des tiers-lieux en Touraine"), now=clock.now)
    same = story(store, Told("Touraine : une carte pour les tiers-lieux"), now=clock.now)
    other = story(store, Told("Rien à voir"), now=clock.now)
    assert [s.id for s in store.likely(one)] == [same.id]
    assert [s.id for s in store.likely(one, "rien")] == [other.id]


# Deciding


def test_a_decision_is_kept_with_who_why_and_when(store: Store, clock: SetClock) -> None:
    gone = decide(store, story(store, now=clock.now), GONE)
    assert (gone.pile, gone.reason, gone.decided_by) == (Pile.DISCARDED, "Hors sujet", "Léa")
    assert gone.decided_at == clock.now
    kept = decide(store, gone, KEEP, by="Karim")
    assert (kept.pile, kept.reason, kept.qualification) == (Pile.KEPT, "", {"why": "Utile ici."})
    assert [(t.who, t.what) for t in store.turns(kept.id)] == [
        ("Karim", "kept"),
        ("Léa", "discarded"),
    ]
    assert store.piles() == {Pile.INBOX: 0, Pile.LATER: 0, Pile.KEPT: 1, Pile.DISCARDED: 0}


def test_a_decision_on_what_somebody_else_changed_is_not_taken(
    store: Store, clock: SetClock
) -> None:
    one, two = (story(store, now=clock.now) for _ in range(2))
    decide(store, one, GONE)
    done = store.sort_stories({one.id: one.version, two.id: two.version}, KEEP, "Karim")
    assert done.stale == (one.id,)
    assert find(store, one.id).pile is Pile.DISCARDED
    assert find(store, two.id).pile is Pile.KEPT
    assert store.sort_stories({"nobody": 1}, KEEP, "Karim").stale == ("nobody",)


def test_of_two_who_decide_at_once_one_is_first(store: Store, clock: SetClock) -> None:
    for _ in range(10):
        one = story(store, now=clock.now)
        with ThreadPoolExecutor(4) as pool:
            seen = {one.id: one.version}
            dones = list(
                pool.map(lambda by, s=seen: store.sort_stories(s, KEEP, by), ("a", "b", "c", "d"))
            )
        assert sum(not done.stale for done in dones) == 1
        assert find(store, one.id).version == one.version + 1
        assert len(store.turns(one.id)) == 1


# Undoing


def test_an_undone_decision_leaves_what_was_before_and_can_be_redone(
    store: Store, clock: SetClock
) -> None:
    kept = decide(store, story(store, now=clock.now), KEEP)
    gone = decide(store, kept, GONE)
    number = last(store, gone)
    store.undo_turns(number, number, "Léa")
    back = find(store, kept.id)
    assert (back.pile, back.reason, back.qualification) == (Pile.KEPT, "", {"why": "Utile ici."})
    assert back.decided_at == kept.decided_at
    assert back.version > gone.version
    again = last(store, back)
    store.undo_turns(again, again, "Léa")
    assert find(store, kept.id).pile is Pile.DISCARDED


def test_several_are_undone_together_or_none(store: Store, clock: SetClock) -> None:
    seen = {one.id: one.version for one in (story(store, now=clock.now) for _ in range(3))}
    done = store.sort_stories(seen, GONE, "Léa")
    store.undo_turns(done.first, done.last, "Léa")
    assert store.piles()[Pile.INBOX] == 3
    done = store.sort_stories({id: find(store, id).version for id in seen}, GONE, "Léa")
    decide(store, find(store, next(iter(seen))), KEEP, by="Karim")
    with pytest.raises(AlreadyDecided) as told:
        store.undo_turns(done.first, done.last, "Léa")
    assert told.value.by == "Karim"
    assert store.piles()[Pile.DISCARDED] == 2
    with pytest.raises(NotFound):
        store.undo_turns(10**6, 10**6, "Léa")


# Splitting and joining


def test_items_that_tell_something_else_become_a_story(store: Store, clock: SetClock) -> None:
    one = story(
        store, Told("A", "a"), Told("B", "b", hours=1), Told("C", "c", hours=0), now=clock.now
    )
    apart = [item.number for item in one.items if item.title in "AB"]
    number, other = store.split_story(one.id, one.version, apart, "Léa")
    left, new = find(store, one.id), find(store, other)
    assert [i.title for i in left.items] == ["C"]
    assert (left.carriers, new.carriers) == (1, 2)
    assert (new.lead.title, new.pile, new.version) == ("A", Pile.INBOX, 2)
    assert new.newest_at == clock.now - timedelta(hours=1)
    assert left.newest_at == clock.now
    store.undo_turns(number, number, "Léa")
    assert store.story(other) is None
    back = find(store, one.id)
    assert [i.title for i in back.items] == ["A", "B", "C"]
    assert (back.carriers, back.newest_at) == (3, one.newest_at)


@pytest.mark.parametrize("chosen", ["all", "none", "strangers"])
def test_a_split_leaves_something_on_both_sides(store: Store, clock: SetClock, chosen: str) -> None:
    one = story(store, Told(source="a"), Told(source="b"), now=clock.now)
    numbers = {"all": [i.number for i in one.items], "none": [], "strangers": [10**9]}[chosen]
    assert store.split_story(one.id, one.version, numbers, "Léa") == (0, "")
    assert find(store, one.id) == one


def test_stories_that_are_one_are_joined_and_parted_again(store: Store, clock: SetClock) -> None:
    one = decide(store, story(store, Told("A", "a"), now=clock.now), KEEP)
    two = story(store, Told("B", "b"), now=clock.now)
    number = store.join_stories({one.id: one.version, two.id: two.version}, "Léa")
    whole = find(store, one.id)
    assert [i.title for i in whole.items] == ["A", "B"]
    assert (whole.carriers, whole.pile, whole.qualification) == (2, Pile.KEPT, one.qualification)
    assert store.story(two.id) is None
    store.undo_turns(number, number, "Karim")
    assert [i.title for i in find(store, one.id).items] == ["A"]
    assert [i.title for i in find(store, two.id).items] == ["B"]
    assert find(store, two.id).pile is Pile.INBOX


def test_what_a_story_gained_since_it_was_split_stays_when_that_is_undone(
    store: Store, clock: SetClock
) -> None:
    one = story(store, Told("A", "a"), Told("B", "b"), now=clock.now)
    number, other = store.split_story(one.id, one.version, [one.items[1].number], "Léa")
    late = story(store, Told("C", "c"), now=clock.now)
    with store._writing() as connection:  # as gathering does, whose changes are no turns
        connection.exec_driver_sql(
            "UPDATE items SET cluster = ? WHERE cluster = ?", (other, late.id)
        )
    store.undo_turns(number, number, "Léa")
    assert [i.title for i in find(store, one.id).items] == ["A", "B", "C"]


def test_what_changed_meanwhile_is_neither_split_nor_joined(store: Store, clock: SetClock) -> None:
    one = story(store, Told(source="a"), Told(source="b"), now=clock.now)
    two = story(store, now=clock.now)
    decide(store, one, GONE)
    with pytest.raises(AlreadyDecided):
        store.split_story(one.id, one.version, [one.lead.number], "Karim")
    with pytest.raises(AlreadyDecided):
        store.join_stories({two.id: two.version, one.id: one.version}, "Karim")
    with pytest.raises(NotFound):
        store.join_stories({two.id: two.version, "nobody": 1}, "Karim")
    assert find(store, two.id) == two


# Long after


def test_what_was_discarded_long_ago_has_no_words_left_and_does_not_come_back(
    store: Store, clock: SetClock
) -> None:
    one = story(store, Told("Une annonce", "a", summary="De Zoé"), now=clock.now)
    kept, recent, waits = (story(store, Told(title), now=clock.now) for title in ("K", "R", "W"))
    decide(store, one, GONE)
    decide(store, kept, KEEP)
    clock.move(days=200)
    decide(store, recent, GONE)
    clock.move(days=200)
    entry = Entry(guid=one.lead.key, url="https://a.example/ailleurs", title="Une annonce")
    assert store.empty_discarded(clock.now - timedelta(days=365), 10) == 1
    assert store.empty_discarded(clock.now - timedelta(days=365), 10) == 0
    assert store.story(one.id) is None and not store.turns(one.id)
    assert all(map(store.story, (kept.id, recent.id, waits.id)))
    assert not store.stories(Sought(pile=Pile.DISCARDED, words="annonce"), 5)

    found = recognise(store.known_items("a"), [entry])
    assert not found.new, "its source may have it for years"
    state = FeedState("a", "https://a.example/", clock.now)
    assert store.take_in([Take(state, found)]) == 0
    assert [(item.title, item.summary) for item in store.known_items("a")] == [("", "")]
    assert not store.ungathered()
    gathered = store.gathered(clock.now, clock.now, timedelta(days=900))
    assert {id for _, id in gathered} == {kept.id, recent.id, waits.id}, "or nothing joins a story"
    with pytest.raises(NotFound):
        store.undo_turns(1, 1, "Léa")
