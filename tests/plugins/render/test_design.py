"""The page on how the site looks says what its style sheets say."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "design.md").read_text("utf-8")
CSS = ROOT / "theme" / "static" / "css"
DAY, NIGHT = (CSS / "ground.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")
LEAST = {"text": 4.5, "mark": 3.0}
ROW = re.compile(
    r"^\| `--([\w-]+)` \| [^|]+ \| `(#\w+)` \| `(#\w+)` \| (?:(text|mark) on ([^|]+)|–)"
    r" \| ([\d.]+|–) \| ([\d.]+|–) \|$",
    re.MULTILINE,
)
COLOURS = ROW.findall(PAGE)


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


def luminance(colour: str) -> float:
    """Of WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_every_token_has_its_line_and_every_line_its_token() -> None:
    tokens = re.findall(r"^ *--([\w-]+):", DAY, re.MULTILINE)
    assert sorted(re.findall(r"^\| `--([\w-]+)`", PAGE, re.MULTILINE)) == sorted(tokens)


def test_the_sheets_name_no_token_that_is_not_there_and_leave_none_unused() -> None:
    sheets = "\n".join(file.read_text("utf-8") for file in CSS.glob("*.css"))
    named = set(re.findall(r"var\(--([\w-]+)", sheets))
    assert named <= set(re.findall(r"^ *--([\w-]+):", sheets, re.MULTILINE))
    assert named >= set(re.findall(r"^ *--([\w-]+):", DAY, re.MULTILINE))


def test_the_colours_are_those_of_the_sheet() -> None:
    day = colours(DAY)
    night = day | colours(NIGHT)
    assert {row[0]: row[1] for row in COLOURS} == day
    assert {row[0]: row[2] for row in COLOURS} == night


@pytest.mark.parametrize(
    ("row", "night"), list(product(COLOURS, (False, True))), ids=lambda value: str(value)[:16]
)
def test_what_is_read_stands_out_as_much_as_is_said(row: tuple[str, ...], night: bool) -> None:
    name, *_, stands, grounds, by_day, by_night = row
    if not stands:
        return
    tokens = colours(DAY) | (colours(NIGHT) if night else {})
    least = min(contrast(tokens[name], tokens[one]) for one in re.findall(r"`([\w-]+)`", grounds))
    assert least >= LEAST[stands]
    assert 0 <= least - float(by_night if night else by_day) < 0.1 + 1e-9


def test_every_component_has_its_line() -> None:
    named = re.findall(r"^- \*\*(\w+)\*\*: ", PAGE, re.MULTILINE)
    assert named == sorted(f.stem for f in (CSS.parents[1] / "templates/components").glob("*.html"))


def test_no_rule_is_for_what_is_on_no_page() -> None:
    """A class is written whole somewhere, or made of its stem and a value: `edge-{{ … }}`."""
    theme = CSS.parents[1]
    sources = [*theme.rglob("*.html"), *theme.rglob("*.js")]
    sources += [f for name in ("plugins", "contrib_gateway") for f in (ROOT / name).rglob("*.py")]
    written = "\n".join(file.read_text("utf-8") for file in sources)
    whole = set(re.findall(r"[\w-]+", written))
    stems = set(re.findall(r"([\w-]+-)\{\{", written))
    for sheet in CSS.glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        named = set(re.findall(r"\.([a-zA-Z][\w-]+)", " ".join(re.findall(r"([^{}]+)\{", rules))))
        lost = {one for one in named - whole if not one.startswith(tuple(stems))}
        assert not lost, sheet.name
