"""Which entries are new: each once, whatever its feed does to its ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plugins.watch.entry import Entry
from plugins.watch.recognition import Known, Recognised, recognise

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Memory:
    """What is remembered of one source, as the database does it."""

    def __init__(self) -> None:
        self.items: dict[str, Known] = {}

    def sees(self, *entries: Entry) -> Recognised:
        found = recognise(self.items.values(), entries)
        for old, new in (found.renamed or {}).items():
            item = self.items.pop(old)
            self.items[new] = Known(new, item.address, item.title, item.summary)
        for one in (*found.new, *found.changed):
            address = self.items[one.key].address if one.key in self.items else one.address
            self.items[one.key] = Known(one.key, address, one.entry.title, one.entry.summary)
        return found


def posts(numbers: Iterable[int], guid: str = "id-{}", host: str = "ici.example") -> list[Entry]:
    return [
        Entry(
            guid.format(n), f"https://{host}/{n}", f"Billet {n}", published=NOON + timedelta(days=n)
        )
        for n in numbers
    ]


def titles(found: Recognised) -> list[str]:
    return [one.entry.title for one in found.new]


def test_what_was_seen_is_not_new() -> None:
    memory = Memory()
    assert len(memory.sees(*posts(range(5))).new) == 5
    assert titles(memory.sees(*posts(range(2, 6)))) == ["Billet 5"]


def test_without_ids_it_is_the_address_then_the_title_and_the_date() -> None:
    memory = Memory()
    memory.sees(Entry("", "https://ici.example/a?utm_source=rss", "Un"), Entry("", "", "Deux"))
    found = memory.sees(
        Entry("", "http://www.ici.example/a", "Un"),
        Entry("", "", "Deux"),
        Entry("", "", "Deux", published=NOON),
    )
    assert titles(found) == ["Deux"]


def test_a_renamed_feed_does_not_come_back_as_two_hundred_new_items() -> None:
    memory = Memory()
    memory.sees(*posts(range(200)))
    found = memory.sees(*posts(range(203), "https://nouveau.example/?p={}"))
    assert titles(found) == ["Billet 200", "Billet 201", "Billet 202"]
    # and when few of the old ones are left, they are known by their new ids
    assert (
        titles(memory.sees(*posts(range(195, 400), "https://nouveau.example/?p={}")))[0]
        == "Billet 203"
    )


def test_few_new_ids_are_new_items() -> None:
    memory = Memory()
    memory.sees(*posts(range(10)))
    again = [Entry("autre", "https://ici.example/1", "Billet 1"), *posts(range(2, 10))]
    assert titles(memory.sees(*again)) == ["Billet 1"]


def test_a_page_whose_news_changes_brings_new_items() -> None:
    memory = Memory()
    memory.sees(Entry("lundi", "https://ici.example/du-jour", "Soupe"))
    assert titles(memory.sees(Entry("mardi", "https://ici.example/du-jour", "Gratin"))) == [
        "Gratin"
    ]


def test_an_id_that_all_have_tells_nothing() -> None:
    memory = Memory()
    same = posts(range(3), guid="flux")
    assert len(memory.sees(*same).new) == 3
    assert not memory.sees(*reversed(same)).new
    assert not memory.sees(same[1]).new
    assert titles(memory.sees(*posts(range(3, 4), guid="flux"))) == ["Billet 3"]


def test_an_entry_that_is_there_twice_is_one() -> None:
    twice = [*posts([1]), *posts([1])]
    assert len(Memory().sees(*twice).new) == 1


def test_other_words_under_the_same_id_are_told_as_a_change() -> None:
    memory = Memory()
    (entry,) = posts([1])
    memory.sees(entry)
    found = memory.sees(Entry(entry.guid, entry.url, "Billet corrigé", "Avec un résumé"))
    assert not found.new
    assert [(one.key, one.entry.title) for one in found.changed] == [("id-1", "Billet corrigé")]
    assert not memory.sees(Entry(entry.guid, entry.url, "Billet corrigé", "Avec un résumé")).changed


few = st.integers(0, 3)
entries = st.lists(
    st.builds(
        lambda guid, page, title, day: Entry(
            f"g{guid}" if guid else "",
            f"https://ici.example/{page}" if page else "",
            f"Titre {title}",
            published=NOON + timedelta(days=day) if day else None,
        ),
        *(few, few, few, few),
    ),
    max_size=8,
)


@given(entries)
def test_the_same_feed_again_has_nothing_new(given: list[Entry]) -> None:
    memory = Memory()
    memory.sees(*given)
    again = memory.sees(*given)
    assert not again.new and not again.changed and not again.renamed


@given(entries, entries)
def test_keys_are_each_there_once_and_every_change_is_of_something_known(
    before: list[Entry], after: list[Entry]
) -> None:
    memory = Memory()
    memory.sees(*before)
    known = set(memory.items)
    found = recognise(memory.items.values(), after)
    keys = [one.key for one in found.new]
    assert len(keys) == len(set(keys)) and not known & set(keys)
    renamed = found.renamed or {}
    assert set(renamed) <= known and not set(renamed.values()) & known
    assert {one.key for one in found.changed} <= known | set(renamed.values())
