"""Needs and offers of one kind meet on both their pages, with why; what is settled does not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plugins.observation.matching import lacks_of, offers_for
from plugins.render import document_page
from plugins.schema import Document, Index
from tests.pages import parse
from tests.plugins.observation.field import COMMON, SCHEMA, law, several
from tests.plugins.observation.test_pages import THEME

PLACES = ("tours", "sanitas", "fondettes", "metropole")


def page(name: str, slug: str, **data: Any) -> Document:
    kept = {key: value for key, value in data.items() if value}
    return Document(SCHEMA.types[name], slug, {"title": slug, "id": slug, **COMMON, **kept})


@st.composite
def directories(draw: st.DrawFn) -> Index:
    found = []
    for number in range(draw(st.integers(1, 8))):
        name, field = draw(st.sampled_from([("need", "kinds"), ("actor", "offers")]))
        told = {
            field: draw(several("need_kinds")),
            "themes": draw(several("themes")),
            "audiences": draw(several("audiences")),
            "place": {"territory": draw(st.sampled_from(PLACES))},
        }
        if name == "need":
            told["state"] = draw(st.sampled_from(["entendu", "repondu"]))
        found.append(page(name, f"p{number}", **told))
    return Index(SCHEMA, found)


@law
@given(directories())
def test_who_lacks_and_who_offers_find_each_other_and_nobody_else(index: Index) -> None:
    forward = {(a.ref, m.document.ref) for a in index.documents for m in offers_for(a, index, 9)}
    back = {(m.document.ref, a.ref) for a in index.documents for m in lacks_of(a, index, 9)}
    assert forward == back
    assert forward == {
        (need.ref, actor.ref)
        for need in index.of("need")
        for actor in index.of("actor")
        if set(need.data.get("kinds", ())) & set(actor.data.get("offers", ()))
        and need.data["state"] != "repondu"
    }


def test_the_kind_comes_first_then_the_theme_the_audience_and_the_nearest() -> None:
    here = {"place": {"territory": "sanitas"}}
    told = {"kinds": ["outil", "lieu"], "themes": ["cooperer"], "audiences": ["jeunes"]}
    need = page("need", "n", **told, **here)
    some = {"offers": ["outil"]}
    offers = [
        page("actor", "f-partout", **some, place={"territory": "metropole"}),
        page("actor", "e-loin", **some, place={"territory": "fondettes"}),
        page("actor", "d-pres", **some, place={"territory": "tours"}),
        page("actor", "c-jeunes", **some, audiences=["jeunes"]),
        page("initiative", "b-theme", **some, themes=["cooperer"]),
        page("actor", "a-deux", offers=["lieu", "outil"]),
        page("initiative", "finie", **some, status="terminee"),
    ]
    found = offers_for(need, Index(SCHEMA, [need, *offers]), most=9)
    assert [one.document.slug for one in found] == [
        *("a-deux", "b-theme", "c-jeunes", "d-pres", "e-loin", "f-partout")
    ]
    assert [one.metres for one in found[3::2]] == [0.0, None]


def test_both_pages_say_why_they_meet() -> None:
    need = page(
        *("need", "imprimer"),
        kinds=["materiel"],
        themes=["cooperer"],
        viewpoint="usager",
        place={"territory": "fondettes"},
    )
    case = page(
        *("resource", "valise"),
        format="materiel",
        themes=["cooperer"],
        place={"territory": "sanitas"},
    )
    known = page("initiative", "connue", offers=["materiel"], themes=["cooperer"])
    settled = page("need", "deja", kinds=["materiel"], answers=[case.ref], viewpoint="usager")
    index = Index(SCHEMA, [need, case, known, settled])
    (told,) = parse(document_page(THEME, need, index)).all("section", id="qui-pourrait-aider")
    assert "même thème\u202f: coopérer" in told.text and "km" in told.text
    (back,) = parse(document_page(THEME, case, index)).all("section", id="qui-cherche")
    assert "imprimer" in back.text and "deja" not in back.text
    assert "connue" in told.text
