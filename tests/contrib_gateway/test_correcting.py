"""An editor corrects a proposal in its own form, and solves what two people changed."""

from __future__ import annotations

from contrib_gateway.forge import message
from contrib_gateway.store import State
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.running import EDITORS, enter
from tests.contrib_gateway.test_changes import path, published, send, some_page
from tests.contrib_gateway.test_receipts import amended
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of

FIXTURES = (content, desk, github, on_github)


def contribute(desk: Desk, name: str = "need", **more: str) -> str:
    receipt = desk.editor.contribute(name, answers(name, "Le wifi de la gare", **more))
    desk.gateway.worker.work()
    return receipt


def corrected(desk: Desk, id: str, editor: Visitor | None = None, **values: str) -> Page:
    """Fill in the form at the desk, read it over, publish it so."""
    editor = editor or desk.editor
    address = f"/redaction/{id}/corriger/"
    over = editor.submit(editor.get(address), address, values)
    assert over.status == 200, over.words[:600]
    return editor.submit(over, address, {})


def test_a_correction_is_published_and_says_by_whom(desk: Desk) -> None:
    receipt = contribute(desk, contact="zoe@exemple.org", signed_as="Zoé")
    id = id_of(receipt)
    form = desk.editor.get(f"/redaction/{id}/corriger/")
    assert "zoe@exemple.org" not in form.text, "what is private is not asked again"
    assert "Invented example" in form.text or "Exemple inventé" in form.words
    assert corrected(desk, id, title="Le wifi de la place").status == 303
    assert desk.state(id) is State.PUBLISHED
    page = desk.gateway.library.index.by_id(id)
    assert page and page.title == "Le wifi de la place"
    [version, *_] = desk.gateway.forge.history([f"content/{page.path}"])
    assert (version.proposed_by, bool(version.corrected_by)) == ("Zoé", True)
    found = desk.gateway.store.find(id)
    assert found and found.private["contact"] == "zoe@exemple.org"
    assert message.CORRECTED_BY


def test_nothing_corrected_is_published_as_it_is(desk: Desk) -> None:
    id = id_of(contribute(desk))
    assert corrected(desk, id).status == 303
    assert desk.state(id) is State.PUBLISHED


def test_a_conflict_is_shown_three_ways_and_solved_in_the_form(desk: Desk) -> None:
    page = some_page(desk)
    forms = [desk.editor.get(path(page)) for _ in range(2)]
    first = send(desk, forms[0], {"title": "Un autre nom", "phone": "02 47 00 00 00"})
    assert desk.press(first, "publier").status == 303
    second = send(desk, forms[1], {"title": "Encore un nom", "summary": "Deux. Phrases."})
    seen = desk.editor.get(f"/redaction/{second}/")
    assert "Choisir dans le formulaire" in seen.words
    form = desk.editor.get(f"/redaction/{second}/corriger/")
    for words in (page.title, "Un autre nom", "Encore un nom", "aussi été changée"):
        assert words in form.words
    inputs = dict(form.form("/corriger/").inputs)
    assert inputs["title"] == "Encore un nom" and inputs["phone"].endswith("00")
    assert corrected(desk, second, title="Un nom pour deux").status == 303
    after = published(desk, page)
    assert (after.title, after.summary) == ("Un nom pour deux", "Deux. Phrases.")
    assert after.data["phone"].replace(" ", "").endswith("247000000"), "what the first added stays"
    assert desk.state(second) is State.PUBLISHED


def test_two_editors_never_overwrite_each_other(desk: Desk) -> None:
    id = id_of(contribute(desk))
    other = enter(desk.gateway, Visitor(desk.editor.port), EDITORS[1])
    address = f"/redaction/{id}/corriger/"
    theirs = other.get(address)
    assert corrected(desk, id, title="La première").status == 303
    late = other.submit(theirs, address, {"title": "La seconde"})
    if late.status == 200:
        late = other.submit(late, address, {})
    assert late.status == 409
    assert "vient d’en décider" in late.words and "La seconde" in late.text
    page = desk.gateway.library.index.by_id(id)
    assert page and page.title == "La première"


def test_what_its_contributor_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    receipt = contribute(desk)
    id = id_of(receipt)
    address = f"/redaction/{id}/corriger/"
    over = desk.editor.submit(desk.editor.get(address), address, {"title": "De la rédaction"})
    amended(desk, receipt, title="De la personne")
    told = desk.editor.submit(over, address, {})
    assert told.status == 409 and "De la rédaction" in told.text
    assert desk.state(id) is State.PROPOSED


def test_a_bad_correction_is_told_beside_its_question(desk: Desk) -> None:
    id = id_of(contribute(desk))
    address = f"/redaction/{id}/corriger/"
    told = desk.editor.submit(desk.editor.get(address), address, {"title": ""})
    assert told.status == 422 and desk.state(id) is State.PROPOSED
    stranger = Visitor(desk.editor.port)
    assert stranger.get(address).status == 403
    assert stranger.post(address, [("title", "x")]).status == 403
    assert desk.editor.post(address, [("title", "x")]).status == 403, "without its session's token"


def test_what_is_held_can_be_corrected_too(desk: Desk) -> None:
    sent = answers("need", "Achetez", _website="https://spam.example/")
    receipt = desk.editor.submit(desk.editor.fill("need", sent), "/need/", {}).location
    id = id_of(receipt)
    assert desk.state(id) is State.HELD
    assert corrected(desk, id, title="Un vrai besoin").status == 303
    page = desk.gateway.library.index.by_id(id)
    assert page and page.title == "Un vrai besoin"


def left(desk: Desk, **values: str) -> str:
    """A page that an editor left for a colleague."""
    address = "/redaction/fiches/need/nouvelle/"
    answered = answers("need", "Le wifi de la gare", **values)
    over = desk.editor.submit(desk.editor.get(address), address, answered)
    done = desk.editor.submit(over, address, {}, button="_leave")
    assert done.status == 303, done.words[:600]
    desk.gateway.worker.work()
    return done.location.rstrip("/").rpartition("/")[2]


def test_what_was_left_is_corrected_and_waits_on(desk: Desk) -> None:
    id = left(desk)
    address = f"/redaction/{id}/corriger/"
    form = desk.editor.get(address)
    over = desk.editor.submit(form, address, {"title": "Le wifi de la place"})
    kept = desk.editor.submit(over, address, {}, button="_leave")
    assert kept.status == 303 and desk.state(id) is State.PROPOSED
    late = desk.editor.submit(form, address, {"title": "Le wifi du quai"})
    late = desk.editor.submit(late, address, {}, button="_leave")
    assert late.status == 409 and "Le wifi du quai" in late.text
    desk.gateway.worker.work()
    assert "Le wifi de la place" in desk.editor.get(f"/redaction/{id}/").words
    assert corrected(desk, id).status == 303
    page = desk.gateway.library.index.by_id(id)
    assert page and page.title == "Le wifi de la place"
    [version, *_] = desk.gateway.forge.history([f"content/{page.path}"])
    assert version.proposed_by


def test_what_a_visitor_sent_is_not_changed_while_it_waits(desk: Desk) -> None:
    """What they read on their receipt is what they wrote, until it is decided."""
    id = id_of(contribute(desk))
    address = f"/redaction/{id}/corriger/"
    over = desk.editor.submit(desk.editor.get(address), address, {"title": "De la rédaction"})
    assert "_leave" not in over.text


def test_opening_hours_are_asked_in_words_and_kept_as_maps_have_them(desk: Desk) -> None:
    receipt = contribute(desk, "actor", opening="lundi au vendredi 9h-12h, 14h-17h30")
    address = f"/redaction/{id_of(receipt)}/corriger/"
    form = desk.editor.get(address)
    kept = dict(form.form("/corriger/").inputs)["opening"]
    assert " ".join(kept.split()) == "Lundi au vendredi : 9 h – 12 h et 14 h – 17 h 30"
    wrong = desk.editor.submit(form, address, {"opening": "mardu 9h-12h"})
    assert wrong.status == 422 and "nous n’avons pas compris « mardu 9h-12h »" in (
        wrong.words.replace("\u202f", " ").replace("Nous", "nous")
    )
    assert dict(wrong.form("/corriger/").inputs)["opening"] == "mardu 9h-12h", "as it was typed"
    assert corrected(desk, id_of(receipt)).status == 303
    page = desk.gateway.library.index.by_id(id_of(receipt))
    assert page and page.data["opening"] == "Mo-Fr 09:00-12:00,14:00-17:30"
