""" "I can help": what people write to the editors about a need arrives, and stays private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from contrib_gateway.forge import Proposal
from contrib_gateway.gateway import Gateway
from contrib_gateway.library import ROOT
from contrib_gateway.store import CONVERSATIONS, Offer
from plugins.render import document_page
from plugins.render.unanswered import unanswered_pages
from plugins.schema import Document, write
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import EDITORS, enter, serving
from tests.contrib_gateway.visitor import Page, Visitor
from tests.pages import parse

LEA, KARIM = EDITORS
HERE = "/redaction/aides/"
VISITOR = "awa.voisine@exemple.org"
NAME, WORDS = "Awa la discrète", "J’ai deux ordinateurs à donner.\nEt le mardi libre."


def published(gateway: Gateway) -> Document:
    """A need that nothing answers, on main."""
    said = {"title": "Des ordinateurs pour apprendre chez soi", "viewpoint": "usager"}
    managed = {"id": "besoin1", "lang": "fr", "created": "2026-11-01", "updated": "2026-11-01"}
    told = {**said, "themes": ["se-former"], **managed}
    need = Document(gateway.library.schema.types["need"], "des-ordinateurs", told)
    files = {ROOT + need.path: write(need).encode()}
    gateway.forge.propose(Proposal("besoin1", "need", need.slug, need.title, files))
    gateway.forge.merge("besoin1", "Nour")
    return need


class House:
    """A gateway with mail and a rate limit, somebody in front of it, an editor at the desk."""

    def __init__(self, gateway: Gateway, visitor: Visitor, box: Mailbox, clock: SetClock) -> None:
        self.gateway, self.visitor, self.box, self.clock = gateway, visitor, box, clock
        self.editor = enter(gateway, Visitor(visitor.port), LEA)
        self.need = published(gateway)
        self.path = f"/aider/{self.need.slug}/"

    def write(self, seconds: float = 20, **values: str) -> Page:
        """As a person does, who takes some seconds."""
        page = self.visitor.get(self.path)
        self.clock.move(seconds=seconds)
        told = {"text": WORDS, "name": NAME, "address": VISITOR, **values}
        return self.visitor.submit(page, self.path, told)

    @property
    def kept(self) -> list[Offer]:
        return self.gateway.store.open_offers()

    def press(self, verb: str, **values: str) -> Page:
        """On the only one there is, open or dealt with."""
        [one] = [*self.kept, *self.gateway.store.done_offers(9)]
        return self.editor.submit(self.editor.get(HERE), f"{one.key}/{verb}/", values)

    def send(self) -> None:
        assert self.gateway.post
        self.gateway.post.work()


@pytest.fixture
def house(state: Path, clock: SetClock, open_box: Mailbox) -> Iterator[House]:
    open_box.received.clear()
    given = {
        "VIGIE_SMTP_URL": open_box.url,
        "VIGIE_EDITORS": f"{LEA}:admin,{KARIM}",
        "VIGIE_RATE_LIMIT": "3/hour",
    }
    with serving(state, clock, **given) as (gateway, visitor):
        yield House(gateway, visitor, open_box, clock)


def test_it_is_read_at_the_desk_and_editors_are_told_of_it_without_a_private_word(
    house: House,
) -> None:
    form = house.visitor.get(house.path)
    assert house.need.title in form.text and "Je peux aider" in form.words
    assert "Set-Cookie" not in form.headers
    sent = house.write()
    assert sent.status == 303
    assert "La rédaction a votre message." in house.visitor.get(sent.location).words
    desk = house.editor.get(HERE)
    assert desk.status == 200
    assert all(word in desk.text for word in (*WORDS.splitlines(), NAME, VISITOR))
    assert house.need.title in desk.text and f"/besoins/{house.need.slug}/" in "".join(desk.links)
    counted = next(
        a for a in parse(house.editor.get("/redaction/").text).all("a") if "aide" in a.text
    )
    assert "1" in counted.text
    house.send()
    told = house.box.wait_for(2)
    assert sorted(message["To"] for message in told) == sorted(EDITORS)
    for message in told:
        text = message.get_content()
        assert HERE in text and house.need.title in " ".join(text.split())
        assert not any(word in str(message) for word in (VISITOR, NAME, "mardi libre"))


def test_the_same_message_sent_twice_is_one_even_long_after(house: House) -> None:
    page = house.visitor.get(house.path)
    house.clock.move(seconds=20)
    for days in (0, 0, 3):
        house.clock.move(days=days)
        told = {"text": WORDS, "address": VISITOR}
        assert house.visitor.submit(page, house.path, told).status == 303
    house.send()
    assert len(house.kept) == 1 and len(house.box.messages) == 2, "one for each editor"
    assert house.visitor.submit(page, house.path, {"text": "Autre"}).status == 422, "a stale page"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "  "}, "Écrivez d’abord votre message."),
        ({"text": "a" * 4001}, "4000 caractères au plus"),
        ({"address": "awa"}, "Donnez une adresse électronique"),
        ({"address": "awa@exemple.org\r\nBcc: tous@exemple.org"}, "Donnez une adresse"),
        ({"name": "x" * 81}, "80 caractères au plus"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    house: House, wrong: dict[str, str], said: str
) -> None:
    told = house.write(**wrong)
    assert told.status == 422 and said in told.words
    [name] = wrong
    assert said in parse(told.text).one("p", id=f"{name}-fault").text
    kept = dict(told.form(house.path).inputs)
    typed = {"text": WORDS, "name": NAME, **wrong}
    for key in ("text", "name"):
        assert kept[key].replace("\r\n", "\n").strip() == typed[key].strip()
    assert house.kept == []


def test_no_address_is_needed_and_nobody_is_asked_to_answer_there(house: House) -> None:
    assert house.write(address="", name="").status == 303
    desk = house.editor.get(HERE)
    assert "pas d’adresse où répondre" in desk.words and "n’a pas dit son nom" in desk.words
    assert not [form for form in desk.forms if form.action.endswith("/repondre/")]


def test_what_a_robot_may_have_sent_is_set_aside_not_refused(house: House) -> None:
    assert house.write(_website="https://spam.example", text="Un").status == 303
    assert house.write(seconds=0, text="Deux").status == 303
    assert house.write(text="Trois <a href='https://spam.example'>ici</a>").status == 303
    assert house.write(text="Quatre").status == 303, "more than three an hour"
    reasons = {one.text.split()[0]: one.reason for one in house.kept}
    assert reasons == {"Un": "honeypot", "Deux": "too_fast", "Trois": "links", "Quatre": "rate"}
    house.send()
    assert house.box.messages == []
    desk = house.editor.get(HERE)
    assert "Personne n’attend" in desk.words and "écrit plus vite" in desk.words
    assert "<a href='https://spam" not in desk.text
    house.clock.move(days=91)
    house.gateway.housekeeper.tidy()
    assert house.kept == []


def test_a_flood_fills_neither_the_database_nor_the_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contrib_gateway.offers.MOST_FROM_CLIENT", 6)
    monkeypatch.setattr("contrib_gateway.views.letters.offers.MOST", 2)
    for number in range(6):
        assert house.write(text=f"Mot {number}").status == 303
    refused = house.write(text="Encore un mot")
    assert refused.status == 429 and "Trop de messages" in refused.words
    assert dict(refused.form(house.path).inputs)["text"].strip() == "Encore un mot"
    desk = house.editor.get(HERE)
    told = [number for number in range(6) if f"Mot {number}" in desk.words]
    assert told == [0, 1, 3, 4], "the oldest of those that wait, and of those set aside"
    assert "1 autre suivra" in desk.words
    house.clock.move(days=1)
    assert house.write(text="Le lendemain").status == 303
    assert house.gateway.store.count_open_offers() == (4, 3)


def test_an_editor_answers_by_mail_and_colleagues_see_it(house: House) -> None:
    house.write(name="Awa\r\nBcc: tous@exemple.org")
    empty = house.press("repondre", text=" ")
    assert empty.status == 422 and "Écrivez d’abord votre réponse" in empty.words
    for _ in range(2):
        assert house.press("repondre", text="Merci !\n-- \nBcc: x").status == 303
    house.send()
    [answer] = [one for one in house.box.wait_for(3) if one["To"] == VISITOR]
    assert answer["Bcc"] is None and "> Merci !" in answer.get_content()
    assert house.path in answer.get_content()
    assert LEA not in str(answer), "the editor's own address"
    assert house.editor.get(HERE).words.count("Merci !") == 1


def test_it_is_dealt_with_by_somebody_and_that_can_be_taken_back(house: House) -> None:
    house.write()
    assert house.press("traiter").status == 303
    assert house.kept == []
    assert "Traité par Lea Martin" in house.editor.get(HERE).words
    assert house.press("rouvrir").status == 303
    assert len(house.kept) == 1
    assert house.editor.post(f"{HERE}nul/traiter/").status == 403
    assert NAME not in house.visitor.get(HERE).text, "who is not signed in"


def test_the_morning_mail_and_the_feed_tell_that_it_waits_and_nothing_private(
    house: House,
) -> None:
    house.write()
    house.gateway.store.wish_daily(KARIM, "fr", True)
    house.gateway.store.renew_feed(LEA)
    [path] = re.findall(r"/redaction/fil/\w+\.atom", house.editor.get("/redaction/compte/").text)[
        :1
    ]
    read = feedparser.parse(house.visitor.get(path).body)
    assert [entry.title for entry in read.entries] == [house.need.title]
    assert urlsplit(read.entries[0].link).path == HERE
    house.clock.now = house.clock.now.replace(hour=9)
    while house.clock.now.weekday() > 4:
        house.clock.move(days=1)
    house.send()
    [daily] = [m for m in house.box.messages if "ce qui attend" in m["Subject"]]
    text = daily.get_content()
    assert "propositions d’aide\u202f: 1" in text and f"{HERE}#" in text
    private = (VISITOR, NAME, "mardi libre")
    assert not any(word in text or word in str(read) for word in private)


def bytes_of(house: House) -> bytes:
    """All of the state folder's files."""
    state = house.gateway.settings.state
    return b"".join(file.read_bytes() for file in state.rglob("*") if file.is_file())


def test_an_answer_on_its_way_is_erased_with_the_message(house: House) -> None:
    house.write()
    house.press("repondre", text="Une réponse secrète")
    assert house.press("effacer").status == 303
    house.send()
    assert all(one["To"] in EDITORS for one in house.box.messages)
    house.gateway.store.shred()
    assert VISITOR.encode() not in bytes_of(house)


@pytest.mark.parametrize("way", ["address", "desk", "time"])
def test_it_is_erased_whole_and_was_never_in_git_nor_in_the_log(
    house: House, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    house.write()
    house.press("repondre", text="Une réponse secrète")
    house.press("traiter")
    house.send()
    assert VISITOR.encode() in bytes_of(house)
    if way == "address":
        assert house.gateway.store.forget_address(VISITOR.upper()) > 0
    elif way == "desk":
        assert house.press("effacer").status == 303
    else:
        house.clock.move(days=CONVERSATIONS.days + 1)
        house.gateway.housekeeper.tidy()
    house.gateway.store.shred()
    left = bytes_of(house)
    for word in (VISITOR, NAME, "deux ordinateurs", "réponse secrète"):
        assert word.encode() not in left, word
        assert word not in caplog.text
    assert "Awa" not in house.editor.get(HERE).words


def test_who_helps_with_what_is_not_there_reads_a_sentence(house: House) -> None:
    missing = house.visitor.get("/aider/rien-du-tout/")
    assert missing.status == 404 and "Il n’y a rien à cette adresse" in missing.words
    assert 'href="/recherche/"' in missing.text
    assert house.visitor.post("/aider/rien-du-tout/", [("text", "x")]).status == 404
    assert house.visitor.post(house.path, [("text", "x")]).status == 422, "without a ticket"


def test_the_page_of_a_need_and_the_list_of_those_without_answer_lead_there(house: House) -> None:
    index = house.gateway.library.index
    theme = house.gateway.theme(index.schema)
    [(_, listed)] = unanswered_pages(theme, index, "fr")
    for page in (document_page(theme, house.need, index), listed):
        links = [a.attributes.get("href", "") for a in parse(page).all("a")]
        assert any(link.endswith(house.path) for link in links)
