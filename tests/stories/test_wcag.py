"""What WCAG 2.2 adds at level AA, and what axe cannot see of RGAA; the keyboard has its own module.

`theme/accessibility.yaml` says which criterion is verified by which test.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from contrib_gateway.app import create_app
from contrib_gateway.gateway import Gateway, assemble
from plugins.render.theme import ROOT as THEME
from tests.contrib_gateway.running import copied_state, settings_for
from tests.contrib_gateway.visitor import Visitor
from tests.pages import Element, parse
from tests.stories.conftest import overflow

PAGES = (
    *("", "initiatives/", "initiatives/les-mardis-du-cv/", "veille/", "agenda/", "recherche/"),
    *("je-cherche/", "contribuer/", "contribuer/need/", "accessibilite/", "rien-ici/"),
)
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
# Words whose box is too small for them, and hides what does not fit.
CUT_OFF = """[...document.querySelectorAll('body *')].filter(one => {
  const look = getComputedStyle(one);
  return one.checkVisibility() && !one.closest('.sr, [aria-hidden=true]') && one.clientWidth > 2
    && [look.overflowX, look.overflowY].some(way => way === 'hidden' || way === 'clip')
    && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map(one => one.outerHTML.slice(0, 120))"""


def visitor(gateway: tuple[Gateway, str]) -> Visitor:
    return Visitor(int(re.findall(r":(\d+)/", gateway[1])[0]))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_off_when_lines_and_letters_stand_apart(
    gateway: tuple[Gateway, str], browser: Browser, path: str
) -> None:
    """RGAA 10.12, WCAG 1.4.12: those are its measures."""
    with browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(gateway[1] + path)
        page.add_style_tag(content=SPACED)
        assert page.evaluate(CUT_OFF) == []
        assert overflow(page) == 0


def test_no_link_opens_a_window_of_its_own(gateway: tuple[Gateway, str]) -> None:
    """RGAA 13.2."""
    asker = visitor(gateway)
    for path in PAGES:
        page = parse(asker.get(f"/{path}").text)
        assert [one for one in page if one.attributes.get("target", "_self") != "_self"] == []
    scripts = "".join(file.read_text() for file in THEME.glob("static/js/*.js"))
    assert "window.open" not in scripts


def test_the_ways_on_stand_at_the_same_place_on_every_page(gateway: tuple[Gateway, str]) -> None:
    """WCAG 3.2.3 and 3.2.6, RGAA 12.1, 12.2 and 12.5: menu, search, help; in one order."""
    asker = visitor(gateway)
    for lang in ("", "en/"):
        told = {path: ways_on(parse(asker.get(f"/{lang}{path}").text)) for path in PAGES}
        assert len(set(told.values())) == 1, told
        (menu, foot), *_ = told.values()
        assert f"/{lang}recherche/" in menu
        assert f"/{lang}accessibilite/" in foot
        assert f"/{lang}contribuer/" in foot and f"/{lang}je-cherche/" in foot


def ways_on(page: Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the links of the masthead and of the footer lead, but for the other language's and,
    where a page is about contributing itself, the button's.
    """
    menu = tuple(one for one in links(page.one("header")) if not one.endswith("/contribuer/"))
    return menu, links(page.all("footer")[-1])


def links(part: Element) -> tuple[str, ...]:
    return tuple(
        one.attributes["href"] for one in part.all("a") if "hreflang" not in one.attributes
    )


def test_nothing_has_to_be_dragged() -> None:
    """WCAG 2.5.7, RGAA 13.10: one script of ours follows a finger, and has buttons that do the same
    (`test_rows` moves rows by them); no template is draggable.
    """
    files = [*THEME.glob("static/js/*.js"), *THEME.glob("templates/**/*.html")]
    moves = r"\b(drag\w*|pointermove|mousemove|touchmove)\b|draggable="
    assert [file.name for file in files if re.search(moves, file.read_text())] == ["rows.js"]


def test_nothing_is_asked_twice_on_the_way_to_sending(gateway: tuple[Gateway, str]) -> None:
    """WCAG 3.3.7: what was typed goes along to the page to review, and back."""
    asker = visitor(gateway)
    title = "Un lieu calme pour appeler"
    form = asker.get("/contribuer/need/")
    typed = {"title": title, "viewpoint": "usager", "themes": ["sante"]}
    review = asker.submit(form, "/contribuer/need/", typed)
    kept = parse(review.text).one("main")
    asked = [one for one in kept.all("input") if one.attributes.get("type") != "hidden"]
    assert title in kept.text
    assert [one.attributes for one in asked if one.attributes.get("type") != "submit"] == []
    wrong = asker.submit(asker.get("/contribuer/need/"), "/contribuer/need/", {"title": title})
    assert parse(wrong.text).one("input", name="title").attributes["value"] == title


def test_an_editor_enters_without_a_password_or_a_puzzle(small_state: Path, tmp_path: Path) -> None:
    """WCAG 3.3.8: an address is asked, which the browser may fill in; the link is sent to it."""
    state = copied_state(small_state, tmp_path / "state")
    settings = settings_for(state, VIGIE_SMTP_URL="smtp://127.0.0.1:9")
    door = create_app(assemble(settings)).test_client().get("/redaction/entrer/")
    main = parse(door.text).one("main")
    asked = [one for one in main.all("input") if one.attributes.get("type") != "hidden"]
    assert [one.attributes["type"] for one in asked] == ["email"]
    assert asked[0].attributes["autocomplete"] == "email"
