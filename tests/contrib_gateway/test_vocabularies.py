"""Administrators change the lists of choices, and read what it does before: on both forges."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

import pytest

from contrib_gateway.store import State
from plugins.schema import Document, choosing
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.running import ADMIN, EDITORS, enter
from tests.contrib_gateway.test_races import at_once
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of

FIXTURES = (content, desk, github, on_github)
ALL = "/redaction/vocabulaires/"
THEMES = f"{ALL}themes/"


@pytest.fixture(autouse=True)
def as_administrator(desk: Desk) -> None:
    enter(desk.gateway, desk.editor, ADMIN)


def asked(desk: Desk, verb: str, **values: str) -> Page:
    """What a change would do, as a page of its own says it."""
    return desk.editor.get(f"{THEMES}{verb}/?{urlencode(values)}")


def done(desk: Desk, preview: Page, verb: str) -> Page:
    return desk.editor.submit(preview, f"{THEMES}{verb}/", {})


def a_theme_in_use(desk: Desk) -> str:
    index = desk.gateway.library.index
    terms = index.vocabularies["themes"].terms
    return max(terms, key=lambda key: len(choosing(index, "themes", key)))


def using(desk: Desk, key: str) -> tuple[Document, ...]:
    return choosing(desk.gateway.library.index, "themes", key)


def themes(desk: Desk) -> list[str]:
    return list(desk.gateway.library.index.vocabularies["themes"].terms)


def test_all_lists_are_shown_with_where_they_are_asked(desk: Desk) -> None:
    shown = desk.editor.get(ALL)
    assert "Thèmes" in shown.words and f"{THEMES}" in shown.links
    key = a_theme_in_use(desk)
    assert f"{THEMES}termes/{key}/" in desk.editor.get(THEMES).links
    term = desk.editor.get(f"{THEMES}termes/{key}/")
    assert all(page.title in term.words for page in using(desk, key))
    assert desk.editor.get(f"{ALL}rien/").status == 404
    assert desk.editor.get(f"{THEMES}termes/rien/").status == 404
    assert desk.editor.get(f"{THEMES}rien/").status == 404


def test_a_choice_is_added_and_its_words_changed(desk: Desk) -> None:
    preview = asked(desk, "ajouter", fr="Vélo partagé", en="Shared bikes")
    assert "velo-partage" in preview.words
    assert "velo-partage" not in themes(desk), "reading what it does does nothing"
    assert done(desk, preview, "ajouter").status == 303
    assert themes(desk)[-1] == "velo-partage"
    preview = asked(desk, "nommer", terme="velo-partage", fr="Vélos", en="Bikes")
    assert done(desk, preview, "nommer").status == 303
    term = desk.gateway.library.index.vocabularies["themes"].terms["velo-partage"]
    assert term.label.texts == {"fr": "Vélos", "en": "Bikes"}
    assert done(desk, asked(desk, "retirer", terme="velo-partage"), "retirer").status == 303
    assert "velo-partage" not in themes(desk)
    assert desk.gateway.forge.pending() == []
    assert not desk.gateway.store.undone("land")
    last = desk.gateway.store.journal(limit=1)[0]
    assert (last.what, last.about) == ("term removed", "themes/velo-partage")


def test_what_a_word_of_the_glossary_means_is_written_on_the_desk(desk: Desk) -> None:
    lists = desk.editor.get(f"{ALL}glossary/").words
    assert "EPN" in lists
    told = {"fr": "ESS", "hint-fr": "économie sociale et solidaire", "hint-en": "social economy"}
    preview = desk.editor.get(f"{ALL}glossary/ajouter/?{urlencode(told)}")
    assert "économie sociale et solidaire" in preview.words
    assert desk.editor.submit(preview, f"{ALL}glossary/ajouter/", {}).status == 303
    term = desk.gateway.library.index.vocabularies["glossary"].terms["ess"]
    assert term.hint.texts == {"fr": "économie sociale et solidaire", "en": "social economy"}


def test_two_choices_become_one_in_every_page_and_what_waits_follows(desk: Desk) -> None:
    gone = a_theme_in_use(desk)
    kept = next(key for key in themes(desk) if key != gone)
    told = dict(answers("initiative", "Un atelier")) | {"themes": gone}
    waiting = id_of(desk.editor.contribute("initiative", told))
    desk.gateway.worker.work()
    queued = id_of(desk.editor.contribute("initiative", {**told, "title": "Deux"}))
    pages = using(desk, gone)
    preview = asked(desk, "reunir", terme=gone, garde=kept)
    assert all(page.title in preview.words for page in pages)
    assert done(desk, preview, "reunir").status == 303
    assert gone not in themes(desk)
    assert {page.ref for page in pages} <= {page.ref for page in using(desk, kept)}
    desk.gateway.worker.work()
    for id in (waiting, queued):
        assert desk.press(id, "publier").status == 303, id
        assert desk.state(id) is State.PUBLISHED
    published = desk.gateway.library.index.get("initiative/un-atelier")
    assert published and published.data["themes"] == [kept]
    assert not desk.gateway.reconciliation().differences()


def test_of_two_who_change_one_list_the_second_reads_again(desk: Desk) -> None:
    key = a_theme_in_use(desk)
    first = asked(desk, "nommer", terme=key, fr="Le premier", en="First")
    second = asked(desk, "nommer", terme=key, fr="Le second", en="Second")
    assert done(desk, first, "nommer").status == 303
    told = done(desk, second, "nommer")
    assert told.status == 409 and "rien n’a été fait" in told.words
    label = desk.gateway.library.index.vocabularies["themes"].terms[key].label
    assert label.texts["fr"] == "Le premier"
    assert done(desk, told, "nommer").status == 303


def test_what_cannot_be_is_told_and_has_no_button(desk: Desk) -> None:
    key = a_theme_in_use(desk)
    other = next(one for one in themes(desk) if one != key)
    for verb, values in (
        ("retirer", {"terme": key}),
        ("cle", {"terme": key, "cle": other}),
        ("cle", {"terme": key, "cle": "!!"}),
        ("nommer", {"terme": key, "fr": " "}),
        ("ajouter", {"fr": "", "en": "X"}),
        ("reunir", {"terme": key, "garde": "rien"}),
        ("retirer", {"terme": "\0("}),
    ):
        told = asked(desk, verb, **values)
        assert told.status == 200
        assert "Ce n’est pas possible" in told.words, (verb, values)
        assert "Le faire" not in told.words
    places = desk.editor.get(f"{ALL}territories/ajouter/?fr=Ailleurs")
    assert "sa place sur la carte" in places.words


def test_reviewers_look_and_are_told_who_changes(desk: Desk) -> None:
    reviewer = enter(desk.gateway, Visitor(desk.editor.port), EDITORS[1])
    assert "administrateurs" in reviewer.get(THEMES).words
    assert "Ajouter un choix" not in reviewer.get(THEMES).words
    assert reviewer.get(f"{THEMES}ajouter/?fr=X").status == 403
    assert reviewer.post(f"{THEMES}ajouter/", [("fr", "X")]).status == 403
    stranger = Visitor(desk.editor.port)
    for path in (ALL, THEMES, f"{THEMES}ajouter/"):
        assert stranger.get(path).status == 403


@pytest.mark.parametrize("verb", ["ajouter", "nommer", "cle", "reunir", "retirer"])
def test_another_site_changes_nothing(desk: Desk, verb: str) -> None:
    before, key = themes(desk), a_theme_in_use(desk)
    sent = [("terme", key), ("fr", "Volé"), ("cle", "vole"), ("garde", before[0])]
    assert desk.editor.post(f"{THEMES}{verb}/", sent).status == 403
    assert themes(desk) == before


def test_of_two_changes_of_a_list_at_once_none_is_overwritten(desk: Desk) -> None:
    added = {"velo-partage": "Vélo partagé", "marche-a-pied": "Marche à pied"}
    forms = [asked(desk, "ajouter", fr=fr, en=fr).form("/ajouter/") for fr in added.values()]
    posts = [partial(desk.editor.post, form.action, form.filled({})) for form in forms]
    statuses = [page.status for page in at_once(posts)]
    assert set(statuses) <= {303, 409} and 303 in statuses
    done = [key for key, status in zip(added, statuses, strict=True) if status == 303]
    assert [key for key in themes(desk) if key in added] == done
    assert desk.gateway.forge.pending() == []
