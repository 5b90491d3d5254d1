"""What somebody is shown when the page that she proposes may exist already.

Names and addresses are real ones, of lists published by the national map's repository.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.builder import PROJECT
from contrib_gateway.duplicates import MOST, THRESHOLD, Duplicates, Likely
from contrib_gateway.duplicates.comparable import read_street
from plugins.schema import Document, Index, distance, load_schema
from tests.contrib_gateway.strangers import bounded

SCHEMA = load_schema(PROJECT / "content")
PLACE = ("territory", "street", "lat", "lon")
_numbers = count(1)


def page(title: Any, *place: Any, type: str = "actor", **data: Any) -> Document:
    """`place` is a territory (Tours), a street, a latitude and a longitude, as far as they go."""
    number = next(_numbers)
    where = dict(zip(PLACE, place or ("tours",), strict=False))
    values = {"title": title, "id": f"n{number}", "place": where, **data}
    return Document(SCHEMA.types[type], f"p{number}", {k: v for k, v in values.items() if v})


def likely(wanted: Document, *others: Document) -> tuple[Likely, ...]:
    return Duplicates().likely(wanted, Index(SCHEMA, others))


def score(wanted: Document, other: Document) -> float:
    """0 if it is not shown."""
    return next((found.score for found in likely(wanted, other)), 0.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Résoudre", "ASSOCIATION RESOUDRE"),
        ("EPN Maryse Bastié", "Espace public numérique Maryse-Bastié"),
        ("M.J.C. de Tours", "MJC Tours"),
        ("Centre Jacques Tati", "Maison de Quartier - Jacques Tati"),
        ("Bibliothèque de la Roseraie", "Bibliothèque municipale - Roseraie"),
        ("Pôle emploi Balzac", "Pôle emploi – Balzac"),
        ("Médiathèque Toussaint", "Médiatèque Toussain"),
        ("Centre social Pluriel(le)s", "Pluriel(le)s"),
        ("L’Atelier", "l'atelier"),
    ],
)
def test_a_place_is_known_by_the_several_ways_to_write_its_name(one: str, other: str) -> None:
    assert score(page(one), page(other)) >= THRESHOLD
    assert score(page(other), page(one)) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Résoudre", "Cispeo"),
        ("Centre social", "EPN Fontaines"),
        ("Médiathèque de Tours", "Mission locale de Tours"),
        ("EPN Sanitas", "EPN Gentiana"),
        ("Pôle emploi – la Roseraie", "Maison de quartier – Archipel"),
    ],
)
def test_another_place_is_not_shown(one: str, other: str) -> None:
    assert likely(page(one), page(other)) == ()


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("38 bis, avenue Pasteur", ("38", "avenue pasteur")),
        ("38bis av. Pasteur", ("38", "avenue pasteur")),
        ("MAME, 49 bvd Preuilly", ("49", "boulevard preuilly")),
        ("49 Boulevard de Preuilly", ("49", "boulevard preuilly")),
        ("4 rue Lavoisier, entrée rue Ampère", ("4", "rue lavoisier")),
        ("58, boulevard du Doyenné - la cité des associations", ("58", "boulevard doyenne")),
        ("1 rue de l’Église", ("1", "rue eglise")),
        ("6 av. du Gal de Gaulle", ("6", "avenue general gaulle")),
        ("Pl. St-Paul", ("", "place saint paul")),
        ("17-21 rue de Tourcoing", ("17", "rue tourcoing")),
        ("5 Alée Montéverdi", ("5", "allee monteverdi")),
        ("le Bourg", ("", "bourg")),
        ("rue", ("", "rue")),
        (" , ;", ("", "")),
        (None, ("", "")),
    ],
)
def test_a_street_is_read_however_it_is_written(address: Any, street: tuple[str, str]) -> None:
    assert read_street(address) == street


def test_the_same_street_makes_surer_and_another_one_less_sure() -> None:
    known = page("Centre Jean Vilar", "tours", "1 bis rue Henri Bergson")
    nowhere, there, next_door, elsewhere = (
        score(page("Centre Jean Villard", "tours", *street), known)
        for street in ([], ["1 bis, r. Henri-Bergson"], ["7 rue Henri Bergson"], ["3 rue Darwin"])
    )
    assert there > nowhere > 0
    assert there > next_door > elsewhere


def test_nearness_makes_surer_and_more_than_a_kilometre_less_sure() -> None:
    known = page("Centre Jean Vilar", "tours", "", 47.39, 0.69)
    nowhere = score(page("Centre Jean Villard"), known)
    near = score(page("Centre Jean Villard", "tours", "", 47.3901, 0.69), known)
    far = score(page("Centre Jean Villard", "tours", "", 47.3995, 0.69), known)
    assert near > nowhere > far


def test_distances_are_those_of_the_ground() -> None:
    assert distance((47.39, 0.69), (47.40, 0.69)) == pytest.approx(1112, abs=1)
    assert distance((47.39, 0.69), (47.39, 0.70)) == pytest.approx(753, abs=1)
    assert distance((0.0, 0.0), (0.0, 180.0)) == pytest.approx(20_015_087, abs=1)


def test_coordinates_in_another_region_do_not_hide_what_exists() -> None:
    """EPN Gentiana stands twice in the list, once in the Var."""
    wrong = page("EPN Gentiana Tours-Nord", "tours", "90 avenue Maginot", 43.657862, 6.125055)
    right = page("Gentiana", "tours", "90 Avenue André Maginot", 47.418118, 0.690727)
    assert score(wrong, right) >= THRESHOLD


def test_two_structures_in_one_house_are_two() -> None:
    funlab = page("FunLab", "tours", "MAME, 49 bvd Preuilly", 47.394757, 0.675431)
    mame = page("Mame Coworking", "tours", "49 Boulevard Preuilly", 47.393656, 0.672407)
    assert likely(funlab, mame) == ()


def test_branches_of_a_network_are_not_one_another() -> None:
    streets = ["1 rue Bergson", "3 rue Bastié", "5 place Imbach", "7 mail Pasquereau", "9 rue Tati"]
    names = ["Roseraie", "Monplaisir", "Belle-Beille", "Justices", "Toussaint"]
    branches = [
        page(f"Mission locale angevine – antenne {name}", "tours", street, url="https://mla49.fr/")
        for name, street in zip(names, streets, strict=True)
    ]
    again = page("Mission locale, antenne des Justices", "tours", "7 mail Clément-Pasquereau")
    found = likely(again, *branches)
    assert [one.document for one in found] == [branches[3]]


@pytest.mark.parametrize(
    "same",
    [
        {"phone": ("02 47 37 07 89", "+33 2.47.37.07.89")},
        {"email": ("Bonjour@plurielles.example", "bonjour@plurielles.example")},
        {"url": ("https://www.csplurielles.fr/epn", "http://csplurielles.fr/")},
        {"url": ("https://www.facebook.com/plurielles37", "https://facebook.com/Plurielles37/x")},
    ],
)
def test_a_place_with_two_names_is_known_by_what_leads_to_it(
    same: dict[str, tuple[str, str]],
) -> None:
    one = page("Pluriel(le)s", "tours", "6 avenue du Général de Gaulle", 47.380717, 0.699357)
    two = page("EPN Sanitas", "tours", "6 av. Gal de Gaulle", 47.381017, 0.699926)
    assert likely(one, two) == ()
    ((name, (ours, theirs)),) = same.items()
    one = page(one.title, *one.data["place"].values(), **{name: ours})
    two = page(two.title, *two.data["place"].values(), **{name: theirs})
    assert score(one, two) >= THRESHOLD


def test_words_that_the_neighbours_share_do_not_make_two_names_alike() -> None:
    names = ["Roseraie", "Monplaisir", "Belle-Beille", "Justices", "Saint-Nicolas", "Toussaint"]
    branches = [page(f"Mission Locale Angevine - Antenne {name}") for name in names]
    found = likely(page("Mission locale angevine, antenne de Monplaisir"), *branches)
    assert [one.document for one in found] == [branches[1]]


def test_what_leads_to_many_places_tells_nothing() -> None:
    """The switchboard of the département, the site of the town, a short number, a platform."""
    street = "6 avenue du Général de Gaulle"
    shared = {"phone": "02 41 21 51 00", "url": "https://www.tours.fr/epn"}
    known = page("EPN Sanitas", "tours", street, **shared)
    others = [page(name, **shared) for name in ("Alpha", "Bravo", "Charlie")]
    new = page("Pluriel(le)s", "tours", street, **shared)
    assert [one.document for one in likely(new, known)] == [known]
    assert likely(new, known, *others) == ()
    for weak in ({"phone": "39 49"}, {"url": "https://www.facebook.com/{}"}):
        ((name, value),) = weak.items()
        one = page("Pluriel(le)s", "tours", street, **{name: value.format("plurielles")})
        two = page("EPN Sanitas", "tours", street, **{name: value.format("sanitas")})
        assert likely(one, two) == ()


def test_a_quarter_is_its_commune_and_another_commune_is_elsewhere() -> None:
    known = page("Courteline", "sanitas")
    assert score(page("Courteline", "tours"), known) == 1.0
    assert score(page("Courteline", "europe"), known) == 1.0
    assert likely(page("Courteline", "la-riche"), known) == ()
    assert likely(page("Courteline", "nulle-part"), known) == ()


def test_types_do_not_meet_and_one_without_places_is_compared_as_a_whole() -> None:
    title = "Veille et observation participative"
    synthesis = page(title, type="synthesis", place=None)
    assert "place" not in synthesis.type.fields
    assert score(page(title, type="synthesis", place=None), synthesis) == 1.0
    assert likely(page(title), synthesis) == ()


def test_what_says_nowhere_is_compared_with_all() -> None:
    known = page("Atelier photo du mardi", "fondettes", type="event")
    assert score(page("Atelier photo du mardi", type="event", place=None), known) == 1.0


def test_a_page_is_no_duplicate_of_itself_even_renamed() -> None:
    known = page("Courteline")
    again = Document(known.type, "autre", known.data)
    assert likely(again, known) == ()
    without_id = page("Courteline", id=None)
    assert score(without_id, page("Courteline", id=None)) == 1.0


def test_the_same_title_comes_first_and_five_at_most_are_shown() -> None:
    street = ("tours", "1 rue Bergson", 47.39, 0.69)
    alike = [page(f"Centre Jean Vilar {n}", *street, phone="0241689250") for n in range(3)]
    alike += [page(f"Centre Jean Vilar {n}", *street) for n in range(3, 7)]
    alike += [page(f"Association numéro {n}") for n in range(400)]
    same = page("Centre  JEAN-VILAR !", "tours", "48 rue Courteline", 47.3, 0.6)
    found = likely(page("centre Jean Vilar", *street, phone="02 41 68 92 50"), *alike, same)
    assert len(found) == MOST
    assert found[0] == Likely(same, 1.0)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert {one.document.slug for one in found[1:4]} == {one.slug for one in alike[:3]}


def test_what_was_merged_meanwhile_is_found_and_what_was_taken_off_is_not() -> None:
    duplicates, wanted = Duplicates(), page("Courteline")
    first, second = page("Courteline"), page("PREF de Courteline")
    before = Index(SCHEMA, [first])
    after = Index(SCHEMA, [first, second])
    last = Index(SCHEMA, [second])
    for index, pages in ((before, [first]), (after, [first, second]), (last, [second])):
        assert [one.document for one in duplicates.likely(wanted, index)] == pages
    changed = Document(second.type, second.slug, {**second.data, "title": "Cispeo"})
    assert duplicates.likely(wanted, Index(SCHEMA, [changed])) == ()


def test_threads_share_it() -> None:
    duplicates = Duplicates()
    first, second = page("Courteline"), page("Courteline", "la-riche")
    questions = [
        (page("Courteline", commune), Index(SCHEMA, pages))
        for commune in ("tours", "la-riche")
        for pages in ([first], [second], [first, second])
    ] * 30
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda question: duplicates.likely(*question), questions))
    assert answers == [Duplicates().likely(*question) for question in questions]


ANYTHING = st.one_of(st.none(), st.text(max_size=60), st.floats(), st.lists(st.text(max_size=5)))


@bounded
@given(
    st.text(max_size=150),
    ANYTHING,
    st.one_of(
        ANYTHING,
        st.fixed_dictionaries(dict.fromkeys(PLACE, ANYTHING)),
    ),
    st.text(max_size=60),
)
def test_whatever_strangers_send_is_compared(title: str, other: Any, place: Any, url: str) -> None:
    data = {"place": place, "url": url, "phone": url, "email": url}
    wanted, known = page(title, **data), page(other, **data)
    for one, two in ((wanted, known), (known, wanted), (wanted, page(title, **data))):
        assert all(THRESHOLD <= found.score <= 1 for found in likely(one, two))
