"""A need drawn from an observation begins with what was heard there, and all that it may keep."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.observation.drawing import drawn_need
from plugins.observation.kinship import akin
from plugins.render import Site, markdown_html
from plugins.schema import Audience, Document, Index, validate
from tests.pages import parse
from tests.plugins.observation.field import OWN, SCHEMA, law, notes
from tests.plugins.observation.test_hearing import need

NEED = SCHEMA.types["need"]


@law
@given(notes("vu"), st.text(max_size=800))
def test_it_begins_with_answers_that_its_form_takes(seen: Document, said: str) -> None:
    kind = seen.type.fields["needs_text"].kind
    if words := kind.parse(said):
        told = {**seen.data, "needs": ["formation", "materiel"], "needs_text": words}
        seen = Document(seen.type, seen.slug, told)
    begun = drawn_need(seen, NEED)
    index = Index(SCHEMA, [seen])
    faults = validate(NEED, begun.data, begun.body, index, Audience.EDITOR)
    assert {fault.code for fault in faults} <= {"unprintable"}  # which a stored one has not
    assert begun.data["heard"] == [seen.ref]
    assert begun.data["viewpoint"] == seen.data["viewpoint"]
    assert begun.data["themes"] == seen.data["themes"]
    assert begun.data.get("kinds") == seen.data.get("needs")


@pytest.mark.parametrize(
    ("said", "title", "body"),
    [
        ("« Un endroit où on apprend ça. »", "Un endroit où on apprend ça", ""),
        ("Une imprimante. Et du temps !", "Une imprimante", "Une imprimante. Et du temps !"),
        ("Où aller ? On ne sait pas.", "Où aller ?", "Où aller ? On ne sait pas."),
        ("a" * 200, "La moitié de la permanence passe à retrouver un mot de passe", "a" * 200),
        ("", "La moitié de la permanence passe à retrouver un mot de passe", ""),
    ],
)
def test_its_title_is_the_first_sentence_that_was_heard(said: str, title: str, body: str) -> None:
    seen = OWN.get("observation/retrouver-un-mot-de-passe")
    assert seen
    data = {name: value for name, value in seen.data.items() if name != "needs_text"}
    begun = drawn_need(
        Document(seen.type, seen.slug, data | ({"needs_text": said} if said else {})), NEED
    )
    assert (begun.title, begun.body) == (title, body)


def test_what_was_heard_stays_text_where_a_page_is_markdown() -> None:
    seen = OWN.get("observation/retrouver-un-mot-de-passe")
    assert seen
    said = "Il faut un lieu.\n# [Ici](https://a.example) *vite* <b>\n- et `vous` ![x](images/a.png)"
    begun = drawn_need(Document(seen.type, seen.slug, {**seen.data, "needs_text": said}), NEED)
    site = Site("http://vigie.example/", "http://vigie.example/", date(2026, 11, 20))
    page = parse(f"<main>{markdown_html(begun.body, OWN, site, 'fr')}</main>")
    assert {one.tag for one in page.one("main").all()} <= {"p"}
    assert page.one("main").text.split() == said.split()


def test_those_about_the_same_theme_or_place_are_near_and_merged_ones_are_not_offered() -> None:
    told = [
        need("loin", themes=["cooperer"], kinds=["formation"], place={"territory": "la-riche"}),
        need("theme"),
        need("lieu", themes=["cooperer"], kinds=["formation"], place={"territory": "tours"}),
        need("garde", merged=["need/joint"], themes=["cooperer"]),
        need("joint", kinds=["formation"], place={"territory": "tours"}),
    ]
    index = Index(SCHEMA, told)
    asked = need("moi", kinds=["formation"], place={"territory": "tours"})
    assert [one.slug for one in akin(asked, index, 9)] == ["lieu", "theme"]
    assert [one.slug for one in akin(asked, index, 1)] == ["lieu"]
    assert "garde" not in [one.slug for one in akin(told[4], index, 9)]
