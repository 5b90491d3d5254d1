"""The files of a built site are verified: those of few documents, which have all kinds of pages.

`make check` verifies those of all the content.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from contrib_gateway.builder import Places
from plugins.check import load
from tests.site.built import Built, proper_names
from tests.site.language import foreign
from tests.site.outline import disordered


@pytest.fixture(scope="module")
def site(small_state: Path) -> Built:
    places = Places(small_state)
    names = proper_names(load(places.content).index)
    return Built(places.site.resolve(), Flask("none"), frozenset(), names)


def test_headings_are_in_order_and_each_page_says_its_language(site: Built) -> None:
    assert len(site.pages) > 100
    assert list(disordered(site)) == []


def test_french_on_english_pages_says_that_it_is(site: Built) -> None:
    assert list(foreign(site)) == []
