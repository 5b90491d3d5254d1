"""What a reader sees of a page that nobody has confirmed for long: on it, in lists, in the data."""

from __future__ import annotations

import datetime
import json
from html import unescape
from typing import Any

import pytest
from markupsafe import Markup

from plugins.render import Site, Theme, data, document_page, list_page
from plugins.render.pages import digest
from plugins.schema import Document, Index, Schema
from tests.pages import parse, words
from tests.plugins.schema import strategies

AGEING = strategies.TYPE.replace(
    "contribute: true",
    "contribute: true\nlist: [call, theme]\nfreshness: {overdue: 12, stale: 36}",
)
CONTACTS = {"email": "accueil@exemple.fr", "call": "02 47 00 00 00"}
DAYS = {"fresh": "2026-10-01", "overdue": "2025-03-17", "stale": "2020-07-06"}
MARK = {"fr": "À vérifier", "en": "To be checked"}
SINCE = {
    "fr": "À vérifier\u202f: personne n’a confirmé cette fiche depuis {}.",
    "en": "To be checked: nobody has confirmed this page since {}.",
}
MONTHS = {"overdue": ("mars 2025", "March 2025"), "stale": ("juillet 2020", "July 2020")}
HIDDEN = {"fr": "ses contacts sont masqués", "en": "Its contacts are hidden meanwhile"}
LETTER = {"fr": "Écrire à cette structure", "en": "Write to them"}


@pytest.fixture(scope="module")
def schema() -> Schema:
    fields = AGEING.replace("  mail:", "  email:").replace(
        "  story:", "  reachable: {kind: boolean, managed: true, contact: true, label: J}\n  story:"
    )
    return strategies.schema(thing=fields)


@pytest.fixture(scope="module")
def theme(schema: Schema) -> Theme:
    day = datetime.date(2026, 11, 25)
    return Theme(Site("https://exemple.fr/", "https://exemple.fr/", day), schema)


def document(schema: Schema, slug: str, **more: Any) -> Document:
    told = {"title": slug.title(), "theme": "a", "created": "2020-01-01", **CONTACTS, **more}
    return Document(schema.types["thing"], slug, told)


@pytest.fixture(scope="module")
def index(schema: Schema) -> Index:
    return Index(schema, [document(schema, slug, verified=day) for slug, day in DAYS.items()])


def page(theme: Theme, index: Index, slug: str, lang: str) -> str:
    found = index.get(f"thing/{slug}")
    assert found
    return document_page(theme, found, index, lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_fresh_page_shows_everything_and_says_nothing(
    theme: Theme, index: Index, lang: str
) -> None:
    shown = page(theme, index, "fresh", lang)
    assert MARK[lang] not in shown
    assert all(contact in words(shown).replace("\u00a0", " ") for contact in CONTACTS.values())


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("slug", ["overdue", "stale"])
def test_an_overdue_page_says_since_when_and_leads_to_the_form(
    theme: Theme, index: Index, slug: str, lang: str
) -> None:
    shown = page(theme, index, slug, lang)
    month = MONTHS[slug][lang == "en"]
    assert SINCE[lang].format(month) in shown
    mark = parse(shown).one("div", **{"class": "to-check"})
    prefix = "/en" if lang == "en" else ""
    assert mark.one("a").attributes["href"] == f"{prefix}/contribuer/thing/{slug}/"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_overdue_page_still_shows_its_contacts(theme: Theme, index: Index, lang: str) -> None:
    shown = page(theme, index, "overdue", lang)
    assert HIDDEN[lang] not in shown
    assert "tel:0247000000" in shown
    assert LETTER[lang] in shown


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_stale_page_hides_its_contacts_everywhere_and_says_why(
    theme: Theme, index: Index, lang: str
) -> None:
    shown = page(theme, index, "stale", lang)
    assert HIDDEN[lang] in words(shown)
    assert LETTER[lang] not in shown
    assert "accueil@" not in unescape(shown)
    assert "0247" not in shown
    assert "02" + "\u00a0" + "47" not in shown


def test_a_stale_page_that_is_only_reached_through_the_site_does_not_offer_it(
    theme: Theme, schema: Schema
) -> None:
    for day, offered in (("2026-10-01", True), ("2020-07-06", False)):
        page = document(schema, "relais", verified=day, reachable=True)
        page = Document(page.type, page.slug, {k: v for k, v in page.data.items() if k != "email"})
        assert (LETTER["fr"] in document_page(theme, page, Index(schema, [page]))) is offered


def test_a_stale_page_without_contacts_does_not_speak_of_them(theme: Theme, schema: Schema) -> None:
    bare = Document(schema.types["thing"], "nue", {"title": "Nue", "verified": "2020-07-06"})
    shown = document_page(theme, bare, Index(schema, [bare]))
    assert MARK["fr"] in shown
    assert HIDDEN["fr"] not in shown


def test_a_page_that_was_never_verified_is_told_by_the_day_it_was_written(
    theme: Theme, schema: Schema
) -> None:
    written = document(schema, "jamais", created="2024-02-29", updated="2026-11-20")
    shown = document_page(theme, written, Index(schema, [written]))
    assert SINCE["fr"].format("février 2024") in shown


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_lists_show_it_discreetly_and_no_contact_that_the_page_hides(
    theme: Theme, schema: Schema, index: Index, lang: str
) -> None:
    rows = parse(list_page(theme, schema.types["thing"], index, lang)).all("li", **{"class": "row"})
    told = {row.one("a").text: row.text.replace("\u00a0", " ") for row in rows}
    assert [MARK[lang] in told[name] for name in ("Fresh", "Overdue", "Stale")] == [
        False,
        True,
        True,
    ]
    assert [CONTACTS["call"] in told[n] for n in ("Fresh", "Overdue", "Stale")] == [
        True,
        True,
        False,
    ]


def test_the_open_data_follow_the_page_and_keep_what_tells_why(
    theme: Theme, schema: Schema, index: Index
) -> None:
    rows = {row["slug"]: row for row in data(schema.types["thing"], index, theme.site)}
    assert len({tuple(row) for row in rows.values()}) == 1
    assert rows["overdue"]["email"] == CONTACTS["email"]
    assert rows["stale"]["email"] is rows["stale"]["call"] is rows["stale"]["reachable"] is None
    assert rows["stale"]["created"] == "2020-01-01"
    assert CONTACTS["call"] not in json.dumps(rows["stale"])


def test_the_preview_of_a_stale_page_hides_and_says_the_same(theme: Theme, index: Index) -> None:
    stale = index.get("thing/stale")
    assert stale
    page, preview = (
        document_page(theme, stale, index, banner=banner)
        for banner in (None, Markup("<p>à relire</p>"))
    )
    marks = [
        parse(html).one("div", **{"class": "to-check"}).one("p").text for html in (page, preview)
    ]
    assert marks[0] == marks[1]
    assert not any(told in unescape(preview) for told in ("accueil@", "0247", LETTER["fr"]))
    assert f'content="{digest(stale)}"' in preview  # of the whole page: it is what main has
