"""What an editor reads of a proposal: what changes, what there is to check, what it changed."""

from __future__ import annotations

import re
from dataclasses import replace

from plugins.schema import Document
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.test_changes import by_hand, path, published, send, some_page
from tests.contrib_gateway.visitor import Page, answers, id_of

FIXTURES = (content, desk, github, on_github)
ROW = r"<tr[^>]*>\s*<th[^>]*>{}.*?</tr>"


def row(page: Page, document: Document, name: str) -> str:
    """The row of a field in the table of a proposal."""
    kind = document.type
    label = kind.body.label if name == "body" and kind.body else kind.fields[name].label
    words = re.escape(label.get("fr").partition(" ?")[0])
    found = re.search(ROW.format(words), page.text, re.S)
    assert found, page.words[:2000]
    return found[0]


def test_once_published_a_change_still_tells_what_it_changed(desk: Desk) -> None:
    """Whatever became of the page since; and a new page stays a new page."""
    page = some_page(desk)
    id = send(desk, desk.editor.get(path(page)), {"title": f"{page.title} rénové"})
    assert desk.press(id, "publier").status == 303
    now = published(desk, page)
    by_hand(desk, None, replace(now, data={**now.data, "title": "Tout autre chose"}))
    told = desk.editor.get(f"/redaction/{id}/")
    assert "modification" in told.words and "nouvelle fiche" not in told.words
    assert "Ce qu’elle a changé" in told.words and "Tout autre chose" not in row(
        told, page, "title"
    )
    assert re.search(r"<ins>.*?rénové.*?</ins>", row(told, page, "title"), re.S)
    preview = desk.editor.get(f"/redaction/{id}/page/")
    assert "rénové" in preview.words and "n’est pas publiée" not in preview.words

    new = id_of(desk.editor.contribute("need", answers("need", "Un besoin")))
    desk.gateway.worker.work()
    assert desk.press(new, "publier").status == 303
    told = desk.editor.get(f"/redaction/{new}/")
    assert "nouvelle fiche" in told.words and "<ins>" not in told.text


def test_what_an_editor_corrected_is_part_of_what_was_published(desk: Desk) -> None:
    page = some_page(desk)
    id = send(desk, desk.editor.get(path(page)), {"title": "Un nom fautyf"})
    form = f"/redaction/{id}/corriger/"
    review = desk.editor.submit(desk.editor.get(form), form, {"title": "Un nom juste"})
    assert desk.editor.submit(review, form, {}).status == 303
    told = desk.editor.get(f"/redaction/{id}/")
    assert "Un nom juste" in row(told, page, "title")
    assert "fautyf" not in row(told, page, "title")


def test_what_was_declined_is_told_from_what_its_contributor_saw(desk: Desk) -> None:
    page = some_page(desk)
    id = send(desk, desk.editor.get(path(page)), {"title": f"{page.title} à tort"})
    assert desk.editor.decide(id, "refuser", reason="Ce n’est pas son nom.").status == 303
    by_hand(desk, None, replace(page, data={**page.data, "title": "Un nom venu après"}))
    told = desk.editor.get(f"/redaction/{id}/")
    assert "modification" in told.words and "à tort" in row(told, page, "title")
    assert "les mêmes réponses" not in told.words, "nothing is to be solved any more"
    assert "Un nom venu après" not in row(told, page, "title")


def test_a_clash_shows_before_theirs_and_now_in_one_row(desk: Desk) -> None:
    page = some_page(desk)
    id = send(desk, desk.editor.get(path(page)), {"title": f"{page.title} à moi"})
    other = f"{page.title} à une autre"
    by_hand(desk, None, replace(page, data={**page.data, "title": other}))
    told = row(desk.editor.get(f"/redaction/{id}/"), page, "title")
    assert re.search(r'class="before".*?</td>', told, re.S)
    proposed, meanwhile = told.partition("Sur le site maintenant")[::2]
    assert re.search(r"<ins>.*?moi.*?</ins>", proposed, re.S)
    assert re.search(r"<ins>.*?une autre.*?</ins>", meanwhile, re.S)


def test_what_the_checker_remarks_stands_beside_its_field_even_if_unchanged(desk: Desk) -> None:
    """A theme that is gone from the list, in an answer that nobody touched."""
    page = some_page(desk)
    by_hand(desk, None, replace(page, data={**page.data, "themes": ["disparu"]}))
    id = desk.change("a1", published(desk, page), title="Un autre nom")
    told = desk.editor.get(f"/redaction/{id}/")
    themes = row(told, page, "themes")
    assert "inchangé" in themes and "n’est pas dans la liste" in themes
    before, _, _ = told.text.partition('id="change-themes"')
    assert 'href="#change-themes"' in before and "n’est pas dans la liste" not in before
    assert "Un autre nom" in row(told, page, "title")


def test_what_tells_of_a_person_is_remarked_on_where_it_is_new(desk: Desk) -> None:
    body = "Appelez Léa au 06 11 22 33 44, ou lea@exemple.fr."
    id = id_of(desk.editor.contribute("need", answers("need", "Un besoin", body=body)))
    desk.gateway.worker.work()
    told = desk.editor.get(f"/redaction/{id}/")
    need = desk.gateway.desk.review(id).document
    said = row(told, need, "body")
    assert "ressemble à un numéro de téléphone" in said and "adresse électronique" in said
    decision = told.words.partition("Votre décision")[2]
    assert decision.index("relisez") < decision.index("Publier, j’ai relu"), "a second look first"
    assert desk.press(id, "publier").status == 303
    after = published(desk, need)
    change = desk.change("b2", after, title="Un besoin à Tours")
    assert "j’ai relu" not in desk.editor.get(f"/redaction/{change}/").words
    assert "06 11 22 33 44" not in desk.editor.get(f"/redaction/{change}/").text


def test_a_change_that_changes_nothing_says_so(desk: Desk) -> None:
    page = some_page(desk)
    id = desk.change("a1", page, updated="2026-11-24")
    told = desk.editor.get(f"/redaction/{id}/")
    assert "modification" in told.words and "Rien qu’un lecteur" in told.words
