"""Everything published, found by its words: while one writes, or without a script."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from contrib_gateway.clock import utc_now
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import Gateway
from tests.contrib_gateway.running import sample_content, serving
from tests.stories.conftest import open_page, overflow, violations

ISSUE = "observer-ensemble-par-ou-commencer"
CV = "/initiatives/les-mardis-du-cv/"
Served = tuple[Gateway, str]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway, and its address, whose site was built with its search."""
    folder = tmp_path_factory.mktemp("searched")
    known = ("initiative/les-mardis-du-cv", f"digest/{ISSUE}", "page/glossaire")
    content = sample_content(folder / "content", alone=known)
    LocalForge.open(folder / "forge.git", content)
    with serving(folder, utc_now, VIGIE_SEARCH="on") as (gateway, visitor):
        assert gateway.builder.build()
        yield gateway, f"http://127.0.0.1:{visitor.port}"


def found(page: Page) -> list[str]:
    """Where the rows lead that are shown."""
    rows = page.locator("#search-found .row-title a")
    return [str(one.get_attribute("href")) for one in rows.all()]


def look(page: Page, words: str) -> list[str]:
    """What somebody is shown who writes that."""
    page.get_by_label("Mots à chercher").fill(words)
    page.wait_for_url(lambda url: f"?q={quote(words)}" in url)
    expect(page.locator("#search-found")).to_have_attribute("aria-busy", "false")
    return found(page)


@pytest.mark.parametrize("wide", [False, True], ids=["phone-by-night", "wide-by-day"])
def test_what_one_writes_is_found_whatever_its_accents(
    browser: Browser, searched: Served, wide: bool
) -> None:
    page, address = open_page(browser, wide=wide), searched[1]
    page.emulate_media(color_scheme="light" if wide else "dark")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/")
    page.get_by_role("link", name="Chercher", exact=True).click()
    page.wait_for_url("**/recherche/")
    assert violations(page) == [] and overflow(page) == 0
    assert not any("pagefind" in url for url in asked)  # not before somebody comes to the box
    for one, other in (("mediatrice", "médiatrice"), ("EQUIPEMENTS", "équipement")):
        assert set(look(page, one)) == set(look(page, other)) != set()
    assert CV in look(page, "mediatrice")
    assert page.locator(".row mark").first.inner_text() == "médiatrice"
    assert CV in look(page, "empl")  # « d’emploi »
    assert look(page, "l’inclusion numerique en indre et loire") == [f"/veille/{ISSUE}/#yfyg3"]
    assert "dans « Observer ensemble" in page.locator(".row-kind").inner_text().replace(
        "\u202f", " "
    )
    assert "/a-propos/glossaire/#mot-epn" in look(page, "espace public numérique")
    look(page, "wxzq")
    expect(page.locator("#search-without")).to_be_visible()
    assert violations(page) == [] and overflow(page) == 0
    assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}
    assert page.context.cookies() == []


def test_answers_narrow_what_was_found_and_its_address_can_be_sent(
    browser: Browser, searched: Served
) -> None:
    page, address = open_page(browser, wide=True), searched[1]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/recherche/?q=numerique")
    count = page.locator("#search-count")
    expect(count).to_have_text(re.compile(r"\d+ résultats"))
    everything = found(page)
    expect(page.locator(".list-side")).to_have_attribute("aria-busy", "false")
    assert page.workers and not said  # it counts beside the page, as its policy lets it
    number = page.locator("[data-field=type] li", has_text="Initiatives").locator(".count")
    initiatives = int(number.inner_text())
    page.get_by_label("Initiatives").check()
    expect(count).to_have_text(re.compile(rf"^{initiatives} résultat"))
    assert set(found(page)) <= set(everything)
    assert all(href.startswith("/initiatives/") for href in found(page))
    page.locator("[data-field=themes] summary").click()
    page.get_by_label("Chercher un emploi").check()
    page.wait_for_url("**/recherche/?q=numerique&type=initiative&themes=chercher-un-emploi")
    expect(page.locator(".row", has_text="Les mardis du CV")).to_contain_text("Émergent")
    assert violations(page) == []
    other = open_page(browser)
    other.goto(page.url.replace("/recherche/", "/en/recherche/"))
    expect(other.locator(".row", has_text="Les mardis du CV")).to_contain_text("Emerging")
    assert "/en" + CV in found(other)


def test_a_day_is_the_same_on_the_other_side_of_the_ocean(
    browser: Browser, searched: Served
) -> None:
    context = browser.new_context(timezone_id="America/Martinique", locale="fr-FR")
    page = context.new_page()
    page.goto(f"{searched[1]}/recherche/?q=observer")
    shown = page.locator(".row [data-fact=date] dd")
    expect(shown.first).to_have_text("20 novembre 2026")  # of the issue
    context.close()


def test_without_a_script_the_server_answers(browser: Browser, searched: Served) -> None:
    page, address = open_page(browser, scripts=False), searched[1]
    page.goto(f"{address}/")
    page.get_by_label("Mots à chercher").fill("MEDIATRICE")
    page.get_by_role("button", name="Chercher").click()
    assert CV in found(page)
    page.locator(".narrow summary").click()
    page.get_by_label("Acteurs").check()
    page.get_by_role("button", name="Chercher").click()
    assert "type=actor" in page.url and CV not in found(page)
    assert overflow(page) == 0


def test_whatever_stands_in_an_address_is_answered(browser: Browser, searched: Served) -> None:
    page, address = open_page(browser), searched[1]
    asked = ("q=%00%ff", "q=" + "x%20" * 2000, "type=,,&themes=%3Cb%3E", "q=a&q=b&page=1&x[]=1")
    for query in asked:
        answer = page.request.get(f"{address}/recherche/?{query}")
        assert answer.status == 200, query
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["cache-control"] == "no-store"


def test_what_was_taken_off_is_found_no_more(browser: Browser, searched: Served) -> None:
    gateway, address = searched
    index = gateway.library.index
    gone = next(one for one in index.of("resource") if not index.mentions(one))
    page = open_page(browser)
    page.goto(f"{address}/recherche/")
    assert f"/{gone.url}" in look(page, gone.title)
    gateway.edition.carry_out("Léa", gateway.edition.taking_off(gone))
    assert gateway.builder.build()
    page.goto(f"{address}/recherche/")
    assert f"/{gone.url}" not in look(page, gone.title)


def test_where_the_search_is_missing_its_page_says_so_and_the_server_answers(
    browser: Browser, searched: Served
) -> None:
    gateway, address = searched
    folder = gateway.builder.places.site / "pagefind"
    away = Path(shutil.move(folder.resolve(), folder.resolve().with_name("away")))
    page = open_page(browser)
    page.goto(f"{address}/recherche/")
    page.get_by_label("Mots à chercher").fill("mediatrice")
    expect(page.locator("#search-count")).to_contain_text("Appuyez sur")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator("#search-count")).to_contain_text("résultat")
    assert CV in found(page)
    shutil.move(away, folder)
