"""By keyboard alone: all that can be used is reached in order, seen, and large enough for a finger.

Walked on the smallest window, where a thing that sticks hides most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from contrib_gateway.gateway import Gateway

ZOOMED = {"width": 320, "height": 256}
MOST = 400  # steps that a walk may take
TARGET = 24  # pixels, WCAG 2.5.8
PATHS = (
    *("", "initiatives/", "initiatives/les-mardis-du-cv/", "veille/"),
    *(
        "je-cherche/",
        "contribuer/need/",
        "agenda/",
        "recherche/",
        "accessibilite/",
        "acteurs/carte/",
    ),
    *("veille/observer-ensemble-par-ou-commencer/", "observations/chiffres/", "data/"),
)
# All that takes part when one goes on from one thing to the next.
USABLE = """() => {
  const shown = one => one.checkVisibility({visibilityProperty: true})
    && !one.closest('details:not([open]) > :not(summary)') && !one.closest('[inert]');
  const found = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(one => shown(one) && !one.disabled && one.tabIndex >= 0);
  const groups = new Set();
  return found.filter(one => {  // of radio buttons of one name, one is stopped at
    if (one.type !== 'radio') return true;
    if (groups.has(one.name)) return false;
    return groups.add(one.name);
  }).length;
}"""
# What has the focus: whether it is seen, and how its look tells of it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const label = one.labels && one.labels[0];
  const boxes = [...one.getClientRects(), ...(label ? label.getClientRects() : [])];
  const within = box => box.bottom > 0 && box.top < innerHeight && box.right > 0
    && box.left < innerWidth;
  const points = boxes.filter(within).flatMap(box => [0.1, 0.5, 0.9].map(part => [
    Math.min(Math.max(box.left + box.width * part, 0), innerWidth - 1),
    Math.min(Math.max((Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, 0),
      innerHeight - 1)]));
  const ours = hit => hit && (one.contains(hit) || hit.contains(one) && hit.closest('label')
    || label && label.contains(hit));
  const look = getComputedStyle(one), around = label ? getComputedStyle(label) : look;
  const marked = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    || style.boxShadow !== 'none';
  const repeated = one.dataset.walked === '1';
  one.dataset.walked = '1';
  return {name: one.outerHTML.slice(0, 120), repeated,
    seen: points.some(([x, y]) => ours(document.elementFromPoint(x, y))),
    marked: marked(look) || marked(around)};
}"""
# Targets that are too small, and have another within the same 24 pixels (WCAG 2.5.8 lets links in
# a sentence be as the line is high, and small ones be that stand apart).
SMALL = """size => {
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .filter(one => !one.closest('[aria-hidden=true]'))
    .filter(one => !(one.tagName === 'A' && getComputedStyle(one).display === 'inline'
      && one.parentElement.textContent.trim().length > one.textContent.trim().length));
  const boxes = all.map(one => {
    const label = one.labels && one.labels[0];
    const box = one.getBoundingClientRect(), around = label && label.getBoundingClientRect();
    return around && around.height > box.height ? around : box;
  });
  const centre = box => [box.x + box.width / 2, box.y + box.height / 2];
  const small = box => box.width < size - 0.5 || box.height < size - 0.5;
  const near = (box, other) => {
    const [x, y] = centre(box), [toX, toY] = centre(other);
    if (small(other)) return Math.hypot(x - toX, y - toY) < size - 0.5;
    const dx = Math.max(other.left - x, 0, x - other.right);
    const dy = Math.max(other.top - y, 0, y - other.bottom);
    return Math.hypot(dx, dy) < size / 2 - 0.25;
  };
  return all.filter((one, at) => boxes[at].width > 1 && small(boxes[at]) && boxes.some(
    (other, place) => place !== at && other.width > 1 && near(boxes[at], other)))
    .map(one => one.outerHTML.slice(0, 140));
}"""

SPOIL = """rules => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=ZOOMED)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def walk(page: Page) -> list[dict[str, Any]]:
    """Everything the Tab key stops at, until it leaves the page."""
    steps = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step is None or step["repeated"]:
            return steps
        steps.append(step)
    raise AssertionError(f"{page.url} is not walked through in {MOST} steps")


@pytest.mark.parametrize("path", PATHS)
def test_everything_is_reached_and_seen_and_marked(
    gateway: tuple[Gateway, str], page: Page, path: str
) -> None:
    """WCAG 2.1.1, 2.1.2, 2.4.7 and 2.4.11."""
    page.goto(gateway[1] + path)
    expected = page.evaluate(USABLE)
    steps = walk(page)
    assert [step["name"] for step in steps if not step["seen"]] == []
    assert [step["name"] for step in steps if not step["marked"]] == []
    assert len(steps) == expected


@pytest.mark.parametrize("path", PATHS)
def test_everything_is_large_enough_for_a_finger(
    gateway: tuple[Gateway, str], page: Page, path: str
) -> None:
    """WCAG 2.5.8."""
    page.goto(gateway[1] + path)
    assert page.evaluate(SMALL, TARGET) == []


def test_the_first_step_leads_past_the_menu(gateway: tuple[Gateway, str], page: Page) -> None:
    """WCAG 2.4.1."""
    page.goto(gateway[1])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


@pytest.mark.parametrize(
    ("spoiled", "what"),
    [
        ("main a { outline: none !important; box-shadow: none !important }", "marked"),
        ("body::after { content: ''; position: fixed; inset: 0; background: red }", "seen"),
    ],
)
def test_a_walk_tells_what_is_hidden_or_not_marked(
    gateway: tuple[Gateway, str], page: Page, spoiled: str, what: str
) -> None:
    page.goto(gateway[1])
    page.evaluate(SPOIL, spoiled)
    assert [step["name"] for step in walk(page) if not step[what]] != []


def test_small_targets_side_by_side_are_told(gateway: tuple[Gateway, str], page: Page) -> None:
    page.goto(gateway[1])
    page.evaluate(
        "document.querySelector('main').innerHTML = '<button>a</button><button>b</button>'"
    )
    page.evaluate("document.querySelectorAll('main button').forEach(b => b.style.all = 'revert')")
    assert len(page.evaluate(SMALL, TARGET)) == 2
