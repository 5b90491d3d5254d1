"""« Je cherche », from the home page to a printed sheet: on a phone without script, and wide."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from contrib_gateway.gateway import Gateway
from tests.stories.conftest import open_page, overflow, violations

ANSWER = "/je-cherche/?situation=demandeurs-emploi&theme=chercher-un-emploi&commune="


def test_somebody_finds_a_place_near_her_on_a_phone_without_script(
    browser: Browser, gateway: tuple[Gateway, str]
) -> None:
    page, address = open_page(browser, scripts=False), gateway[1]
    page.goto(address)
    page.get_by_role("link", name="Je cherche").first.click()
    assert overflow(page) == 0
    page.get_by_label("Ma situation").select_option(label="Je cherche du travail")
    page.get_by_label("Apprendre l’ordinateur ou le téléphone").check()
    page.get_by_label("Ma commune ou mon quartier").select_option("sanitas")
    page.get_by_role("button", name="Voir ce qui existe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui existe pour vous")
    assert "commune=sanitas" in page.url and page.context.cookies() == []
    assert page.locator(".seek-one").count()
    assert overflow(page) == 0
    page.get_by_text("Changer mes réponses").click()
    expect(page.get_by_label("Ma commune ou mon quartier")).to_have_value("sanitas")
    assert overflow(page) == 0
    page.locator(".seek-one h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("wide", [False, True], ids=["phone-by-day", "wide-by-night"])
def test_nothing_is_in_the_way_of_anybody(
    browser: Browser, gateway: tuple[Gateway, str], wide: bool
) -> None:
    page, address = open_page(browser, wide=wide), gateway[1]
    page.emulate_media(color_scheme="dark" if wide else "light")
    for path in ("/je-cherche/", ANSWER + "tours", "/en" + ANSWER + "x"):
        page.goto(address + path)
        assert overflow(page) == 0 and violations(page) == [], path


def test_the_answer_is_one_sheet_of_paper_with_addresses(
    browser: Browser, gateway: tuple[Gateway, str]
) -> None:
    page, address = open_page(browser, wide=True), gateway[1]
    for query in (ANSWER + "tours", "/je-cherche/?commune=", ANSWER + "luynes"):
        page.goto(address + query)
        # However much there is to say of it: each page thrice, with long hours.
        page.evaluate(
            """() => document.querySelectorAll('.seek-found').forEach(list => {
              for (const one of [...list.children])
                for (const _ of [1, 2, 3, 4, 5, 6]) list.append(one.cloneNode(true));
              list.querySelectorAll('h3').forEach(title => title.append(' et '.repeat(40)));
            })"""
        )
        sheet = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    page.emulate_media(media="print")
    assert page.locator(".seek-address").first.is_visible()
    assert page.locator(".seek-paper").inner_text().startswith("Vigie · ")
    assert not page.locator(".masthead").is_visible() and not page.locator("form").is_visible()
