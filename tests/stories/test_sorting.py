"""An editor's morning with the watch: by keyboard, and on a phone without any script."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from contrib_gateway.clock import utc_now
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import TIP, Pile, Story
from tests.contrib_gateway.running import EDITORS
from tests.contrib_gateway.watch.stories import Told, find, story
from tests.stories.conftest import open_page, overflow, sign_in, violations

WATCH = "redaction/veille/"
A_FEW = 5
MINUTES = 5  # for a hundred: half of what an editor has
HOSTILE = "<b>" + "interminable" * 30 + "\u202e 🎉 مرحبا"


@pytest.fixture(autouse=True)
def emptied(gateway: tuple[Gateway, str]) -> None:
    with gateway[0].store._writing() as connection:
        for table in ("items", "clusters", "turns"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 — our own names


def told(gateway: tuple[Gateway, str], *items: Told, suggested: tuple[str, ...] = ()) -> Story:
    return story(gateway[0].store, *items, suggested=suggested, now=utc_now())


def at_the_inbox(browser: Browser, gateway: tuple[Gateway, str], **how: bool) -> Page:
    page = open_page(browser, **how)
    token = gateway[0].store.create_login(EDITORS[0])
    sign_in(page, f"{gateway[1]}redaction/entrer/{token}/")
    page.goto(gateway[1] + WATCH)
    return page


def here(page: Page) -> str:
    """The title of the story that has the keyboard."""
    return str(page.evaluate("document.activeElement.querySelector?.('h3')?.innerText ?? ''"))


def decided(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_by_keyboard_each_key_does_what_the_page_says(
    browser: Browser, gateway: tuple[Gateway, str]
) -> None:
    a, b, c, d = (told(gateway, Told(title, hours=n)) for n, title in enumerate("ABCD", 1))
    store, page = gateway[0].store, at_the_inbox(browser, gateway, wide=True)
    page.keyboard.press("?")
    assert "écarter, puis le numéro de la raison" in page.locator("#touches").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert here(page) == "A"
    decided(page, "g")
    assert here(page) == "B", "the next one is at hand"
    page.keyboard.press("e")
    decided(page, "2")
    assert here(page) == "C"
    decided(page, "p")
    assert [find(store, s.id).pile for s in (a, b, c, d)] == [
        Pile.KEPT,
        Pile.DISCARDED,
        Pile.LATER,
        Pile.INBOX,
    ]
    assert find(store, b.id).reason == "Sans lien avec ici"
    decided(page, "z")
    assert here(page) == "C"
    assert find(store, c.id).pile is Pile.INBOX
    page.keyboard.press("x")
    assert page.locator(".story-tick input").first.is_checked()
    assert not violations(page)


def test_keys_are_letters_while_somebody_types(
    browser: Browser, gateway: tuple[Gateway, str]
) -> None:
    one = told(gateway, Told("A"))
    page = at_the_inbox(browser, gateway, wide=True)
    page.keyboard.press("j")
    page.get_by_text("Choisir ce qui est montré").click()
    page.locator("#q").press_sequentially("gepz?")
    assert page.locator("#q").input_value() == "gepz?"
    page.keyboard.press("Control+g")
    assert find(gateway[0].store, one.id).pile is Pile.INBOX


def test_a_hundred_can_be_sorted_by_key_in_ten_minutes(
    browser: Browser, gateway: tuple[Gateway, str]
) -> None:
    """Each decision is a page: what matters is how long a hundred of them would take."""
    for number in range(40):
        told(gateway, Told(f"Nouvelle {number}", hours=number / 10))
    page = at_the_inbox(browser, gateway, wide=True)
    page.keyboard.press("j")
    began = time.monotonic()
    for _ in range(A_FEW):
        decided(page, "p")
    took = (time.monotonic() - began) / A_FEW * 100
    assert gateway[0].store.piles()[Pile.LATER] == A_FEW
    assert took < MINUTES * 60, f"a hundred would take {took:.0f} s"


def test_on_a_phone_without_script_a_story_is_qualified(
    browser: Browser, gateway: tuple[Gateway, str]
) -> None:
    one = told(gateway, Told("Un guide", "a"), Told("Le guide", "b"), suggested=("sante",))
    told(gateway, Told(HOSTILE, hours=3, summary=HOSTILE))
    page = at_the_inbox(browser, gateway, scripts=False)
    assert overflow(page) == 0
    small = [
        box
        for button in page.locator(".story .button, .batch .button").all()
        if (box := button.bounding_box()) and 0 < box["height"] < 44
    ]
    assert not small, "thumbs need 44 pixels"
    page.get_by_role("link", name="Un guide", exact=True).click()
    assert overflow(page) == 0
    page.get_by_role("button", name="Les cocher").click()
    expect(page.get_by_label("Santé", exact=True)).to_be_checked()
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("elle est nécessaire")
    page.get_by_label("Pourquoi s’y arrêter").fill("Les ateliers d’ici peuvent le reprendre.")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.locator(".did")).to_contain_text("Gardée")
    kept = find(gateway[0].store, one.id)
    assert kept.pile is Pile.KEPT
    assert kept.qualification == {
        "why": "Les ateliers d’ici peuvent le reprendre.",
        "themes": ["sante"],
        "qualified_by": "Lea Martin",
    }
    page.get_by_role("button", name="Annuler").click()
    assert find(gateway[0].store, one.id).pile is Pile.INBOX


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "phone"])
def test_every_page_of_the_watch_can_be_used_by_everybody(
    browser: Browser, gateway: tuple[Gateway, str], wide: bool
) -> None:
    one = told(gateway, Told("Un guide", "a"), Told("Le guide", "b"), suggested=("sante",))
    told(gateway, Told("Un guide aussi", "c", lang="en"), Told(HOSTILE, "lien", key=TIP))
    page = at_the_inbox(browser, gateway, wide=wide)
    pages = ("", f"{one.id}/", "sources/")
    for path in pages:
        page.goto(f"{gateway[1]}{WATCH}{path}")
        assert not violations(page), path
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        # Nobody has all of these open at once: what opens lies over what is behind it.
        assert not violations(page, without=["target-size"]), path
        assert overflow(page) == 0, path
