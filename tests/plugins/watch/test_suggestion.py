"""The themes that words suggest: few, and right."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.check import load
from plugins.watch.suggestion import Suggestions

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture(scope="module")
def suggestions() -> Suggestions:
    return Suggestions(load(CONTENT).index.schema.vocabularies["themes"].terms)


@pytest.mark.parametrize(
    ("title", "themes"),
    [
        ("Salon de l'emploi à Tours samedi", ["chercher-un-emploi"]),
        ("Emplois saisonniers : c'est le moment", ["chercher-un-emploi"]),
        ("Mots de passe : les bons réflexes", ["securite-et-donnees"]),
        ("Logiciels libres dans les écoles", ["communs-et-libre"]),
        ("Free software in schools", ["communs-et-libre"]),
        ("Intelligence artificielle : où en est-on ?", ["intelligence-artificielle"]),
        (
            "Offres d’emploi : repérer les arnaques",
            ["chercher-un-emploi", "securite-et-donnees"],
        ),
        ("Les transports en commun gratuits", []),
        ("Entrée libre au musée", []),
        ("Activités d'été", []),
        ("Le numérique en questions", []),
        ("", []),
    ],
)
def test_a_title_suggests(suggestions: Suggestions, title: str, themes: list[str]) -> None:
    assert suggestions.of(title, "") == themes


def test_a_summary_alone_must_say_more_than_one_word(suggestions: Suggestions) -> None:
    assert suggestions.of("Bonjour", "Un mot de la santé.") == []
    assert suggestions.of("Bonjour", "Apprendre le numérique, un pas après l'autre.") == [
        "apprendre-le-numerique"
    ]


def test_never_more_than_three(suggestions: Suggestions) -> None:
    title = "Emploi, santé, mobilité, logiciels libres et lien social"
    assert len(suggestions.of(title, "")) == 3
