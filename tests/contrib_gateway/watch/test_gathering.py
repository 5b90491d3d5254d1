"""Items of the watch become stories: one for each, whoever carries it, however often it is done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from contrib_gateway.forge.local import LocalForge
from contrib_gateway.library import Library
from contrib_gateway.store import TIP as KEY_OF_TIPS
from contrib_gateway.store import FeedState, Pile, Sought, Store, Story, Take, Verdict
from contrib_gateway.store.tables import clusters, items
from contrib_gateway.watch import gathering
from contrib_gateway.watch.gathering import Gathering
from plugins.watch.address import canonical
from plugins.watch.clustering import Told
from plugins.watch.entry import Entry
from plugins.watch.recognition import Arrival, Recognised
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.offices import CONTENT

SOURCE = """---
id: {id}
title: {id}
site: https://{id}.example/
why: Pour voir.
---
"""
TIP = """---
id: tip
title: Un guide
url: https://ici.example/guide
why: Utile ici.
themes: [sante]
---
"""
FRAUD = "Fuite de données chez France Travail : 43 millions de personnes concernées"
AGAIN = "France Travail : fuite de données de 43 millions de personnes"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("watch")
    seed = folder / "content"
    for name in ("types", "vocabularies"):
        shutil.copytree(CONTENT / name, seed / name)
    shutil.copy(CONTENT / "site.yaml", seed)
    for name in ("sources", "links"):
        (seed / name).mkdir()
    for id in ("ici", "ailleurs"):
        (seed / "sources" / f"{id}.md").write_text(SOURCE.format(id=id))
    (seed / "links" / "tip.md").write_text(TIP)
    return Library(LocalForge.open(folder / "forge.git", seed, SetClock()))


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    opened = Store(tmp_path / "vigie.sqlite", clock)
    yield opened
    opened.close()


class Watch:
    """A store that items come into, and the gathering of them."""

    def __init__(self, store: Store, library: Library, clock: SetClock) -> None:
        self.store = store
        self.clock = clock
        self.gathering = Gathering(store, library)
        self._last = 0

    def comes(
        self, title: str, source: str, path: str = "", hours: float = 1, key: str = "", **more: str
    ) -> int:
        self._last += 1
        url = path if path.startswith("http") else f"https://{source}.example/{path or self._last}"
        now = self.clock()
        row = {
            "source": source,
            "key": key or str(self._last),
            "address": canonical(url),
            "url": url,
            "title": title,
            "summary": "",
            "author": "",
            "lang": "fr",
            "published_at": now - timedelta(hours=hours),
            "found_at": now,
        }
        with self.store._writing() as connection:
            row |= {"number": self._last, **more}
            connection.execute(insert(items).values(row))
        return self._last

    def stories(self) -> list[Story]:
        self.gathering.run()
        return [s for pile in Pile for s in self.store.stories(Sought(pile=pile), 1000)]


@pytest.fixture
def watch(store: Store, library: Library, clock: SetClock) -> Watch:
    return Watch(store, library, clock)


def test_the_same_story_from_two_sources_is_one_led_by_the_first(watch: Watch) -> None:
    watch.comes(AGAIN, "ailleurs", hours=1)
    first = watch.comes(FRAUD, "ici", hours=5)
    (story,) = watch.stories()
    assert (story.lead.number, story.carriers) == (first, 2)
    assert story.newest_at == watch.clock() - timedelta(hours=1)
    assert (story.pile, story.version, story.lang) == (Pile.INBOX, 1, "fr")


def test_the_site_that_wrote_it_leads_those_that_carry_it(watch: Watch) -> None:
    watch.comes("Vu ailleurs : le guide", "ailleurs", "https://www.ici.example/guide?utm_source=x")
    original = watch.comes("Le guide", "ici", "guide", hours=0)
    (story,) = watch.stories()
    assert story.lead.number == original


def test_a_tip_and_what_a_source_published_are_one_with_the_themes_of_who_sent_it(
    watch: Watch,
) -> None:
    watch.comes("Un guide", "tip", "https://ici.example/guide", key=KEY_OF_TIPS, hours=9)
    watch.comes("Guide des logiciels libres", "ici", "guide")
    (story,) = watch.stories()
    assert (story.lead.source, story.carriers) == ("ici", 2)
    assert story.suggested == ("sante", "communs-et-libre")


def test_one_that_comes_later_joins_what_was_decided_and_changes_neither_state_nor_lead(
    watch: Watch,
) -> None:
    watch.comes(AGAIN, "ailleurs")
    (story,) = watch.stories()
    watch.store.sort_stories({story.id: 1}, Verdict(Pile.DISCARDED, "hors sujet"), "Ana")
    watch.clock.move(hours=5)
    watch.comes(FRAUD, "ici", hours=90)
    (after,) = watch.stories()
    assert (after.id, after.pile, after.carriers) == (story.id, Pile.DISCARDED, 2)
    assert (after.lead, after.version) == (story.lead, 2)


def test_what_an_editor_split_stays_apart(watch: Watch) -> None:
    watch.comes(FRAUD, "ici")
    second = watch.comes(AGAIN, "ailleurs")
    (story,) = watch.stories()
    watch.store.split_story(story.id, 1, [second], "Ana")
    watch.comes("Tout autre chose", "ici")
    assert sorted(story.carriers for story in watch.stories()) == [1, 1, 1]


def test_gathering_again_changes_nothing(watch: Watch) -> None:
    for number in range(5):
        watch.comes(f"Une chose {number}", "ici")
    before = watch.stories()
    assert watch.gathering.run() == 0
    assert watch.stories() == before


def test_what_is_cut_off_in_the_middle_goes_on_from_there(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "BATCH", 2)
    for number in range(5):
        watch.comes(f"Une chose {number}", "ici")
    real, calls = watch.store.gather, iter([True, False])

    def cut(*args: object) -> bool:
        if next(calls):
            return real(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watch.store, "gather", cut)
        with pytest.raises(KeyboardInterrupt):
            watch.gathering.run()
    assert len(watch.store.ungathered()) == 3
    assert len(watch.stories()) == 5


def test_two_that_gather_at_once_make_each_story_once(
    watch: Watch, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "BATCH", 3)
    monkeypatch.setattr(gathering, "TRIES", 50)
    for number in range(20):
        watch.comes(f"Chose tout à fait particulière {number}", "ici", f"page-{number}")
        watch.comes(
            f"Relais de la chose {number}", "ailleurs", f"https://ici.example/page-{number}"
        )
    both = [Gathering(watch.store, library) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(Gathering.run, both)) == 40
    found = watch.stories()
    assert [story.carriers for story in found] == [2] * 20
    with watch.store._reading() as connection:
        assert len(connection.execute(select(clusters.c.id)).all()) == 20


def test_a_date_in_the_future_puts_no_story_before_the_others(watch: Watch) -> None:
    watch.comes("Une chose à venir", "ici", hours=-24 * 400)
    (story,) = watch.stories()
    assert story.newest_at == watch.clock()


def test_one_old_date_does_not_bring_all_that_ever_was_into_memory() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    dated = [
        Told(number, "un", "", "", "", at)
        for number, at in enumerate((datetime(1990, 1, 1, tzinfo=UTC), now))
    ]
    assert gathering.span(dated) == (now - gathering.LONGEST, now)
    assert gathering.span(dated[:1]) == (dated[0].at, dated[0].at)


def test_words_follow_their_source_until_somebody_decides(watch: Watch) -> None:
    def says(title: str) -> str:
        entry = Entry("un", "https://ici.example/un", title)
        arrival = Arrival("un", "https://ici.example/un", entry)
        state = FeedState("ici", "https://ici.example/feed", watch.clock())
        watch.store.take_in([Take(state, Recognised(changed=(arrival,)))])
        (story,) = watch.stories()
        return story.lead.title

    watch.comes("Avant", "ici", "un", key="un")
    assert says("Pendant") == "Pendant"
    (story,) = watch.stories()
    watch.store.sort_stories({story.id: story.version}, Verdict(Pile.KEPT), "Ana")
    assert says("Après") == "Pendant"


def test_a_story_that_says_something_else_by_now_is_not_sorted_unread(watch: Watch) -> None:
    """Its source has other words for it, or the original comes and leads it."""
    link = "https://ici.example/guide"
    watch.comes("Avant", "ailleurs", link, key="un")
    (seen,) = watch.stories()
    arrival = Arrival("un", canonical(link), Entry("un", link, "Après"))
    state = FeedState("ailleurs", "https://ailleurs.example/feed", watch.clock())
    watch.store.take_in([Take(state, Recognised(changed=(arrival,)))])
    keep = Verdict(Pile.KEPT)
    assert watch.store.sort_stories({seen.id: seen.version}, keep, "Ana").stale == (seen.id,)
    (seen,) = watch.stories()
    watch.comes("L’original", "ici", link)
    (story,) = watch.stories()
    assert story.lead.title == "L’original"
    assert watch.store.sort_stories({seen.id: seen.version}, keep, "Ana").stale == (seen.id,)
    assert not watch.store.sort_stories({story.id: story.version}, keep, "Ana").stale


def test_one_more_who_carries_a_story_makes_no_decision_stale(watch: Watch) -> None:
    watch.comes("Un guide", "ici", "https://ici.example/guide")
    (seen,) = watch.stories()
    watch.comes("Un guide", "ailleurs", "https://ici.example/guide")
    assert not watch.store.sort_stories({seen.id: seen.version}, Verdict(Pile.KEPT), "Ana").stale
