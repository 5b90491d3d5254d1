"""A page asks for little, of nobody else, stays where it is, and is read without a script."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from contrib_gateway.gateway import Gateway

MOST = 5  # requests of a profile page
LISTS = ("initiatives/", "besoins/", "veille/", "agenda/")
PROFILES = (
    "initiatives/les-mardis-du-cv/",
    "besoins/candidater-quand-on-n-a-qu-un-telephone/",
    "veille/observer-ensemble-par-ou-commencer/",
    "observations/on-vient-a-deux/",
)
# How far what was drawn has moved since, by web.dev's measure of it.
SHIFTS = """new Promise(tell => new PerformanceObserver(
  list => tell(list.getEntries().reduce((sum, one) => sum + one.value, 0))
).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => tell(0), 300))"""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context
    context.close()


@pytest.mark.parametrize("path", [*PROFILES, *LISTS, "", "je-cherche/"])
def test_a_page_asks_for_little_of_nobody_else_and_stays_where_it_is(
    gateway: tuple[Gateway, str], phone: BrowserContext, path: str
) -> None:
    page = phone.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(gateway[1] + path, wait_until="networkidle")
    assert {urlsplit(one).netloc for one in asked} == {urlsplit(gateway[1]).netloc}
    if path in PROFILES:
        assert len(asked) <= MOST, asked
    assert page.evaluate(SHIFTS) == 0
    page.close()


@pytest.mark.parametrize("path", PROFILES)
def test_a_profile_says_the_same_without_a_script(
    gateway: tuple[Gateway, str], browser: Browser, path: str
) -> None:
    said = told_with_and_without(browser, gateway[1] + path, "main")
    assert said[0] == said[1]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_all_its_rows_without_a_script(
    gateway: tuple[Gateway, str], browser: Browser, path: str
) -> None:
    said = told_with_and_without(browser, gateway[1] + path, "main .row")
    assert said[0] == said[1] != []


def told_with_and_without(browser: Browser, address: str, part: str) -> list[list[str]]:
    """What the parts of a page say, where scripts run and where they do not."""
    said = []
    for scripts in (True, False):
        with browser.new_context(java_script_enabled=scripts) as context:
            page = context.new_page()
            page.goto(address)
            said.append(page.locator(part).all_inner_texts())
    return said
