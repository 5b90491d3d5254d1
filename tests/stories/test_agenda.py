"""A month as people see it: a table on a wide screen, its days one after the other on a phone."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from plugins.render import Site, Theme
from plugins.render.agenda import month_pages
from plugins.render.theme import ROOT, SHEET
from plugins.schema import Document, Index, load_schema
from tests.plugins.building import PROJECT
from tests.stories.conftest import overflow, violations

HOST = "https://exemple.fr/"
LONG = "Anticonstitutionnellement" * 3
EVENTS = {
    "atelier": {"start": "2026-11-24T18:00", "place": {"territory": "tours"}},
    "annule": {"title": LONG, "start": "2026-11-24T20:00", "state": "annule", "demo": True},
    "deux-jours": {"start": "2026-11-28T00:00", "end": "2026-11-29T23:59", "lang": "en"},
    "exposition": {"start": "2026-11-02T10:00", "end": "2026-12-20T18:00"},
    "avant": {"start": "2026-09-01T10:00"},
}


def show(page: Page) -> None:
    """The month of the build, without a server."""
    schema = load_schema(PROJECT / "content")
    kind = schema.types["event"]
    documents = [
        Document(kind, slug, {"title": slug, "id": slug, **told}) for slug, told in EVENTS.items()
    ]
    site = Site(HOST, HOST, datetime.date(2026, 11, 24))
    theme = Theme(site, schema)
    pages = month_pages(theme, Index(schema, documents))
    (html,) = [html for path, lang, html in pages if "2026-11" in path and lang == "fr"]

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/theme/")
        file = ROOT / "static" / name
        if name == SHEET:
            route.fulfill(body=theme.sheet, content_type="text/css")
        elif file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto(f"{HOST}agenda/mois/2026-11/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_month_can_be_read_by_all(browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    show(page)
    assert violations(page) == []
    assert overflow(page) == 0
    first, free = page.get_by_role("link", name="atelier"), page.locator("time[datetime$='-10']")
    assert first.is_visible()
    assert page.locator(".month thead").is_visible() is (width == 1280)
    assert free.is_visible() is (width == 1280), "a phone shows the days that have something"
    day = page.get_by_role("heading", name="mardi 24 novembre")
    assert day.count() == 1 and "aujourd’hui" in day.inner_text()
    assert page.locator(".lasting").get_by_role("link").count() == 1
    context.close()
