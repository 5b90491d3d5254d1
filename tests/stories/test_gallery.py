"""Every component in its states, by day and by night, on a phone and on a wide screen.

The pages of `tests/gallery` are made by the theme itself, for these tests only. Their photographs
are in `output/gallery/`, to be looked at: nothing compares them with others.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Browser, Page, Route

from contrib_gateway.builder import PROJECT
from plugins.observation.tallies import observations
from plugins.render import Site, Theme, evidence, shown
from plugins.render.figures import figures
from plugins.render.rows import Row
from plugins.render.theme import ROOT
from plugins.schema import Index, load_schema, read
from tests.stories.conftest import answer, overflow, violations

GALLERY = Path(__file__).parents[1] / "gallery"
PAGES = ("reading", "lists", "evidence", "forms", "desk")
HOST = "http://gallery.example/"
COMMUNES = (
    shown.TermShown("tours", "territories", "Tours", href="#"),
    shown.TermShown("la-riche", "territories", "La Riche", href="#"),
)
SHAPES = (
    *(shown.DateShown, shown.Fact, shown.HoursLine, shown.HoursShown, shown.ImageShown),
    *(shown.ItemShown, shown.LinkShown, shown.PlaceShown, shown.TermShown, Row),
    *(evidence.FindingShown, evidence.ObservationShown, evidence.Side),
)
PHOTOGRAPHS = PROJECT / "output" / "gallery"
TAKEN = re.compile(r'\{% (?:from|include) "components/(\w+)\.html"')

UNFOLD = """() => {
  document.querySelectorAll("details").forEach(one => one.open = true);
  document.querySelectorAll("img").forEach(one => one.loading = "eager");
}"""


class Gallery:
    """The theme, with the pages of the gallery beside its own."""

    def __init__(self) -> None:
        schema = load_schema(PROJECT / "content")
        kind = schema.types["observation"]
        files = sorted((PROJECT / "content" / kind.folder).glob("*.md"))
        seen = [read(kind, file.stem, file.read_text("utf-8")) for file in files]
        self.index = Index(schema, seen)
        self.site = Site(HOST, HOST, datetime.date(2026, 11, 26))
        self.theme = Theme(self.site, schema)
        self._environment = self.theme._environment("fr")
        own = FileSystemLoader(GALLERY)
        self._environment.loader = ChoiceLoader([own, FileSystemLoader(ROOT / "templates")])
        # Samples are made of the renderer's shapes where many macros show them, of plain mappings
        # elsewhere, which nothing can remember.
        self._environment.globals |= {shape.__name__: shape for shape in SHAPES}
        self._environment.globals |= {"but": replace, "remembered": lambda macro, *own: macro(*own)}
        self.shown = ""

    def show(self, name: str) -> None:
        observed = observations(self.index)
        kind = self.index.schema.types["observation"]
        self.shown = self._environment.get_template(f"{name}.html").render(
            path=None,
            index=self.index,
            figures=figures(observed, shown.Setting(self.index, self.site, "fr"), kind)[::4],
            places=tuple(
                (shown.TermShown(key, "territories", key, href="#"), 3) for key in COMMUNES
            ),
            moment=datetime.datetime(2026, 11, 26, 9, 20, tzinfo=datetime.UTC),
        )

    def answer(self, route: Route) -> None:
        answer(route, self.theme, self.shown)


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery()


def test_every_component_is_in_the_gallery() -> None:
    """One that is not is shown in one of the pages of `tests/gallery`, in each of its states."""
    shown = {name for page in GALLERY.glob("*.html") for name in TAKEN.findall(page.read_text())}
    shown |= set(TAKEN.findall((ROOT / "templates" / "base.html").read_text()))
    there = {file.stem for file in (ROOT / "templates" / "components").glob("*.html")}
    assert there - shown == set()


@pytest.fixture(scope="module")
def page(browser: Browser, gallery: Gallery) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route("**/*", gallery.answer)
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_component_can_be_read_by_day_and_by_night_on_a_phone_and_on_a_screen(
    page: Page, gallery: Gallery, name: str
) -> None:
    PHOTOGRAPHS.mkdir(parents=True, exist_ok=True)
    schemes: list[Literal["light", "dark"]] = ["light", "dark"]
    gallery.show(name)
    page.goto(HOST + name)
    page.evaluate(UNFOLD)
    for size, width in (("phone", 360), ("wide", 1280)):
        page.set_viewport_size({"width": width, "height": 740})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            picture = PHOTOGRAPHS / f"{name}-{size}-{scheme}.jpg"
            page.screenshot(path=picture, full_page=True, type="jpeg", quality=70)
            assert overflow(page) <= 0, (size, scheme)
        assert violations(page, [] if size == "wide" else ["color-contrast"]) == [], size
        schemes.reverse()  # the last one is looked at by axe: the night, then the day
