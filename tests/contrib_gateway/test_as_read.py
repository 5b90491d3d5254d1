"""What an editor publishes is what was read: not what its contributor made of it meanwhile."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from contrib_gateway.errors import NotAsSeen, Refused
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github, signed_in
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.test_receipts import amended
from tests.contrib_gateway.visitor import answers, id_of

FIXTURES = (content, desk, github, on_github)
HONEST, SPAM = "Le wifi de la gare", "Achetez mes pilules"


@pytest.fixture
def screening(state: Path, clock: SetClock) -> Iterator[Desk]:
    """Everything waits for an editor."""
    settings = {"VIGIE_SCREENING": "before", "VIGIE_RATE_LIMIT": "off"}
    with serving(state, clock, **settings) as (gateway, editor):
        yield signed_in(gateway, editor, clock)


def contribute(desk: Desk, **more: str) -> str:
    return desk.editor.contribute("need", answers("need", HONEST, **more))


def published(desk: Desk, receipt: str) -> str:
    found = desk.gateway.library.index.by_id(id_of(receipt))
    return found.title if found else ""


@pytest.mark.parametrize("works", ["never", "before", "after"])
def test_an_amendment_that_nobody_read_is_not_published(desk: Desk, works: str) -> None:
    """Whether it was queued or proposed when it was read, and whether the forge knows yet."""
    receipt = contribute(desk)
    id = id_of(receipt)
    if works == "before":
        desk.gateway.worker.work()
    page = desk.editor.get(f"/redaction/{id}/")
    amended(desk, receipt, title=SPAM)
    if works == "after":
        desk.gateway.worker.work()
    told = desk.editor.submit(page, f"/{id}/publier/", {})
    assert told.status == 409 and "pendant que vous la lisiez" in told.words
    assert published(desk, receipt) == ""
    assert SPAM in told.words, "the new version is what is read now"
    assert desk.editor.submit(told, f"/{id}/publier/", {}).status == 303
    assert published(desk, receipt) == SPAM
    found = desk.gateway.store.find(id)
    assert found and found.title == SPAM, "the receipt says what is on main"


def test_what_is_held_is_published_as_it_was_read(screening: Desk) -> None:
    receipt = contribute(screening)
    id = id_of(receipt)
    page = screening.editor.get(f"/redaction/{id}/")
    amended(screening, receipt, title=SPAM)
    assert screening.editor.submit(page, f"/{id}/publier/", {}).status == 409
    assert screening.state(id) is State.HELD
    assert published(screening, receipt) == ""


def test_an_address_for_letters_that_nobody_read_is_not_kept(desk: Desk) -> None:
    told = answers("initiative", "Un jardin", relay="vraie@structure.example")
    receipt = desk.editor.contribute("initiative", told)
    desk.gateway.worker.work()
    id = id_of(receipt)
    page = desk.editor.get(f"/redaction/{id}/")
    amended(desk, receipt, relay="voleur@exemple.org")
    desk.gateway.worker.work()
    assert desk.editor.submit(page, f"/{id}/publier/", {}).status == 409
    assert desk.gateway.store.reach(id).address == ""
    seen = desk.editor.get(f"/redaction/{id}/")
    assert "voleur@exemple.org" in seen.words
    assert desk.editor.submit(seen, f"/{id}/publier/", {}).status == 303
    assert desk.gateway.store.reach(id).address == "voleur@exemple.org"


def test_an_address_is_kept_once_and_only_if_an_editor_read_it_here(desk: Desk) -> None:
    told = answers("initiative", "Un jardin", relay="a@structure.example")
    receipts = [desk.editor.contribute("initiative", told) for _ in range(2)]
    desk.gateway.worker.work()
    here, there = map(id_of, receipts)
    desk.press(here, "publier")
    desk.gateway.forge.merge(there, "Nour")  # on the forge itself
    desk.gateway.worker.lookout.touch(there)
    desk.gateway.worker.lookout.look()
    assert desk.state(there) is State.PUBLISHED
    assert desk.gateway.store.reach(there).address == ""
    desk.gateway.store.set_address(here, "", "autre@structure.example")  # told since
    desk.gateway.worker.lookout.touch(here)
    desk.gateway.worker.lookout.look()
    assert desk.gateway.store.reach(here).address == "autre@structure.example"


def test_what_was_thought_better_of_is_not_in_mains_history(state: Path, clock: SetClock) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, editor):
        desk = signed_in(gateway, editor, clock)
        receipt = contribute(desk, body="Madame Durand est malade.")
        gateway.worker.work()
        amended(desk, receipt, body="Une personne est malade.")
        gateway.worker.work()
        assert desk.press(id_of(receipt), "publier").status == 303
        repository = gateway.settings.state / "forge.git"
        log = ["git", "-C", str(repository), "log", "-p", "main"]
        said = subprocess.run(log, capture_output=True, text=True, check=True).stdout
        assert "Une personne est malade" in said and "Durand" not in said


def test_no_question_is_open_once_it_is_decided(desk: Desk) -> None:
    receipts = [contribute(desk) for _ in range(2)]
    desk.gateway.worker.work()
    for receipt in receipts:
        desk.gateway.store.ask(id_of(receipt), "Nour", "Où ?")
    desk.press(id_of(receipts[0]), "publier")
    desk.editor.decline(id_of(receipts[1]), "Un doublon.")
    for receipt in receipts:
        assert "précision demandée" not in desk.editor.get(receipt).words
        assert "a une question" not in desk.editor.get(receipt).words


def test_an_amendment_is_screened_like_what_was_sent(state: Path, clock: SetClock) -> None:
    links = " ".join(f"https://a{n}.example/" for n in range(6))
    with serving(state, clock, VIGIE_RATE_LIMIT="30/hour") as (gateway, editor):
        desk = signed_in(gateway, editor, clock)
        clock.move(minutes=1)
        review = editor.review("need", answers("need", HONEST))
        clock.move(minutes=1)
        receipt = editor.confirm(review)
        id = id_of(receipt)
        gateway.worker.work()
        form = editor.get(f"{receipt}corriger/")
        clock.move(minutes=1)
        over = editor.submit(form, f"{receipt}corriger/", {"body": links})
        assert editor.submit(over, f"{receipt}corriger/", {}).status == 303
        gateway.worker.work()
        opened = gateway.forge.opened(id)
        assert opened and not any(b"a1.example" in (d or b"") for d in opened.files.values())
        seen = desk.editor.get(f"/redaction/{id}/")
        assert "beaucoup de liens" in seen.words and "a1.example" in seen.words
        assert "voici la nouvelle version" in seen.words
        assert desk.editor.submit(seen, f"/{id}/publier/", {}).status == 303
        found = gateway.library.index.by_id(id)
        assert found and "a1.example" in found.body


def test_what_was_amended_unread_is_not_declined_and_the_reason_is_kept(desk: Desk) -> None:
    receipt = contribute(desk)
    id = id_of(receipt)
    desk.gateway.worker.work()
    page = desk.editor.get(f"/redaction/{id}/")
    assert amended(desk, receipt, title="Bien mieux").status == 303
    told = desk.editor.submit(page, f"/{id}/refuser/", {"reason": "Trop court."})
    assert told.status == 409 and "Trop court." in told.text
    assert desk.state(id) is State.PROPOSED
    assert desk.editor.submit(told, f"/{id}/refuser/", {}).status == 303
    assert desk.state(id) is State.DECLINED


def test_amendments_have_an_end(desk: Desk) -> None:
    receipt = contribute(desk)
    for number in range(50):
        assert amended(desk, receipt, title=f"Titre {number}").status == 303
    told = amended(desk, receipt, title="Un de trop")
    assert told.status == 429 and "déjà été changée très souvent" in told.words
    found = desk.gateway.store.find(id_of(receipt))
    assert found and found.title == "Titre 49"


def test_what_is_too_long_is_said_and_kept(desk: Desk) -> None:
    receipt = contribute(desk)
    id = id_of(receipt)
    desk.gateway.worker.work()
    for verb, name in (("demander", "text"), ("refuser", "reason")):
        page = desk.editor.get(f"/redaction/{id}/")
        told = desk.editor.submit(page, f"/{id}/{verb}/", {name: "x" * 2001})
        assert told.status == 422 and "2000 caractères" in told.words and "x" * 2001 in told.text
    for number in range(100):
        desk.gateway.store.answer(id, f"Message {number}")
    page = desk.editor.get(receipt)
    told = desk.editor.submit(page, f"{receipt}repondre/", {"text": "Un de plus"})
    assert told.status == 429 and "Un de plus" in told.text


def test_only_what_differs_is_a_change_whatever_the_order_of_boxes(desk: Desk) -> None:
    """A browser sends boxes in the order of the form: no page of ours is changed by that."""
    index = desk.gateway.library.index
    for page in index.documents:
        if not page.type.contribute:
            continue
        path = f"/contribuer/{page.ref}/"
        told = desk.editor.submit(desk.editor.get(path), path, {})
        assert told.status == 422 and "encore rien changé" in told.words, page.ref


def test_an_amendment_that_the_forge_refuses_once_is_not_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = contribute(desk)
    desk.gateway.worker.work()
    amended(desk, receipt, title="Mieux dit")
    whole = type(desk.gateway.forge).amend

    def refuse(*_: object, **__: object) -> None:
        raise Refused("403: not now")

    monkeypatch.setattr(type(desk.gateway.forge), "amend", refuse)
    desk.gateway.worker.work()
    told = desk.press(id_of(receipt), "publier")
    assert told.status == 502
    monkeypatch.setattr(type(desk.gateway.forge), "amend", whole)
    desk.clock.move(minutes=5)
    desk.gateway.worker.work()
    opened = desk.gateway.forge.opened(id_of(receipt))
    assert opened and any(b"Mieux dit" in (data or b"") for data in opened.files.values())


def test_a_decision_in_code_may_go_without_reading(desk: Desk) -> None:
    receipt = contribute(desk)
    with pytest.raises(NotAsSeen):
        desk.gateway.desk.publish(id_of(receipt), "Nour", "something else")
    desk.gateway.desk.publish(id_of(receipt), "Nour")
    assert published(desk, receipt) == HONEST
