"""The map beside its list: by hand, by keyboard, with and without a script."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from plugins.render.territory import radius
from tests.stories.conftest import Demo, open_page, overflow, violations
from tests.stories.test_directory import found, listed

TOWN = "saint-pierre-des-corps"


def place(page: Page, key: str) -> str:
    """What a place of the map says of itself; "" where nothing is."""
    link = page.locator(f"[data-place={key}]")
    return str(link.get_attribute("aria-label")) if link.count() else ""


def number(page: Page, key: str) -> str:
    """What the list beside says of it."""
    return page.locator(f".atlas-places [data-term={key}] .count").inner_text()


def test_without_a_script_each_place_leads_to_its_list(browser: Browser, demo: Demo) -> None:
    page = open_page(browser, scripts=False)
    page.goto(f"{demo.url}/initiatives/")
    page.get_by_role("link", name="Carte").click()
    assert page.url == f"{demo.url}/initiatives/carte/"
    assert overflow(page) == 0
    assert page.locator(".map .water").count() == 2  # as the site's own file draws them
    frame = "one => getComputedStyle(one.ownerSVGElement).overflow"
    assert page.locator(".map .water").first.evaluate(frame) == "hidden"  # however far they flow
    assert place(page, TOWN) == f"Saint-Pierre-des-Corps, {number(page, TOWN)} fiche"
    page.locator(f"[data-place={TOWN}]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.url}/initiatives/par/place/{TOWN}/")
    assert page.locator(".map .chosen").count() == 1
    assert overflow(page) == 0


def test_the_map_follows_what_is_chosen_and_can_be_shared(browser: Browser, demo: Demo) -> None:
    page, address = open_page(browser, wide=True), f"{demo.url}/initiatives/"
    page.goto(f"{address}carte/")
    page.locator(f"[data-place={TOWN}]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}carte/?place={TOWN}")
    in_town = listed(page, f"{address}par/place/{TOWN}/")
    assert set(found(page)) == in_town
    assert page.locator(f"[data-place={TOWN}]").get_attribute("aria-current") == "true"
    all_over = listed(page, f"{address}par/place/metropole/")
    more = page.get_by_role("button", name=f"Toute la métropole ({len(all_over)})")
    more.click()  # what covers it is offered, and counted apart
    page.wait_for_url(f"{address}carte/?place=metropole,{TOWN}")
    assert set(found(page)) == in_town | all_over
    assert violations(page) == []
    page.locator("[name=themes][value=chercher-un-emploi]").check()
    page.wait_for_url(re.compile("themes="))
    seeking = listed(page, f"{address}par/themes/chercher-un-emploi/")
    expect(page.locator("#list-count")).to_have_text(
        re.compile(f"^{len(seeking & (in_town | all_over))} fiche")
    )
    assert place(page, TOWN).startswith(f"Saint-Pierre-des-Corps, {number(page, TOWN)} fiche")
    disc, scale = page.locator(f"[data-place={TOWN}] circle"), page.locator(".map")
    size = radius(int(number(page, TOWN)), int(scale.get_attribute("data-scale") or 0))
    assert disc.get_attribute("r") == str(size)
    other = open_page(browser)
    other.goto(page.url)
    expect(other.locator(f"[name=place][value={TOWN}]")).to_be_checked()
    assert found(other) == found(page) and overflow(other) == 0
    page.get_by_role("link", name="Tableau").click()  # the same choice, looked at otherwise
    page.wait_for_url(re.compile(rf"/initiatives/\?.*place=metropole,{TOWN}.*&view=table"))
    expect(page.locator(".table tbody tr")).to_have_count(len(found(other)))


def test_the_plain_list_and_the_script_offer_the_same_beside_a_territory(
    browser: Browser, demo: Demo
) -> None:
    plain, page = open_page(browser, scripts=False), open_page(browser, wide=True)
    plain.goto(f"{demo.url}/initiatives/par/place/{TOWN}/")
    page.goto(f"{demo.url}/initiatives/?place={TOWN}")
    said = " ".join(plain.locator(".wider").inner_text().split())
    assert re.search(r"Toute la métropole \(\d+\)$", said)
    expect(page.locator(".wider")).to_have_text(said)
    for path in ("/initiatives/carte/", f"/initiatives/par/place/{TOWN}/"):
        page.emulate_media(color_scheme="dark")
        page.goto(demo.url + path)
        assert violations(page) == []
