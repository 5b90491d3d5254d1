"""A page gathers the documents that name it: a working group's meetings, and what it made."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.render import Site, Theme, document_page
from plugins.schema import Document, Index, Schema, SchemaError
from tests.pages import dangers, parse
from tests.plugins.schema import strategies

CLUB = """
folder: clubs
url: clubs/{slug}/
label: Club
sections: {table: La table, dates: Les rencontres, work: Le travail}
gathers:
  meeting: {by: club, section: dates, notes: [minutes, elsewhere]}
  thing: {by: related, section: work}
fields:
  title: {kind: text, required: true, section: table, label: Nom}
"""
MEETING = """
folder: meetings
url: rencontres/{slug}/
label: Rencontre
order: -day
upcoming: day
fields:
  title: {kind: text, required: true, label: Nom}
  day: {kind: date, required: true, label: Jour}
  club: {kind: references, to: club, label: Club}
  other: {kind: references, to: club, label: Invités}
  minutes: {kind: markdown, label: Compte rendu}
  elsewhere: {kind: url, label: Ailleurs}
  secret: {kind: text, private: true, label: Secret}
"""
THING = strategies.TYPE.replace("to: thing", "to: [thing, club]")
BUILT = datetime.date(2026, 6, 1)


def declared(club: str = CLUB) -> Schema:
    return strategies.schema(club=club, meeting=MEETING, thing=THING)


def meeting(schema: Schema, day: str, **data: Any) -> Document:
    told = {"title": f"Le {day}", "day": day, "club": ["club/nous"], **data}
    return Document(schema.types["meeting"], f"le-{day}", told)


def contents(schema: Schema) -> Iterator[Document]:
    club, thing = schema.types["club"], schema.types["thing"]
    yield Document(club, "nous", {"title": "Nous"}, "Voir [une chose](thing/citee).")
    yield Document(club, "autres", {"title": "Les autres"})
    yield meeting(schema, "2026-05-31", minutes="On a **décidé**.\n\n<script>alert(1)</script>")
    yield meeting(schema, "2026-04-01", elsewhere="https://exemple.fr/compte-rendu")
    yield meeting(schema, "2026-07-01")
    yield meeting(schema, "2026-06-01")
    yield meeting(schema, "2026-06-09", club=["club/autres"], other=["club/nous"])
    for slug, created in (("vieille", "2026-01-01"), ("neuve", "2026-05-01")):
        told = {"title": f"Chose {slug}", "created": created, "related": ["club/nous"]}
        yield Document(thing, slug, told)
    yield Document(thing, "citee", {"title": "Chose citée"})


@pytest.fixture(scope="module")
def page() -> str:
    schema = declared()
    index = Index(schema, contents(schema))
    theme = Theme(Site("http://a/", "http://a/", BUILT), schema)
    club = index.get("club/nous")
    assert club
    return document_page(theme, club, index)


def test_the_next_meeting_comes_first_and_the_last_one_after_those_to_come(page: str) -> None:
    order = ("À venir", "Le 2026-06-01", "Le 2026-07-01", "Passés", "Le 2026-05-31")
    places = [page.index(words) for words in (*order, "Le 2026-04-01", "Le travail", "Chose neuve")]
    assert places == sorted(places)
    assert page.index("Chose neuve") < page.index("Chose vieille"), "the newest first"


def test_the_minutes_of_a_meeting_are_read_there(page: str) -> None:
    tree = parse(page)
    folded = tree.one("details", **{"class": "row-note"})
    assert folded.one("summary").text == "Compte rendu"
    assert "On a décidé." in folded.text
    assert dangers(tree) == []
    assert 'href="https://exemple.fr/compte-rendu" rel="nofollow ugc"' in page


def test_what_is_gathered_is_not_listed_a_second_time(page: str) -> None:
    assert page.count("/choses/neuve/") == 1
    cited = page[page.index('id="cite"') :]
    assert "Le 2026-06-09" in cited, "it names the club in another field: it is only a mention"
    assert "Le 2026-06-01" not in cited


def test_a_page_that_nobody_names_has_no_empty_section() -> None:
    schema = declared()
    alone = Document(schema.types["club"], "seul", {"title": "Seul"})
    theme = Theme(Site("http://a/", "http://a/", BUILT), schema)
    page = document_page(theme, alone, Index(schema, [alone]))
    assert "Les rencontres" not in page and "Le travail" not in page


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("meeting: {by", "meting: {by", "club.yaml:7: there is no type 'meting'"),
        ("by: club", "by: clubs", "club.yaml:7: no field of 'meeting' so named refers to 'club'"),
        ("by: club", "by: title", "club.yaml:7: no field of 'meeting' so named refers to 'club'"),
        ("by: club, ", "", "club.yaml:7: what gathers 'meeting' needs `by:`"),
        ("section: dates", "section: jours", "club.yaml:7: there is no section 'jours'"),
        ("[minutes, elsewhere]", "secret", "club.yaml:7: 'secret' is no public field of 'meeting'"),
        ("notes: ", "note: ", "club.yaml:7: unknown key 'note'"),
    ],
)
def test_what_cannot_be_gathered_is_told_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(SchemaError) as caught:
        declared(CLUB.replace(old, new))
    assert said in str(caught.value)
