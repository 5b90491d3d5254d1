"""An editor takes back what was published; its contributor and colleagues are told plainly."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrib_gateway.forge.local.steps import Steps
from contrib_gateway.reconciliation import mended
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github, signed_in
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.visitor import Page, answers, id_of

FIXTURES = (content, desk, github, on_github)


def undo(desk: Desk, id: str, why: str = "") -> Page:
    page = desk.editor.get(f"/redaction/{id}/")
    return desk.editor.submit(page, f"/{id}/annuler/", {"why": why})


def published(desk: Desk) -> str:
    """The receipt of a page that is published."""
    receipt = desk.editor.contribute("need", answers("need", "Le wifi de la gare"))
    desk.gateway.worker.work()
    assert desk.press(id_of(receipt), "publier").status == 303
    return receipt


def test_a_new_page_leaves_the_site_and_its_contributor_is_told_why(desk: Desk) -> None:
    receipt = published(desk)
    id = id_of(receipt)
    assert undo(desk, id, "Publiée <b>trop</b> tôt.").status == 303
    assert desk.gateway.library.index.by_id(id) is None
    assert desk.state(id) is State.DECLINED
    told = desk.editor.get(receipt)
    assert "la page n’est plus sur le site" in told.words
    assert "Publiée <b>trop</b> tôt." in told.words and "<b>" not in told.text
    seen = desk.editor.get(f"/redaction/{id}/").words
    assert "Publication annulée par Lea Martin" in seen
    assert "Lea Martin a annulé la publication" in desk.editor.get("/redaction/journal/").words


def test_killed_before_it_was_recorded_an_undoing_is_noted_all_the_same(
    state: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Nothing catches it."""

    def kill(*_: object) -> None:
        raise Killed

    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, editor):
        id = id_of(published(desk := signed_in(gateway, editor, clock)))
        with monkeypatch.context() as patched:
            patched.setattr(Steps, "record_decline", kill)
            with pytest.raises(Killed):
                gateway.desk.undo(id, "Lea Martin", "Trop tôt")
        assert gateway.library.index.by_id(id) is None and desk.state(id) is State.PUBLISHED
    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, _):
        for difference in gateway.reconciliation().differences():
            assert mended(difference) == "noted"
        found = gateway.store.find(id)
        assert found and (found.state, found.decided_by) == (State.DECLINED, "Lea Martin")
        assert found.reason == "Trop tôt" and not gateway.reconciliation().differences()


def test_a_change_is_taken_back_and_what_others_changed_since_stays(desk: Desk) -> None:
    page = desk.gateway.library.index.of("actor")[0]
    desk.change("a1", page, title="Un autre titre")
    assert desk.press("a1", "publier").status == 303
    now = desk.gateway.library.index.by_id(page.id)
    assert now
    desk.gateway.edition.confirm("Karim Benali", now)
    assert "dira de nouveau ce qu’elle disait avant" in desk.editor.get("/redaction/a1/").words
    assert undo(desk, "a1").status == 303
    after = desk.gateway.library.index.by_id(page.id)
    assert after
    assert (after.title, after.data["verified"]) == (page.title, desk.clock.now.date().isoformat())


def test_what_somebody_changed_since_is_not_overwritten(desk: Desk) -> None:
    page = desk.gateway.library.index.of("actor")[0]
    desk.change("a1", page, title="Un autre titre")
    assert desk.press("a1", "publier").status == 303
    now = desk.gateway.library.index.by_id(page.id)
    assert now
    desk.change("b2", now, title="Encore un titre")
    assert desk.press("b2", "publier").status == 303
    told = undo(desk, "a1", "Une erreur.")
    assert told.status == 409
    assert "Les mots de personne ne sont écrasés" in told.words
    assert "Une erreur." in told.words, "what was typed is kept"
    after = desk.gateway.library.index.by_id(page.id)
    assert after and after.title == "Encore un titre"
    assert desk.state("a1") is State.PUBLISHED


def test_only_what_is_published_can_be_taken_back_and_only_once(desk: Desk) -> None:
    receipt = published(desk)
    id = id_of(receipt)
    page = desk.editor.get(f"/redaction/{id}/")
    assert undo(desk, id, "Non.").status == 303
    again = desk.editor.submit(page, f"/{id}/annuler/", {"why": "Encore."})
    assert again.status == 409
    assert "Lea Martin vient de revenir en arrière" in again.words
    found = desk.gateway.store.find(id)
    assert found and found.reason == "Non."
    waiting = id_of(desk.editor.contribute("need", answers("need", "Autre chose")))
    csrf = ("_csrf", desk.editor.csrf())
    told = desk.editor.post(f"/redaction/{waiting}/annuler/", [csrf])
    assert told.status == 409 and "rien sur quoi revenir" in told.words
    long = desk.editor.post(f"/redaction/{id}/annuler/", [csrf, ("why", "x" * 2001)])
    assert long.status == 422
    assert desk.editor.post(f"/redaction/{waiting}/annuler/").status == 403, "without its token"
