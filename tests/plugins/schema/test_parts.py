"""Entries that are read by themselves: found by what they say, referred to, followed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.schema import (
    Audience,
    Document,
    Index,
    Problem,
    Schema,
    SchemaError,
    renamed,
    shortened,
    unpublished,
    validate,
    write,
)
from tests.plugins.schema import strategies

ISSUE = """
folder: issues
url: numeros/{slug}/
label: Numéro
order: -date
parts: news
fields:
  title: {kind: text, required: true, label: Titre}
  date: {kind: date, label: Date}
  news:
    kind: items
    label: Nouvelles
    fields:
      title: {kind: text, required: true, label: Titre}
      url: {kind: url, label: Adresse}
      why: {kind: paragraph, label: Pourquoi}
      theme: {kind: choice, from: themes, facet: true, label: Thème}
      about: {kind: references, to: [page], label: Pages}
"""
PAGE = """
folder: pages
url: pages/{slug}/
label: Page
invites: page
contribute: true
fields:
  title: {kind: text, required: true, label: Titre}
  news: {kind: references, to: issue, parts: true, label: Nouvelles}
  issues: {kind: references, to: issue, label: Numéros}
body: {max: 1000, label: Texte}
"""


def declared(issue: str = ISSUE, page: str = PAGE) -> Schema:
    return strategies.schema(issue=issue, page=page)


SCHEMA = declared()


def issue(slug: str, date: str, *news: dict[str, Any]) -> Document:
    told = {"id": slug, "title": f"Le {slug}", "date": date, "news": list(news)}
    return Document(SCHEMA.types["issue"], slug, told)


def page(slug: str, body: str = "", **told: Any) -> Document:
    return Document(SCHEMA.types["page"], slug, {"id": slug, "title": slug, **told}, body)


BUS = {"id": "bus", "title": "Le bus", "why": "Il passe.", "theme": "a", "about": ["page/arret"]}
TRAM = {"id": "tram", "title": "Le tram", "theme": "b", "url": "https://tram.example/"}
VELO = {"id": "velo", "title": "Le vélo", "theme": "a"}
OLD, NEW = issue("ancien", "2026-01-01", BUS, TRAM), issue("neuf", "2026-02-01", VELO)
STOP = page("arret", "Voir [le tram](issue/ancien#tram).", news=["issue/ancien#bus"])
INDEX = Index(SCHEMA, [OLD, NEW, STOP, page("gare", issues=["issue/ancien"])])


def faults(document: Document, index: Index = INDEX) -> list[Problem]:
    found = validate(document.type, document.data, document.body, index, Audience.EDITOR)
    return [problem for problem in found if problem.code != "editors_only"]


def test_parts_are_found_by_their_terms_and_by_what_they_are_about_newest_issue_first() -> None:
    assert [p.title for p in INDEX.parts("issue")] == ["Le vélo", "Le bus", "Le tram"]
    assert [p.ref for p in INDEX.parts_with_term("issue", "theme", "b", "a")] == [
        "issue/neuf#velo",
        "issue/ancien#bus",
        "issue/ancien#tram",
    ]
    assert [p.id for p in INDEX.about(STOP)] == ["bus"]
    bus = INDEX.part("issue/ancien#bus")
    assert bus and (bus.url, bus.summary, bus.date) == (
        "numeros/ancien/#bus",
        "Il passe.",
        OLD.data["date"],
    )


def test_what_cites_a_part_is_known_from_both_sides() -> None:
    bus, tram = (INDEX.part(f"issue/ancien#{id}") for id in ("bus", "tram"))
    assert bus and tram
    assert INDEX.citing(bus) == INDEX.citing(tram) == (STOP,)
    assert INDEX.cited(STOP) == (bus, tram)
    assert {d.slug for d in INDEX.mentions(OLD)} == {"arret", "gare"}


@pytest.mark.parametrize(
    ("told", "body", "codes"),
    [
        ({"news": ["issue/ancien#bus"]}, "", []),
        ({"news": ["issue/ancien#metro"]}, "", ["unknown_reference"]),
        ({"news": ["issue/ancien"]}, "", ["wrong_reference"]),
        ({"issues": ["issue/ancien#bus"]}, "", ["wrong_reference"]),
        ({}, "[a](issue/ancien#metro)", ["unknown_reference"]),
        ({}, "[a](issue/ancien#bus), [b](page/gare#la) et [c](issue/ancien#)", []),
    ],
)
def test_a_reference_to_an_entry_that_is_not_there_is_told(
    told: dict[str, Any], body: str, codes: list[str]
) -> None:
    assert [problem.code for problem in faults(page("une", body, **told))] == codes


def test_a_renamed_issue_takes_the_references_to_its_entries_along() -> None:
    found = renamed(INDEX, OLD, "premier", "k2")
    moved = found.documents["pages/arret.md"]
    assert moved.data["news"] == ["issue/premier#bus"]
    assert moved.body == "Voir [le tram](issue/premier#tram)."
    assert {problem.field for problem in found.problems} <= {"aliases"}


def test_an_issue_that_is_taken_off_leaves_only_words() -> None:
    left = unpublished(INDEX, OLD).documents["pages/arret.md"]
    assert "news" not in left.data
    assert left.body == "Voir le tram."


def test_an_entry_that_is_taken_out_is_cited_no_more_and_its_neighbours_still_are() -> None:
    after = replace(OLD, data={**OLD.data, "news": [TRAM]})
    found = shortened(INDEX, after)
    assert "news" not in found.documents["pages/arret.md"].data
    assert found.documents["pages/arret.md"].body == STOP.body
    assert not found.problems
    assert not shortened(INDEX, OLD).documents
    assert "page/arret" in write(OLD)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("parts: news", "parts: title", "`parts` names 'title', which are no items with a text"),
        ("parts: news\n", "", "only items that are `parts` of the type make lists"),
        ("kind: date,", "kind: date, facet: true,", ""),
        (
            "theme: {",
            "title: {kind: choice, from: themes, facet: true, label: A}\n      theme: {",
            "twice",
        ),
    ],
)
def test_parts_that_cannot_be_are_told(old: str, new: str, said: str) -> None:
    if not said:
        declared(ISSUE.replace(old, new))
        return
    with pytest.raises(SchemaError) as caught:
        declared(ISSUE.replace(old, new))
    assert said in str(caught.value)


def test_references_to_parts_name_a_type_that_has_some() -> None:
    with pytest.raises(SchemaError, match="'news' refers to parts of 'page': it has none"):
        declared(page=PAGE.replace("to: issue, parts", "to: page, parts"))
    with pytest.raises(SchemaError, match="`invites` names 'issue'"):
        declared(page=PAGE.replace("invites: page", "invites: issue"))
