"""What a story is about is said of it on the desk, by several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from contrib_gateway.store import Pile, Verdict
from plugins.watch.draft import TOLD
from tests.contrib_gateway.inprocess import Editor
from tests.contrib_gateway.watch.sorting import (
    WATCH,
    WHY,
    content,
    csrf,
    editor,
    emptied,
    now,
    page,
    sent,
    told,
)
from tests.pages import parse

FIXTURES = (content, editor, emptied)


def test_the_form_asks_what_an_item_of_a_digest_has(editor: Editor) -> None:
    one = told(editor)
    asked = {
        name
        for e in page(editor, f"{one.id}/").all()
        if (name := e.attributes.get("name", "")) and e.tag in ("input", "select", "textarea")
    }
    declared = editor.gateway.library.schema.types["digest"].fields["items"].kind.fields  # type: ignore[attr-defined]
    questions = set(declared) - set(TOLD) - {"place"} | {"place-territory"}
    assert questions <= asked


def test_what_is_said_of_a_story_is_kept_under_the_name_that_was_chosen(editor: Editor) -> None:
    one = told(editor)
    index = editor.gateway.library.index
    about = next(d for name in ("actor", "initiative", "resource", "need") for d in index.of(name))
    form = page(editor, f"{one.id}/")
    assert form.one("input", id="qualified_by").attributes["value"] == "Nadia"
    answers = [
        ("why", WHY),
        ("themes", "sante"),
        ("audiences", "tous-publics"),
        ("place-territory", "tours"),
        ("trust", "verifie"),
        ("about", about.ref),
        ("qualified_by", "Nadia et Zoé"),
    ]
    assert sent(editor, one, f"{one.id}/", *answers).status_code == 303
    kept = editor.gateway.inbox.kept()
    assert [k.id for k in kept] == [one.id]
    assert kept[0].is_qualified
    assert kept[0].qualification == {
        "why": WHY,
        "themes": ["sante"],
        "audiences": ["tous-publics"],
        "place": {"territory": "tours"},
        "trust": "verifie",
        "about": [about.ref],
        "qualified_by": "Nadia et Zoé",
    }
    again = page(editor, f"{one.id}/")
    assert again.one("textarea", id="why").text.strip() == WHY
    assert again.one("input", value=about.ref).attributes.get("checked") is not None


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("why", "", "elle est nécessaire"),
        ("why", "a" * 601, "600"),
        ("themes", "inconnu", "inconnu"),
        ("about", "need/nulle-part", "nulle-part"),
        ("place-territory", "atlantide", "atlantide"),
        ("qualified_by", "nadia@example.org", "n’y mettez pas d’adresse"),
    ],
)
def test_a_fault_stands_beside_its_question_and_nothing_typed_is_lost(
    editor: Editor, name: str, answer: str, words: str
) -> None:
    one = told(editor)
    typed = {"why": WHY, "qualified_by": "Zoé", name: answer}
    shown = sent(editor, one, f"{one.id}/", *typed.items())
    assert shown.status_code == 422
    again = parse(shown.text)
    assert words in again.one(**{"class": "summary-wrong"}).text
    assert again.all(**{"class": "fault"})
    assert again.one("textarea", id="why").text.strip() == typed["why"]
    assert again.one("input", id="qualified_by").attributes["value"] == typed["qualified_by"]
    assert now(editor, one).pile is Pile.INBOX


def test_suggested_themes_are_ticked_when_asked_and_what_was_typed_stays(editor: Editor) -> None:
    one = told(editor, suggested=("sante", "mobilite"))
    form = page(editor, f"{one.id}/")
    assert form.one("input", value="sante").attributes.get("checked") is None
    shown = parse(sent(editor, one, f"{one.id}/", ("why", WHY), ("_suggest", "1")).text)
    assert shown.one("input", value="sante").attributes.get("checked") is not None
    assert shown.one("textarea", id="why").text.strip() == WHY
    assert now(editor, one).pile is Pile.INBOX


def test_two_who_qualify_at_once_overwrite_nothing(editor: Editor) -> None:
    one = told(editor)
    before = [("_csrf", csrf(editor)), ("_seen", "1")]
    theirs = Verdict(Pile.KEPT, qualification={"why": "L’avis de Karim."})
    editor.gateway.store.sort_stories({one.id: 1}, theirs, "Karim")
    late = editor.post(f"{WATCH}{one.id}/", [*before, ("why", WHY), ("themes", "sante")])
    assert late.status_code == 409
    shown = parse(late.text)
    assert "Karim l’a gardée." in shown.text and "L’avis de Karim." in shown.text
    assert shown.one("textarea", id="why").text.strip() == WHY
    assert shown.one("input", value="sante").attributes.get("checked") is not None
    assert now(editor, one).qualification == {"why": "L’avis de Karim."}
    seen = shown.one("input", name="_seen").attributes["value"]
    again = [("_csrf", csrf(editor)), ("_seen", seen), ("why", WHY)]
    assert editor.post(f"{WATCH}{one.id}/", again).status_code == 303
    assert now(editor, one).qualification == {"why": WHY}


def test_of_many_who_decide_at_once_each_is_told_the_truth(editor: Editor) -> None:
    one, token = told(editor), csrf(editor)
    people = [Editor(editor.gateway) for _ in range(4)]
    tokens = [csrf(person) for person in people]
    assert token

    def decide(number: int) -> int:
        form = [("_csrf", tokens[number]), ("_seen", "1"), ("why", f"Avis {number}.")]
        return people[number].post(f"{WATCH}{one.id}/", form).status_code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(decide, range(4)))
    assert codes == [303, 409, 409, 409]
