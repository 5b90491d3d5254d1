"""What people are told of what they just did: at the desk, on a receipt, in a form."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, content
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.visitor import Page, answers, form_path, id_of
from tests.pages import Element, parse

FIXTURES = (content, desk)
TITLE = "Le wifi de la gare"
NAME, ADDRESS = "Awa", "awa@exemple.org"


def contribute(desk: Desk, title: str = TITLE) -> str:
    receipt = desk.editor.contribute("need", answers("need", title, signed_as=NAME))
    desk.gateway.worker.work()
    return receipt


def on_receipt(desk: Desk, receipt: str, verb: str, **values: str) -> Page:
    shown = desk.editor.get(receipt)
    assert desk.editor.submit(shown, f"{receipt}{verb}/", values).status == 303
    return desk.editor.get(receipt)


def at_desk(desk: Desk, receipt: str, verb: str, **values: str) -> Page:
    here = f"/redaction/{id_of(receipt)}/"
    return desk.editor.submit(desk.editor.get(here), f"{here}{verb}/", values)


def line(desk: Desk, title: str = TITLE) -> str:
    """What the list of the desk says of it."""
    rows = parse(desk.editor.get("/redaction/").text).all("tr")
    return next(row.text for row in rows if title in row.text)


def faults(page: Page) -> Element:
    summary = parse(page.text).one("div", id="faults")
    assert "autofocus" in page.text
    return summary


def order(page: Page, *words: str) -> None:
    """These stand on the page, in this order."""
    places = [page.words.index(one) for one in words]
    assert places == sorted(places), words


# At the desk


@pytest.mark.parametrize(("verb", "asked"), [("demander", "text"), ("refuser", "reason")])
def test_what_an_editor_left_empty_is_met_first(desk: Desk, verb: str, asked: str) -> None:
    page = at_desk(desk, contribute(desk), verb, **{asked: " "})
    assert page.status == 422
    [link] = faults(page).all("a")
    assert f'href="#{asked}"' in page.text and f'id="{asked}"' in page.text
    assert "la lira" in link.text
    assert page.words.index("la lira") < page.words.index("Ce qu’elle dit")


def test_the_desk_says_what_was_asked_and_what_has_an_answer(desk: Desk) -> None:
    receipt = contribute(desk)
    here = f"/redaction/{id_of(receipt)}/"
    assert "nouvelle fiche" in line(desk) and "question" not in line(desk)
    assert "courriel" not in desk.editor.get(here).words

    assert at_desk(desk, receipt, "demander", text="À quelle heure ?").status == 303
    order(desk.editor.get(here), "Votre question est envoyée.", "Ce qu’elle dit", "À quelle heure")
    assert "question posée" in line(desk)

    on_receipt(desk, receipt, "repondre", text="À midi.")
    shown = desk.editor.get(here)
    order(shown, "La question posée a une réponse.", "Ce qu’elle dit", "À midi.")
    assert "Votre question est envoyée" not in shown.words
    assert "répondu depuis" in line(desk)
    assert at_desk(desk, receipt, "publier").status == 303
    assert "a une réponse" not in desk.editor.get(here).words


def test_a_change_is_told_from_a_new_page_and_shown_before_it_is_sent(desk: Desk) -> None:
    [page, *_] = desk.gateway.library.index.of("actor")
    form = f"/contribuer/{page.ref}/"
    review = desk.editor.submit(desk.editor.get(form), form, {"title": "Un autre titre"})
    order(review, "Votre correction n’est pas encore envoyée", "Ce que vous changez", page.title)
    order(review, "vous acceptez", "Chacun peut la reprendre ailleurs", "Licence Ouverte")
    assert "la publie ou vous dit pourquoi non" in review.words
    shown = parse(review.text).one("table").text
    assert page.title in shown and "Un autre titre" in shown
    sent = desk.editor.submit(review, form, {})
    desk.gateway.worker.work()
    assert sent.status == 303
    assert "modification" in line(desk, "Un autre titre")


def test_nothing_to_send_is_said_in_its_own_words(desk: Desk) -> None:
    [page, *_] = desk.gateway.library.index.of("actor")
    form = f"/contribuer/{page.ref}/"
    told = desk.editor.submit(desk.editor.get(form), form, {})
    assert told.status == 422
    assert faults(told).one("h2").text == "Rien à envoyer"


def test_a_fault_beside_its_question_does_not_repeat_it(desk: Desk) -> None:
    values = {name: v for name, v in answers("need", "X").items() if name != "title"}
    told = desk.editor.fill("need", {**values, "title": ""})
    beside = parse(told.text).one("p", id="title-fault").text.replace("\u202f", " ")
    assert beside == "Erreur : Écrivez une réponse, elle est nécessaire."
    assert "Quel est le besoin" in faults(told).text


def test_the_words_that_come_with_a_picture_are_read_at_the_desk(desk: Desk) -> None:
    [page, *_] = desk.gateway.library.index.of("initiative")
    picture = {"file": "abc.jpg", "alt": "Un banc sous un arbre", "credit": "Zoé"}
    desk.change("photo1", page, image=picture)  # type: ignore[arg-type]
    table = parse(desk.editor.get("/redaction/photo1/").text).one("table").text
    assert "Un banc sous un arbre" in table and "Zoé" in table


# On a receipt


def test_a_receipt_says_what_was_just_taken_in(desk: Desk) -> None:
    receipt = contribute(desk)
    order(
        desk.editor.get(receipt), "La rédaction l’a reçue", "Gardez ce lien", "Entre la rédaction"
    )
    form = desk.editor.get(f"{receipt}corriger/")
    assert receipt in form.links and "Votre contribution" in form.words
    review = desk.editor.submit(form, f"{receipt}corriger/", {"title": "Le wifi de la place"})
    assert "Voici ce que vous avez envoyé, avec votre correction" in review.words
    assert desk.editor.submit(review, f"{receipt}corriger/", {}).location == receipt
    shown = desk.editor.get(receipt)
    order(shown, "Le wifi de la place", "Votre correction est arrivée.", "Gardez ce lien")
    order(on_receipt(desk, receipt, "repondre", text="Merci !"), "Votre réponse est arrivée.")


def test_who_is_forgotten_reads_what_is_erased_and_what_stays(desk: Desk) -> None:
    receipt = contribute(desk)
    assert at_desk(desk, receipt, "publier").status == 303
    desk.gateway.worker.work()
    before = desk.editor.get(receipt)
    assert "votre nom" not in before.words
    assert "reste dans son historique public" in before.words
    assert any("vos-donnees" in link for link in before.links)
    shown = on_receipt(desk, receipt, "oublier")
    assert "le nom que vous avez choisi reste dans son historique public" in shown.words
    assert not re.search("Décidée? le|Gardez ce lien|Où elle en est", shown.words)


def test_a_receipt_s_link_with_wrong_letters_says_so(desk: Desk) -> None:
    receipt = contribute(desk)
    wrong = desk.editor.get(f"{receipt[:-4]}zzz/")
    assert wrong.status == 404
    assert "Ce lien ne mène à aucun reçu" in wrong.words


# Without mail


def test_where_no_mail_is_sent_no_address_is_asked_for(desk: Desk, state: Path) -> None:
    for name in ("need", "initiative"):
        asked = desk.editor.get(form_path(name)).form(form_path(name)).controls
        assert "signed_as" in asked
        assert not {"contact", "relay"} & set(asked)


def test_where_mail_is_sent_addresses_are_asked_for(state: Path, clock: SetClock) -> None:
    with Mailbox() as box, serving(state, clock, VIGIE_SMTP_URL=box.url) as (_, visitor):
        asked = visitor.get(form_path("initiative")).form(form_path("initiative")).controls
        assert {"contact", "relay"} <= set(asked)


def test_where_no_mail_is_sent_a_letter_s_page_shows_the_contacts_of_the_page(desk: Desk) -> None:
    [page, *_] = desk.gateway.library.index.of("actor")
    told = replace(page, data={**page.data, "phone": "02 47 00 00 00", "email": ADDRESS})
    desk.change("actor1", page, phone="02 47 00 00 00", email=ADDRESS)
    assert desk.press("actor1", "publier").status == 303
    shown = desk.editor.get(f"/ecrire/{told.ref}/")
    assert "Ce site n’envoie pas de courrier pour l’instant." in shown.words
    assert ADDRESS in shown.words
    assert "47" in shown.words


def test_strangers_at_the_desk_s_door_are_told_whom_to_ask(desk: Desk) -> None:
    desk.editor.cookies.clear()
    door = desk.editor.get("/redaction/")
    order(
        door, "Demandez-en un à la personne qui tient ce site", "Vous tenez ce site", "vigie login"
    )
    assert "vigie login" in parse(door.text).all("details")[-1].text
