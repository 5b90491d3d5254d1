"""An editor puts the items of a digest in order: by buttons, arrows and hand, by script or not."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page

from contrib_gateway.gateway import Gateway
from tests.contrib_gateway.running import EDITORS
from tests.stories.conftest import open_page, overflow, sign_in, violations

SLUG = "observer-ensemble-par-ou-commencer"
FORM = f"redaction/fiches/digest/{SLUG}/"


def at_the_form(browser: Browser, gateway: tuple[Gateway, str], *, scripts: bool = True) -> Page:
    page = open_page(browser, scripts=scripts)
    token = gateway[0].store.create_login(EDITORS[0])
    sign_in(page, f"{gateway[1]}redaction/entrer/{token}/")
    page.goto(gateway[1] + FORM)
    return page


def rows(page: Page) -> Locator:
    return page.locator("#items .row-item")


def titles(page: Page) -> list[str]:
    return [title[:8] for title in page.locator("#items .row-title").all_inner_texts()]


def saved(gateway: Gateway) -> list[str]:
    document = gateway.library.index.get(f"digest/{SLUG}")
    assert document
    return [row["title"][:8] for row in document.data["items"]]


def test_items_are_put_in_order_and_keep_it(
    browser: Browser, gateway: tuple[Gateway, str], scripts: bool
) -> None:
    page = at_the_form(browser, gateway, scripts=scripts)
    a, b, c, d, e = titles(page)
    assert [a, b, c, d, e] == saved(gateway[0])
    assert rows(page).locator("details[open]").count() == 0, "folded to their titles"
    rows(page).nth(4).get_by_role("button", name="Monter").click()
    assert titles(page) == [a, b, c, e, d]
    assert scripts or page.url.endswith("#items-3"), "shown where the row now is"
    rows(page).nth(2).locator("summary").click()
    rows(page).nth(2).get_by_role("button", name="Mettre en premier").click()
    assert titles(page) == [c, a, b, e, d]
    rows(page).nth(1).locator("summary").click()
    rows(page).nth(1).get_by_role("button", name="Retirer de la liste").click()
    assert titles(page) == [c, b, e, d]
    assert overflow(page) == 0
    page.get_by_role("button", name="Relire ma fiche").last.click()
    page.get_by_role("button", name="Publier").first.click()
    page.get_by_text("C’est fait").wait_for()
    assert saved(gateway[0]) == [c, b, e, d]
    page.goto(gateway[1] + FORM)
    assert titles(page) == [c, b, e, d]
    restore(gateway[0])


def restore(gateway: Gateway) -> None:
    """Its items, as they were at the start."""
    document = gateway.library.index.get(f"digest/{SLUG}")
    assert document
    versions = gateway.forge.history([f"content/{document.path}"])
    first = gateway.library.document_at(versions[-1].commit, document.path)
    assert first
    gateway.edition.restore("Léa", first, gateway.library.state[0])


def test_arrows_move_a_row_and_it_is_told(browser: Browser, gateway: tuple[Gateway, str]) -> None:
    page = at_the_form(browser, gateway)
    a, b, c, d, e = titles(page)
    told = page.locator("#items [data-rows-said]")
    page.get_by_role("button", name="Descendre").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert titles(page) == [b, c, a, d, e]
    assert "position 3 sur 5" in told.inner_text()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert titles(page) == [a, b, c, d, e]
    focused = "document.activeElement.getAttribute('aria-label')"
    assert a in page.evaluate(focused), "the focus stays with the row"
    assert violations(page) == []


def test_what_was_taken_out_is_put_back(browser: Browser, gateway: tuple[Gateway, str]) -> None:
    page = at_the_form(browser, gateway)
    before = titles(page)
    rows(page).nth(1).locator("summary").click()
    page.get_by_role("button", name="Retirer de la liste").click()
    assert titles(page) == [before[0], *before[2:]]
    page.get_by_role("button", name="Le remettre").click()
    assert titles(page) == before


def test_a_row_is_dragged_by_its_handle(browser: Browser, gateway: tuple[Gateway, str]) -> None:
    page = at_the_form(browser, gateway)
    a, b, c, d, e = titles(page)
    handle, over = rows(page).nth(0).locator(".row-handle"), rows(page).nth(2)
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), over.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, end["y"] + 60, steps=4)
    rows(page).first.get_by_text(b).wait_for()
    page.mouse.up()
    assert titles(page)[0] == b and a in titles(page)[1:3]
    assert "est maintenant" in page.locator("#items [data-rows-said]").inner_text()
    assert sorted(titles(page)) == sorted([a, b, c, d, e])
