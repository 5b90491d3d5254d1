"""Back to those who spoke: who wished it is told what became of their observation, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contrib_gateway.forge import Proposal
from contrib_gateway.gateway import Gateway
from contrib_gateway.library import ROOT
from contrib_gateway.store import FOLLOWED, Store
from plugins.render import document_page
from plugins.schema import Document, Value, write
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import enter, serving
from tests.contrib_gateway.visitor import Page, Visitor, answers, form_path, id_of
from tests.pages import parse

ADDRESS = "awa.qui.observe@exemple.org"
SUBJECT = "ce qu’est devenue votre observation"
NIGHT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
STAMPS: dict[str, Value] = {"lang": "fr", "created": "2026-11-26", "updated": "2026-11-26"}


class House:
    """A gateway with mail, and an observation of somebody who left an address."""

    def __init__(self, gateway: Gateway, visitor: Visitor, box: Mailbox, clock: SetClock) -> None:
        self.gateway, self.visitor, self.box, self.clock = gateway, visitor, box, clock
        self.receipt = ""
        self._numbers = count(1)

    def publish(self, **told: str | Sequence[str]) -> Document:
        """They send it, an editor publishes it."""
        said = {"contact": ADDRESS, "follow": "true", **told}
        sent = answers("observation", "On vient à deux pour une démarche", **said)
        self.receipt = self.visitor.contribute("observation", sent)
        editor = enter(self.gateway, Visitor(self.visitor.port))
        editor.publish(id_of(self.receipt))
        self.gateway.worker.work()
        found = self.gateway.library.index.by_id(id_of(self.receipt))
        assert found
        return found

    def write(self, kind: str, slug: str, **data: Value) -> None:
        """Editors put a page on main, or another in its place."""
        declared = self.gateway.library.schema.types[kind]
        page = Document(
            declared,
            slug,
            {"title": slug.title(), "id": slug.replace("-", "")[:8], **STAMPS, **data},
        )
        key = f"written{next(self._numbers)}"
        files = {ROOT + page.path: write(page).encode()}
        self.gateway.forge.propose(Proposal(key, kind, slug, page.title, files))
        self.gateway.forge.merge(key, "Nour")

    def cite(self, *observed: Document) -> None:
        refs: list[Value] = [one.ref for one in observed]
        finding: Value = {"id": "c1", "claim": "On vient à deux", "supporting": refs}
        said: dict[str, Value] = {"date": "2026-11-26", "summary": "Ce qu’on voit."}
        self.write("synthesis", "a-deux", **said, findings=[finding], themes=["se-former"])

    def need(self, observed: Document, **more: Value) -> None:
        said: dict[str, Value] = {"viewpoint": "usager", "themes": ["se-former"]}
        self.write("need", "un-lieu-pour-deux", **said, heard=[observed.ref], **more)

    def morning(self, days: int = 1) -> list[EmailMessage]:
        """The letters of that kind, some mornings later."""
        for _ in range(days):
            self.clock.move(days=1)
            self.clock.now = self.clock.now.replace(hour=9)
            self.send()
        return self.letters

    def send(self) -> None:
        assert self.gateway.post
        self.gateway.post.work()

    @property
    def letters(self) -> list[EmailMessage]:
        return [one for one in self.box.messages if SUBJECT in one["Subject"]]

    def stop_path(self) -> str:
        return urlsplit(self.letters[-1]["List-Unsubscribe"].strip(" <>\r\n")).path


@pytest.fixture
def house(state: Path, clock: SetClock, open_box: Mailbox) -> Iterator[House]:
    open_box.received.clear()
    clock.now = NIGHT
    with serving(state, clock, VIGIE_SMTP_URL=open_box.url) as (gateway, visitor):
        yield House(gateway, visitor, open_box, clock)


def words(message: EmailMessage) -> str:
    return " ".join(message.get_content().split())


def test_all_that_came_of_a_day_is_in_one_mail_and_no_news_is_told_twice(house: House) -> None:
    observed = house.publish()
    house.cite(observed)
    house.need(observed)
    house.send()
    assert house.letters == [], "it is night"
    house.clock.move(hours=5)
    house.send()
    [letter] = house.letters
    assert letter["To"] == ADDRESS
    text = words(letter)
    assert "Une synthèse la cite\u202f: > A-Deux http" in letter.get_content().replace("\n", " ")
    assert "Un besoin en est né" in text and "/besoins/un-lieu-pour-deux/" in text
    assert "On vient à deux pour une démarche" in text and house.receipt in text
    house.cite(observed)
    assert len(house.morning(3)) == 1, "nothing new"
    house.need(observed, state="repondu")
    assert len(house.morning(2)) == 2
    last = words(house.letters[-1])
    assert "Un besoin qui en est né a reçu une réponse" in last
    assert "synthèse" not in last and "Un besoin en est né" not in last
    house.need(observed, state="etudie", tried="Rien")
    house.need(observed, state="repondu", tried="Rien", frequency="souvent")
    assert len(house.morning(2)) == 2, "answered once more is no news"


def test_who_left_one_address_in_many_notes_gets_few_letters_a_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contrib_gateway.echoes.MOST", 2)
    house.cite(*(house.publish(contact=f"{name}@exemple.org") for name in ("Awa", "awa", "AWA")))
    assert len(house.morning()) == 2
    house.send()
    assert len(house.letters) == 2, "not the same day"
    assert len(house.morning()) == 3
    assert len(house.morning(2)) == 3


def test_a_need_brought_together_with_another_is_not_told_once_more(house: House) -> None:
    observed = house.publish()
    house.need(observed)
    assert len(house.morning()) == 1
    other: dict[str, Value] = {"viewpoint": "usager", "themes": ["se-former"]}
    other |= {"merged": ["need/un-lieu-pour-deux"]}
    house.write("need", "un-autre-besoin", **other, state="etudie")
    assert len(house.morning(2)) == 1
    house.write("need", "un-autre-besoin", **other, state="repondu")
    assert len(house.morning(2)) == 2
    last = words(house.letters[-1])
    assert "/besoins/un-autre-besoin/" in last and "Un besoin en est né" not in last


@pytest.mark.parametrize(
    "told", [{"follow": []}, {"follow": "false"}, {"contact": "", "follow": []}]
)
def test_who_did_not_wish_it_is_told_nothing(
    house: House, told: dict[str, str | Sequence[str]]
) -> None:
    house.cite(house.publish(**told))
    assert house.morning(2) == []


def test_who_wishes_it_without_an_address_is_asked_for_one_beside_it(house: House) -> None:
    sent = answers("observation", "Sans adresse", follow="true")
    told = house.visitor.fill("observation", sent)
    assert told.status == 422
    assert "Laissez ici une adresse" in parse(told.text).one("p", id="contact-fault").text
    kept = told.form(form_path("observation"))
    assert ("follow", "true") in kept.inputs and ("title", "Sans adresse") in kept.inputs


def test_the_receipt_says_what_the_page_says(house: House) -> None:
    observed = house.publish()
    assert "est devenue" not in house.visitor.get(house.receipt).words
    house.cite(observed)
    house.need(observed, state="repondu")
    index = house.gateway.library.index
    public = document_page(house.gateway.theme(index.schema), observed, index)

    def became(page: str) -> str:
        return parse(page).one("section", id="suites-donnees").text

    said = became(house.visitor.get(house.receipt).text)
    assert said == became(public)
    assert "A-Deux" in said and "Ce besoin a reçu une réponse." in said


def test_one_click_or_one_button_ends_it_and_erases_the_address(house: House) -> None:
    observed = house.publish()
    house.cite(observed)
    house.morning()
    path = house.stop_path()
    assert house.letters[-1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    visited = house.visitor.get(path)
    assert visited.status == 303 and visited.location == house.receipt
    assert house.gateway.store.follower(id_of(house.receipt)), "a link only visited ends nothing"
    receipt = house.visitor.get(house.receipt)
    assert "Ne plus recevoir de ses nouvelles" in receipt.words
    for _ in range(2):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        stopped = house.visitor.request("POST", path, "List-Unsubscribe=One-Click", kind)
        assert stopped.status == 200 and "Vous n’en recevrez plus de nouvelles" in stopped.words
    house.need(observed)
    assert len(house.morning(2)) == 1
    assert "Ne plus recevoir de ses nouvelles" not in house.visitor.get(house.receipt).words


def pages(house: House) -> bytes:
    state = house.gateway.settings.state
    return b"".join(file.read_bytes() for file in state.rglob("vigie.sqlite*"))


@pytest.mark.parametrize("way", ["address", "receipt", "undone", "time"])
def test_the_address_goes_when_it_was_promised(house: House, way: str) -> None:
    """Ninety days after the decision the rest is erased; this one stays, for two years."""
    house.publish()
    store, id = house.gateway.store, id_of(house.receipt)
    house.clock.move(days=100)
    house.gateway.housekeeper.tidy()
    found = store.find(id)
    assert found and not found.private and store.follower(id)
    if way == "address":
        assert store.forget_address(ADDRESS.title()) == 1
    elif way == "receipt":
        house.gateway.housekeeper.forget(id)
    elif way == "undone":
        store.mark_undone(id, "Nour", "Un doublon")
    else:
        house.clock.move(days=FOLLOWED.days)
        house.gateway.housekeeper.tidy()
    assert store.follower(id) is None
    store.shred()
    assert ADDRESS.encode() not in pages(house)


def test_who_observed_what_was_taken_off_is_not_kept(house: House) -> None:
    observed = house.publish()
    house.gateway.forge.propose(
        Proposal("gone1", "observation", observed.slug, "Retirer", {ROOT + observed.path: None})
    )
    house.gateway.forge.merge("gone1", "Nour")
    house.morning(3)
    assert house.gateway.store.follower(id_of(house.receipt)) is None
    assert house.letters == []


def test_a_process_killed_while_it_tells_tells_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.cite(house.publish())

    def killed(self: Store, *told: object) -> None:
        raise KeyboardInterrupt

    for name in ("tell", "next_errand"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Store, name, killed)
            house.morning()
    assert house.letters == []
    assert len(house.morning(2)) == 1


def test_where_no_mail_is_sent_nobody_is_asked(state: Path, clock: SetClock) -> None:
    with serving(state, clock) as (_, visitor):
        page: Page = visitor.get(form_path("observation"))
        assert "follow" not in page.form(form_path("observation")).controls
