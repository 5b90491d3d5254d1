"""What pages say to machines: whole, true to the page, and never a way out of its element."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.render import Site, Theme, document_page
from plugins.render.linked_data import serialised
from plugins.schema import Document, Index, Schema, load_schema
from tests.pages import parse

CONTENT = Path(__file__).parents[3] / "content"
SITE = Site("https://vigie.example/", "https://vigie.example/", datetime.date(2026, 11, 24))
THING = {"@type", "@id", "name", "description", "url", "sameAs", "image"}
WORK = THING | {"about", "audience", "inLanguage", "isAccessibleForFree", "dateModified"}
BODY = THING | {"knowsAbout", "email", "telephone", "address", "location", "parentOrganization"}
EVENT = {"startDate", "endDate", "eventStatus", "eventAttendanceMode", "location", "organizer"}
PROPERTIES: Mapping[str, set[str]] = {  # of those of schema.org, the ones we use
    "CreativeWork": WORK | {"creditText", "license", "spatialCoverage"},
    "Organization": BODY,
    "Project": BODY,
    "Event": WORK - {"dateModified", "sameAs"} | EVENT,
    "Place": {"@type", "address", "geo", "openingHoursSpecification"},
    "PostalAddress": {"streetAddress", "addressLocality", "postalCode", "addressCountry"},
    "GeoCoordinates": {"latitude", "longitude"},
    "OpeningHoursSpecification": {"dayOfWeek", "opens", "closes"},
    "VirtualLocation": {"url"},
    "DefinedTerm": {"name", "termCode"},
    "Audience": {"audienceType"},
}
SOMEWHERE = {"territory": "la-rabiere", "street": "2 rue Haute", "lat": 47.35, "lon": 0.66}
PAGES: Mapping[str, Mapping[str, Any]] = {
    "actor": {
        "place": SOMEWHERE,
        "opening": 'Mo-Fr 09:00-12:00; Sa 20:00-24:00, PH off; Su 10:00-12:00 "le premier du mois"'
        ' || "sinon sur rendez-vous"',
        "phone": "02 47 00 00 00",
        "email": "accueil@lieu.example",
        "themes": ["cooperer"],
    },
    "initiative": {"place": {"territory": "tours"}, "carriers": ["actor/un"], "themes": ["sante"]},
    "resource": {
        "licence": "cc-by",
        "fees": "gratuit",
        "authors": "Un collectif",
        "audiences": ["jeunes"],
        "url": "https://ailleurs.example/",
    },
    "event": {
        "start": "2026-12-03T18:30",
        "end": "2026-12-03T20:00",
        "organisers": "Le groupe",
        "state": "annule",
        "place": {"territory": "tours"},
        "online": "https://visio.example/a",
    },
    "group": {"question": "Quels lieux ?"},
}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load_schema(CONTENT)


@pytest.fixture(scope="module")
def index(schema: Schema) -> Index:
    common = {"title": "Un", "summary": "Deux phrases.", "lang": "fr", "updated": "2026-11-20"}
    fresh = {"id": "abc", "verified": "2026-11-20"}
    return Index(
        schema,
        [
            Document(schema.types[name], "un", {**common, **fresh, **data})
            for name, data in PAGES.items()
        ],
    )


def told(page: str) -> dict[str, Any]:
    (element,) = parse(page).all("script", type="application/ld+json")
    found: dict[str, Any] = json.loads(element.text)
    assert found.pop("@context") == "https://schema.org"
    return found


def check(thing: Mapping[str, Any]) -> None:
    """Each class has properties of its own, each with something in it."""
    known = PROPERTIES[thing["@type"]] | {"@type"}
    assert set(thing) <= known, (thing["@type"], set(thing) - known)
    for value in thing.values():
        assert value not in ("", None, [], {})
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                check(one)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_page_says_what_it_is_about(index: Index, name: str, lang: str) -> None:
    document = index.of(name)[0]
    found = told(document_page(Theme(SITE, index.schema), document, index, lang))
    check(found)
    assert "/en/" not in found["@id"], "it is one thing, told of in two languages"
    assert found["name"] == "Un" and found["url"].startswith("https://vigie.example/")


def page_of(index: Index, name: str, **changes: Any) -> str:
    document = index.of(name)[0]
    changed = replace(document, data={**document.data, **changes})
    return document_page(Theme(SITE, index.schema), changed, index.replacing(changed))


def test_a_place_tells_where_it_is_when_it_opens_and_how_to_reach_it(index: Index) -> None:
    page = page_of(index, "actor")
    found = told(page)
    assert found["address"]["addressLocality"] == "Joué-lès-Tours", "the post knows no quarter"
    assert found["location"]["geo"]["latitude"] == 47.35
    week, evening = found["location"]["openingHoursSpecification"]
    assert (len(week["dayOfWeek"]), week["opens"], week["closes"]) == (5, "09:00", "12:00")
    assert evening["closes"] == "23:59", "of Sundays nothing is said: not all are meant"
    assert found["email"] == "accueil@lieu.example"
    assert "accueil@lieu.example" not in page, "no harvester sees an address, there or elsewhere"
    assert "to=47.35,0.66" in page and 'href="geo:47.35,0.66"' in page


def test_an_event_tells_when_and_whether_it_takes_place(index: Index) -> None:
    found = told(page_of(index, "event"))
    assert (found["startDate"], found["endDate"]) == ("2026-12-03T18:30", "2026-12-03T20:00")
    assert found["eventStatus"].endswith("/EventCancelled")
    assert found["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")


def test_what_the_page_keeps_to_itself_is_not_told_there_either(index: Index) -> None:
    stale = told(page_of(index, "actor", verified="2010-01-01"))
    assert "email" not in stale and "telephone" not in stale
    assert "ld+json" not in page_of(index, "event", demo=True), "nobody is sent to what is invented"


@settings(max_examples=60)
@given(st.text() | st.text('</script>!--<"\\@&\u2028'))
def test_no_words_lead_out_of_the_data(words: str) -> None:
    text = str(serialised({"@type": "Event", "name": words, "x": [f"a@b{words}"]}))
    assert json.loads(text) == {"@type": "Event", "name": words, "x": [f"a@b{words}"]}
    assert not set("<>&\u2028\u2029") & set(text)
    assert "a@b" not in text
