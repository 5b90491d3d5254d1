"""Addresses in pages: read, copied and pressed as ever; no @ in the source; in no time."""

from __future__ import annotations

import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.render.guarding import guarded_html


@given(st.text() | st.text("a@b.fr :;&<>\"'-é"))
def test_a_page_says_what_it_said(words: str) -> None:
    assert unescape(guarded_html(words)) == unescape(words)


@pytest.mark.parametrize(
    "words",
    [
        "Écrivez à accueil@exemple.fr, ou passez.",
        '<a href="mailto:l.martin+epn@mairie-tours.exemple.fr">là</a>',
        "(accueil@exemple.fr)",
        "x;accueil@exemple.fr;y",
    ],
)
def test_no_address_can_be_seen_in_the_source(words: str) -> None:
    found = guarded_html(words)
    assert "@" not in found and "mailto" not in found
    assert unescape(found) == words


@pytest.mark.parametrize(
    "words", ["a" * 9000 + "@", "a." * 4000 + "@", "a@" + "b-" * 4000, "a@" * 4000]
)
def test_hostile_words_take_no_time(words: str) -> None:
    begun = time.perf_counter()
    guarded_html(words)
    assert time.perf_counter() - begun < 0.3
