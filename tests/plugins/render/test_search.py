"""What can be found by its words: everything that is published, nothing else."""

from __future__ import annotations

import datetime

import pytest

from plugins.check import load
from plugins.render import Site
from plugins.render.search.looking import asked_of, look
from plugins.render.search.page import facets
from plugins.render.search.records import Record, records
from plugins.render.shown import Setting
from plugins.schema import Index
from plugins.words import words
from tests.plugins.building import PROJECT


@pytest.fixture(scope="module")
def index() -> Index:
    return load(PROJECT / "content").index


@pytest.fixture(scope="module")
def found(index: Index) -> dict[str, Record]:
    return {record.url: record for record in records(index)}


def test_every_page_of_a_document_can_be_found_once(index: Index, found: dict[str, Record]) -> None:
    assert len(found) == len(records(index))
    listed = {d.url for name in index.schema.types for d in index.listed(name) if d.url}
    assert {url for url in found if "#" not in url} == listed


def test_an_item_of_the_watch_and_a_word_are_found_where_they_stand(
    found: dict[str, Record],
) -> None:
    item = found["veille/observer-ensemble-par-ou-commencer/#yfyg3"]
    assert item.title == "Les actions d’inclusion numérique en Indre-et-Loire"
    assert item.within == "Observer ensemble\u202f: par où commencer"
    assert "Un wiki du département" in item.text
    assert "Un wiki du département" not in found["veille/observer-ensemble-par-ou-commencer/"].text
    assert found["a-propos/glossaire/#mot-epn"].text.startswith("espace public numérique")


def test_a_quarter_is_found_with_its_commune(found: dict[str, Record]) -> None:
    terms = found["initiatives/les-mardis-du-cv/"].terms
    assert terms["territories"] == ("la-rabaterie", "saint-pierre-des-corps")
    assert "La Rabaterie, Saint-Pierre-des-Corps." in found["initiatives/les-mardis-du-cv/"].text


@pytest.mark.parametrize("signs", ["???", "’ – !", "«\u202f»"])
def test_signs_alone_find_nothing(index: Index, signs: str) -> None:
    assert look(asked_of([("q", signs), ("type", "initiative")]), index) == ()
    assert look(asked_of([("type", "initiative")]), index)


def test_what_is_found_has_all_the_words_and_an_answer_to_each_question(index: Index) -> None:
    def found(*asked: tuple[str, str]) -> list[str]:
        return [record.url for record in look(asked_of(asked), index)]

    word = found(("q", "Numériques"))
    assert word == found(("q", "numerique")) and not found(("q", "umerique"))
    several = found(("q", "numerique emploi"))
    assert set(several) == set(word) & set(found(("q", "emploi"))) and 0 < len(several) < len(word)
    kinds = ("type", "need,initiative")
    theme = ("themes", "chercher-un-emploi")
    narrowed = found(kinds, theme)
    assert set(narrowed) == set(found(kinds)) & set(found(theme)) and narrowed
    assert set(found(kinds)) == {*found(("type", "need")), *found(("type", "initiative"))}
    of_both = look(asked_of([("q", "numerique")]), index)
    titled = [any(one.startswith("numerique") for one in words(record.title)) for record in of_both]
    assert titled == sorted(titled, reverse=True) and len(set(titled)) == 2


def test_each_choice_says_how_many_of_what_was_found_have_it(index: Index) -> None:
    address = "https://exemple.fr/"
    setting = Setting(index, Site(address, address, datetime.date(2026, 11, 26)), "fr")
    for found in (look(asked_of([("q", "numerique")]), index), records(index)):
        kinds, *others = facets(found, setting)
        counted = {term.key: number for term, number in kinds.terms}
        assert counted == {key: sum(one.kind == key for one in found) for key in counted}
        assert sum(counted.values()) == len(found) and others
        for facet in others:
            for term, number in facet.terms:
                assert number == sum(term.key in one.terms.get(facet.field, ()) for one in found)


def test_contacts_are_not_gathered(index: Index, found: dict[str, Record]) -> None:
    texts = "\n".join(record.text for record in found.values())
    for document in index.documents:
        for name, field in document.type.fields.items():
            value = document.data.get(name)
            if value and (field.contact or field.kind.name in ("email", "phone")):
                assert not isinstance(value, str) or value not in texts
