"""Pages: every kind shows, private never; a preview differs by its banner only."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from plugins.render import (
    Facet,
    Site,
    Theme,
    changes,
    document_page,
    facet_of,
    home_page,
    list_page,
    listings,
)
from plugins.render.guarding import guarded
from plugins.render.listing import newest
from plugins.render.pages import digest
from plugins.schema import Document, Index, Label, Schema, parse_schema
from tests.pages import dangers
from tests.plugins.schema import strategies

SHOWN = {
    "title": "Une chose\u202f: la première",
    "story": "<p>En deux paragraphes.</p>",
    "notes": '<a href="/vigie/choses/autre/">l’autre</a>',
    "theme": '<a href="/vigie/choses/par/theme/c/">Trois</a>',
    "themes": '<a href="/vigie/choses/par/themes/b/">Deux</a>',
    "day": '<time datetime="2026-11-01">1er\u00a0novembre 2026</time>'.replace("\u00a0", " "),
    "month": "octobre 2026",
    "start": "lundi 23\u00a0novembre 2026 à 18\u202fh\u202f30",
    "site": '<a href="https://www.exemple.fr/a" rel="nofollow ugc">exemple.fr/a</a>',
    "mail": f'<a href="{guarded("mailto:accueil@exemple.fr")}">{guarded("accueil@exemple.fr")}</a>',
    "hours": '<span class="hours-times">9\u00a0h\u00a0–\u00a012\u00a0h</span>',
    "call": '<a href="tel:0247000000">',
    "count": "42",
    "open": "Oui",
    "place": '1 rue du Test<br><a href="/vigie/choses/par/place/sanitas/">Sanitas</a>, Tours',
    "photo": '<source srcset="/vigie/images/porte.webp" type="image/webp">\n'
    '<img src="/vigie/images/porte.jpg" alt="Une porte bleue"',
    "related": '<a href="/vigie/choses/autre/">L’autre</a>',
    "rows": '<li id="r1">Première ligne',
    "state": "Quatre",
}


@pytest.mark.parametrize("name", SHOWN)
def test_every_kind_shows(theme: Theme, index: Index, full: Document, name: str) -> None:
    page = document_page(theme, full, index)
    assert SHOWN[name] in page
    label = full.type.fields[name].label.get("fr")
    assert label in page or name == "title"


def test_a_picture_that_every_browser_reads_needs_no_other(theme: Theme, index: Index) -> None:
    photo = {"file": "porte.png", "alt": "Une porte bleue"}
    document = Document(index.schema.types["thing"], "une", {"title": "T", "photo": photo})
    page = document_page(theme, document, index)
    assert '<figure class="figure">\n<img src="/vigie/images/porte.png" alt="Une porte' in page
    assert "<picture>" not in page
    assert "<figcaption>" not in page


def test_private_never_shows(theme: Theme, index: Index, full: Document) -> None:
    page = document_page(theme, full, index)
    assert "prive@exemple.fr" not in unescape(page)
    assert "contact@exemple.fr" not in unescape(page)


def test_an_address_in_an_answer_is_read_and_cannot_be_seen_in_the_source(
    theme: Theme, index: Index, full: Document
) -> None:
    """A line that says how to sign up, for one, names whom to write to."""
    told = dict.fromkeys(("because", "story", "notes"), "Écrivez à <b> zoe@exemple.fr")
    page = document_page(theme, replace(full, data=full.data | told, body="zoe@exemple.fr"), index)
    assert "zoe@" not in page
    assert unescape(page).count("zoe@exemple.fr") == 4
    assert "Écrivez à &lt;b&gt;" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("site", one) for one in ("javascript:alert(1)", "data:text/html,x", "https:///x")),
        ("mail", "a@exemple.fr?bcc=b@exemple.fr"),
    ],
)
def test_what_is_no_address_is_shown_and_is_no_link(
    theme: Theme, index: Index, full: Document, name: str, value: str
) -> None:
    """A proposal that does not fit its type is looked at on the desk."""
    page = unescape(document_page(theme, replace(full, data=full.data | {name: value}), index))
    assert value in page and f'href="{value}' not in page and f":{value}" not in page


def test_every_page_leads_to_the_privacy_notice_in_its_language_if_there_is_one(
    theme: Theme, site: Site, index: Index, full: Document
) -> None:
    label = {"fr": "Vos données", "en": "Your data"}
    assert not any(label[lang] in document_page(theme, full, index, lang) for lang in label)
    privacy = Label({"fr": "notice/vos-donnees/", "en": "notice/your-data/"})
    told = replace(index.schema, site=replace(index.schema.site, privacy=privacy))
    for lang, href in {
        "fr": "/vigie/notice/vos-donnees/",
        "en": "/vigie/en/notice/your-data/",
    }.items():
        page = document_page(Theme(site, told), full, index, lang)
        assert f'<a href="{href}">{label[lang]}</a>' in page


def test_a_new_field_shows_without_python() -> None:
    added = strategies.TYPE.replace("body:", "  colour: {kind: text, label: Couleur}\nbody:")
    schema = strategies.schema(thing=added)
    theme = Theme(Site("http://a/", "http://a/", datetime.date(2026, 1, 1)), schema)
    document = Document(schema.types["thing"], "une", {"title": "T", "colour": "bleu nuit"})
    page = document_page(theme, document, Index(schema, [document]))
    assert "bleu nuit" in page
    assert "Couleur" in page


def test_a_preview_says_what_the_page_says_and_leads_to_none_of_its_acts(
    theme: Theme, index: Index, full: Document
) -> None:
    banner, foot = Markup("<p>à relire</p>"), Markup("<p>relue ?</p>")
    published = document_page(theme, full, index)
    preview = document_page(theme, full, index, banner=banner, foot=foot)
    assert preview.index(str(banner)) < preview.index("<h1") < preview.index(str(foot))
    for act in (f"contribuer/{full.ref}/", f"historique/{full.ref}/", 'hreflang="en"'):
        assert act in published
        assert act not in preview
    said = re.compile(r"<d[td]>.*?</d[td]>|<h\d.*?</h\d>", re.S)
    assert said.findall(preview) == said.findall(published)


def test_a_new_page_shows_nothing_of_another_that_has_its_name(
    theme: Theme, schema: Schema, index: Index
) -> None:
    there = next(d for d in index.of("thing") if index.mentions(d))
    namesake = Document(there.type, there.slug, {"id": "nouvelle", "title": "Homonyme"})
    assert 'id="cite"' in document_page(theme, there, index)
    assert 'id="cite"' not in document_page(theme, namesake, index, banner=Markup("<p></p>"))


def test_an_agenda_begins_with_what_comes_next_and_has_what_is_over_apart() -> None:
    added = strategies.TYPE.replace("fields:", "upcoming: day\nfields:", 1)
    schema = strategies.schema(thing=added)
    theme = Theme(Site("http://a/", "http://a/", datetime.date(2026, 6, 1)), schema)
    days = ("2026-05-31", "2026-07-01", "2026-06-01", "2025-01-01")
    things = [Document(schema.types["thing"], d, {"title": f"Le {d}", "day": d}) for d in days]
    page = list_page(theme, schema.types["thing"], Index(schema, things))
    places = [page.index(f"Le {day}<") for day in (days[2], days[1], days[0], days[3])]
    assert places == sorted(places)
    assert places[1] < page.index("Passés") < places[2]


def test_a_page_names_a_field_as_a_page_does_and_not_as_its_form_asks() -> None:
    added = "  colour: {kind: text, label: Quelle couleur ?, shown: Couleur}\nbody:"
    schema = strategies.schema(thing=strategies.TYPE.replace("body:", added))
    theme = Theme(Site("http://a/", "http://a/", datetime.date(2026, 1, 1)), schema)
    document = Document(schema.types["thing"], "une", {"title": "T", "colour": "bleu nuit"})
    page = document_page(theme, document, Index(schema, [document]))
    assert "<dt>Couleur</dt>" in page
    assert "Quelle couleur" not in page


def test_a_page_names_its_state(theme: Theme, index: Index, full: Document) -> None:
    page = document_page(theme, full, index)
    assert f'<meta name="vigie:digest" content="{digest(full)}">' in page
    assert re.fullmatch("[0-9a-f]{16}", digest(full))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_has_its_bearings(theme: Theme, index: Index, full: Document, lang: str) -> None:
    pages = [
        home_page(theme, index, lang),
        list_page(theme, full.type, index, lang),
        document_page(theme, full, index, lang),
        theme.render("gateway/contribute.html", lang, "contribuer/"),
    ]
    for page in pages:
        assert f'<html lang="{lang}">' in page
        assert 'class="skip" href="#contenu"' in page
        assert 'rel="canonical" href="https://exemple.fr/vigie/' in page
        assert page.count('rel="alternate" hreflang=') == 2
        assert 'type="application/atom+xml"' in page
        assert page.count("<h1") == 1
        assert dangers(page) == []
        assets = re.findall(
            r'<(?:link rel="(?:stylesheet|icon)"|img|iframe)[^>]*(?:href|src)="([^"]*)', page
        )
        assert all(address.startswith("/vigie/") for address in assets)


def test_an_invented_example_says_so(schema: Schema, theme: Theme, index: Index) -> None:
    files = dict(strategies.FILES)
    files["types/_common.yaml"] += b"  demo: {kind: boolean, label: Exemple}\n"
    declared = parse_schema(files)
    document = Document(declared.types["thing"], "x", {"title": "X", "demo": True})
    assert "Exemple inventé" in document_page(theme, document, Index(declared, [document]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=strategies.data(), body=strategies.words)
def test_any_document_makes_the_same_page_twice(
    theme: Theme, schema: Schema, data: dict[str, Any], body: str
) -> None:
    declared = schema.types["thing"]
    document = Document(declared, "une", declared.parse(data), body)
    index = Index(schema, [document])
    page = document_page(theme, document, index)
    assert page == document_page(Theme(theme.site, schema), document, Index(schema, [document]))
    assert "<script" not in page.lower()
    assert page.count("<h1") == 1


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda x: st.lists(x) | st.dictionaries(st.text(max_size=4), x),
    )
)
def test_values_that_do_not_fit_still_show(theme: Theme, schema: Schema, value: Any) -> None:
    declared = schema.types["thing"]
    names = [name for name in declared.fields if name not in ("id", "created")]
    document = Document(declared, "une", {name: value for name in names if name != "title"})
    index = Index(schema, [])
    assert "</html>" in document_page(theme, document, index)
    assert changes(None, document, index, theme.site, "fr") is not None


def test_long_lists_have_pages(theme: Theme, schema: Schema) -> None:
    declared = schema.types["thing"]
    documents = [
        Document(declared, f"n{n}", {"title": f"N{n:03}", "place": {"territory": "sanitas"}})
        for n in range(120)
    ]
    index = Index(schema, documents)
    paths = [listing.path for listing in listings(declared, index)]
    assert paths[:3] == ["choses/", "choses/page/2/", "choses/page/3/"]
    assert "choses/par/place/tours/page/3/" in paths  # a quarter counts for its commune
    page = list_page(theme, declared, index, "fr", 3, facet=Facet("place", "tours"))
    assert page.count('class="row-title"') == 20
    assert 'href="/vigie/choses/par/place/tours/page/2/"' in page
    with pytest.raises(LookupError):
        list_page(theme, declared, index, "fr", 4)


def test_only_facets_make_lists(index: Index, full: Document) -> None:
    assert facet_of(full.type, index, "theme", "a") == Facet("theme", "a")
    assert facet_of(full.type, index, "theme", "z") is None
    assert facet_of(full.type, index, "title", "a") is None


def test_an_empty_site_has_its_pages(theme: Theme, schema: Schema) -> None:
    index = Index(schema, [])
    assert "<h1" in home_page(theme, index, "fr")
    assert "Rien ici pour l’instant" in list_page(theme, schema.types["thing"], index, "fr")


def test_changes_are_told_field_by_field(site: Site, index: Index, full: Document) -> None:
    after = Document(full.type, full.slug, {**full.data, "count": 43, "created": "2027-01-01"}, "")
    found = changes(full, after, index, site, "fr")
    assert [change.name for change in found] == ["count", "body"]
    assert found[0].before is not None
    assert found[0].after is not None
    assert (found[0].before.value, found[0].after.value) == ("42", "43")
    assert found[1].after is None


def test_the_newest_come_first_and_those_of_one_day_by_their_title(schema: Schema) -> None:
    """However lately an older one was corrected."""
    made = {
        "Zèbre": "2026-02-01",
        "Été": "2026-02-02",
        "Arbre": "2026-02-02",
        "Vieux": "2020-01-01",
    }
    things = [
        Document(
            schema.types["thing"],
            f"une-{number}",
            {"title": title, "created": day, "updated": f"2026-03-0{number}"},
        )
        for number, (title, day) in enumerate(made.items(), 1)
    ]
    found = [document.title for document in newest(Index(schema, things).of("thing"))]
    assert found == ["Arbre", "Été", "Zèbre", "Vieux"]
