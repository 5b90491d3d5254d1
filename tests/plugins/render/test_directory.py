"""The file by which a list is narrowed in the browser: it says what the plain lists say."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.check import load
from plugins.render import Site
from plugins.render.directory import FIRST, directory, has_directory
from plugins.render.listing import chosen, facets_of, listing
from plugins.render.typography import typeset
from plugins.schema import Index, slugify

SITE = Site("https://exemple.fr/", "https://exemple.fr/", datetime.date(2026, 11, 26))
CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture(scope="module")
def index() -> Index:
    return load(CONTENT).index


def read(index: Index, name: str) -> dict[str, dict[str, list[str]]]:
    """By slug, the terms that it may be found by."""
    found = json.loads(directory(index.schema.types[name], index, SITE))
    titles, slugs = found["titles"].split("\n"), found["slugs"].split("\n")
    entries = [slug or slugify(title) for title, slug in zip(titles, slugs, strict=True)]
    by = {slug: {} for slug in entries}
    for field, column in found["facets"].items():
        for slug, marks in zip(entries, column["of"].split("\n"), strict=True):
            by[slug][field] = [column["terms"][ord(mark) - FIRST] for mark in marks]
    return by


@pytest.mark.parametrize("name", ["initiative", "actor", "resource", "need", "observation"])
def test_it_finds_under_each_term_what_the_plain_list_has(index: Index, name: str) -> None:
    content_type, found = index.schema.types[name], read(index, name)
    assert list(found) == [one.slug for one in chosen(content_type, index, None)]
    assert found
    for facets in facets_of(content_type, index).values():
        for facet, count in facets:
            listed = {one.slug for one in chosen(content_type, index, facet)}
            assert {s for s, by in found.items() if facet.term in by[facet.field]} == listed
            assert len(listed) == count


def test_what_stands_in_a_quarter_says_so_before_it_names_the_commune(index: Index) -> None:
    places = [by["place"] for by in read(index, "initiative").values()]
    assert ["la-rabiere", "joue-les-tours"] in places


def test_what_goes_by_the_clock_says_when_and_what_became_of_it(index: Index) -> None:
    event = index.schema.types["event"]
    found = json.loads(directory(event, index, SITE))
    listed = listing(event, index, today=SITE.built).entries
    next_first = [typeset(one.title, "fr") for one in listed]
    assert found["titles"].split("\n") == next_first
    starts = found["words"]["start"]["fr"].split("\n")
    assert all(re.search(r"\d{4}\b", said) for said in starts)
    over = ["o" in notes for notes in found["notes"].split("\n")]
    assert over == [one.data["start"][:10] < SITE.built.isoformat() for one in listed]
    assert "state" in found["words"]  # put off, called off
    assert len(found["words"]["state"]["en"].split("\n")) == len(listed)


def test_an_entry_in_another_language_says_so(index: Index) -> None:
    initiative = index.schema.types["initiative"]
    first = index.of("initiative")[0]
    english = replace(first, data={**first.data, "lang": "en"})
    there = load(CONTENT).index.replacing(english)
    found = json.loads(directory(initiative, there, SITE))
    titles, notes = found["titles"].split("\n"), found["notes"].split("\n")
    told = [title for title, note in zip(titles, notes, strict=True) if "1" in note]
    assert told == [typeset(first.title, "en")]


def test_ways_to_reach_somebody_do_not_go_along(index: Index) -> None:
    actor = index.schema.types["actor"]
    assert "phone" in actor.list
    assert "phone" not in json.loads(directory(actor, index, SITE))["words"]


def test_issues_are_listed_by_their_parts(index: Index) -> None:
    types = index.schema.types
    assert not any(has_directory(types[name]) for name in ("digest", "page", "link"))
