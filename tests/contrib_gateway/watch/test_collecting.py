"""What a run of the watch brings in, what it notes of each source, and what it never does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from contrib_gateway.clock import day
from contrib_gateway.store import TIP, Act
from contrib_gateway.watch import asking
from contrib_gateway.watch.collector import AlreadyCollecting, _alone
from contrib_gateway.watch.faults import Fault
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.watch.servers import (
    RESET,
    Server,
    bomb,
    conditional,
    dripping,
    redirect,
    reply,
    rss,
)
from tests.contrib_gateway.watch.watches import Watch, plant

FIRST, SECOND = "http://example.org/1", "http://example.org/2"
PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
Start = Callable[..., Watch]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        yield one


@pytest.fixture
def start(tmp_path: Path, clock: SetClock) -> Iterator[Start]:
    """Starts a watch of sources (id → site)."""
    watches: list[Watch] = []

    def started(more: str = "", **sources: str) -> Watch:
        watches.append(Watch(plant(tmp_path, sources, more), clock))
        return watches[-1]

    yield started
    for watch in watches:
        watch.close()


def test_what_a_source_publishes_comes_in_once(
    server: Server, start: Start, clock: SetClock
) -> None:
    watch = start(un=server.put("/feed", conditional(rss("Un", [FIRST]), '"1"')))
    assert watch.collect().news == 1
    assert watch.collect().news == 0
    assert server.requests[-1].headers["if-none-match"] == '"1"'
    server.put("/feed", conditional(rss("Un", [SECOND, FIRST]), '"2"'))
    progress = watch.collect()
    assert (progress.due, progress.asked, progress.failed, progress.news) == (1, 1, 0, 1)
    assert watch.items("un") == [FIRST, SECOND]
    assert watch.gathered == 3
    assert b'vigie_watch_sources_asked_total{outcome="ok"} 3.0' in watch.metrics.text()
    assert b"vigie_watch_items_total 2.0" in watch.metrics.text()


def test_what_is_the_same_is_not_parsed_again(
    server: Server, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = start(un=server.put("/feed", reply(200, rss("Un", [FIRST]))))
    watch.collect()
    monkeypatch.setattr("tests.contrib_gateway.watch.watches.InProcess.parse", None)
    assert watch.collect().failed == 0


def test_a_source_is_asked_when_it_is_due(server: Server, start: Start, clock: SetClock) -> None:
    dated = rss("Un", [FIRST]).replace(
        b"<title>De", b"<pubDate>Mon, 23 Nov 2026 10:30:00 GMT</pubDate><title>De"
    )
    watch = start(un=server.put("/feed", reply(200, dated)))
    assert watch.collect(False).asked == 1
    assert watch.fares("un").next_at == clock() + timedelta(hours=1)  # its news are of 8 h ago
    assert watch.collect(False).asked == 0
    clock.move(hours=1)
    assert watch.collect(False).asked == 1
    clock.move(days=60)
    watch.collect(False)
    assert watch.fares("un").next_at == clock() + timedelta(days=1)


def test_a_source_is_left_alone_as_long_as_it_asks(
    server: Server, start: Start, clock: SetClock
) -> None:
    watch = start(un=server.url("/feed"))
    for number, (more, header, rest) in enumerate(
        [
            ("", "max-age=21600", timedelta(hours=6)),
            ("<ttl>180</ttl>", "", timedelta(hours=3)),
            ("<ttl>99999999999999999999</ttl>", "", timedelta(days=7)),
            ("", "max-age=999999999", timedelta(days=7)),
            ("", "", timedelta(minutes=30)),
        ]
    ):
        feed = rss("Un", [f"http://example.org/{number}"], more)
        server.put("/feed", reply(200, feed, cache_control=header))
        watch.collect()
        assert watch.fares("un").next_at == clock() + rest


def test_one_that_fails_is_asked_ever_more_seldom(
    server: Server, start: Start, clock: SetClock
) -> None:
    watch, pauses = start(un=server.url("/gone-missing")), []
    for _ in range(12):
        watch.collect(False)
        pauses.append(watch.fares("un").next_at - clock())
        clock.now = watch.fares("un").next_at
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=15), timedelta(days=2))
    server.put("/gone-missing", reply(503, retry_after="500000"))
    watch.collect()
    assert watch.fares("un").next_at == clock() + timedelta(seconds=500_000)


def test_nothing_stops_a_run_and_each_fault_stands_on_its_source(
    server: Server, start: Start
) -> None:
    feed = rss("Bien", [FIRST])
    ill = {
        "lent": server.put("/lent", dripping(reply(200, feed))),
        "coupe": server.put("/coupe", lambda request: [reply(200, feed)[:-9], RESET]),
        "bombe": server.put("/bombe", reply(200, bomb(20), content_encoding="gzip")),
        "rond": server.put("/rond", redirect(302, "/rond")),
        "site": server.put("/page", reply(200, b"<html><p>Bonjour", content_type="text/html")),
        "vide": server.put("/vide", reply(200, b"")),
        "fini": server.put("/fini", reply(410)),
        "panne": server.put("/panne", reply(500)),
        "interdit": server.put("/interdit", reply(403)),
        "absent": server.url("/absent"),
        "port": "http://127.0.0.1:1/",
    }
    with Server("127.0.0.2") as well:
        watch = start(**ill, bien=well.put("/", reply(200, feed)))
        progress = watch.collect()
    assert watch.items() == [FIRST]
    told = {state.source: state.fault for state in watch.store.feed_states()}
    assert told["bien"] == ""
    asked = set(told) - {"bien"}
    assert progress.failed == len(asked)
    # One that hangs keeps its neighbours for the next run; here they are asked one by one.
    while watch.collect(False).asked:
        pass
    told = {state.source: state.fault for state in watch.store.feed_states()}
    assert told == {
        "bien": "",
        "lent": Fault.SLOW,
        "coupe": Fault.CUT_OFF,
        "bombe": Fault.TOO_LARGE,
        "rond": Fault.CIRCLE,
        "site": "feed_html",
        "vide": "feed_empty",
        "fini": Fault.GONE,
        "panne": Fault.BROKEN,
        "interdit": Fault.DENIED,
        "absent": Fault.MISSING,
        "port": Fault.ADDRESS,
    }


def test_a_surprise_in_one_source_does_not_reach_the_others(
    server: Server, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = start(un=server.put("/", reply(200, b"<rss>")))
    monkeypatch.setattr("tests.contrib_gateway.watch.watches.InProcess.parse", 3)
    assert watch.collect().failed == 1
    assert watch.fares("un").fault == Fault.UNEXPECTED


def test_neighbours_on_a_host_that_hangs_wait_for_the_next_run(
    server: Server, start: Start
) -> None:
    slow = dripping(reply(200, b""))
    watch = start(un=server.put("/1", slow), deux=server.put("/2", slow))
    assert watch.collect().asked == 1
    assert watch.collect(False).asked == 1
    assert {state.fault for state in watch.store.feed_states()} == {Fault.SLOW}


def test_a_site_is_enough_when_it_announces_its_feed(server: Server, start: Start) -> None:
    feed = conditional(rss("Un", [FIRST]), '"1"')
    watch = start(un=server.put("/", reply(200, PAGE, content_type="text/html")))
    address = server.put("/feed", feed)
    assert watch.collect().news == 1
    assert (watch.fares("un").moved_to, watch.fares("un").etag) == (address, '"1"')
    before = len(server.requests)
    watch.collect()
    assert [request.path for request in server.requests[before:]] == ["/feed"]
    proposed = watch.left()
    assert [one.data["feed"] for one in proposed] == [address]
    assert watch.document("un").data.get("feed") is None
    server.pages.clear()  # neither is there any more: the next time, its site is asked
    watch.collect()
    assert watch.fares("un").moved_to == ""
    assert len(watch.left()) == 1


def test_a_move_for_good_is_proposed_once(server: Server, start: Start) -> None:
    watch = start(un=server.put("/old", redirect(301, "/new")))
    address = server.put("/new", reply(200, rss("Un", [FIRST])))
    for _ in range(3):
        watch.collect()
    assert [one.data["feed"] for one in watch.left()] == [address]
    assert [request.path for request in server.requests] == ["/old", "/new", "/new", "/new"]
    server.put("/new", redirect(308, "/newer"))
    newer = server.put("/newer", reply(200, rss("Un", [FIRST])))
    watch.collect()
    [waiting] = watch.left()  # the newer one's turn comes once this one is gone
    watch.store.mark_withdrawn(waiting.id)
    watch.collect()
    assert [one.data["feed"] for one in watch.left()] == [newer]
    assert watch.items() == [FIRST]


def test_a_server_that_moves_each_time_leaves_one_proposal(server: Server, start: Start) -> None:
    feed, places = reply(200, rss("Un", [FIRST])), [f"/{number}" for number in range(9)]
    watch = start(un=server.put("/old", redirect(301, "/0")))
    for place, following in pairwise(places):
        server.put(place, feed)
        watch.collect()
        server.put(place, redirect(301, following))
    assert len(watch.left()) == 1


def test_a_source_that_makes_up_items_brings_in_so_many_a_day_and_loses_none(
    server: Server, start: Start, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_A_DAY", 4)
    links = [f"http://example.org/{number}" for number in range(16)]
    watch = start(un=server.put("/feed", conditional(rss("Un", links[:5]), '"1"')))
    assert watch.collect().news == 5, "what there is at first comes all at once"
    server.put("/feed", conditional(rss("Un", links[::-1]), '"2"'))
    assert (watch.collect().news, watch.collect().news) == (0, 0)
    for found in (4, 4, 3, 0):
        clock.move(days=1, minutes=1)
        assert (watch.collect().news, watch.collect().news) == (found, 0)
    assert sorted(watch.items()) == sorted(links)


def test_no_feed_passes_what_it_publishes_off_as_sent_by_a_resident(
    server: Server, start: Start
) -> None:
    named = rss("Un", [FIRST]).replace(f"<guid>{FIRST}".encode(), b"<guid> link ")
    watch = start(un=server.put("/feed", reply(200, named)))
    watch.collect()
    assert (watch.items("un"), watch.store.known_tips()) == ([FIRST], set())


def test_what_is_wrong_with_a_feed_that_is_read_is_told_as_long_as_it_is(
    server: Server, start: Start
) -> None:
    page = conditional(rss("Un & deux", [FIRST]), '"1"')
    watch = start(un=server.put("/feed", page))
    for news in (1, 0):  # it is the same the second time
        assert watch.collect().news == news
        assert watch.fares("un").detail == "not_well_formed"
    server.put("/feed", conditional(rss("Un et deux", [FIRST]), '"2"'))
    watch.collect()
    assert watch.fares("un").detail == ""


def test_a_passing_redirection_is_not_proposed(server: Server, start: Start) -> None:
    watch = start(un=server.put("/old", redirect(302, "/new")))
    server.put("/new", reply(200, rss("Un", [FIRST])))
    watch.collect()
    assert (watch.left(), watch.fares("un").moved_to) == ([], "")


def test_an_address_that_editors_change_is_asked_at_once(server: Server, start: Start) -> None:
    watch = start(un=server.url("/nowhere"))
    watch.collect()
    document = watch.document("un")
    address = server.put("/feed", reply(200, rss("Un", [FIRST])))
    corrected = replace(document, data={**document.data, "feed": address})
    watch.edition.correct("Nadia", corrected, watch.library.state[0])
    assert watch.collect(False).news == 1
    assert (watch.fares("un").failures, watch.fares("un").fault) == (0, "")


# What is written on the pages of sources


def test_long_failure_is_told_and_healing_too(
    server: Server, start: Start, clock: SetClock
) -> None:
    with Server("127.0.0.2") as other:
        watch = start(
            un=server.put("/feed", reply(200, rss("Un", [FIRST]))),
            deux=other.put("/", reply(200, rss("Deux", [SECOND]))),
        )
        watch.collect()
        server.pages.clear()
        began = clock()
        for _ in range(4):
            watch.collect()
        clock.move(days=4)
        assert "state" not in watch.document("un").data
        assert watch.collect().noted == 1
        said = watch.document("un").data
        assert said["state"] == "en-panne"
        assert said["since"] == day(began)
        assert said["trouble"] == "Il n’y a plus rien à son adresse."
        assert said["updated"] == "2026-01-02", "nobody has read the page"
        line = watch.store.journal()[0]
        assert (line.who, line.what, line.about) == ("La veille", Act.WATCHED, "source/un")
        assert watch.collect().noted == 0
        server.put("/feed", reply(200, rss("Un", [FIRST, SECOND])))
        assert watch.collect().noted == 1
        said = watch.document("un").data
        assert (said["state"], said["since"]) == ("suivie", day(clock()))
        assert "trouble" not in said
        assert watch.items("un") == [FIRST, SECOND]


def test_long_silence_is_told(server: Server, start: Start, clock: SetClock) -> None:
    watch = start(un=server.put("/feed", reply(200, rss("Un", [FIRST]))))
    published = clock()
    watch.collect()
    clock.move(days=179)
    watch.collect()
    assert "state" not in watch.document("un").data
    clock.move(days=2)
    watch.collect()
    said = watch.document("un").data
    assert (said["state"], said["since"]) == ("silencieuse", day(published))
    server.put("/feed", reply(200, rss("Un", [FIRST, SECOND])))
    watch.collect()
    assert watch.document("un").data["state"] == "suivie"


def test_one_that_has_ended_is_not_asked_any_more(
    server: Server, start: Start, clock: SetClock
) -> None:
    with Server("127.0.0.2") as other:
        watch = start(
            un=server.put("/feed", reply(410)), deux=other.put("/", reply(200, rss("Deux", [])))
        )
        watch.collect()
        said = watch.document("un").data
        assert (said["state"], said["since"]) == ("arretee", day(clock()))
        assert said["trouble"] == "Son serveur dit qu’elle s’est arrêtée pour de bon."
        assert watch.collect().due == 1


def test_where_it_once_moved_cannot_end_a_source(server: Server, start: Start) -> None:
    with Server("127.0.0.2") as other:
        watch = start(
            un=server.put("/own", redirect(301, "/other")),
            deux=other.put("/", reply(200, rss("Deux", []))),
        )
        server.put("/other", reply(200, rss("Un", [FIRST])))
        watch.collect()
        server.put("/own", reply(200, rss("Un", [FIRST, SECOND])))
        server.put("/other", reply(410))
        watch.collect()
        watch.collect()
        assert watch.document("un").data.get("state") != "arretee"
        assert watch.items("un") == [FIRST, SECOND]


def test_what_an_editor_takes_back_is_not_noted_again(
    server: Server, start: Start, clock: SetClock
) -> None:
    with Server("127.0.0.2") as other:
        watch = start(
            un=server.put("/feed", reply(410)), deux=other.put("/", reply(200, rss("Deux", [])))
        )
        before = watch.document("un")
        watch.collect()
        watch.edition.restore("Nadia", before, watch.library.state[0])
        watch.collect()
        assert "state" not in watch.document("un").data
        assert watch.fares("un").fault == Fault.GONE


def test_when_nobody_answers_our_own_network_is_doubted(start: Start, clock: SetClock) -> None:
    watch = start(**{f"s{n}": f"http://127.0.0.{n}:9/" for n in range(1, 5)})
    for _ in range(9):
        progress = watch.collect()
        clock.move(days=1)
    assert (progress.failed, progress.noted) == (4, 0)
    assert all("state" not in watch.document(f"s{n}").data for n in range(1, 5))
    assert watch.fares("s1").failures == 0


# Links that people sent


def test_a_link_that_was_merged_becomes_an_item(start: Start, tmp_path: Path) -> None:
    watch = start()
    link = watch.library.schema.types["link"]
    data = {
        "title": "Un atelier",
        "id": "lien1",
        "lang": "fr",
        "created": "2026-11-20",
        "updated": "2026-11-20",
        "url": "https://example.org/atelier?utm_source=x",
        "why": "Il reste des places.",
    }
    watch.edition.write("Nadia", Document(link, "un-atelier", data, ""))
    assert watch.collect().news == 1
    assert watch.collect().news == 0
    with closing(sqlite3.connect(watch.state / "vigie.sqlite")) as connection:
        rows = connection.execute("SELECT source, key, address, title, summary FROM items")
        assert rows.fetchall() == [
            ("lien1", TIP, "https://example.org/atelier", "Un atelier", "Il reste des places.")
        ]


def test_items_of_a_source_that_went_away_stay(server: Server, start: Start) -> None:
    watch = start(un=server.put("/feed", reply(200, rss("Un", [FIRST]))))
    watch.collect()
    plan = watch.edition.taking_off(watch.document("un"))
    watch.edition.carry_out("Nadia", plan)
    assert watch.collect().due == 0
    assert watch.items() == [FIRST]


# Twice at once


def test_a_second_run_leaves_it_to_the_first(server: Server, start: Start) -> None:
    watch = start(un=server.put("/feed", reply(200, rss("Un", [FIRST]))))
    with _alone(watch.state / "watch.lock"), pytest.raises(AlreadyCollecting):
        watch.collect()
    assert watch.collect().news == 1
