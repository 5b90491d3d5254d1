"""A need says how often it was heard and from where, and an observation what it led to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.observation.hearing import born_of, hearing
from plugins.render import data, document_page, list_page
from plugins.schema import Document, Index
from tests.pages import parse
from tests.plugins.observation.field import COMMON, OWN, SCHEMA, VIEWPOINTS, contents, law
from tests.plugins.observation.test_pages import SITE, THEME

KIND = SCHEMA.types["need"]
PHONE = "need/candidater-quand-on-n-a-qu-un-telephone"


def need(slug: str, **more: Any) -> Document:
    said = {"title": f"Besoin {slug}", "viewpoint": "usager", "themes": ["lien-social"]}
    return Document(KIND, slug, {**said, "id": f"b{slug}", **COMMON, **more})


@law
@given(contents(), st.data())
def test_every_voice_is_counted_once_and_no_other(index: Index, draw: st.DataObject) -> None:
    observed = index.of("observation")
    some = st.lists(st.sampled_from([one.ref for one in observed]), unique=True)
    kept, joined = draw.draw(some), draw.draw(some)
    spoken = draw.draw(st.sampled_from(VIEWPOINTS))
    told = [
        need("garde", viewpoint=spoken, heard=kept, merged=["need/joint"]),
        need("joint", heard=joined, merged=["need/garde"]),  # a ring, which a file may hold
    ]
    index = Index(SCHEMA, [*index.documents, *told])
    found = hearing(told[0], index)
    seen = [index.get(ref) for ref in dict.fromkeys(kept + joined)]
    voices = [spoken, "usager", *(one.data["viewpoint"] for one in seen if one)]
    assert (found.times, found.viewpoints) == (len(voices), Counter(voices))
    (row,) = (r for r in data(KIND, index, SITE) if r["slug"] == "garde")
    assert (row["heard_times"], row["heard_viewpoints"]) == (len(voices), Counter(voices))
    for one in observed:
        assert [n.slug for n in born_of(one, index)] == [
            n.slug for n in told if one.ref in n.data["heard"]
        ]


def test_a_need_shows_each_observation_with_its_viewpoint_its_place_and_its_month() -> None:
    page = parse(document_page(THEME, OWN.get(PHONE), OWN))
    (told,) = page.all("section", id="champ-heard")
    assert "Entendu 3 fois, depuis 1 point de vue" in told.text
    assert "Usager, demandeur d’emploi, habitant\u00a03" in told.text
    assert "octobre 2026" in told.text
    assert [a.attributes["href"] for a in told.all("a")] == [
        "/observations/candidature-partie-sans-le-cv/",
        "/observations/on-photographie-son-ecran/",
    ]
    assert "Entendu 3 fois" in list_page(THEME, KIND, OWN)


def test_an_observation_leads_to_the_need_it_gave_rise_to_and_says_it_once() -> None:
    page = parse(document_page(THEME, OWN.get("observation/on-photographie-son-ecran"), OWN))
    (told,) = page.all("section", id="suites-donnees")
    assert "A fait naître ce besoin" in told.text
    links = [a for a in page.all("a") if a.attributes.get("href") == f"/besoins/{PHONE[5:]}/"]
    assert len(links) == 1


@pytest.mark.parametrize("more", [{}, {"heard": ["observation/inconnue"]}])
def test_what_nobody_else_says_has_no_count_on_its_page(more: dict[str, Any]) -> None:
    page = document_page(THEME, need("seul", **more), OWN)
    assert "Entendu 1 fois" not in page and hearing(need("seul", **more), OWN).times == 1
