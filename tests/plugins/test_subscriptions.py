"""The sources as others take them along, and how each fares, in words."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.render import Site, Theme, document_page
from plugins.render.health import health, told
from plugins.schema import Document, Index, load_schema
from plugins.subscriptions import subscriptions
from plugins.watch import opml
from plugins.watch.opml import NotOpml, Outlines, Subscription
from tests.plugins.building import PROJECT

SCHEMA = load_schema(PROJECT / "content")
THEME = Theme(Site("http://a/", "http://a/", datetime.date(2026, 3, 1)), SCHEMA)


def source(slug: str, **said: Any) -> Document:
    given = {"title": slug, "site": f"https://{slug}.example/", "why": "Utile.", "id": slug}
    return Document(SCHEMA.types["source"], slug, given | said)


def test_sources_go_out_by_theme_in_the_order_of_the_themes_and_ended_ones_stay() -> None:
    index = Index(
        SCHEMA,
        [
            source("sans"),
            source("zoe", themes=["chercher-un-emploi"], feed="https://zoe.example/rss?a=1&b=2"),
            source("ada", themes=["se-former"]),
            source("finie", themes=["se-former"], state="arretee"),
        ],
    )
    text = subscriptions(THEME, index)
    assert text is not None and text == subscriptions(THEME, index)
    found = opml.read(text.encode()).found
    assert [(one.title, one.group) for one in found] == [
        ("zoe", "Chercher un emploi"),
        ("ada", "Se former"),
        ("sans", ""),
    ]
    assert (found[0].feed, found[0].site) == (
        "https://zoe.example/rss?a=1&b=2",
        "https://zoe.example/",
    )
    assert (found[1].feed, found[1].site) == ("", "https://ada.example/")


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(st.builds(Subscription, words, st.just(""), st.just(""), words, words, words)))
def test_what_is_written_is_read_again(drawn: list[Subscription]) -> None:
    given_out = [
        Subscription(one.title or "x", f"https://a.example/{n}", "", one.group, one.lang, one.about)
        for n, one in enumerate(drawn)
    ]
    if not given_out:
        return
    read = opml.read(opml.write("Les nôtres", given_out).encode()).found
    assert sorted(map(repr, read)) == sorted(map(repr, given_out))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_opml"),
        (b"<html></html>", "not_opml"),
        (b"<opml><body>", "not_opml"),
        (b"<!DOCTYPE o [<!ENTITY a 'aaaa'>]><opml><body/></opml>", "not_opml"),
        (b"<opml>" + b"<outline>" * 50, "not_opml"),
        (b'<?xml version="1.0" encoding="x-none"?><opml/>', "not_opml"),
        (b" " * (opml.LARGEST + 1), "too_large"),
    ],
)
def test_a_file_that_is_no_list_of_feeds_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(NotOpml) as caught:
        opml.read(data)
    assert caught.value.code == code


def test_an_address_that_is_none_of_the_web_is_named_as_refused() -> None:
    data = b"<opml><body><outline text='a' xmlUrl='javascript:alert(1)'/></body></opml>"
    assert opml.read(data) == Outlines((), ("a",))


def test_a_feed_that_stands_twice_is_taken_once() -> None:
    outline = "<outline text='A' xmlUrl='https://a.example/rss'/>"
    twice = f"<opml><body>{outline}<outline text='G'>{outline}</outline></body></opml>"
    assert [one.group for one in opml.read(twice.encode()).found] == [""]


def test_how_a_source_fares_is_told_in_words() -> None:
    index = Index(SCHEMA, [])

    def say(**said: Any) -> str:
        words = " ".join(filter(None, told(source("a", **said), index, "fr")))
        return words.replace("\u202f", " ").replace("\xa0", " ")

    assert say().startswith("Elle est suivie"), "nothing is written of one that is fine"
    assert say() == say(state="suivie", since="2026-01-01")
    assert say(state="en-panne", since="2026-02-03", trouble="Le serveur dit non.") == (
        "En panne depuis le 3 février 2026. Le serveur dit non."
    )
    assert "n’a rien publié depuis longtemps" in say(state="silencieuse")


def test_a_source_that_ails_again_is_news_again() -> None:
    ill = source("a", state="en-panne", since="2026-02-03")
    again = source("a", state="en-panne", since="2026-02-20")
    fine = source("b", state="suivie")
    first, second = (health(THEME, Index(SCHEMA, [one, fine])) for one in (ill, again))
    assert first and second
    assert len(first.entries) == len(second.entries) == 1
    assert first.entries[0].id != second.entries[0].id


def test_a_source_says_once_how_it_fares() -> None:
    ill = source("a", state="en-panne", since="2026-02-03", trouble="Le serveur dit non.")
    page = document_page(THEME, ill, Index(SCHEMA, [ill]))
    assert page.count("Comment va le suivi") == page.count("Le serveur dit non.") == 1
