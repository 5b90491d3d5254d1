"""How long a page is believed, and what is kept back when nobody has confirmed it for years."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.schema import (
    Document,
    Freshness,
    confirmed,
    confirmed_on,
    freshness,
    overdue,
    read,
    withhold,
    write,
)
from tests.plugins.schema import strategies

FRESH, OVERDUE, STALE = Freshness.FRESH, Freshness.OVERDUE, Freshness.STALE
AGEING = strategies.TYPE.replace(
    "contribute: true", "contribute: true\nfreshness: {overdue: 12, stale: 36}"
)
COMMON = strategies.COMMON + "  verified: {kind: date, label: Vérifié}\n"
PARTS = "name: {kind: text, label: Nom, required: true},"
CONTACTS = {
    "mail": "accueil@exemple.fr",
    "call": "02 47 00 00 00",
    "open": True,
    "count": 3,
    "rows": [{"id": "r1", "name": "Accueil", "line": "02 47 00 00 01"}],
}
TODAY = datetime.date(2026, 11, 25)


def page(declaration: str = AGEING, slug: str = "une", **data: Any) -> Document:
    return Document(
        strategies.schema(thing=declaration, _common=COMMON).types["thing"],
        slug,
        {"title": "Une", **data},
    )


@pytest.mark.parametrize(
    ("verified", "expected"),
    [
        ("2026-11-25", FRESH),
        ("2025-11-26", FRESH),
        ("2025-11-25", OVERDUE),
        ("2023-11-26", OVERDUE),
        ("2023-11-25", STALE),
        ("2014-01-01", STALE),
        ("2027-01-01", FRESH),  # a slip of the pen in the future alarms nobody
    ],
)
def test_a_page_ages_from_the_day_it_was_verified(verified: str, expected: Freshness) -> None:
    assert freshness(page(verified=verified, created="2026-11-24"), TODAY) is expected


def test_a_page_that_was_never_verified_ages_from_the_day_it_was_written() -> None:
    written = page(created="2024-02-01", updated="2026-11-24")
    assert freshness(written, TODAY) is OVERDUE
    assert confirmed_on(written) == datetime.date(2024, 2, 1)


def test_a_page_whose_dates_are_months_ages_from_the_first_of_the_month() -> None:
    kept = page("dates: month\n" + AGEING, created="2023-01")
    assert confirmed_on(kept) == datetime.date(2023, 1, 1)
    assert confirmed_on(confirmed(kept, TODAY)) == TODAY.replace(day=1)


def test_a_change_of_one_answer_confirms_nothing() -> None:
    changed = page(verified="2020-06-11", created="2020-01-01", updated="2026-11-24")
    assert freshness(changed, TODAY) is STALE


@pytest.mark.parametrize("day", ["", "hier", 12, ["2020-01-01"], None])
def test_a_page_whose_dates_cannot_be_read_is_fresh(day: object) -> None:
    assert freshness(page(verified=day, created=day), TODAY) is FRESH


def test_a_type_without_the_option_does_not_age() -> None:
    old = page(strategies.TYPE, verified="1999-01-01", call="02 47 00 00 00")
    assert freshness(old, TODAY) is None
    assert withhold(old, TODAY) == old


def test_without_a_second_interval_contacts_are_never_hidden() -> None:
    old = page(AGEING.replace(", stale: 36", ""), verified="1999-01-01", **CONTACTS)
    assert freshness(old, TODAY) is OVERDUE
    assert withhold(old, TODAY) == old


def test_a_stale_page_keeps_back_its_contacts_wherever_they_stand_and_nothing_else() -> None:
    declared = AGEING.replace(PARTS, f"{PARTS} line: {{kind: phone, label: Ligne}},").replace(
        "kind: boolean", "kind: boolean, contact: true"
    )
    shown = withhold(page(declared, verified="2020-06-11", **CONTACTS), TODAY)
    assert shown.data == {
        "title": "Une",
        "verified": "2020-06-11",
        "count": 3,
        "rows": [{"id": "r1", "name": "Accueil"}],
    }


def test_a_field_may_say_that_it_is_no_contact_to_hide() -> None:
    declared = AGEING.replace("kind: phone", "kind: phone, contact: false")
    shown = withhold(page(declared, verified="2020-06-11", **CONTACTS), TODAY)
    assert "call" in shown.data
    assert "mail" not in shown.data


@pytest.mark.parametrize("verified", ["2026-11-01", "2025-01-01"])
def test_a_page_that_is_fresh_or_only_overdue_shows_everything(verified: str) -> None:
    whole = page(verified=verified, **CONTACTS)
    assert withhold(whole, TODAY) == whole


def test_who_should_be_asked_first_is_who_was_not_asked_for_longest() -> None:
    days = {"a": "2026-11-01", "b": "2024-01-01", "c": "2019-01-01", "d": "2024-01-01"}
    pages = [page(slug=slug, verified=day) for slug, day in days.items()]
    assert [document.slug for document in overdue(pages, TODAY)] == ["c", "b", "d"]


def test_a_word_makes_a_page_fresh_and_changes_nothing_else() -> None:
    old = page(verified="2019-01-01", updated="2019-01-01", **CONTACTS)
    said = confirmed(old, TODAY)
    assert freshness(said, TODAY) is FRESH
    assert {**said.data, "verified": "2019-01-01"} == old.data
    assert read(said.type, said.slug, write(said)).data["verified"] == "2026-11-25"


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1)), st.integers(0, 2000))
def test_a_page_never_grows_younger(verified: datetime.date, days: int) -> None:
    document = page(verified=verified.isoformat())
    order = [FRESH, OVERDUE, STALE]
    first = freshness(document, verified + datetime.timedelta(days))
    later = freshness(document, verified + datetime.timedelta(days + 1))
    assert first
    assert later
    assert order.index(first) <= order.index(later)
