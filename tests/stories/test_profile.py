"""The page of a profile that says all it can: read by everybody, reached, taken along on paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from contrib_gateway.builder import PROJECT
from plugins.check import load
from plugins.render import Site, Theme, document_page
from plugins.schema import Document, Index
from tests.stories.conftest import answer, overflow, violations

HOST = "http://vigie.example/"
SENTENCE = "On y vient à deux, et l’on repart avec ce que l’on cherchait. "
EMAIL = "accueil@resoudre.example"
SAID: Mapping[str, Mapping[str, Any]] = {
    "actor/resoudre": {
        "opening": 'Mo,Tu,Th,Fr 09:00-12:00,13:00-17:00; We 13:00-17:00 "sauf en août"; PH off',
        "email": EMAIL,
        "access": ["se-presenter", "telephoner"],
        "audiences": ["jeunes", "demandeurs-emploi", "seniors"],
        "fees": "gratuit",
        "equipment": "8 ordinateurs, une imprimante, un scanner",
        "offers": ["lieu", "formation", "accompagnement"],
        "needs": ["temps-et-competences"],
        "verified": "2026-11-01",
    },
    "initiative/les-mardis-du-cv": {"context": SENTENCE * 5, "lessons": SENTENCE * 8},
    "resource/grille-d-observation": {"licence": "cc-by-sa", "advice": SENTENCE * 3},
    "event/premiere-reunion-du-groupe": {"state": "reporte", "state_detail": "Au 17 décembre"},
}


class Pages:
    """The project's content, of which some says more."""

    def __init__(self) -> None:
        index = load(PROJECT / "content").index
        told = [self._telling(index, ref) for ref in SAID]
        self.index = index.replacing(*told)
        site = Site(HOST, HOST, datetime.date(2026, 11, 26))
        self.theme = Theme(site, index.schema)
        self.asked: list[str] = []

    def _telling(self, index: Index, ref: str) -> Document:
        document = index.get(ref)
        assert document is not None
        body = SENTENCE * 12
        return replace(document, data={**document.data, **SAID[ref]}, body=body)

    def answer(self, route: Route) -> None:
        """The address says which page, and in which language."""
        lang, _, ref = urlsplit(route.request.url).path[1:].partition("/")
        document = self.index.get(ref)
        shown = document_page(self.theme, document, self.index, lang) if document else ""
        self.asked.append(route.request.url)
        answer(route, self.theme, shown)


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


@pytest.fixture(scope="module")
def page(browser: Browser, pages: Pages) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce", java_script_enabled=True)
    page = context.new_page()
    page.route("**/*", pages.answer)
    yield page
    context.close()


@pytest.mark.parametrize("ref", SAID)
def test_everybody_can_read_a_profile(page: Page, ref: str) -> None:
    for width, scheme, lang in ((320, "dark", "fr"), (1280, "light", "en")):
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=scheme, media="screen")  # type: ignore[arg-type]
        page.goto(f"{HOST}{lang}/{ref}")
        assert overflow(page) <= 0, width
        assert violations(page) == [], (width, lang)


def test_a_place_is_reached_without_anybody_else_being_asked(page: Page, pages: Pages) -> None:
    said: list[str] = []
    pages.asked.clear()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{HOST}fr/actor/resoudre")
    card = page.locator(".card")
    mail = card.locator("a[href^='mailto:']")
    assert (mail.get_attribute("href"), mail.inner_text()) == (f"mailto:{EMAIL}", EMAIL)
    assert card.locator("a[href^='tel:']").get_attribute("href") == "tel:0247739149"
    way = card.get_by_role("link", name="Itinéraire sur OpenStreetMap")
    assert "noreferrer" in str(way.get_attribute("rel"))
    assert card.locator(".hours li").first.inner_text().split()[:2] == ["Lundi,", "mardi,"]
    assert {urlsplit(url).hostname for url in pages.asked} == {"vigie.example"}
    assert said == []


def test_a_place_shows_what_goes_on_there_and_what_is_near(page: Page) -> None:
    page.goto(f"{HOST}fr/actor/resoudre")
    there = page.locator(".doc-section", has=page.get_by_role("heading", name="Ce qui s’y fait"))
    assert there.get_by_role("link", name="L’Agora numérique de la Rabière").count() == 1
    assert there.get_by_role("heading", name="Groupe de travail").is_visible()
    near = [page.locator(f"#{id} li").all_inner_texts() for id in ("tout-pres", "a-voir-aussi")]
    assert all(0 < len(found) <= 4 for found in near)
    first = near[0][0]
    assert first.startswith("La Grange numérique") and first.endswith("À\u00a01\u00a0km")
    names = [one.split("\n")[0] for found in near for one in found]
    assert len(set(names)) == len(names), "each is told of once"


@pytest.mark.parametrize("ref", SAID)
def test_a_profile_prints_on_two_sheets_at_most(page: Page, pages: Pages, ref: str) -> None:
    page.goto(f"{HOST}fr/{ref}")
    page.emulate_media(media="print")
    sheet = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "10mm"))
    assert sheet.count(b"/Type /Page\n") <= 2
    document = pages.index.get(ref)
    assert document and document.url
    assert page.get_by_text(f"{HOST}{document.url}").is_visible(), "the way back to the page"
    for gone in (".menu", ".crumbs", ".doc-act", ".near", ".related", ".footer", ".place-ways"):
        assert not page.locator(gone).first.is_visible(), gone
