"""Contrast: WCAG 2 AA for every pair of colours the theme uses, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GROUND = Path(__file__).parents[3] / "theme" / "static" / "css" / "ground.css"
GROUNDS = ("ground", "raised", "sunken")
TEXTS = [
    (text, ground, 4.5) for text in ("text", "text-soft", "river", "brick") for ground in GROUNDS
]
PAIRS = [
    *TEXTS,
    *(("brick", "brick-ground", 4.5), ("text", "brick-ground", 4.5), ("text", "good-ground", 4.5)),
    *(("good", "raised", 4.5), ("river", "good-ground", 4.5), ("text-soft", "good-ground", 4.5)),
    *(("on-lamp", "lamp", 4.5), ("on-lamp", "lamp-deep", 4.5), ("on-river", "river", 4.5)),
    *(("ground", "brick", 4.5), ("ground", "text", 4.5)),
    *(("line-strong", ground, 3.0) for ground in GROUNDS),
]


def schemes() -> dict[str, dict[str, str]]:
    day, night = GROUND.read_text("utf-8").split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", day))
    return {
        "light": light,
        "dark": light | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", night)),
    }


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(scheme: str, front: str, back: str, least: float) -> None:
    tokens = schemes()[scheme]
    bright, dim = sorted((luminance(tokens[front]), luminance(tokens[back])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= least
