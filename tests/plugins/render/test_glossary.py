"""Words: acronyms are explained where they come first, and the glossary has them all."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from plugins.check import load
from plugins.render import Site, Theme, document_page
from plugins.render.glossary import Acronyms
from plugins.schema import Document, Index, Label
from tests.pages import parse, words
from tests.plugins.building import PROJECT

WHOLE = load(PROJECT / "content").index
SCHEMA = WHOLE.schema
SITE = Site("https://exemple.fr/", "https://exemple.fr/", datetime.date(2026, 11, 24))
FRENCH, ENGLISH = Acronyms(SCHEMA, "fr"), Acronyms(SCHEMA, "en")
PAGE = "/a-propos/glossaire/"


def said(html: str, page: str = PAGE) -> str:
    """What a reader sees."""
    return parse(FRENCH.explained(html, page)).text


def test_an_acronym_is_explained_once_where_it_comes_first() -> None:
    html = FRENCH.explained("<p>Un EPN est ouvert.</p><p>L’EPN ferme.</p>", PAGE)
    assert html == (
        '<p>Un <a class="word" href="/a-propos/glossaire/#mot-epn"><abbr>EPN</abbr></a>'
        ' <span class="word-full" lang="fr">(espace public numérique)</span> est ouvert.</p>'
        "<p>L’EPN ferme.</p>"
    )


def test_without_a_page_to_lead_to_it_is_explained_all_the_same() -> None:
    assert "href" not in FRENCH.explained("<p>Un EPN</p>", "")
    assert said("<p>Un EPN</p>", "") == "Un EPN (espace public numérique)"


def test_readers_of_english_are_told_in_english() -> None:
    html = ENGLISH.explained('<p lang="fr">Un EPN</p>', PAGE)
    assert '<span class="word-full" lang="en">(public digital space)</span>' in html


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/EPN/">Un EPN</a>',
        "<h2>Les <em>EPN</em></h2>",
        "<pre><code>EPN</code></pre>",
        "<dt>EPN</dt>",
        '<span class="sr">EPN</span>',
        "<details><summary>EPN</summary></details>",
        '<img alt="Un EPN">',
        "<p>EPNS, DEPN, EPN2, EPN_x, x-EPN, EPN-x, EPN.fr, https://EPN.example, a/EPN/b, @EPN</p>",
        "<p>epn, Epn</p>",
    ],
)
def test_links_headings_code_and_other_words_stay_as_they_are(html: str) -> None:
    assert FRENCH.explained(html, PAGE) == html


@pytest.mark.parametrize("text", ["(EPN)", "EPN.", "l’EPN", "EPN/PIJ", "«\u202fEPN\u202f»", "EPN"])
def test_signs_around_it_do_not_hide_it(text: str) -> None:
    assert "EPN (espace public numérique)" in said(f"<p>{text}</p>")


def test_after_a_link_it_is_still_to_be_explained() -> None:
    html = '<h3><a href="/x/">EPN</a></h3><p>Un EPN, <a href="/y/"><b>un PIJ</b></a>, un PIJ.</p>'
    assert said(html) == (
        "EPNUn EPN (espace public numérique), un PIJ, un PIJ (point information jeunesse)."
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p>Un espace public numérique (EPN), un autre EPN.</p>",
        "<p>Un EPN (<strong>Espace public numérique</strong>), un autre EPN.</p>",
        '<a href="/x/">Espace public numérique (EPN)</a><p>Un EPN.</p>',
    ],
)
def test_nobody_is_told_twice(html: str) -> None:
    assert "word-full" not in FRENCH.explained(html, PAGE)


def test_what_is_not_known_leads_to_the_glossary_without_more() -> None:
    html = FRENCH.explained("<p>Un PREF.</p>", PAGE)
    assert "#mot-pref" in html
    assert said("<p>Un PREF.</p>") == "Un PREF."


PIECES = ("EPN", "BIJ", " ", "<", ">", "&", '"', "/", "a", "b")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_text_of_any_kind_stays_text(text: str) -> None:
    html = f'<p title="{escape(text)}">{escape(text)}</p><a href="/">{escape(text)}</a>'
    made = parse(FRENCH.explained(html, PAGE))
    assert made.one("p").attributes["title"] == text
    added = re.sub(r" \((espace public numérique|bureau information jeunesse)\)", "", made.text)
    assert added == text + text
    assert {found.tag for found in made} <= {"p", "a", "abbr", "span"}


# On pages


def page(document: Document, index: Index = WHOLE, lang: str = "fr") -> str:
    return document_page(Theme(SITE, index.schema), document, index, lang)


def test_a_page_explains_what_its_facts_paragraphs_and_text_say_first() -> None:
    actor = Document(
        SCHEMA.types["actor"],
        "un",
        {"title": "EPN du test", "summary": "Un EPN et un PIJ.", "id": "x1", "lang": "fr"},
        "Ici, l’EPN, le PIJ et le QPV.",
    )
    shown = words(page(actor))
    assert shown.count("(espace public numérique)") == 1
    assert "Un EPN (espace public numérique) et un PIJ (point information jeunesse)." in shown
    assert "l’EPN, le PIJ et le QPV (quartier prioritaire" in shown
    assert parse(page(actor)).one("h1").text == "EPN du test"


def test_the_glossary_lists_its_words_in_order_and_explains_none_twice() -> None:
    (glossary,) = WHOLE.named("page", "glossaire")
    for lang, first in (("fr", "Antenne emploi"), ("en", "Local employment")):
        shown = parse(page(glossary, lang=lang))
        entries = shown.one("dl", **{"class": "dictionary"}).all("div")
        assert len(entries) == len(SCHEMA.vocabularies["glossary"].terms)
        assert entries[0].attributes["id"] == "mot-aep"
        assert first in entries[0].text
        assert not shown.all("span", **{"class": "word-full"})


def test_a_renamed_glossary_is_still_found() -> None:
    (glossary,) = WHOLE.named("page", "glossaire")
    aliases = {"aliases": [{"name": "glossaire"}]}
    moved = replace(glossary, slug="lexique", data={**glossary.data, **aliases})
    others = [d for d in WHOLE.documents if d is not glossary]
    index = Index(SCHEMA, [*others, moved])
    assert 'id="mot-epn"' in page(moved, index)
    actor = Document(SCHEMA.types["actor"], "un", {"title": "Un", "id": "x"}, "Un EPN.")
    assert "/a-propos/lexique/#mot-epn" in page(actor, index)


def test_a_site_without_glossary_has_its_pages() -> None:
    bare = replace(
        SCHEMA,
        vocabularies={k: v for k, v in SCHEMA.vocabularies.items() if k != "glossary"},
        site=replace(SCHEMA.site, glossary=Label()),
    )
    actor = Document(bare.types["actor"], "un", {"title": "Un", "id": "x"}, "Un EPN.")
    assert "Un EPN." in words(page(actor, Index(bare, [actor])))
