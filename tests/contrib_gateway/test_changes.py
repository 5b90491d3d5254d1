"""A change to a published page, as its contributor, another contributor and an editor meet it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contrib_gateway.forge import Proposal
from contrib_gateway.forge.github import mirror
from contrib_gateway.library import ROOT
from contrib_gateway.store import State
from plugins.schema import Document, write
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.visitor import Page, Values, id_of

FIXTURES = (content, desk, github, on_github)


def some_page(desk: Desk) -> Document:
    """With everything that its form asks for."""
    return desk.gateway.library.index.of("actor")[0]


def path(page: Document) -> str:
    return f"/contribuer/{page.type.name}/{page.slug}/"


def send(desk: Desk, form: Page, values: Values) -> str:
    """Change this in an open form, read it over, send it: the id."""
    address = form.path
    review = desk.editor.submit(form, address, values)
    assert review.status == 200, review.words[:800]
    sent = desk.editor.submit(review, address, {})
    assert sent.status == 303, (sent.status, sent.words[:800])
    desk.gateway.worker.work()
    return id_of(sent.location)


def by_hand(
    desk: Desk, before: Document | None, after: Document | None, id: str = "byhand"
) -> None:
    """Somebody changes main: `before` becomes `after`."""
    files: dict[str, bytes | None] = {}
    if before:
        files[ROOT + before.path] = None
    if after:
        files[ROOT + after.path] = write(after).encode()
    known = after or before
    assert known
    proposal = Proposal(id, known.type.name, known.slug, known.title, files)
    desk.gateway.forge.propose(proposal)
    desk.gateway.forge.merge(id, "Nour")


def published(desk: Desk, page: Document) -> Document:
    found = desk.gateway.library.index.by_id(page.id)
    assert found
    return found


def test_the_form_of_a_change_says_what_the_page_says(desk: Desk) -> None:
    page = some_page(desk)
    form = desk.editor.get(path(page))
    assert form.status == 200
    inputs = dict(form.form(path(page)).inputs)
    assert inputs["title"] == page.title
    assert "entre crochets sont un lien" not in form.words
    by_hand(desk, page, replace(page, body="Voir [le plan](https://plan.example)."))
    assert "entre crochets sont un lien" in desk.editor.get(path(page)).words
    assert inputs["place-territory"] == page.data["place"]["territory"]
    shown = desk.editor.get("/acteurs/" + page.slug + "/")
    assert path(page) in shown.links or shown.status == 503


def test_only_what_was_altered_changes(desk: Desk) -> None:
    page = some_page(desk)
    id = send(desk, desk.editor.get(path(page)), {"title": "Un autre nom"})
    assert desk.state(id) is State.PROPOSED
    assert desk.press(id, "publier").status == 303
    after = published(desk, page)
    altered = {"title": "Un autre nom", "updated": after.data["updated"]}
    assert after.data == {**page.data, **altered}
    assert (after.body, after.slug) == (page.body, page.slug)


def test_nothing_altered_is_nothing_to_send(desk: Desk) -> None:
    page = some_page(desk)
    told = desk.editor.submit(desk.editor.get(path(page)), path(page), {})
    assert told.status == 422
    assert "encore rien changé" in told.words


def test_two_changes_of_different_answers_never_collide(desk: Desk) -> None:
    page = some_page(desk)
    forms = [desk.editor.get(path(page)) for _ in range(2)]
    first = send(desk, forms[0], {"title": "Un autre nom"})
    assert desk.press(first, "publier").status == 303
    second = send(desk, forms[1], {"summary": "Deux phrases. Les voici."})
    assert desk.press(second, "publier").status == 303
    after = published(desk, page)
    assert (after.title, after.summary) == ("Un autre nom", "Deux phrases. Les voici.")


def test_two_changes_of_one_answer_are_left_to_the_editor(desk: Desk) -> None:
    page = some_page(desk)
    forms = [desk.editor.get(path(page)) for _ in range(2)]
    first = send(desk, forms[0], {"title": "Un autre nom"})
    assert desk.press(first, "publier").status == 303
    second = send(desk, forms[1], {"title": "Encore un nom", "summary": "Deux. Phrases."})
    seen = desk.editor.get(f"/redaction/{second}/")
    assert "quelqu’un d’autre a changé les mêmes réponses" in seen.words
    assert "Un autre nom" in seen.words and "Encore un nom" in seen.words
    assert desk.press(second, "publier").status == 409
    assert published(desk, page).title == "Un autre nom"


def opened_long_ago(desk: Desk, page: Document, **values: str) -> Page:
    """The answer to a form of so long ago that what it showed cannot be read any more."""
    form = desk.editor.get(path(page))
    ticket = desk.gateway.tickets.issue(f"{page.type.name}/{page.slug}", "0" * 40)
    pairs = form.form(path(page)).filled({**values, "_ticket": ticket.text})
    return desk.editor.post(path(page), pairs)


def test_what_was_seen_long_ago_is_never_guessed(desk: Desk) -> None:
    """What others changed since must not be changed back by who never saw it."""
    page = some_page(desk)
    told = opened_long_ago(desk, page, summary="Deux <b>phrases</b>.", signed_as="Zoé")
    assert told.status == 409 and "a changé depuis que vous l’avez ouverte" in told.words
    assert "Deux <b>phrases</b>." in told.words, "what was typed is read beside the form"
    inputs = dict(told.form(path(page)).inputs)
    assert (inputs["summary"], inputs["signed_as"]) == (page.summary, "Zoé")
    id = send(desk, told, {"summary": "Deux phrases."})
    assert desk.press(id, "publier").status == 303
    assert published(desk, page).data["summary"] == "Deux phrases."


def test_what_was_taken_off_meanwhile_does_not_come_back_by_itself(desk: Desk) -> None:
    page = some_page(desk)
    form = desk.editor.get(path(page))
    data = {key: value for key, value in page.data.items() if key != "summary"}
    by_hand(desk, page, replace(page, data=data))
    ticket = desk.gateway.tickets.issue(f"{page.type.name}/{page.slug}", "0" * 40)
    pairs = form.form(path(page)).filled({"title": "Un autre nom", "_ticket": ticket.text})
    told = desk.editor.post(path(page), pairs)
    assert told.status == 409
    inputs = dict(told.form(path(page)).inputs)
    assert (inputs["title"], inputs["summary"]) == (page.title, "")
    assert page.summary in told.words


def test_a_page_that_was_renamed_since_long_ago_can_still_be_changed(desk: Desk) -> None:
    page = some_page(desk)
    form = desk.editor.get(path(page))
    aliases = [{"id": "a-1", "name": page.slug}]
    by_hand(
        desk, page, replace(page, slug="un-nouveau-nom", data={**page.data, "aliases": aliases})
    )
    ticket = desk.gateway.tickets.issue(f"{page.type.name}/{page.slug}", "0" * 40)
    pairs = form.form(path(page)).filled({"summary": "Deux phrases.", "_ticket": ticket.text})
    told = desk.editor.post(path(page), pairs)
    assert told.status == 409
    id = send(desk, told, {"summary": "Deux phrases."})
    assert desk.press(id, "publier").status == 303
    after = published(desk, page)
    assert (after.slug, after.summary) == ("un-nouveau-nom", "Deux phrases.")


def test_on_github_main_may_move_farther_than_is_remembered(
    on_github: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "REMEMBERED", 1)
    desk, page = on_github, some_page(on_github)
    form = desk.editor.get(path(page))
    theirs = page
    for number, title in enumerate(("Un autre nom", "Encore un nom", "Un dernier nom")):
        before, theirs = theirs, replace(theirs, data={**theirs.data, "title": title})
        by_hand(desk, before, theirs, f"byhand{number}")
    told = desk.editor.submit(form, path(page), {"summary": "Deux phrases."})
    assert told.status == 409
    id = send(desk, told, {"summary": "Deux phrases."})
    assert desk.press(id, "publier").status == 303
    after = published(desk, page)
    assert (after.title, after.summary) == ("Un dernier nom", "Deux phrases.")


def test_a_page_renamed_meanwhile_is_followed(desk: Desk) -> None:
    page = some_page(desk)
    form = desk.editor.get(path(page))
    aliases = [{"id": "a-1", "name": page.slug}]
    renamed = replace(page, slug="un-nouveau-nom", data={**page.data, "aliases": aliases})
    by_hand(desk, page, renamed)
    assert desk.editor.get(path(page)).location.endswith("/contribuer/actor/un-nouveau-nom/")
    id = send(desk, form, {"summary": "Deux phrases. Les voici."})
    assert desk.press(id, "publier").status == 303
    after = published(desk, page)
    assert (after.slug, after.summary) == ("un-nouveau-nom", "Deux phrases. Les voici.")


@pytest.mark.parametrize("clash", [False, True])
def test_a_page_renamed_after_it_was_proposed_is_followed_too(desk: Desk, clash: bool) -> None:
    page = some_page(desk)
    id = send(desk, desk.editor.get(path(page)), {"summary": "Deux phrases. Les voici."})
    aliases = [{"id": "a-1", "name": page.slug}]
    theirs = {"summary": "Une autre. Bien autre."} if clash else {"title": "Un nouveau nom"}
    data = {**page.data, **theirs, "aliases": aliases}
    by_hand(desk, page, replace(page, slug="un-nouveau-nom", data=data))
    shown = desk.editor.get(f"/redaction/{id}/")
    assert "Les voici." in shown.words
    assert desk.press(id, "publier").status == (409 if clash else 303)
    after = published(desk, page)
    assert after.slug == "un-nouveau-nom"
    expected = theirs.get("summary", "Deux phrases. Les voici.")
    assert (after.summary, after.title) == (expected, data["title"])
    assert len(desk.gateway.library.index.named("actor", page.slug)) == 1


def test_a_page_removed_meanwhile_is_said_and_what_was_typed_is_kept(desk: Desk) -> None:
    page = some_page(desk)
    form = desk.editor.get(path(page))
    by_hand(desk, page, None)
    told = desk.editor.submit(form, path(page), {"summary": "Deux phrases. Les voici."})
    assert told.status == 409
    assert "Cette fiche a été retirée du site entre-temps" in told.words
    new = told.form("/contribuer/actor/")
    assert dict(new.inputs)["summary"] == "Deux phrases. Les voici."
    again = desk.editor.submit(told, "/contribuer/actor/", {})
    assert again.status == 200 and "_reviewed" in again.form("/contribuer/actor/").controls
    assert desk.editor.get(path(page)).status == 404


@pytest.mark.parametrize("slug", ["nulle-part", "..", "%2e%2e", "a%00b", "x" * 3000])
def test_a_page_that_never_was_is_not_found(desk: Desk, slug: str) -> None:
    assert desk.editor.get(f"/contribuer/actor/{slug}/").status in (404, 414, 308, 301)
    assert desk.editor.post(f"/contribuer/actor/{slug}/").status in (404, 405)
    kept = desk.editor.post(f"/contribuer/actor/{slug}/", [("title", "Mes mots")])
    assert kept.status in (404, 409) and (kept.status == 404 or "Mes mots" in kept.text)
    assert desk.editor.get("/contribuer/page/methode/").status == 404
