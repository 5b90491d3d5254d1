"""Two people at the same moment: one wins and the other is told, or both get what they asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Barrier, Thread
from typing import TypeVar

import pytest

from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.ledger import Ledger, git
from tests.contrib_gateway.running import EDITORS, Server, until
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of

NAMES = ("Lea Martin", "Karim Benali")
ROUNDS = 6
TITLES = count(1)
_T = TypeVar("_T")


def at_once(actions: Sequence[Callable[[], _T]]) -> list[_T]:
    """What each action returns, all begun at the same moment."""
    start = Barrier(len(actions))
    results: dict[int, _T] = {}

    def run(number: int) -> None:
        start.wait()
        results[number] = actions[number]()

    threads = [Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(actions))]


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve()


@pytest.fixture(scope="module")
def editors(server: Server) -> list[Visitor]:
    return [server.editor(address) for address in EDITORS]


def new(server: Server, name: str = "need") -> str:
    """The id of a new submission, proposed unless its type is held."""
    id = id_of(server.visitor().contribute(name, answers(name, f"Course {next(TITLES)}")))
    server.wait_queue()
    return id


@dataclass
class Click:
    """An editor about to press a button: the page is open, the form filled in."""

    editor: Visitor
    id: str
    verb: str
    reason: str

    def __post_init__(self) -> None:
        page = self.editor.get(f"/redaction/{self.id}/")
        form = page.form(f"/{self.verb}/")
        self._inputs = form.filled({"reason": self.reason} if self.verb == "refuser" else {})
        self._action = form.action

    def __call__(self) -> Page:
        return self.editor.post(self._action, self._inputs)


def race(server: Server, editors: list[Visitor], verbs: Sequence[str], name: str) -> None:
    """Both decide on one submission; exactly one decision is made, and the other hears of it."""
    id = new(server, name)
    reasons = ("Une raison de Léa.", "Une raison de Karim.")
    clicks = [Click(*of) for of in zip(editors, [id] * 2, verbs, reasons, strict=True)]
    pages = at_once(clicks)
    statuses = [page.status for page in pages]
    assert sorted(statuses) == [303, 409], [page.words[:600] for page in pages]
    winner = statuses.index(303)
    told = pages[1 - winner].words
    if name == "need":
        assert f"{NAMES[winner]} vient d’en décider" in told
        assert "Votre décision" not in told  # there is nothing left to decide
    else:  # a held one may be caught on its way to the forge
        assert "vient d" in told
    seen = editors[0].get(f"/redaction/{id}/").words
    if verbs[winner] == "publier":
        assert f"Publiée par {NAMES[winner]}" in seen
    else:
        assert f"{NAMES[winner]}" in seen
        assert reasons[winner] in seen
        assert reasons[1 - winner] not in seen


PAIRS = [("publier", "publier"), ("publier", "refuser"), ("refuser", "refuser")]


@pytest.mark.parametrize("verbs", PAIRS, ids="/".join)
@pytest.mark.parametrize("name", ["need", "observation"])
def test_of_two_editors_one_decides_and_the_other_is_told_by_whom(
    server: Server, editors: list[Visitor], verbs: tuple[str, str], name: str
) -> None:
    """On a proposal, and on what was held to be read first."""
    for turn in range(ROUNDS):
        race(server, editors, verbs if turn % 2 else verbs[::-1], name)
    Ledger.read(server.state).assert_balanced()


def test_an_editor_who_clicks_twice_publishes_once(server: Server, editors: list[Visitor]) -> None:
    id = new(server)
    clicks = [Click(editors[0], id, "publier", "") for _ in range(4)]
    statuses = sorted(page.status for page in at_once(clicks))
    assert statuses == [303, 409, 409, 409]
    assert Ledger.read(server.state).merged[id] == 1


def test_several_people_sending_the_same_title_get_a_page_each(
    server: Server, editors: list[Visitor]
) -> None:
    """Their proposals have addresses of their own, and can all be published."""
    given = answers("need", "Le même titre au même moment")
    reviews = [server.visitor().review("need", given) for _ in range(5)]
    receipts = at_once([lambda r=r: server.visitor().confirm(r) for r in reviews])
    assert len(set(receipts)) == 5
    server.wait_queue()
    for receipt in receipts:
        editors[0].publish(id_of(receipt))
    slug = "le-meme-titre-au-meme-moment"
    for path in [slug, *(f"{slug}-{number}" for number in range(2, 6))]:
        server.wait_page(f"/besoins/{path}/")
    Ledger.read(server.state).assert_balanced()


def test_a_double_click_is_one_submission(server: Server) -> None:
    """However many times the button is pressed before the answer comes: one receipt."""
    for _ in range(3):
        before = server.health()["accepted"]
        review = server.visitor().review("need", answers("need", f"Course {next(TITLES)}"))
        receipts = at_once([lambda review=review: server.visitor().confirm(review)] * 6)
        assert len(set(receipts)) == 1
        assert server.health()["accepted"] == before + 1


def test_proposals_published_at_once_are_all_on_the_site(
    server: Server, editors: list[Visitor]
) -> None:
    """Main has a merge of each, and each receipt ends with a link to the page."""
    titles = [f"Ensemble {number}" for number in range(4)]
    receipts = [server.visitor().contribute("need", answers("need", t)) for t in titles]
    server.wait_queue()
    clicks = [
        Click(editors[number % 2], id_of(receipt), "publier", "")
        for number, receipt in enumerate(receipts)
    ]
    assert [page.status for page in at_once(clicks)] == [303] * 4
    for number, receipt in enumerate(receipts):
        until(lambda r=receipt: "C’est en ligne." in server.visitor().get(r).words, "online")
        assert server.visitor().get(f"/besoins/ensemble-{number}/").status == 200
    merged = Ledger.read(server.state).merged
    assert [merged[id_of(receipt)] for receipt in receipts] == [1] * 4
    git(server.state / "forge.git", "fsck", "--strict")
