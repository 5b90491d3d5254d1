"""Editors work on published pages by themselves, by the same road: on both kinds of forge."""

from __future__ import annotations

import pytest

from contrib_gateway.store import State
from plugins.schema import Document
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.running import enter
from tests.contrib_gateway.test_changes import by_hand, some_page
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of

FIXTURES = (content, desk, github, on_github)


def here(page: Document) -> str:
    return f"/redaction/fiches/{page.ref}/"


def corrected(desk: Desk, page: Document, form: Page | None = None, **values: str) -> Page:
    over = desk.editor.submit(form or desk.editor.get(here(page)), here(page), values)
    assert over.status == 200, over.words[:600]
    return desk.editor.submit(over, here(page), {})


def now(desk: Desk, page: Document) -> Document:
    found = desk.gateway.library.index.by_id(page.id)
    assert found
    return found


def press(desk: Desk, page: Document, verb: str, **values: str) -> Page:
    return desk.editor.submit(desk.editor.get(f"{here(page)}gerer/"), f"/{verb}/", values)


def test_a_page_is_corrected_and_published_at_once(desk: Desk) -> None:
    page = some_page(desk)
    assert corrected(desk, page, title="Un nom corrigé").status == 303
    after = now(desk, page)
    assert (after.title, after.slug, after.body) == ("Un nom corrigé", page.slug, page.body)
    assert not desk.gateway.reconciliation().differences()
    assert desk.gateway.forge.pending() == []


def test_fields_that_only_editors_fill_in_are_asked(desk: Desk) -> None:
    page = some_page(desk)
    assert corrected(desk, page, verified="2026-11-01").status == 303
    assert now(desk, page).data["verified"] == "2026-11-01"


def test_what_others_changed_since_stays_and_the_same_answer_is_told(desk: Desk) -> None:
    page = some_page(desk)
    forms = [desk.editor.get(here(page)) for _ in range(3)]
    assert corrected(desk, page, forms[0], title="Le premier").status == 303
    assert corrected(desk, page, forms[1], summary="Une. Deux.").status == 303
    assert (now(desk, page).title, now(desk, page).data["summary"]) == ("Le premier", "Une. Deux.")
    told = corrected(desk, page, forms[2], title="Le dernier")
    assert told.status == 409 and "Le dernier" in told.text
    assert now(desk, page).title == "Le premier"
    assert desk.gateway.forge.pending() == [], "nothing is left for anybody to decide"


def test_a_new_page_of_any_type_is_written(desk: Desk) -> None:
    path = "/redaction/fiches/need/nouvelle/"
    told = dict(answers("need", "Un besoin de la rédaction"))
    over = desk.editor.submit(desk.editor.get(path), path, told)
    assert over.status == 200, over.words[:600]
    sent = desk.editor.submit(over, path, {})
    assert sent.status == 303
    assert desk.gateway.library.index.get("need/un-besoin-de-la-redaction")
    assert "C’est fait" in desk.editor.get(sent.location).words
    assert desk.editor.get("/redaction/fiches/rien/nouvelle/").status == 404


def test_one_click_says_that_a_page_is_still_exact(desk: Desk) -> None:
    page = some_page(desk)
    assert press(desk, page, "exact").status == 303
    after = now(desk, page)
    assert after.data["verified"] == desk.clock().date().isoformat()
    assert {**after.data, "verified": 0} == {**page.data, "verified": 0}, "and nothing else"
    read = desk.editor.get(f"{here(page)}gerer/")
    assert corrected(desk, page, summary="Une. Deux.").status == 303
    told = desk.editor.submit(read, "/exact/", {})
    assert told.status == 409 and "Relisez-la" in told.words, (
        "nobody vouches for what they did not read"
    )
    desk.clock.move(days=400)
    enter(desk.gateway, desk.editor)
    desk.press(desk.change("a1", now(desk, page), summary="Trois."), "publier")
    assert "Tout y est-il encore exact" in desk.editor.get("/redaction/a1/").words
    listed = desk.editor.get("/redaction/fiches/")
    assert page.title in listed.words and "Toujours exact" in listed.words
    told = desk.editor.submit(listed, f"{page.ref}/exact/", {})
    assert told.location == "/redaction/fiches/"
    assert now(desk, page).data["verified"] == desk.clock().date().isoformat()


def test_a_page_gets_another_address_and_what_refers_to_it_follows(desk: Desk) -> None:
    page = some_page(desk)
    assert press(desk, page, "renommer", slug="Un Autre Nom").status == 303
    after = now(desk, page)
    assert after.slug == "un-autre-nom"
    assert [d.slug for d in desk.gateway.library.index.named("actor", page.slug)] == [after.slug]
    assert press(desk, after, "renommer", slug="!!!").status == 422
    assert press(desk, after, "renommer", slug=after.slug).status == 303


def test_a_page_is_taken_off(desk: Desk) -> None:
    page = some_page(desk)
    shown = desk.editor.get(f"{here(page)}gerer/")
    assert "y renvo" in shown.words
    done = press(desk, page, "retirer")
    assert "C’est fait." in desk.editor.get(done.location).words
    assert desk.gateway.library.index.by_id(page.id) is None
    assert desk.editor.get(f"{here(page)}gerer/").status == 404


def test_pages_are_found_by_their_title(desk: Desk) -> None:
    page = some_page(desk)
    word = page.title.split()[0].upper()
    assert page.title in desk.editor.get(f"/redaction/fiches/?q={word}&type=actor").words
    assert page.title not in desk.editor.get("/redaction/fiches/?q=zzzz").words
    assert desk.editor.get("/redaction/fiches/?q=%00%F0%28&type=..%2f").status == 200


@pytest.mark.parametrize("verb", ["", "exact/", "renommer/", "retirer/"])
def test_strangers_and_other_sites_do_nothing(desk: Desk, verb: str) -> None:
    page = some_page(desk)
    stranger = Visitor(desk.editor.port)
    assert stranger.get(f"{here(page)}gerer/").status == 403
    for person in (stranger, desk.editor):
        told = person.post(f"{here(page)}{verb}", [("slug", "vole"), ("title", "Volé")])
        assert told.status == 403
    assert now(desk, page) == page


def test_a_page_gone_meanwhile_is_told(desk: Desk) -> None:
    page = some_page(desk)
    form = desk.editor.get(here(page))
    by_hand(desk, page, None)
    assert desk.editor.submit(form, here(page), {"title": "Trop tard"}).status in (404, 409)


def test_contributors_go_on_beside(desk: Desk) -> None:
    receipt = desk.editor.contribute("need", answers("need", "Le wifi"))
    desk.gateway.worker.work()
    corrected(desk, some_page(desk), title="Autre")
    assert desk.press(id_of(receipt), "publier").status == 303
    assert desk.state(id_of(receipt)) is State.PUBLISHED
