"""What tells the same story is found, and what only sounds like it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.watch.clustering import WINDOW, Stories, Told

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = ("fuite", "données", "tours", "emploi", "libre", "cnil", "agenda", "12", "mai")
FRAUD = "La CNIL inflige une amende de 40 millions d’euros à Criteo"


def told(number: int, title: str, source: str = "", **more: object) -> Told:
    values = {"address": "", "summary": "", "at": NOON, **more}
    return Told(number, source or f"source{number}", title=title, **values)  # type: ignore[arg-type]


def together(*items: Told) -> bool:
    """Whether the last is told in the story of one of the others, known or waiting with it."""
    stories = Stories(items)
    for item in items[:-1]:
        stories.place(item, str(item.number))
    known = Stories(items[-1:], [(item, str(item.number)) for item in items[:-1]])
    found = stories.cluster_of(items[-1])
    assert known.cluster_of(items[-1]) == found
    return found != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FRAUD, "Criteo condamné à 40 millions d'euros d'amende par la CNIL"),
        (FRAUD, FRAUD.upper()),
        (
            "Conseillers numériques : l'État réduit son financement",
            "Conseillers numériques : le financement de l'État en baisse",
        ),
        ("EU AI Act: what changes in August", "What changes in August with the EU AI Act"),
        ("Новый закон о данных принят", "Принят новый закон о данных"),
    ],
)
def test_the_same_story_in_other_words(one: str, other: str) -> None:
    assert together(told(1, one), told(2, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Agenda", "Agenda"),
        ("Newsletter n° 12", "Newsletter n° 12"),
        ("Lettre d'information n° 12 de novembre", "Lettre d'information n° 12 de novembre"),
        ("Les inscriptions sont ouvertes", "Les inscriptions sont ouvertes"),
        (
            "Atelier CV à la médiathèque de Tours",
            "Atelier smartphone à la médiathèque de Tours",
        ),
        ("Tours adopte son budget municipal 2026", "Tours adopte son budget municipal 2027"),
        ("Fête de la science à Tours", "Fête de la musique à Tours"),
    ],
)
def test_what_only_sounds_like_it(one: str, other: str) -> None:
    assert not together(told(1, one), told(2, other))


def test_items_of_one_source_are_never_one_story_by_their_words() -> None:
    assert not together(told(1, FRAUD, "ici"), told(2, FRAUD, "ici"))
    stories = Stories(items := [told(1, FRAUD, "a"), told(2, FRAUD, "b"), told(3, FRAUD, "a")])
    stories.place(items[0], "x")
    stories.place(items[1], "x")
    assert stories.cluster_of(items[2]) == ""


def test_a_title_that_a_source_gives_again_and_again_tells_nothing() -> None:
    title = "Permanence du point conseil budget"
    items = [told(number, title, "ici") for number in range(5)]
    assert not together(*items, told(9, title, "ailleurs"))


def test_the_same_page_is_the_same_story_whatever_the_words_and_the_date() -> None:
    page = "https://ici.example/a"
    one = told(1, "Ceci", address=page, at=NOON - timedelta(days=300))
    assert together(one, told(2, "Cela", address=page))


@pytest.mark.parametrize("page", ["https://ici.example/", ""])
def test_a_front_page_is_no_story(page: str) -> None:
    assert not together(told(1, "Ceci", address=page), told(2, "Cela", address=page))


def test_a_page_that_a_source_links_from_everything_is_no_story() -> None:
    page = "https://ici.example/agenda"
    items = [told(number, f"Séance {number}", "ici", address=page) for number in range(5)]
    assert not together(*items)


def test_the_same_words_long_after_are_another_story() -> None:
    before = told(1, FRAUD, at=NOON - WINDOW - timedelta(hours=1))
    assert not together(before, told(2, FRAUD))


def test_summaries_tell_where_titles_are_not_sure() -> None:
    one = "La ressourcerie informatique ouvre à Tours avec une vente solidaire"
    other = "Une ressourcerie informatique à Tours"
    summary = "Des ordinateurs remis en état seront vendus à petit prix par l'association Recycl."
    first = told(1, one, summary=summary)
    assert together(first, told(2, other, summary=f"Bonne nouvelle ! {summary}"))
    assert not together(first, told(2, other, summary="Un café réparation, des vélos, un jardin."))


def test_a_story_has_all_its_sources_though_their_titles_are_others() -> None:
    new = told(3, FRAUD, "b")
    assert Stories([new], [(told(1, FRAUD, "a"), "x")]).cluster_of(new) == "x"
    joined = [(told(1, FRAUD, "a"), "x"), (told(2, "Tout autre chose", "b"), "x")]
    assert Stories([new], joined).cluster_of(new) == ""


words = st.lists(st.sampled_from(WORDS))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(words, st.integers(0, 3)), max_size=12))
def test_no_story_has_two_items_of_a_source(given: list[tuple[list[str], int]]) -> None:
    items = [told(n, " ".join(title), f"s{of}") for n, (title, of) in enumerate(given)]
    stories = Stories(items)
    found: dict[str, list[str]] = {}
    for item in items:
        cluster = stories.cluster_of(item) or str(item.number)
        stories.place(item, cluster)
        found.setdefault(cluster, []).append(item.source)
    assert all(len(sources) == len(set(sources)) for sources in found.values())
