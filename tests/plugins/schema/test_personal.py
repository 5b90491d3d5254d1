"""Personal words are found where an editor would mark them, and nowhere else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.schema import Personal, personal


def found(text: str) -> list[tuple[str, str]]:
    return [(str(spot.what), text[spot.start : spot.end]) for spot in personal(text)]


@pytest.mark.parametrize(
    ("text", "words", "what"),
    [
        ("Écrivez à lea.martin@example.org.", "lea.martin@example.org", "email"),
        ("[écrire](mailto:lea@example.org)", "lea@example.org", "email"),
        ("au 02 47 12 34 56, le matin", "02 47 12 34 56", "phone"),
        ("au 0612345678", "0612345678", "phone"),
        ("(06.12.34.56.78)", "06.12.34.56.78", "phone"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78", "phone"),
        ("+33 (0)6 12 34 56 78", "+33 (0)6 12 34 56 78", "phone"),
        ("0033612345678", "0033612345678", "phone"),
        ("02\u00a047\u00a012\u00a034\u00a056", "02\u00a047\u00a012\u00a034\u00a056", "phone"),
        ("No 2 69 05 49 588 157 80.", "2 69 05 49 588 157 80", "social_security"),
        ("269054958815780", "269054958815780", "social_security"),
        ("FR76 3000 6000 0112 3456 7890 189", "FR76 3000 6000 0112 3456 7890 189", "iban"),
        ("DE89370400440532013000 SVP", "DE89370400440532013000", "iban"),
        ("BE68 5390 0754 7034 ET", "BE68 5390 0754 7034", "iban"),
    ],
)
def test_what_tells_of_a_person_is_found(text: str, words: str, what: str) -> None:
    assert found(text) == [(what, words)]


def test_several_are_found_in_their_order() -> None:
    text = "Léa, 06 12 34 56 78 06 98 76 54 32, lea@example.org ou max@example.org"
    assert [what for what, _ in found(text)] == ["phone", "phone", "email", "email"]


@pytest.mark.parametrize(
    "text",
    [
        "SIRET 012 345 678 00012, SIREN 012 345 678, RNA W372001234",
        "SIRET 01234567800012",
        "37000 Tours, de 2019 à 2026, 01-02-2026",
        "https://example.org/0612345678/?q=lea@example.org",
        "www.example.org/lea@example.org et https://pouet.example/@lea@pouet.example",
        "@lea@pouet.example",
        "Numéro vert 08 00 12 34 56, ou 39 49",
        "ISBN 978-2-07-036822-8",
        "2 69 05 49 588 157 81",
        "FR76 3000 6000 0112 3456 7890 188",
        "47.3941, 0.6848",
        "12 345 habitants, 10 000 €, 1 000 000",
    ],
)
def test_what_tells_of_nobody_is_left_alone(text: str) -> None:
    assert found(text) == []


def named(text: str) -> list[str]:
    return [text[spot.start : spot.end] for spot in personal(text, people=True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mme Durand est venue avec Fatima.", ["Mme Durand", "Fatima"]),
        ("M. Ben Ali aide Jean-Pierre Martin, le matin.", ["M. Ben Ali", "Jean-Pierre Martin"]),
        ("Elle habite 12 bis, rue de la Paix à Tours.", ["12 bis, rue de la Paix"]),
        ("Devant la rue Nationale", ["rue Nationale"]),
        ("au 3, place des Halles", ["3, place des Halles"]),
        ("Karim (karim@example.org)", ["Karim", "karim@example.org"]),
    ],
)
def test_a_name_and_a_street_are_found_where_a_text_tells_of_people(
    text: str, words: list[str]
) -> None:
    assert named(text) == words
    assert all(str(spot.what) == "email" for spot in personal(text))


@pytest.mark.parametrize(
    "text",
    [
        "Saint-Pierre-des-Corps, la médiathèque François-Mitterrand, le collège Jean Zay",
        "Deux personnes sont venues, sur place, dans la rue, un cours Excel",
        "La Riche, Joué-lès-Tours et France Travail : Claire explication, Rose",
        "le jean est bleu, la marine aussi",
    ],
)
def test_towns_and_places_are_no_persons(text: str) -> None:
    assert named(text) == []


@given(st.text() | st.text("0123456789+ .@-()FRab/\u00a0", max_size=200))
def test_whatever_is_written_is_searched_to_its_end(text: str) -> None:
    spots = personal(text, people=True)
    assert all(0 <= one.start < one.end <= len(text) for one in spots)
    assert all(one.end <= other.start for one, other in pairwise(spots))


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "06 " * 20_000, "FR76" * 10_000, "a@b." * 9000, "Léa " * 9000]
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    assert all(isinstance(spot.what, Personal) for spot in personal(text, people=True))
