"""Words: every fault has its sentence, French is complete, dates and signs are as people write."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.render import sentence
from plugins.render.catalogue import missing
from plugins.render.dates import in_words
from plugins.render.sentences import SENTENCES
from plugins.render.typography import typeset
from plugins.render.words import words
from plugins.schema import Problem, Schema

PLUGINS = Path(__file__).parents[3] / "plugins"
COMPOSED = {"not_a_day", "not_a_month", "not_a_moment"}  # Date builds its code from its precision


def codes() -> set[str]:
    """Every code that the code of the project gives a Problem or an unreadable file."""
    found = set(COMPOSED)
    for file in PLUGINS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Problem": 2, "FrontMatterError": 1}.get(node.func.id)
                if place is not None and len(node.args) > place:
                    given_code = node.args[place]
                    if isinstance(given_code, ast.Constant):
                        found.add(str(given_code.value))
    return found


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_has_a_sentence(schema: Schema, code: str) -> None:
    params = dict.fromkeys(("min", "max", "length", "term", "reference", "value", "line"), 3)
    params |= dict.fromkeys(("folder", "slug", "detail", "file"), 4)
    assert code in SENTENCES
    said = [
        sentence(Problem("", "title", code, params), schema.types["thing"], lang)
        for lang in ("fr", "en")
    ]
    assert said[0] != said[1]
    assert all("%(" not in text for text in said)


@given(
    st.sampled_from(["", "body", "place.territory", "rows.3.name", "inconnu.x", "rows", "a.b.c"])
)
def test_any_field_can_be_named(schema: Schema, field: str) -> None:
    for content_type in (schema.types["thing"], None):
        assert sentence(Problem("", field, "required"), content_type, "fr")


def test_a_sentence_names_its_field(schema: Schema) -> None:
    thing = schema.types["thing"]
    problem = Problem("", "rows.1.name", "required")
    field = "«\u202fLignes\u202f», ligne 2, «\u202fNom\u202f»"
    wanted = f"{field}\u202f: écrivez une réponse, elle est nécessaire."
    assert sentence(problem, thing, "fr") == wanted
    assert sentence(Problem("", "theme", "required"), thing, "en") == "“Thème”: choose an answer."


def test_french_is_complete() -> None:
    assert missing("fr") == []


def test_no_line_of_french_begins_with_a_sign() -> None:
    strings = [each.string for each in words("fr").catalog]
    forms = [form for each in strings for form in ([each] if isinstance(each, str) else each)]
    assert [form for form in forms if re.search(r"\w\S* [:;?!»](?!\w)|« ", form)] == []


@pytest.mark.parametrize(
    ("iso", "fr", "en"),
    [
        ("2026-11-23", "23\u00a0novembre 2026", "23\u00a0November 2026"),
        ("2026-11-01", "1er novembre 2026", "1\u00a0November 2026"),
        ("2026-11", "novembre 2026", "November 2026"),
        (
            "2026-11-23T18:00",
            "lundi 23\u00a0novembre 2026 à 18\u202fh",
            "Monday 23\u00a0November 2026, 18:00",
        ),
        ("bientôt", "bientôt", "bientôt"),
    ],
)
def test_dates_in_words(iso: str, fr: str, en: str) -> None:
    assert in_words(iso, "fr").replace("1er\u00a0", "1er ") == fr
    assert in_words(iso, "en") == en


@given(st.text())
def test_typesetting_only_changes_spaces_and_apostrophes(text: str) -> None:
    bare = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})
    assert typeset(text, "fr").translate(bare) == text.translate(bare)
    assert typeset(text, "en") == text


def test_an_apostrophe_as_a_keyboard_has_it_reads_like_the_others() -> None:
    typed = "Autour d'un café, l'été : 'tout le monde' s'aide, 5' à pied"
    told = "Autour d’un café, l’été\u202f: 'tout le monde' s’aide, 5' à pied"
    assert typeset(typed, "fr") == told
