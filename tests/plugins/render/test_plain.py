"""A page's facts where there is no HTML: all that a reader needs, and no mark-up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from plugins.render import Site, plain
from plugins.render.shown import Setting
from plugins.render.values import fact
from plugins.schema import Document, Index, Schema
from tests.contrib_gateway.naughty import NAUGHTY
from tests.plugins.schema import strategies


@pytest.fixture(scope="session")
def setting(index: Index, site: Site) -> Setting:
    return Setting(index, site, "fr")


def said(schema: Schema, setting: Setting, field: str, value: Any) -> str:
    found = fact(schema.types["thing"].fields[field], value, setting)
    assert found
    return plain(found, "fr")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("title", "Une chose\u202f: la première"),
        ("story", "Un récit.\nEn deux paragraphes."),
        ("notes", "Voir l’autre."),
        ("theme", "Trois"),
        ("themes", "Un, Deux"),
        ("month", "octobre 2026"),
        ("site", "https://www.exemple.fr/a"),
        ("mail", "accueil@exemple.fr"),
        ("count", "42"),
        ("open", "Oui"),
        ("place", "1 rue du Test, Sanitas, Tours (geo:47.38,0.69)"),
        ("photo", "/vigie/images/porte.webp – Une porte bleue – Photo d'Amina"),
        ("related", "L’autre"),
        ("rows", "• Première ligne – Le\u202f: 9\u00a0septembre 2026"),
    ],
)
def test_each_kind_of_answer_reads_as_people_write(
    schema: Schema, setting: Setting, full: Document, field: str, expected: str
) -> None:
    assert said(schema, setting, field, full.data[field]) == expected


def test_no_is_an_answer(schema: Schema, setting: Setting) -> None:
    assert said(schema, setting, "open", False) == "Non"


def test_what_is_compared_differs_in_words_too(schema: Schema, setting: Setting) -> None:
    """A credit, a place on the map: else an editor would see the same before and after."""
    for field, one, other in (
        ("photo", {"file": "a.webp", "alt": "A"}, {"file": "a.webp", "alt": "A", "credit": "B"}),
        (
            "place",
            {"territory": "tours", "lat": 47.1, "lon": 0.6},
            {"territory": "tours", "lat": 47.2, "lon": 0.6},
        ),
        ("notes", "[ici](https://a.example)", "[ici](https://b.example)"),
    ):
        assert said(schema, setting, field, one) != said(schema, setting, field, other)


def test_a_link_tells_where_it_leads(schema: Schema, setting: Setting) -> None:
    words = said(schema, setting, "notes", "Voir [la banque](https://evil.example/?a=1&b=2).")
    assert words == "Voir la banque (https://evil.example/?a=1&b=2)."
    assert said(schema, setting, "notes", "[écrire](mailto:a@b.fr)") == "écrire (mailto:a@b.fr)"


def test_entries_stand_each_on_a_line(schema: Schema, setting: Setting) -> None:
    rows = [{"id": "1", "name": "Un\ndeux"}, {"id": "2", "name": "Trois", "on": "2026-09-09"}]
    lines = said(schema, setting, "rows", rows).splitlines()
    assert [line[:2] for line in lines if line.startswith("•")] == ["• ", "• "]


@pytest.mark.parametrize("words", NAUGHTY)
def test_no_word_becomes_markup_or_is_lost_to_it(
    schema: Schema, setting: Setting, words: str
) -> None:
    for field in ("story", "notes"):
        if found := fact(schema.types["thing"].fields[field], words, setting):
            assert "<p>" not in plain(found, "fr")
    found = fact(schema.types["thing"].fields["story"], words, setting)
    kept = "".join(c for c in plain(found, "fr") if c.isalnum()) if found else ""
    assert kept == "".join(c for c in words if c.isalnum())


@given(strategies.data())
@settings(max_examples=50, deadline=None)
def test_whatever_a_page_says_has_words(
    schema: Schema, setting: Setting, values: dict[str, Any]
) -> None:
    for field in schema.types["thing"].public_fields():
        if found := fact(field, values.get(field.name), setting):
            assert isinstance(plain(found, "fr"), str)
            assert isinstance(plain(found, "en"), str)
