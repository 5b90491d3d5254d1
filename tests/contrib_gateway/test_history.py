"""The past of a page, as anybody reads it: who proposed, who published, what changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

import pytest

from contrib_gateway.forge import Proposal
from contrib_gateway.library import ROOT
from plugins.schema import Document, Value, write
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.naughty import MARKUP
from tests.contrib_gateway.test_changes import by_hand, path, published, send, some_page
from tests.contrib_gateway.visitor import Page, Visitor, answers
from tests.github import Fault, GitHub, Kind

FIXTURES = (content, desk, github, on_github)


def address(page: Document) -> str:
    return f"/historique/{page.type.name}/{page.slug}/"


def read(desk: Desk, page: Document) -> Page:
    """As a stranger, after the forge was looked at."""
    desk.gateway.forge.refresh()
    return Visitor(desk.editor.port).get(address(page))


def change(desk: Desk, page: Document, **values: str) -> str:
    id = send(desk, desk.editor.get(path(page)), values)
    desk.clock.move(hours=1)
    return id


def put(desk: Desk, page: Document, id: str, signed_as: str, **data: Value) -> Document:
    """A proposal of that page with these fields, published."""
    after = replace(page, data={**page.data, **data})
    files = {ROOT + after.path: write(after).encode()}
    proposal = Proposal(id, page.type.name, page.slug, page.title, files, signed_as)
    desk.gateway.forge.propose(proposal)
    desk.gateway.forge.merge(id, "Nour")
    return after


def test_a_page_tells_who_proposed_and_who_published_it(desk: Desk) -> None:
    page = some_page(desk)
    id = change(desk, page, title="Un autre nom", signed_as="Zoé du quartier")
    desk.press(id, "publier")
    shown = read(desk, page)
    assert shown.status == 200
    assert "Proposée par Zoé du quartier, publiée par Lea Martin." in shown.words
    assert "lundi 23 novembre 2026 à 20 h 30" in shown.words
    assert "1 réponse changée" in shown.words
    assert page.title in shown.words and "Un autre nom" in shown.words
    assert "Ce qu’elle disait" in shown.words  # the version that it was made of
    assert f"/acteurs/{page.slug}/" in shown.links
    english = desk.editor.get(f"/en{address(page)}")
    assert "Proposed by Zoé du quartier, published by Lea Martin." in english.words


def test_a_change_that_somebody_else_corrected_names_all_three(desk: Desk) -> None:
    page = some_page(desk)
    id = change(desk, page, title="Un autre nom", signed_as="Zoé")
    after = replace(page, data={**page.data, "title": "Un nom corrigé"})
    desk.gateway.forge.amend(id, {ROOT + page.path: write(after).encode()}, "Karim")
    desk.press(id, "publier")
    words = read(desk, page).words
    assert "Proposée par Zoé, corrigée par Karim, publiée par Lea Martin." in words
    assert "Un nom corrigé" in words and "Un autre nom" not in words


def test_what_waits_or_was_declined_is_nowhere(desk: Desk) -> None:
    page = some_page(desk)
    change(desk, page, title="Un secret qui attend", signed_as="Zoé")
    no = change(desk, page, title="Un secret refusé", signed_as="Zoé")
    desk.gateway.forge.decline(no, "Nour", "Une raison secrète")
    shown = read(desk, page)
    assert "secr" not in shown.words and "Zoé" not in shown.words


def test_an_undo_is_told(desk: Desk) -> None:
    page = some_page(desk)
    id = change(desk, page, title="Un autre nom")
    desk.press(id, "publier")
    desk.clock.move(hours=1)
    desk.gateway.forge.undo(id, "Karim Benali", "Trop tôt")
    words = read(desk, page).words
    assert "Changement annulé par Karim Benali : ce qui précédait est de retour." in words
    assert "Proposée sans nom, publiée par Lea Martin." in words
    assert published(desk, page).title == page.title


def test_a_page_renamed_by_hand_keeps_its_past_under_both_names(desk: Desk) -> None:
    page = some_page(desk)
    desk.press(change(desk, page, title="Un autre nom"), "publier")
    now = published(desk, page)
    aliases: Value = [{"id": "a-1", "name": page.slug}]
    renamed = replace(now, slug="un-nouveau-nom", data={**now.data, "aliases": aliases})
    by_hand(desk, now, renamed)
    shown = read(desk, renamed)
    assert "Son adresse a changé." in shown.words
    assert "Un autre nom" in shown.words and page.title in shown.words
    assert read(desk, page).location.endswith("/historique/actor/un-nouveau-nom/")


def test_old_versions_that_fit_no_type_are_shown_all_the_same(desk: Desk) -> None:
    page = some_page(desk)
    odd: Mapping[str, Value] = {"place": 3, "services": {"a": ["b"]}, "sources": "x", "image": [1]}
    put(desk, page, "odd1", "", **odd)
    broken = {ROOT + page.path: b"---\n: [\n---\n\xff"}
    desk.gateway.forge.propose(Proposal("odd2", "actor", page.slug, "x", broken))
    desk.gateway.forge.merge("odd2", "Nour")
    put(desk, page, "odd3", "")
    shown = read(desk, page)
    assert shown.status == 200
    assert "Son contenu ne pouvait pas être lu." in shown.words


def test_hostile_names_and_words_are_shown_and_nothing_else(desk: Desk) -> None:
    page = some_page(desk)
    names = ("<script>alert(1)</script>", "Zoé\r\nMerged-by: personne", "{{ 7 * 7 }} %s %(x)s")
    for number, name in enumerate((*names, "zoe@example.org Zoé", "a" * 5000)):
        put(desk, page, f"h{number}", name, title=f"<img src=x onerror=alert({number})>")
        desk.clock.move(hours=1)
    shown = read(desk, page)
    assert shown.status == 200
    assert "<script>alert" not in shown.text and "<img src=x" not in shown.text
    assert "<script>alert(1)</script>" in unescape(shown.text)
    assert "Proposée par Zoé Merged-by: personne, publiée par Nour." in shown.words
    assert "{{ 7 * 7 }} %s %(x)s" in shown.words
    assert "example.org" not in shown.words.replace("vigie.example", "")
    assert "a" * 100 not in shown.words


def test_naughty_names_break_nothing(desk: Desk) -> None:
    page = some_page(desk)
    for number, name in enumerate(MARKUP[::4]):
        put(desk, page, f"n{number}", name, title=name or "x")
    assert read(desk, page).status == 200


@pytest.mark.parametrize(
    "path", ["actor/nulle-part", "nothing/x", "actor/a%00b", "actor/%2e%2e", "actor/" + "x" * 3000]
)
def test_a_page_that_never_was_has_no_past(desk: Desk, path: str) -> None:
    assert desk.editor.get(f"/historique/{path}/").status in (404, 414)
    assert desk.editor.post(f"/historique/{path}/").status in (404, 405, 414)


def test_a_page_taken_off_is_not_there(desk: Desk) -> None:
    page = some_page(desk)
    by_hand(desk, page, None)
    assert read(desk, page).status == 404


def test_it_is_asked_for_again_each_time_sent_once_and_found_by_no_search_engine(
    desk: Desk,
) -> None:
    page = some_page(desk)
    first = read(desk, page)
    assert first.headers["Cache-Control"] == "no-cache"
    assert "noindex" in first.headers["X-Robots-Tag"]
    assert not first.headers.get_all("Set-Cookie")
    again = {"If-None-Match": first.headers["ETag"]}
    assert desk.editor.request("GET", address(page), headers=again).status == 304


def test_github_is_asked_once_and_its_silence_is_said(on_github: Desk, github: GitHub) -> None:
    page = some_page(on_github)
    on_github.press(change(on_github, page, title="Un autre nom"), "publier")
    assert read(on_github, page).status == 200
    asked = len(github.calls)
    assert on_github.editor.get(address(page)).status == 200
    assert len(github.calls) == asked
    other = next(d for d in on_github.gateway.library.index.documents if d.url and d.id != page.id)
    github.faults.plan(Fault(Kind.UNAVAILABLE, times=None))
    silent = on_github.editor.get(address(other))
    assert silent.status == 503 and "Réessayez dans une minute." in silent.words
    assert on_github.editor.get(address(page)).status == 200
    github.faults.clear()
    assert on_github.editor.get(address(other)).status == 200


def test_the_past_of_an_observation_says_no_day_either(desk: Desk) -> None:
    desk.editor.contribute("observation", answers("observation", "On attend à trois"))
    (waiting,) = desk.gateway.desk.waiting()
    assert desk.press(waiting.id, "publier").status == 303
    desk.gateway.forge.refresh()
    shown = Visitor(desk.editor.port).get(f"/historique/observation/{waiting.slug}/")
    assert "novembre 2026" in shown.words and "publiée par" in shown.words
    assert not re.search(r"\d+ novembre|2026-11-\d", shown.text)
