"""The inbox of the watch on the desk: read, filtered, sorted, split and joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import TIP, FeedState, Pile, Take, Verdict
from contrib_gateway.views.watch.inbox import PAGE_SIZE
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.crowds import wait
from tests.contrib_gateway.inprocess import Editor
from tests.contrib_gateway.watch.sorting import (
    WATCH,
    WHY,
    content,
    csrf,
    editor,
    emptied,
    followed,
    now,
    page,
    press,
    sent,
    titles,
    told,
)
from tests.contrib_gateway.watch.stories import Told
from tests.pages import parse

FIXTURES = (content, editor, emptied)


# Reading


def test_a_line_says_what_where_from_and_what_it_may_be_about(editor: Editor) -> None:
    source = editor.gateway.library.index.by_id("lettre1")
    assert source is not None
    told(
        editor,
        Told("A guide for workshops", source.id, lang="en", summary="Step by step."),
        Told("The same", "elsewhere"),
        suggested=("sante",),
    )
    line = page(editor).one("li", **{"class": "story"})
    for words in ("A guide for workshops", source.title, "2 sources", "anglais", "Step by step."):
        assert words in line.text
    assert "peut-être" in line.text and "Santé" in line.text
    assert f"/{source.url}" in [a.attributes["href"] for a in line.all("a")]
    assert line.one("h3").attributes["lang"] == "en"


def test_what_a_resident_sent_names_them_and_their_reason(editor: Editor) -> None:
    link = wait(editor.gateway, "lien1", type="link", signed_as="Zoé")
    told(editor, Told("Un atelier", link.id, key=TIP, url="https://nr.example/atelier"))
    line = page(editor).one("li", **{"class": "story"})
    assert "signalé par Zoé" in line.text
    assert "lire sur nr.example" in line.text
    assert titles(editor, "?source=signalees") == ["Un atelier"]


def test_many_stories_come_by_pages(editor: Editor) -> None:
    for number in range(PAGE_SIZE + 3):
        told(editor, Told(f"Nouvelle {number}"))
    assert len(titles(editor)) == PAGE_SIZE
    assert len(titles(editor, "?page=2")) == 3
    assert len(titles(editor, "?page=999")) == 3
    assert len(titles(editor, "?page=x")) == PAGE_SIZE
    assert "page 1 sur 2" in page(editor).text


@pytest.mark.parametrize(
    "query", ["?etat=rien&source=x&theme=x&langue=x", "?fait=9-1&reste=x", "?fait=0-99999999"]
)
def test_what_an_address_says_that_nobody_knows_is_not_asked(editor: Editor, query: str) -> None:
    told(editor, Told("Là"))
    assert titles(editor, query) == ["Là"]


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "a" * 5000,
        "\u202eمرحبا بالعالم",
        "🎉 & <b>",
        "",
        "\x1b[0m {{ 7*7 }} %(name)s",
    ],
)
def test_titles_of_strangers_are_shown_as_words(editor: Editor, title: str) -> None:
    one = told(editor, Told(title, summary=title, url="https://x.example/"), Told("B", "b"))
    for path in ("", f"{one.id}/", f"?q={one.id}"):
        html = editor.get(WATCH + path).text
        assert "<script>alert" not in html and "<b>" not in html
    done = followed(editor, press(editor, f"garder:{one.id}"))
    assert "Gardée" in done.text and not done.all("b")


# Deciding in the list


@pytest.mark.parametrize(
    ("verb", "pile"),
    [
        ("garder", Pile.KEPT),
        ("plus-tard", Pile.LATER),
        ("ecarter:{}:hors-sujet", Pile.DISCARDED),
    ],
)
def test_a_button_sorts_and_leads_to_the_next(editor: Editor, verb: str, pile: Pile) -> None:
    one, two = told(editor, Told("Un", hours=1)), told(editor, Told("Deux", hours=2))
    verb = verb.format(one.id) if "{}" in verb else f"{verb}:{one.id}"
    answer = press(editor, verb)
    assert answer.headers["Location"].endswith(f"#s-{two.id}")
    assert now(editor, one).pile is pile
    assert now(editor, one).decided_by == "Nadia"
    assert titles(editor) == ["Deux"]
    back = followed(editor, answer).one("form", **{"class": "did"})
    fields = [(i.attributes["name"], i.attributes["value"]) for i in back.all("input")]
    undone = editor.post(back.attributes["action"], fields)
    assert undone.headers["Location"].endswith(f"#s-{one.id}")
    assert titles(editor) == ["Un", "Deux"]


def test_what_is_asked_of_the_list_stays_after_a_decision(editor: Editor) -> None:
    one = told(editor, Told("Santé un", hours=1), suggested=("sante",))
    told(editor, Told("Autre", hours=2))
    three = told(editor, Told("Santé deux", hours=3), suggested=("sante",))
    answer = press(editor, f"plus-tard:{one.id}", "?theme=sante")
    assert "theme=sante" in answer.headers["Location"]
    assert answer.headers["Location"].endswith(f"#s-{three.id}")


def test_a_discarded_story_keeps_its_reason_and_can_be_sorted_again(editor: Editor) -> None:
    one = told(editor)
    press(editor, f"ecarter:{one.id}", reason="Nous l’avons écrite nous-mêmes")
    assert "Nous l’avons écrite nous-mêmes" in page(editor, "?etat=ecartees").text
    press(editor, f"remettre:{one.id}", "?etat=ecartees")
    assert (now(editor, one).pile, now(editor, one).reason) == (Pile.INBOX, "")


@pytest.mark.parametrize("reason", ["", "a" * 301])
def test_a_reason_that_cannot_be_taken_is_asked_for_again(editor: Editor, reason: str) -> None:
    one = told(editor)
    answer = press(editor, f"ecarter:{one.id}", reason=reason)
    assert answer.status_code == 422
    asked = parse(answer.text).one("input", id="reason")
    assert asked.attributes["value"] == reason
    assert "reason-fault" in asked.attributes["aria-describedby"]
    assert now(editor, one).pile is Pile.INBOX


def test_several_are_discarded_at_once_but_for_what_somebody_changed(editor: Editor) -> None:
    kept, *others = (told(editor, Told(f"N{number}")) for number in range(3))
    form = page(editor).one("form", id="tri")
    hidden = [(i.attributes["name"], i.attributes["value"]) for i in form.all("input")]
    ticked = [(n, v) for n, v in hidden if n == "id"]
    rest = [(n, v) for n, v in hidden if n != "id"]
    editor.gateway.store.sort_stories({kept.id: 1}, Verdict(Pile.KEPT), "Karim")
    answer = editor.post(form.attributes["action"], [*rest, *ticked, ("do", "ecarter::publicite")])
    said = followed(editor, answer).text
    assert "2 informations écartées" in said
    assert "1 information a été modifiée par quelqu’un d’autre" in said
    assert now(editor, kept).pile is Pile.KEPT
    assert {now(editor, one).reason for one in others} == {"Publicité"}


def test_ticked_stories_are_joined_and_parted(editor: Editor) -> None:
    one, two = told(editor, Told("Un", "a")), told(editor, Told("Deux", "b"))
    form = page(editor).one("form", id="tri")
    everything = [(i.attributes["name"], i.attributes["value"]) for i in form.all("input")]
    answer = editor.post(form.attributes["action"], [*everything, ("do", "reunir")])
    assert len(titles(editor)) == 1
    back = followed(editor, answer).one("form", **{"class": "did"})
    fields = [(i.attributes["name"], i.attributes["value"]) for i in back.all("input")]
    editor.post(back.attributes["action"], fields)
    assert {now(editor, s).carriers for s in (one, two)} == {1}


@pytest.mark.parametrize("verb", ["garder", "reunir", "", "rien:x", "ecarter::hors-sujet"])
def test_a_button_without_anything_ticked_decides_nothing(editor: Editor, verb: str) -> None:
    told(editor)
    assert "Rien n’était coché" in followed(editor, press(editor, verb)).text
    assert len(titles(editor)) == 1


def test_a_decision_that_came_too_late_shows_what_the_other_did(editor: Editor) -> None:
    one = told(editor)
    editor.gateway.store.sort_stories({one.id: 1}, Verdict(Pile.DISCARDED, "Vieux"), "Karim")
    form = [("_csrf", csrf(editor)), (f"seen-{one.id}", "1"), ("do", f"garder:{one.id}")]
    answer = editor.post(f"{WATCH}trier/", form)
    assert answer.status_code == 409
    assert "Karim l’a écartée." in answer.text
    assert "Vieux" in answer.text
    assert now(editor, one).pile is Pile.DISCARDED


# Splitting, joining, what was done


def test_an_item_that_tells_something_else_gets_its_own_page(editor: Editor) -> None:
    one = told(editor, Told("A", "a"), Told("B", "b"))
    number = next(i.number for i in one.items if i.title == "B")
    answer = sent(editor, one, f"{one.id}/separer/", ("item", str(number)))
    there = followed(editor, answer)
    assert there.one("h1").text == "B"
    assert "Séparée en deux" in there.text
    assert sorted(titles(editor)) == ["A", "B"]


def test_a_split_of_nothing_or_all_is_explained(editor: Editor) -> None:
    one = told(editor, Told("A", "a"), Told("B", "b"))
    for items in ((), tuple(("item", str(i.number)) for i in one.items)):
        answer = sent(editor, one, f"{one.id}/separer/", *items)
        assert answer.status_code == 422
        assert "pas toutes" in answer.text


def test_a_story_is_joined_with_one_that_is_like_it_or_searched(editor: Editor) -> None:
    one = told(editor, Told("La carte des tiers-lieux", "a"))
    same = told(editor, Told("Tiers-lieux : la carte", "b"))
    other = told(editor, Told("Rien à voir", "c"))
    assert same.id in editor.get(f"{WATCH}{one.id}/").text
    assert other.id in editor.get(f"{WATCH}{one.id}/?memes=voir").text
    assert sent(editor, one, f"{one.id}/reunir/").status_code == 422
    there = followed(editor, sent(editor, one, f"{one.id}/reunir/", ("id", same.id)))
    assert "Réunie" in there.text
    assert now(editor, one).carriers == 2
    gone = editor.get(f"{WATCH}{same.id}/")
    assert gone.headers["Location"].endswith(f"{WATCH}{one.id}/")


def test_what_was_typed_about_a_story_that_was_joined_meanwhile_is_kept(editor: Editor) -> None:
    one, two = told(editor, Told("A", "a")), told(editor, Told("B", "b"))
    before = [("_csrf", csrf(editor)), ("_seen", "1"), ("why", WHY)]
    editor.gateway.store.join_stories({one.id: 1, two.id: 1}, "Karim")
    late = editor.post(f"{WATCH}{two.id}/", before)
    assert late.status_code == 409
    assert "réunie avec une autre" in late.text and WHY in late.text


def test_a_story_tells_what_was_done_with_it(editor: Editor) -> None:
    one = told(editor)
    press(editor, f"plus-tard:{one.id}")
    press(editor, f"garder:{one.id}", "?etat=plus-tard")
    said = page(editor, f"{one.id}/").text
    assert "Nadia l’a laissée pour plus tard." in said and "Nadia l’a gardée." in said


def test_undoing_what_somebody_else_went_on_with_is_refused(editor: Editor) -> None:
    one, store = told(editor), editor.gateway.store
    done = store.sort_stories({one.id: 1}, Verdict(Pile.LATER), "Nadia")
    store.sort_stories({one.id: 2}, Verdict(Pile.KEPT), "Karim")
    turns = ("tours", f"{done.first}-{done.last}")
    answer = editor.post(f"{WATCH}annuler/", [("_csrf", csrf(editor)), turns])
    assert answer.status_code == 409 and "Karim l’a gardée." in answer.text
    gone = editor.post(f"{WATCH}annuler/", [("_csrf", csrf(editor)), ("tours", "99999-99999")])
    assert gone.status_code == 404
    assert editor.get(f"{WATCH}personne/").status_code == 404


# What digests are made of


def test_what_is_in_a_digest_is_not_kept_for_another(editor: Editor) -> None:
    gateway: Gateway = editor.gateway
    one, two = told(editor), told(editor)
    gateway.store.sort_stories({one.id: 1, two.id: 1}, Verdict(Pile.KEPT), "Nadia")
    assert {k.id for k in gateway.inbox.kept()} == {one.id, two.id}
    wait(gateway, "numero1", type="digest", data={"title": "N", "items": [{"id": one.id}]})
    assert [k.id for k in gateway.inbox.kept()] == [two.id]
    assert "Elle figure dans un numéro." in page(editor, f"{one.id}/").text


def test_the_desk_tells_how_many_are_to_be_sorted(editor: Editor) -> None:
    told(editor)
    nav = parse(editor.get("/redaction/").text).one("nav", **{"class": "desk-nav"})
    assert "Veille 1 à trier" in " ".join(nav.text.split())


# How sources fare


def test_a_source_tells_what_is_wrong_and_is_asked_again(editor: Editor) -> None:
    store, clock = editor.gateway.store, editor.gateway.clock
    state = FeedState("lettre1", "https://lettre.example/", clock() + timedelta(hours=6))
    failing = replace(state, asked_at=clock(), failures=3, fault="unreachable")
    store.take_in([Take(failing)])
    told = page(editor, "sources/")
    row = told.one("table").text
    assert "La lettre des tiers-lieux" in row and "3 fois de suite" in row
    assert "dont 1 avec une erreur" in told.text
    assert "Ici, rien n’est relevé de soi-même" in told.text
    form = told.one("form", action=f"{WATCH}sources/relever/")
    assert form.one("button").attributes["value"] == "lettre1"
    assert "Relever au prochain passage" in form.one("button").text, "nothing runs by itself here"
    done = editor.post(form.attributes["action"], [("_csrf", csrf(editor)), ("id", "lettre1")])
    assert "au prochain passage" in followed(editor, done).text
    assert store.feed_states()[0].next_at == clock()
    gone = editor.post(form.attributes["action"], [("_csrf", csrf(editor)), ("id", "x")])
    assert gone.status_code == 404


def test_a_source_that_is_read_in_spite_of_its_faults_tells_them(editor: Editor) -> None:
    store, now = editor.gateway.store, editor.gateway.clock()
    fares = FeedState("lettre1", "https://lettre.example/", now, asked_at=now)
    store.take_in([Take(replace(fares, detail="not_well_formed bad_date"))])
    row = page(editor, "sources/").one("table").text
    assert "règles du XML" in row and "Certaines de ses dates" in row


def test_what_was_discarded_a_year_ago_is_emptied_by_itself(editor: Editor) -> None:
    gateway, clock = editor.gateway, editor.gateway.clock
    assert isinstance(clock, SetClock)
    one, other = told(editor, Told("Une annonce")), told(editor, Told("Une autre"))
    clock.move(days=-366)
    gateway.store.sort_stories({one.id: one.version}, Verdict(Pile.DISCARDED), "Léa")
    clock.move(days=2)
    gateway.store.sort_stories({other.id: other.version}, Verdict(Pile.DISCARDED), "Léa")
    clock.move(days=364)
    gateway.housekeeper.tidy()
    assert (gateway.store.story(one.id), bool(gateway.store.story(other.id))) == (None, True)
    assert editor.get(f"{WATCH}{one.id}/").status_code == 404
