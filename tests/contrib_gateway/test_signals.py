"""What people really write goes through; what robots write waits for an editor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.signals import COMPARED, LATELY, SHORTEST, gist, suspicions
from contrib_gateway.views.shown import HELD_FOR
from tests.contrib_gateway.strangers import bounded

ASSOCIATION = """\
L’association Résoudre tient un espace public numérique à Joué-lès-Tours depuis 2003. On y vient
sans rendez-vous le mardi et le jeudi. Notre site : https://resoudre37.example/, et celui du
réseau : [les EPN de Touraine](https://epn-touraine.example/annuaire).
"""
HELP = """\
Pour la déclaration en ligne : www.impots.gouv.fr, puis « Mon espace ». Pour la CAF : www.caf.fr.
Pour pôle emploi : www.pole-emploi.fr. Pour la retraite : www.lassuranceretraite.fr. À 3 <a 4 ?
"""
LINKS = ("links",)


def gists(*texts: str) -> list[str]:
    """What is kept of texts that others sent, a form each."""
    return [gist(["Un titre", text]) for text in texts]


@pytest.mark.parametrize("text", [ASSOCIATION, HELP, "Voir [url](https://exemple.fr).", "", "[b]"])
def test_what_people_write_of_what_they_do_is_not_held(text: str) -> None:
    assert suspicions(["Résoudre", "Association, fondée en 2003", text], []) == ()


def test_a_name_that_looks_like_a_site_is_a_name() -> None:
    assert suspicions(["Wiki-Touraine.org", "Un wiki."], []) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Buy now https://a.example https://b.example HTTP://c.example http://d.example",
        "https://a.example/1 " * 4,
        'Great post! <a href="//pills.example">cheap</a>',
        "Great post! <A class=x\nHREF=//pills.example>cheap</A>",
        "[url=pills.example]cheap[/url]",
        "[URL]pills.example[/URL]",
        "[link=pills.example]cheap[/link]",
    ],
)
def test_an_advertisement_is_held(text: str) -> None:
    assert suspicions(["Un titre", text], []) == LINKS
    assert suspicions(["Un titre", "Un résumé.", text, ASSOCIATION], []) == LINKS


def test_links_are_counted_over_all_the_texts() -> None:
    assert suspicions(["Un titre", *["https://a.example"] * 3], []) == ()
    assert suspicions(["Un titre", *["https://a.example"] * 4], []) == LINKS


@pytest.mark.parametrize("title", ["https://pills.example", "Casino www.pills.example"])
def test_a_link_in_the_title_is_held(title: str) -> None:
    assert suspicions([title, "Un texte."], []) == LINKS


@pytest.mark.parametrize(
    "again",
    [
        ASSOCIATION,
        ASSOCIATION.upper().replace("’", "'").replace("\n", "  "),
        ASSOCIATION.replace("Résoudre", "Dissoudre").replace("2003", "2004"),
    ],
)
def test_nearly_the_same_text_again_is_held(again: str) -> None:
    assert suspicions(["Un autre titre", again], gists("Un autre texte. " * 9, ASSOCIATION)) == (
        "repeated",
    )


def test_texts_of_the_same_subject_by_two_people_are_not_repeated() -> None:
    other = """L’association Puzzle ouvre un espace public numérique à Reignac-sur-Indre depuis peu.
    On y vient le lundi avec ou sans rendez-vous, et on y boit le café."""
    assert suspicions(["Puzzle", other], gists(ASSOCIATION, HELP)) == ()


def test_two_places_that_follow_one_model_are_not_repeated() -> None:
    model = """Le {} accueille le public {}, pour toutes les démarches en ligne, avec ou sans
    rendez-vous, gratuitement. Des ateliers de découverte ont lieu {}, sur inscription {}."""
    one = model.format("PIMMS", "le lundi de 9 h à 12 h", "chaque jeudi", "à l’accueil")
    two = model.format("centre social Équinoxe", "tous les jours", "en juin", "par téléphone")
    assert suspicions(["Équinoxe", two], gists(one)) == ()


def test_short_sentences_may_be_said_twice() -> None:
    short = "Il manque une imprimante au centre social du quartier."
    assert len(short) < SHORTEST
    assert suspicions(["Une imprimante", short], gists(short)) == ()


def test_signs_without_words_are_no_text_to_repeat() -> None:
    assert suspicions(["Un titre", "— " * SHORTEST], gists("… " * SHORTEST)) == ()


def test_both_may_be_said_and_the_desk_has_words_for_each() -> None:
    found = suspicions(["www.pills.example", ASSOCIATION], gists(ASSOCIATION))
    assert found == ("links", "repeated")
    assert set(found) <= HELD_FOR.keys()


def test_what_is_compared_has_a_bound() -> None:
    """Only so many texts are read, and of each so much that its end may differ."""
    lately = iter(gists(*[HELP] * LATELY, ASSOCIATION))
    assert suspicions(["Un titre", ASSOCIATION], lately) == ()
    assert [next(lately)] == gists(ASSOCIATION)
    long = ASSOCIATION * (COMPARED // len(ASSOCIATION) + 1)
    first = gists(*(f"{long}{number}" + HELP * 300 for number in range(LATELY)))
    assert max(map(len, first)) <= COMPARED
    assert "repeated" in suspicions(["Un titre", long + "fin " * 20_000], first)


@bounded
@given(st.lists(st.text(max_size=300), max_size=5), st.lists(st.text(max_size=300), max_size=5))
def test_whatever_is_sent_gives_known_codes(texts: list[str], lately: list[str]) -> None:
    assert set(suspicions(texts, lately)) <= {"links", "repeated"}
