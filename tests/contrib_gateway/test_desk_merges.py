"""What an editor sees of the forge: what cannot be opened, what changed meanwhile."""

from __future__ import annotations

from contrib_gateway.store import State
from plugins.schema import Document
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.visitor import answers, id_of
from tests.github import Fault, GitHub, Kind

FIXTURES = (content, desk, github, on_github)


def some_page(desk: Desk) -> Document:
    return desk.gateway.library.index.of("actor")[0]


def test_two_people_changing_different_answers_of_one_page_are_both_published(desk: Desk) -> None:
    page = some_page(desk)
    desk.change("a1", page, title="Un autre titre")
    desk.change("b2", page, verified="2026-11-01")
    assert desk.press("a1", "publier").status == 303
    assert desk.press("b2", "publier").status == 303
    after = desk.gateway.library.index.get(page.ref)
    assert after
    assert (after.title, after.data["verified"]) == ("Un autre titre", "2026-11-01")


def test_two_people_changing_the_same_answer_are_shown_to_the_editor(desk: Desk) -> None:
    page = some_page(desk)
    desk.change("a1", page, title="Un autre titre")
    desk.change("b2", page, title="Encore un titre")
    assert desk.press("a1", "publier").status == 303
    told = desk.press("b2", "publier")
    assert told.status == 409
    assert page.type.fields["title"].label.get("fr") in told.words.partition("Ce qui change")[0]
    after = desk.gateway.library.index.get(page.ref)
    assert after
    assert after.title == "Un autre titre", "nobody's words are overwritten"
    assert desk.state("b2") is State.PROPOSED, "it still waits"


def test_what_github_refuses_is_told_in_plain_words_and_tried_again_by_a_button(
    on_github: Desk, github: GitHub
) -> None:
    github.faults.plan(Fault(Kind.FORBIDDEN, "create_pull", times=None))
    receipts = [on_github.editor.contribute("need", answers("need", t)) for t in ("Un", "Deux")]
    on_github.work(minutes=5)
    first, second = map(id_of, receipts)
    assert on_github.state(first) is on_github.state(second) is State.DEAD
    assert "bloquée" in on_github.editor.get("/redaction/").words
    page = on_github.editor.get(f"/redaction/{first}/")
    assert "la personne qui héberge le site doit lui en donner le droit" in page.words
    receipt = on_github.editor.get(receipts[0])
    assert "403" not in receipt.words
    assert "Ce que vous avez écrit est gardé" in receipt.words

    github.faults.clear()
    assert on_github.press(first, "reprendre").status == 303
    on_github.work(minutes=1)
    assert on_github.state(first) is State.PROPOSED
    again = on_github.press(first, "publier")
    assert again.status == 303

    page = on_github.editor.get("/redaction/")
    assert on_github.editor.submit(page, "/redaction/reprendre/", {}).status == 303
    on_github.work(minutes=1)
    assert on_github.state(second) is State.PROPOSED


def test_what_changed_while_the_editor_read_is_not_published_unread(desk: Desk) -> None:
    id = desk.change("a1", some_page(desk), title="Un autre titre")
    shown = desk.editor.get(f"/redaction/{id}/")
    opened = desk.gateway.forge.opened(id)
    assert opened
    text = next(iter(opened.files.values()))
    assert text
    slipped = {path: text.replace(b"Un autre", b"Un vilain") for path in opened.files}
    desk.gateway.forge.amend(id, slipped, "Nadia")
    told = desk.editor.submit(shown, f"/{id}/publier/", {})
    assert told.status == 409
    assert "Relisez-la" in told.words
    assert "Un vilain titre" in told.words, "as it now is"
    assert desk.editor.submit(told, f"/{id}/publier/", {}).status == 303


def test_when_github_is_away_the_desk_still_shows_what_was_sent_and_decides_nothing(
    on_github: Desk, github: GitHub
) -> None:
    id = id_of(on_github.editor.contribute("need", answers("need", "Un besoin")))
    on_github.work(minutes=1)
    assert on_github.state(id) is State.PROPOSED
    with github.away():
        shown = on_github.editor.get(f"/redaction/{id}/")
        assert "Un besoin" in shown.words
        page = on_github.editor.submit(shown, f"/{id}/publier/", {})
        assert page.status == 503
        assert "Rien n’a été décidé" in page.words
    # What it showed then was not what GitHub has: the editor reads that first.
    assert on_github.editor.submit(shown, f"/{id}/publier/", {}).status == 409
    assert on_github.press(id, "publier").status == 303
    assert on_github.state(id) is State.PUBLISHED
