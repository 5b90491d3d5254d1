"""What is held to be looked at first: never refused, never lost, and the desk says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import EDITORS, enter, serving
from tests.contrib_gateway.visitor import Visitor, answers, id_of

PUT_ASIDE = "Mise de côté par un contrôle automatique"


def state_of(gateway: Gateway, receipt: str) -> State:
    gateway.worker.work()
    found = gateway.store.find(id_of(receipt))
    assert found is not None
    return found.state


def desk_says(gateway: Gateway, visitor: Visitor, receipt: str) -> str:
    editor = enter(gateway, Visitor(visitor.port))
    return editor.get(f"/redaction/{id_of(receipt)}/").words


def sent(visitor: Visitor, clock: SetClock, title: str, seconds: float = 30) -> str:
    """The receipt of a need whose author took `seconds` from the form to the confirmation."""
    review = visitor.review("need", answers("need", title))
    clock.move(seconds=seconds)
    return visitor.confirm(review)


def test_many_from_one_place_are_held_and_flow_again_later(state: Path, clock: SetClock) -> None:
    """With 3/hour, the fourth has its receipt too, but an editor looks first; an hour later the
    next one goes its way.
    """
    with serving(state, clock, VIGIE_RATE_LIMIT="3/hour") as (gateway, visitor):
        receipts = [sent(visitor, clock, f"Atelier {number}") for number in range(5)]
        states = [state_of(gateway, receipt) for receipt in receipts]
        assert states == [State.PROPOSED] * 3 + [State.HELD] * 2
        assert "C’est bien arrivé." in visitor.get(receipts[4]).words
        held = gateway.store.find(id_of(receipts[4]))
        assert held is not None
        assert held.reason == "rate"
        assert PUT_ASIDE in desk_says(gateway, visitor, receipts[4])
        clock.move(hours=1)
        assert state_of(gateway, sent(visitor, clock, "Le lendemain")) is State.PROPOSED


def test_a_form_sent_faster_than_anyone_types_is_held(state: Path, clock: SetClock) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="30/hour") as (gateway, visitor):
        fast = sent(visitor, clock, "Trop vite", seconds=1)
        assert state_of(gateway, fast) is State.HELD
        found = gateway.store.find(id_of(fast))
        assert found is not None
        assert found.reason == "too_fast"
        assert state_of(gateway, sent(visitor, clock, "Posément")) is State.PROPOSED


def test_who_fills_in_the_invisible_field_is_held(state: Path, clock: SetClock) -> None:
    """Through the page to review and back through the form as well."""
    with serving(state, clock) as (gateway, visitor):
        robot = answers("need", "Achetez ceci", _website="https://spam.example/")
        review = visitor.fill("need", robot)
        clock.move(minutes=1)
        receipt = visitor.submit(review, "/need/", {}).location
        assert state_of(gateway, receipt) is State.HELD
        found = gateway.store.find(id_of(receipt))
        assert found is not None
        assert "honeypot" in found.reason
        assert PUT_ASIDE in desk_says(gateway, visitor, receipt)


def test_a_site_may_look_at_everything_first(state: Path, clock: SetClock) -> None:
    """VIGIE_SCREENING=before: nothing reaches the repository, which may be public, unseen."""
    with serving(state, clock, VIGIE_SCREENING="before") as (gateway, visitor):
        receipt = sent(visitor, clock, "À lire d’abord")
        assert state_of(gateway, receipt) is State.HELD
        assert gateway.forge.pending() == []
        editor = enter(gateway, Visitor(visitor.port))
        editor.publish(id_of(receipt))
        assert state_of(gateway, receipt) is State.PUBLISHED


@pytest.mark.parametrize("hours", [25, 24 * 40])
def test_a_form_left_open_for_long_is_not_lost(state: Path, clock: SetClock, hours: int) -> None:
    """Confirmed with an expired ticket, everything typed is shown to be read over once more, with
    a fresh ticket that then serves.
    """
    with serving(state, clock) as (gateway, visitor):
        action, inputs = visitor.review("need", answers("need", "Oublié dans un onglet"))
        clock.move(hours=hours)
        page = visitor.post(action, inputs)
        assert page.status == 200
        assert "Oublié dans un onglet" in page.words
        again = page.form(action).filled({})
        assert dict(again)["_ticket"] != dict(inputs)["_ticket"]
        assert sum(gateway.store.counts().values()) == 0
        clock.move(minutes=1)
        assert state_of(gateway, visitor.confirm((action, again))) is State.PROPOSED


def test_sending_again_after_the_ticket_expired_finds_the_receipt(
    state: Path, clock: SetClock
) -> None:
    """Who comes back to a tab of last week and presses the button again sends nothing twice."""
    with serving(state, clock) as (gateway, visitor):
        review = visitor.review("need", answers("need", "Renvoyé une semaine après"))
        clock.move(minutes=1)
        receipt = visitor.confirm(review)
        clock.move(days=7)
        assert visitor.confirm(review) == receipt
        assert sum(gateway.store.counts().values()) == 1


def test_a_form_filled_in_before_a_restart_can_be_sent_after(state: Path, clock: SetClock) -> None:
    """Tickets and seals outlive the process: they are kept by whoever has the page open."""
    with serving(state, clock) as (_, visitor):
        review = visitor.review("need", answers("need", "Entre deux redémarrages"))
    clock.move(minutes=5)
    with serving(state, clock) as (gateway, visitor):
        assert state_of(gateway, visitor.confirm(review)) is State.PROPOSED


def test_a_link_to_the_desk_and_a_session_end(state: Path, clock: SetClock) -> None:
    """A link unused for 15 minutes, a session of half a day: 403, and how to have another."""
    with serving(state, clock) as (gateway, visitor):
        link = f"/redaction/entrer/{gateway.store.create_login(EDITORS[0])}/"
        clock.move(minutes=16)
        assert visitor.post(link).status == 403
        enter(gateway, visitor)
        assert visitor.get("/redaction/").status == 200
        clock.move(hours=12, seconds=1)
        assert visitor.get("/redaction/").status == 403


def test_who_is_no_editor_any_more_is_out_at_once(state: Path, clock: SetClock) -> None:
    """A session lasts no longer than one's name in VIGIE_EDITORS."""
    with serving(state, clock) as (gateway, visitor):
        enter(gateway, visitor)
        cookies = visitor.cookies
    with serving(state, clock, VIGIE_EDITORS=EDITORS[1]) as (_, visitor):
        visitor.cookies = cookies
        assert visitor.get("/redaction/").status == 403


LONG = "Nos prix défient toute concurrence et notre équipe répond à toute heure du jour. " * 2


def test_what_looks_like_an_advertisement_is_held_and_the_desk_says_why(
    state: Path, clock: SetClock
) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="30/hour") as (gateway, visitor):

        def send(title: str, body: str) -> str:
            clock.move(minutes=10)
            review = visitor.review("need", answers("need", title, body=body))
            clock.move(seconds=30)
            return visitor.confirm(review)

        spam = send("Prix", " ".join(f"https://a{n}.example/" for n in range(6)))
        assert state_of(gateway, spam) is State.HELD
        assert "beaucoup de liens" in desk_says(gateway, visitor, spam)
        assert state_of(gateway, send("Une fois", LONG)) is State.PROPOSED
        again = send("Une autre fois", LONG + "Appelez.")
        assert state_of(gateway, again) is State.HELD
        assert "presque le même texte" in desk_says(gateway, visitor, again)


def test_the_address_of_a_site_where_a_question_asks_for_it_is_no_advertisement(
    state: Path, clock: SetClock
) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="30/hour") as (gateway, visitor):
        told = answers("initiative", "Un jardin", url="https://jardin.example/")
        review = visitor.review("initiative", told)
        clock.move(seconds=30)
        assert state_of(gateway, visitor.confirm(review)) is State.PROPOSED
