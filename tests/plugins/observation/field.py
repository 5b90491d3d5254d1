"""Field notes and syntheses made up for property tests, under the types that the site has."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from plugins.check import load
from plugins.schema import Document, Index

OWN = load(Path(__file__).resolve().parents[3] / "content").index
SCHEMA = OWN.schema
VIEWPOINTS = tuple(SCHEMA.vocabularies["viewpoints"].terms)
OUTCOMES = tuple(SCHEMA.vocabularies["outcomes"].terms)
MONTHS = (datetime.date(2025, 9, 1), datetime.date(2026, 2, 28))  # across a new year
law = settings(max_examples=40, deadline=None)
COMMON = {"lang": "fr", "created": "2026-11-01", "updated": "2026-11-01"}


def several(vocabulary: str, least: int = 0) -> st.SearchStrategy[list[str]]:
    """A few of the first terms of a vocabulary: few, so that they meet."""
    terms = list(SCHEMA.vocabularies[vocabulary].terms)[:5]
    return st.lists(st.sampled_from(terms), min_size=least, max_size=3, unique=True)


@st.composite
def notes(draw: st.DrawFn, slug: str) -> Document:
    """An observation that its type accepts."""
    data: dict[str, Any] = {
        "title": f"Vu {slug}",
        "viewpoint": draw(st.sampled_from(VIEWPOINTS)),
        "date": draw(st.dates(*MONTHS)).isoformat()[:7],
        "place": {"territory": draw(st.sampled_from(["tours", "sanitas", "la-riche"]))},
        "setting": "atelier",
        "themes": draw(several("themes", 1)),
        "seen": "On attend.",
        "consent": True,
        "practices": draw(several("practice_families")),
        "difficulties": draw(several("difficulty_kinds")),
        "id": f"o{slug}",
        "lang": "fr",
        **dict.fromkeys(("created", "updated"), "2026-11"),  # never a day
    }
    kept = {name: value for name, value in data.items() if value != []}
    return Document(SCHEMA.types["observation"], slug, kept)


def synthesis(slug: str, findings: list[dict[str, Any]], body: str = "", **more: Any) -> Document:
    data = {
        "title": f"Synthèse {slug}",
        "question": "Et alors ?",
        "date": "2026-11-02",
        "themes": ["lien-social"],
        "findings": findings,
        "method": "À plusieurs.",
        "limits": "Peu de monde.",
        "id": f"s{slug}",
        **COMMON,
    }
    return Document(SCHEMA.types["synthesis"], slug, {**data, **more}, body)


@st.composite
def rows(draw: st.DrawFn, references: list[str]) -> list[dict[str, Any]]:
    """Findings that cite some of the observations, each on one side."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        sides = draw(st.permutations(references))
        cut = draw(st.integers(1, len(sides)))
        row: dict[str, Any] = {"id": f"f{number}", "claim": f"Constat {number}"}
        row["supporting"] = sides[:cut][: draw(st.integers(1, 3))]
        if against := sides[cut:][: draw(st.integers(0, 2))]:
            row["contradicting"] = against
        if draw(st.booleans()):
            row["outcome"] = draw(st.sampled_from(OUTCOMES))
        found.append(row)
    return found


@st.composite
def contents(draw: st.DrawFn) -> Index:
    """Up to seven observations, and two syntheses that cite them, in findings and in their text."""
    observed = [draw(notes(f"n{number}")) for number in range(draw(st.integers(1, 7)))]
    references = [one.ref for one in observed]
    written = []
    for number in range(draw(st.integers(0, 2))):
        named = draw(st.lists(st.sampled_from(references), max_size=4))
        body = " et ".join(f"[vu]({reference})" for reference in named)
        written.append(synthesis(f"s{number}", draw(rows(references)), body))
    return Index(SCHEMA, [*observed, *written])
