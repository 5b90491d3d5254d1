"""What may exist already is shown before it is sent, and may be completed instead."""

from __future__ import annotations

import re

from contrib_gateway.store import State
from plugins.schema import Document
from tests.contrib_gateway.desks import Desk
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.test_changes import by_hand
from tests.contrib_gateway.visitor import Page, answers, id_of

FIXTURES = (desk,)
NEW = "/contribuer/initiative/"


def some_page(desk: Desk) -> Document:
    pages = desk.gateway.library.index.of("initiative")
    return next(page for page in pages if "phone" not in page.data and page.data.get("place"))


def review(desk: Desk, page: Document, **more: str) -> Page:
    """Somebody describes in the form of a new page what has one already."""
    place = page.data["place"]["territory"]
    told = answers("initiative", page.title.upper(), **{"place-territory": place}, **more)
    shown = desk.editor.fill("initiative", told)
    assert shown.status == 200, shown.words[:800]
    return shown


def complete(desk: Desk, shown: Page) -> Page:
    """Press the first “Complete this page”."""
    address = re.findall(r'formaction="([^"]+)"', shown.text)[0]
    return desk.editor.post(address, [*shown.form(NEW).inputs, ("_complete", "1")])


def test_what_may_exist_already_is_shown_in_the_review(desk: Desk) -> None:
    page = some_page(desk)
    shown = review(desk, page)
    assert "Cela existe peut-être déjà" in shown.words and page.title in shown.words
    other = desk.editor.fill("initiative", answers("initiative", "Tricot du samedi"))
    assert "existe peut-être déjà" not in other.words


def test_it_may_be_sent_all_the_same(desk: Desk) -> None:
    shown = review(desk, some_page(desk))
    receipt = desk.editor.submit(shown, NEW, {}).location
    desk.gateway.worker.work()
    assert desk.state(id_of(receipt)) is State.PROPOSED


def test_that_page_is_completed_with_what_was_typed(desk: Desk) -> None:
    page = some_page(desk)
    shown = review(desk, page, phone="02 47 00 00 00", carrier_name="Le <b>Puzzle</b>")
    form = complete(desk, shown)
    address = f"/contribuer/initiative/{page.slug}/"
    assert form.status == 200, form.words[:800]
    inputs = dict(form.form(address).inputs)
    assert inputs["title"] == page.title, "what the page says stays"
    assert inputs["phone"] == "02 47 00 00 00", "what it did not say is filled in"
    assert "Ce que vous aviez écrit" in form.words and page.title.upper() in form.words
    assert "<b>Puzzle</b>" not in form.text
    again = desk.editor.submit(form, address, {"summary": ""})
    assert again.status == 422 and page.title.upper() in again.words, "kept through a fault"
    over = desk.editor.submit(form, address, {})
    assert over.status == 200 and "existe peut-être déjà" not in over.words
    receipt = desk.editor.submit(over, address, {}).location
    desk.gateway.worker.work()
    assert desk.press(id_of(receipt), "publier").status == 303
    now = desk.gateway.library.index.by_id(page.id)
    assert now
    assert (now.title, now.slug) == (page.title, page.slug)
    assert now.data["phone"].replace(" ", "").endswith("247000000")


def test_a_page_that_was_taken_off_meanwhile_loses_nothing_that_was_typed(desk: Desk) -> None:
    page = some_page(desk)
    shown = review(desk, page)
    by_hand(desk, page, None)
    form = complete(desk, shown)
    assert form.status == 409 and "retirée du site entre-temps" in form.words
    assert dict(form.form(NEW).inputs)["title"] == page.title.upper()
    assert desk.editor.post("/contribuer/initiative/jamais-vu/").status == 404


def test_completing_forges_no_confirmation(desk: Desk) -> None:
    """A POST with every inner field made up shows a form or a review; it never sends."""
    page = some_page(desk)
    shown = review(desk, page)
    before = desk.gateway.store.accepted()
    address = f"/contribuer/initiative/{page.slug}/"
    for extra in ([], [("_complete", "1")], [("typed.title", "x"), ("typed._ticket", "y")]):
        answer = desk.editor.post(address, [*shown.form(NEW).inputs, *extra])
        assert answer.status in (200, 422)
    assert desk.gateway.store.accepted() == before
