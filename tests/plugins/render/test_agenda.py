"""The agenda: what calendars are given, and the pages of months."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from plugins.render import Site, Theme
from plugins.render.agenda import month_pages
from plugins.render.agenda.calendars import calendars
from plugins.schema import Document, Index, load_schema
from tests.pages import parse, words
from tests.plugins.building import PROJECT

SCHEMA = load_schema(PROJECT / "content")
TODAY = datetime.date(2026, 11, 24)
SITE = Site("https://exemple.fr/vigie/", "https://exemple.fr/vigie/", TODAY)
THEME = Theme(SITE, SCHEMA)
PAST = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


def event(slug: str = "atelier", **told: Any) -> Document:
    data = {
        "title": "Atelier",
        "kind": "atelier",
        "summary": "On essaie.",
        "start": "2026-12-03T18:00",
        "organisers": "Nous",
        "id": f"id{slug}",
        "lang": "fr",
        "created": "2026-11-18",
        "updated": "2026-11-20",
    }
    kept = {name: value for name, value in (data | told).items() if value is not None}
    return Document(SCHEMA.types["event"], slug, kept)


def files(*documents: Document) -> dict[str, str]:
    return dict(calendars(THEME, Index(SCHEMA, documents)))


def one(document: Document) -> Any:
    (found,) = read(files(document)[f"agenda/{document.slug}.ics"]).walk("VEVENT")
    return found


def read(text: str) -> Calendar:
    """As a strict reader: lines end as they must, none is too long, and all can be parsed."""
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter was cut in two
    calendar = Calendar.from_ical(text)
    assert not calendar.errors
    assert calendar["VERSION"] == "2.0"
    assert calendar.subcomponents
    for found in calendar.walk("VEVENT"):
        assert not found.errors
        for needed in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "STATUS", "URL"):
            assert needed in found
    return calendar


# Calendars


def test_an_event_says_when_where_and_what() -> None:
    place = {"territory": "la-riche", "street": "3, place Sainte-Anne", "lat": 47.39, "lon": 0.66}
    found = one(
        event(end="2026-12-03T20:30", place=place, themes=["cooperer"], signup="Sans; venez")
    )
    assert found["UID"] == "idatelier@exemple.fr"
    assert found["DTSTART"].dt == datetime.datetime(2026, 12, 3, 17, tzinfo=datetime.UTC)
    assert found["DTEND"].dt == datetime.datetime(2026, 12, 3, 19, 30, tzinfo=datetime.UTC)
    assert found["DTSTAMP"].dt == found["LAST-MODIFIED"].dt == PAST
    assert found["URL"] == "https://exemple.fr/vigie/agenda/atelier/"
    assert found["LOCATION"] == "3, place Sainte-Anne, La Riche"
    assert found["GEO"].to_ical() == "47.39;0.66"
    assert found["STATUS"] == "CONFIRMED"
    assert [str(term) for term in found["CATEGORIES"].cats] == [
        "Atelier",
        "Coopérer entre structures",
    ]
    assert "Sans; venez" in found["DESCRIPTION"].replace("\u202f", "")


def test_the_clock_goes_forward_in_summer() -> None:
    found = one(event(start="2026-07-03T18:00"))
    assert found["DTSTART"].dt == datetime.datetime(2026, 7, 3, 16, tzinfo=datetime.UTC)
    assert "DTEND" not in found


@pytest.mark.parametrize(
    ("start", "end", "last"),
    [
        ("2026-12-03", None, 3),
        ("2026-12-03", "2026-12-05", 5),
        ("2026-12-03T00:00", None, 3),
        ("2026-12-03T00:00", "2026-12-04T23:59", 4),
        ("2026-12-03T00:00", "2026-12-05T00:00", 4),
    ],
)
def test_whole_days_are_days_and_the_end_is_the_day_after(
    start: str, end: str | None, last: int
) -> None:
    found = one(event(start=start, end=end))
    assert found["DTSTART"].dt == datetime.date(2026, 12, 3)
    assert found["DTEND"].dt == datetime.date(2026, 12, last + 1)


def test_an_end_before_the_start_is_left_out() -> None:
    assert "DTEND" not in one(event(end="2026-12-03T17:00"))


def test_a_cancelled_event_says_so_even_where_a_program_does_not() -> None:
    found = one(event(state="annule"))
    assert found["STATUS"] == "CANCELLED"
    assert found["SUMMARY"] == "Annulé\u202f: Atelier"
    found = one(event(state="reporte", state_detail="Sans doute en mars"))
    assert found["STATUS"] == "TENTATIVE"
    assert "Sans doute en mars" in found["DESCRIPTION"]


def test_an_event_keeps_its_name_for_calendars_when_its_page_has_another() -> None:
    assert one(event("un"))["UID"] != one(event("deux"))["UID"]
    assert one(event("un", id="x"))["UID"] == one(event("deux", id="x"))["UID"]


def test_an_online_event_is_where_its_link_leads() -> None:
    assert one(event(online="https://visio.example/x"))["LOCATION"] == "https://visio.example/x"


def test_each_territory_and_theme_has_its_calendar_with_what_is_within() -> None:
    quarter, town = {"territory": "la-rabiere"}, {"territory": "joue-les-tours"}
    made = files(event("un", place=quarter), event("deux", place=town), event("trois"))

    def held(stem: str) -> set[str]:
        found = read(made[f"feeds/events{stem}.ics"]).walk("VEVENT")
        return {str(one["UID"]).partition("@")[0] for one in found}

    assert held("") == {"idun", "iddeux", "idtrois"}
    assert held("/place/joue-les-tours") == {"idun", "iddeux"}
    assert held("/place/la-rabiere") == {"idun"}
    assert held("/kind/atelier") == held("")


def test_an_agenda_without_events_is_a_calendar_too() -> None:
    made = files()
    assert list(made) == ["feeds/events.ics"]
    assert not read(made["feeds/events.ics"]).walk("VEVENT")


def test_the_same_events_give_the_same_files() -> None:
    documents = [event("un"), event("deux", start="2026-12-04T08:00")]
    assert files(*documents) == files(*reversed(documents))


NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('\r\n\t,;:\\"\v\f\x00\x07\x85\u2028\u2029\ufeffé👩🏽‍🦱'),
    ),
    min_size=1,
    max_size=200,
)


@settings(max_examples=60, deadline=None)
@given(NASTY, NASTY, NASTY)
def test_no_title_can_break_a_calendar(title: str, summary: str, street: str) -> None:
    written = event(
        title=title, summary=summary, signup=title, place={"territory": "tours", "street": street}
    )
    found = one(written)
    assert len([name for name in found if name == "SUMMARY"]) == 1
    assert visible(str(found["SUMMARY"])) == visible(title)
    assert visible(street) in visible(str(found["LOCATION"]))


def visible(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text))


@settings(max_examples=20, deadline=None)
@given(st.datetimes() | st.dates(), st.datetimes() | st.dates() | st.none())
def test_no_date_can_break_the_agenda(start: datetime.date, end: datetime.date | None) -> None:
    told = [day and day.isoformat()[:16] for day in (start, end)]
    index = Index(SCHEMA, [event(start=told[0], end=told[1])])
    read(dict(calendars(THEME, index))["feeds/events.ics"])
    assert len(list(month_pages(THEME, index))) <= 2 * 25


# Months


def months(*documents: Document) -> dict[str, str]:
    """The French pages."""
    pages = month_pages(THEME, Index(SCHEMA, documents))
    return {path: html for path, lang, html in pages if lang == "fr"}


def test_only_months_with_events_and_this_one_have_a_page() -> None:
    made = months(event(start="2026-09-10T10:00"), event("b", start="2027-02-01T10:00"))
    assert list(made) == [f"agenda/mois/{month}/" for month in ("2026-09", "2026-11", "2027-02")]
    now = parse(made["agenda/mois/2026-11/"])
    assert now.one("a", rel="prev").attributes["href"] == "/vigie/agenda/mois/2026-09/"
    assert now.one("a", rel="next").attributes["href"] == "/vigie/agenda/mois/2027-02/"
    assert not parse(made["agenda/mois/2026-09/"]).all("a", rel="prev")
    assert "Rien n’est annoncé" in words(made["agenda/mois/2026-11/"])


def test_the_day_of_the_build_is_today() -> None:
    page = parse(months()["agenda/mois/2026-11/"])
    (today,) = [cell for cell in page.all("td") if "aujourd’hui" in cell.text]
    assert today.one("time").attributes["datetime"] == "2026-11-24"


def test_an_event_stands_on_each_of_its_days() -> None:
    made = months(event(start="2026-11-30T10:00", end="2026-12-01T12:00", state="annule"))
    (first,) = cells(made["agenda/mois/2026-11/"])
    (second,) = cells(made["agenda/mois/2026-12/"])
    assert "lundi 30 novembre" in first.text.replace("\xa0", " ")
    assert "10\u202fh" in first.text
    assert "Annulé" in first.text
    assert "(suite)" in second.text


def test_an_event_until_midnight_does_not_stand_on_the_next_day() -> None:
    made = months(event(start="2026-11-30T20:00", end="2026-12-01T00:00"))
    assert list(made) == ["agenda/mois/2026-11/"]


def test_what_lasts_for_weeks_is_told_once_a_month() -> None:
    made = months(event(start="2026-10-20T10:00", end="2026-12-06T18:00"))
    assert len(made) == 3
    for html in made.values():
        assert not cells(html)
        assert words(html).count("Atelier") == 1
        assert "20 octobre 2026 – 6 décembre 2026" in words(html).replace("\xa0", " ")


def cells(html: str) -> list[Any]:
    return [cell for cell in parse(html).all("td") if cell.all("li")]
