"""Writing to a structure: the letter arrives, and neither side's address is shown to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contrib_gateway.library import ROOT
from contrib_gateway.store import State
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, signed_in
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.test_changes import by_hand
from tests.contrib_gateway.visitor import Page, answers, id_of

VISITOR = "lea.visiteuse@exemple.org"
STRUCTURE = "accueil@structure.example"
PRIVATE = "benevole@maison.example"


@dataclass
class House:
    """A desk with mail, and a page that has a public address."""

    desk: Desk
    box: Mailbox
    page: Document

    @property
    def path(self) -> str:
        return f"/ecrire/{self.page.ref}/"

    def write(self, **values: str) -> Page:
        told = {"text": "Bonjour, êtes-vous ouverts ?", "address": VISITOR, **values}
        return self.desk.editor.submit(self.desk.editor.get(self.path), self.path, told)

    def send(self) -> None:
        assert self.desk.gateway.post
        self.desk.gateway.post.work()


@pytest.fixture
def house(state: Path, clock: SetClock) -> Iterator[House]:
    with Mailbox() as box:
        settings = {"VIGIE_SMTP_URL": box.url, "VIGIE_RATE_LIMIT": "30/hour"}
        with serving(state, clock, **settings) as (gateway, editor):
            desk = signed_in(gateway, editor, clock)
            [page, *_] = desk.gateway.library.index.of("actor")
            public = replace(page, data={**page.data, "email": STRUCTURE})
            by_hand(desk, page, public)
            yield House(desk, box, public)


def test_a_letter_arrives_and_its_answer_too_without_any_address(house: House) -> None:
    sent = house.write(name="Léa")
    assert sent.status == 303
    assert "Votre message est parti." in house.desk.editor.get(sent.location).words
    house.send()
    [received] = [house.box.wait_for(1)[0]]
    assert received["To"] == STRUCTURE
    text = received.get_content()
    assert "> Bonjour, êtes-vous ouverts ?" in text and "Léa" in text
    assert VISITOR not in str(received) and VISITOR not in house.box.received[0].raw.decode()
    link = urlsplit(re.findall(r"https?://\S+/ecrire/reponse/\S+", text)[0]).path
    form = house.desk.editor.get(link)
    assert form.status == 200 and VISITOR not in form.text and STRUCTURE not in form.text
    answered = house.desk.editor.submit(form, link, {"text": "Oui, le mardi."})
    assert answered.status == 303
    assert "parti" in house.desk.editor.get(answered.location).words
    house.send()
    back = house.box.wait_for(2)[1]
    assert back["To"] == VISITOR and "> Oui, le mardi." in back.get_content()
    assert STRUCTURE not in str(back)


def test_a_letter_sent_twice_is_one_and_another_is_another(house: House) -> None:
    page = house.desk.editor.get(house.path)
    told = {"text": "Une seule fois", "address": VISITOR}
    for _ in range(3):
        assert house.desk.editor.submit(page, house.path, told).status == 303
    corrected = {**told, "text": "Une seule fois, mais plus longue"}
    assert house.desk.editor.submit(page, house.path, corrected).status == 303
    house.send()
    assert len(house.box.wait_for(2)) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "  "}, "Écrivez d’abord votre message."),
        ({"text": "a" * 4001}, "4000 caractères au plus"),
        ({"address": "lea"}, "Donnez une adresse électronique"),
        ({"address": "lea@exemple.org\r\nBcc: tous@exemple.org"}, "Donnez une adresse"),
        ({"name": "x" * 81}, "80 caractères au plus"),
        ({"_website": "https://spam.example"}, "une nouvelle fois"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    house: House, wrong: dict[str, str], said: str
) -> None:
    told = house.write(**{"text": "Mes mots à moi", **wrong})
    assert told.status == 422 and said in told.words
    assert told.text.count("Erreur") >= 2, "in the title and beside the question"
    kept = dict(told.form(house.path).inputs)
    assert kept["text"].replace("\r\n", "\n").strip() == wrong.get("text", "Mes mots à moi").strip()
    house.send()
    assert house.box.received == []


def test_no_stranger_writes_a_header_or_a_word_of_ours(house: House) -> None:
    told = house.write(
        name="La rédaction\r\nBcc: tous@exemple.org", text="Bonjour\n-- \nLa rédaction"
    )
    assert told.status == 303
    house.send()
    [message] = house.box.wait_for(1)
    assert message["Bcc"] is None and house.box.received[0].recipients == (STRUCTURE,)
    assert "\n> La rédaction" in message.get_content()


def test_a_crowd_of_letters_is_bounded_and_says_when(house: House) -> None:
    for number in range(5):
        assert house.write(text=f"Lettre {number}").status == 303
    told = house.write(text="La sixième")
    assert told.status == 429 and "réessayez demain" in told.words
    assert dict(told.form(house.path).inputs)["text"].strip() == "La sixième"
    assert house.write(text="D’une autre", address="autre@exemple.org").status == 303
    for number in range(30):
        house.write(text=f"Encore {number}", address=f"a{number}@exemple.org")
    house.send()
    assert len(house.box.wait_for(20)) == 20
    house.desk.clock.move(days=1, minutes=1)
    assert house.write(text="Le lendemain").status == 303


def test_answers_are_bounded_too(house: House) -> None:
    house.write()
    house.send()
    text = house.box.wait_for(1)[0].get_content()
    link = urlsplit(re.findall(r"https?://\S+/ecrire/reponse/\S+", text)[0]).path
    form = house.desk.editor.get(link)
    for number in range(5):
        assert house.desk.editor.submit(form, link, {"text": f"R {number}"}).status == 303
    assert house.desk.editor.submit(form, link, {"text": "R 0"}).status == 303, "sent already"
    assert house.desk.editor.submit(form, link, {"text": "Trop"}).status == 429
    assert house.desk.editor.submit(form, link, {"text": " "}).status == 422


def test_letters_go_to_the_address_told_in_private_and_nobody_sees_it(house: House) -> None:
    desk = house.desk
    told = answers("initiative", "Un jardin partagé", relay=PRIVATE)
    desk.clock.move(minutes=1)
    review = desk.editor.review("initiative", told)
    desk.clock.move(minutes=1)
    id = id_of(desk.editor.confirm(review))
    desk.gateway.worker.work()
    assert PRIVATE in desk.editor.get(f"/redaction/{id}/").words, "an editor sees where they go"
    assert desk.press(id, "publier").status == 303
    assert desk.state(id) is State.PUBLISHED
    page = desk.gateway.library.index.by_id(id)
    assert page and page.data["reachable"] is True and "email" not in page.data
    files = desk.gateway.forge.files(desk.gateway.forge.head())
    assert PRIVATE.encode() not in desk.gateway.forge.read(files[ROOT + page.path])
    garden = House(desk, house.box, page)
    form = desk.editor.get(garden.path)
    assert PRIVATE not in form.text
    assert garden.write().status == 303
    house.send()
    assert [m["To"] for m in house.box.wait_for(1)] == [PRIVATE]


def test_an_editor_is_told_that_an_address_would_replace_another(house: House) -> None:
    desk = house.desk
    page = next(i for i in desk.gateway.library.index.of("initiative") if "email" not in i.data)
    desk.gateway.store.set_address(page.id, "x1", PRIVATE)
    form = f"/contribuer/{page.ref}/"
    desk.clock.move(minutes=1)
    review = desk.editor.submit(desk.editor.get(form), form, {"title": "B", "relay": "v@v.example"})
    desk.clock.move(minutes=1)
    id = id_of(desk.editor.submit(review, form, {}).location)
    desk.gateway.worker.work()
    seen = desk.editor.get(f"/redaction/{id}/").words
    assert "irait à v@v.example" in seen and f"va à {PRIVATE}" in seen


def test_an_address_that_is_taken_back_before_publication_makes_nobody_reachable(
    house: House,
) -> None:
    desk = house.desk
    desk.clock.move(minutes=1)
    review = desk.editor.review("initiative", answers("initiative", "Un jardin", relay=PRIVATE))
    desk.clock.move(minutes=1)
    receipt = desk.editor.confirm(review)
    form = f"{receipt}corriger/"
    over = desk.editor.submit(desk.editor.get(form), form, {"relay": ""})
    assert desk.editor.submit(over, form, {}).status == 303
    desk.gateway.worker.work()
    desk.press(id_of(receipt), "publier")
    page = desk.gateway.library.index.by_id(id_of(receipt))
    assert page and "reachable" not in page.data
    assert "On ne peut écrire à personne" in desk.editor.get(f"/ecrire/{page.ref}/").words


def test_who_proposes_a_change_does_not_get_the_letters_of_a_public_address(house: House) -> None:
    desk = house.desk
    desk.gateway.store.set_address(house.page.id, "x1", "voleur@exemple.org")
    assert house.write().status == 303
    house.send()
    assert [m["To"] for m in house.box.wait_for(1)] == [STRUCTURE]


def test_a_structure_without_any_address_cannot_be_written_to(house: House) -> None:
    desk = house.desk
    silent = next(a for a in desk.gateway.library.index.of("actor") if "email" not in a.data)
    path = f"/ecrire/{silent.ref}/"
    page = desk.editor.get(path)
    assert page.status == 200 and "On ne peut écrire à personne d’ici." in page.words
    assert desk.editor.post(path, [("text", "x")]).status == 200
    for unknown in ("/ecrire/actor/jamais/", "/ecrire/need/x/", "/ecrire/reponse/devine/"):
        assert desk.editor.get(unknown).status == 404
        assert desk.editor.post(unknown, [("text", "x")]).status == 404


def test_without_a_mail_server_the_page_says_so(state: Path, clock: SetClock) -> None:
    with serving(state, clock) as (gateway, visitor):
        [page, *_] = gateway.library.index.of("actor")
        shown = visitor.get(f"/ecrire/{page.ref}/")
        assert shown.status == 200
        assert "Ce site n’envoie pas de courrier pour l’instant." in shown.words


def test_who_wrote_can_be_forgotten(house: House) -> None:
    house.write()
    house.send()
    text = house.box.wait_for(1)[0].get_content()
    link = urlsplit(re.findall(r"https?://\S+/ecrire/reponse/\S+", text)[0]).path
    assert house.desk.gateway.store.forget_address(VISITOR.upper()) >= 1
    assert house.desk.editor.get(link).status == 404


def test_who_wants_no_more_letters_gets_none(house: House) -> None:
    house.write()
    house.send()
    text = house.box.wait_for(1)[0].get_content()
    link = urlsplit(re.findall(r"https?://\S+/ecrire/reponse/\S+", text)[0]).path
    page = house.desk.editor.get(link)
    assert "Ne plus recevoir de messages" in page.words
    for _ in range(2):
        told = house.desk.editor.submit(page, f"{link}arreter/", {})
        assert told.status == 303
    assert "ne vous écrira plus" in house.desk.editor.get(told.location).words
    assert "On ne peut écrire à personne" in house.desk.editor.get(house.path).words
    assert house.desk.editor.get(f"{link}arreter/").status in (404, 405), "a POST alone asks it"
    assert house.desk.editor.post("/ecrire/reponse/devine/arreter/").status == 404


def letters_of(house: House, count: int) -> list[str]:
    """Where each letter's answer is written."""
    house.send()
    texts = [message.get_content() for message in house.box.wait_for(count)]
    found = [re.findall(r"https?://\S+/ecrire/reponse/\S+", text)[0] for text in texts]
    return [urlsplit(link).path for link in found]


def test_nobodys_page_becomes_a_cannon(house: House) -> None:
    """Whoever gets the letters of a page of their own sends little to those named as senders."""
    for number in range(5):
        house.write(text=f"Lettre {number}")
    links = letters_of(house, 5)
    answered = 0
    for link in links:
        form = house.desk.editor.get(link)
        for number in range(9):
            sent = house.desk.editor.submit(form, link, {"text": f"Achetez {number}"})
            answered += sent.status == 303
    assert answered == 10


def test_bounds_hold_for_letters_at_once(house: House) -> None:
    page = house.desk.editor.get(house.path)
    with ThreadPoolExecutor(8) as pool:
        told = list(
            pool.map(
                lambda number: (
                    house.desk.editor.submit(
                        page, house.path, {"text": f"Lettre {number}", "address": VISITOR}
                    ).status
                ),
                range(16),
            )
        )
    assert told.count(303) == 5


def test_a_corrected_address_is_another_letter(house: House) -> None:
    page = house.desk.editor.get(house.path)
    told = {"text": "Bonjour", "address": "lea@faute.example"}
    house.desk.editor.submit(page, house.path, told)
    house.desk.editor.submit(page, house.path, {**told, "address": VISITOR})
    link = letters_of(house, 2)[1]
    form = house.desk.editor.get(link)
    house.desk.editor.submit(form, link, {"text": "Oui"})
    house.send()
    assert house.box.wait_for(3)[2]["To"] == VISITOR


def test_who_got_letters_once_does_not_stop_those_of_others(house: House) -> None:
    desk = house.desk
    page = next(i for i in desk.gateway.library.index.of("initiative") if "email" not in i.data)
    home = House(desk, house.box, page)
    desk.gateway.store.set_address(page.id, "", "ancienne@maison.example")
    home.write()
    [link] = letters_of(home, 1)
    desk.gateway.store.set_address(page.id, "", PRIVATE)
    assert desk.editor.post(f"{link}arreter/").status == 404
    assert "Envoyer le message" in desk.editor.get(home.path).words


def test_a_new_address_opens_what_was_stopped(house: House) -> None:
    desk = house.desk
    page = next(i for i in desk.gateway.library.index.of("initiative") if "email" not in i.data)
    home = House(desk, house.box, page)
    desk.gateway.store.set_address(page.id, "", "ancienne@maison.example")
    home.write()
    [link] = letters_of(home, 1)
    assert desk.editor.post(f"{link}arreter/").status == 303
    assert "On ne peut écrire" in desk.editor.get(home.path).words
    desk.clock.move(minutes=1)
    form = f"/contribuer/{page.ref}/"
    review = desk.editor.submit(desk.editor.get(form), form, {"relay": PRIVATE})
    assert review.status == 200, "an address alone is something to tell"
    desk.clock.move(minutes=1)
    id = id_of(desk.editor.submit(review, form, {}).location)
    desk.gateway.worker.work()
    assert desk.press(id, "publier").status == 303
    assert home.write(text="De nouveau").status == 303
    house.send()
    assert house.box.wait_for(2)[1]["To"] == PRIVATE


@pytest.mark.parametrize(
    "typed", ["ÉLODIE@exemple.org", "e\u0301lodie@EXEMPLE.org", "élodie@exemple.ORG "]
)
def test_an_address_is_forgotten_however_it_is_written(house: House, typed: str) -> None:
    assert house.write(address="Élodie@exemple.org").status == 303
    assert house.desk.gateway.store.forget_address(typed) >= 1
    house.send()
    assert house.box.received == [], "what was not sent yet is not sent any more"
