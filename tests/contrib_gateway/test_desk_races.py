"""Two editors at the same moment, whatever each does: one decision, and the second is told."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from contrib_gateway.store import Act, State
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.running import EDITORS, enter
from tests.contrib_gateway.test_races import at_once
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of

FIXTURES = (content, desk, github, on_github)
NAMES = ("Lea Martin", "Karim Benali")
VALUES = {
    "publier": {},
    "refuser": {"reason": "Un doublon."},
    "demander": {"text": "Où ?"},
    "annuler": {"why": "Trop tôt."},
}
DECISIONS = (Act.PUBLISHED, Act.DECLINED, Act.UNDONE)


@dataclass
class Press:
    """An editor about to press a button: the page is open, the form filled in."""

    editor: Visitor
    id: str
    verb: str

    def __post_init__(self) -> None:
        if self.verb == "ensemble":
            form = self.editor.get(f"/redaction/ensemble/?id={self.id}").form("/ensemble/")
            self._action, self._inputs = form.action, form.filled({})
            return
        form = self.editor.get(f"/redaction/{self.id}/").form(f"/{self.verb}/")
        self._action, self._inputs = form.action, form.filled(VALUES[self.verb])

    def __call__(self) -> Page:
        return self.editor.post(self._action, self._inputs)


def editors(desk: Desk) -> list[Visitor]:
    return [desk.editor, enter(desk.gateway, Visitor(desk.editor.port), EDITORS[1])]


def waiting(desk: Desk, title: str = "Le wifi de la gare") -> str:
    id = id_of(desk.editor.contribute("need", answers("need", title)))
    desk.gateway.worker.work()
    return id


def decisions(desk: Desk, id: str) -> list[str]:
    return [entry.what for entry in desk.gateway.store.journal(id) if entry.what in DECISIONS]


def deciders(desk: Desk, id: str) -> list[str]:
    return [entry.who for entry in desk.gateway.store.journal(id) if entry.what in DECISIONS]


@pytest.mark.parametrize(
    "verbs", [("publier", "publier"), ("publier", "refuser"), ("refuser", "refuser")], ids="/".join
)
def test_of_two_decisions_one_is_made(desk: Desk, verbs: tuple[str, str]) -> None:
    id = waiting(desk)
    presses = [Press(one, id, verb) for one, verb in zip(editors(desk), verbs, strict=True)]
    pages = at_once(presses)
    statuses = [page.status for page in pages]
    assert sorted(statuses) == [303, 409], [page.words[:500] for page in pages]
    first = statuses.index(303)
    assert deciders(desk, id) == [NAMES[first]]
    assert f"{NAMES[first]} vient d’en décider" in pages[1 - first].words


def test_what_is_published_is_taken_back_once(desk: Desk) -> None:
    id = waiting(desk)
    desk.press(id, "publier")
    pages = at_once([Press(one, id, "annuler") for one in editors(desk)])
    statuses = [page.status for page in pages]
    assert sorted(statuses) == [303, 409], [page.words[:500] for page in pages]
    first = statuses.index(303)
    assert decisions(desk, id) == [Act.UNDONE, Act.PUBLISHED]
    assert deciders(desk, id)[0] == NAMES[first]
    assert f"{NAMES[first]} vient de revenir en arrière" in pages[1 - first].words
    assert desk.gateway.library.index.by_id(id) is None


def test_an_undo_stands_against_a_publication_from_a_page_read_before(desk: Desk) -> None:
    id = waiting(desk)
    one, other = editors(desk)
    late = Press(other, id, "publier")
    Press(one, id, "publier")()
    undone, told = at_once([Press(one, id, "annuler"), late])
    assert (undone.status, told.status) == (303, 409)
    assert "Lea Martin" in told.words
    assert decisions(desk, id) == [Act.UNDONE, Act.PUBLISHED]
    assert desk.state(id) is State.DECLINED


def test_a_question_and_a_decline_at_once_leave_no_question_open(desk: Desk) -> None:
    id = waiting(desk)
    one, other = editors(desk)
    declined, asked = at_once([Press(one, id, "refuser"), Press(other, id, "demander")])
    assert declined.status == 303
    assert asked.status in (303, 409)
    found = desk.gateway.store.find(id)
    assert found and (found.state, found.asked) == (State.DECLINED, False)
    assert decisions(desk, id) == [Act.DECLINED]
    if asked.status == 409:
        assert "Lea Martin vient d’en décider" in asked.words


def test_one_of_several_that_a_colleague_decides_alone_is_decided_once(desk: Desk) -> None:
    id, beside = waiting(desk), waiting(desk, "Une salle pour répéter")
    one, other = editors(desk)
    form = one.get(f"/redaction/ensemble/?id={id}&id={beside}").form("/ensemble/")
    alone = Press(other, id, "refuser")
    several, told = at_once([lambda: one.post(form.action, form.filled({})), alone])
    assert several.status == 303
    report = one.get(several.location).words
    (decider,) = deciders(desk, id)
    assert re.search(f"(par|de) {decider}", report), "each is told who decided"
    assert told.status == (303 if decider == NAMES[1] else 409)
    assert deciders(desk, beside) == [NAMES[0]], "the others are decided all the same"
