"""What people may do with what they sent: answer, amend, take back, be forgotten; their mails."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from contrib_gateway.errors import AlreadyDecided
from contrib_gateway.library import ROOT
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github, signed_in
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.visitor import Page, Visitor, answers, id_of
from tests.github import GitHub

FIXTURES = (content, desk, github, on_github)
ADDRESS = "zoe.secrete@exemple.org"
NAME = "Zoé-la-secrète"


def contribute(desk: Desk, title: str = "Le wifi de la gare", work: bool = True) -> str:
    """The receipt's path."""
    sent = answers("need", title, contact=ADDRESS, signed_as=NAME, body="Un récit personnel.")
    receipt = desk.editor.contribute("need", sent)
    if work:
        desk.gateway.worker.work()
    return receipt


def press(desk: Desk, receipt: str, verb: str, **values: str) -> Page:
    return desk.editor.submit(desk.editor.get(receipt), f"{receipt}{verb}/", values)


def ask(desk: Desk, receipt: str, question: str = "À quelle heure ?") -> None:
    id = id_of(receipt)
    asked = desk.editor.submit(
        desk.editor.get(f"/redaction/{id}/"), f"/{id}/demander/", {"text": question}
    )
    assert asked.status == 303


def amended(desk: Desk, receipt: str, **values: str) -> Page:
    address = f"{receipt}corriger/"
    review = desk.editor.submit(desk.editor.get(address), address, values)
    assert review.status == 200, review.words[:600]
    return desk.editor.submit(review, address, {})


def test_a_question_is_asked_and_answered(desk: Desk) -> None:
    receipt = contribute(desk)
    ask(desk, receipt)
    shown = desk.editor.get(receipt)
    assert "La rédaction a une question" in shown.words and "À quelle heure ?" in shown.words
    assert press(desk, receipt, "repondre", text="Le soir.").status == 303
    assert "a une question" not in desk.editor.get(receipt).words
    seen = desk.editor.get(f"/redaction/{id_of(receipt)}/")
    assert "Le soir." in seen.words
    assert press(desk, receipt, "repondre", text=" ").status == 422
    long = press(desk, receipt, "repondre", text="a" * 2001)
    assert long.status == 422 and "a" * 2001 in long.text


def test_nothing_of_a_conversation_reaches_the_forge(desk: Desk) -> None:
    receipt = contribute(desk)
    ask(desk, receipt, "Une question secrète ?")
    press(desk, receipt, "repondre", text="Une réponse secrète.")
    desk.press(id_of(receipt), "publier")
    files = desk.gateway.forge.files(desk.gateway.forge.head())
    texts = [desk.gateway.forge.read(blob).decode(errors="replace") for blob in files.values()]
    assert not any("secrète" in t or ADDRESS in t for t in texts)


def test_what_waits_can_be_amended_and_that_is_what_is_published(desk: Desk) -> None:
    receipt = contribute(desk)
    form = desk.editor.get(f"{receipt}corriger/")
    inputs = dict(form.form(f"{receipt}corriger/").inputs)
    assert inputs["title"] == "Le wifi de la gare" and inputs["contact"] == ADDRESS
    assert amended(desk, receipt, title="Le wifi de la place").location == receipt
    desk.gateway.worker.work()
    opened = desk.gateway.forge.opened(id_of(receipt))
    assert opened
    [text] = [data.decode() for data in opened.files.values() if data]
    assert "Le wifi de la place" in text
    assert desk.press(id_of(receipt), "publier").status == 303
    found = desk.gateway.library.index.by_id(id_of(receipt))
    assert found
    assert (found.title, found.slug) == ("Le wifi de la place", "le-wifi-de-la-gare")
    late = desk.editor.get(f"{receipt}corriger/")
    assert late.status == 303


def test_an_amendment_before_the_forge_has_it_is_what_is_proposed(desk: Desk) -> None:
    receipt = contribute(desk, work=False)
    amended(desk, receipt, title="Le wifi de la place")
    desk.gateway.worker.work()
    opened = desk.gateway.forge.opened(id_of(receipt))
    assert opened
    assert "Le wifi de la place" in "".join(d.decode() for d in opened.files.values() if d)


def test_what_was_decided_meanwhile_is_said_and_changes_nothing(desk: Desk) -> None:
    receipt = contribute(desk)
    page, form = desk.editor.get(receipt), desk.editor.get(f"{receipt}corriger/")
    desk.press(id_of(receipt), "publier")
    late = desk.editor.submit(page, f"{receipt}repondre/", {"text": "Attendez"})
    assert late.status == 409 and "décision a été prise entre-temps" in late.words
    assert "Attendez" in late.text
    assert desk.editor.submit(page, f"{receipt}retirer/", {}).status == 409
    assert desk.editor.submit(form, f"{receipt}corriger/", {"title": "Trop tard"}).status == 409
    assert desk.state(id_of(receipt)) is State.PUBLISHED


@pytest.mark.parametrize("work", [True, False])
def test_what_waits_can_be_taken_back(desk: Desk, work: bool) -> None:
    receipt = contribute(desk, work=work)
    page = desk.editor.get(receipt)
    for _ in range(2):
        assert desk.editor.submit(page, f"{receipt}retirer/", {}).status == 303
    desk.gateway.worker.work()
    assert desk.state(id_of(receipt)) is State.WITHDRAWN
    assert desk.gateway.forge.pending() == []
    assert "retirée" in desk.editor.get(receipt).words
    assert not desk.gateway.reconciliation().differences()


def test_an_editor_who_was_faster_is_right(desk: Desk) -> None:
    receipt = contribute(desk)
    id = id_of(receipt)
    desk.gateway.forge.merge(id, "Nour")
    press(desk, receipt, "retirer")
    desk.gateway.worker.work()
    assert desk.state(id) is State.PUBLISHED
    assert not desk.gateway.reconciliation().differences()


def test_who_asks_to_be_forgotten_is(desk: Desk, tmp_path: Path) -> None:
    receipt = contribute(desk)
    ask(desk, receipt)
    press(desk, receipt, "repondre", text="Écrivez à " + ADDRESS)
    assert press(desk, receipt, "oublier").status == 303
    desk.gateway.worker.work()
    shown = desk.editor.get(receipt)
    assert shown.status == 200 and "C’est oublié" in shown.words
    assert "wifi" not in shown.words
    assert desk.gateway.forge.pending() == []
    assert not desk.gateway.reconciliation().differences()
    told = (ADDRESS, NAME, "Le wifi de la gare", "Un récit personnel")
    state = desk.gateway.settings.state
    left = [
        (word, file.name)
        for file in state.iterdir()
        if file.name.startswith("vigie.sqlite")
        for word in told
        if word.encode() in file.read_bytes()
    ]
    assert left == []
    assert desk.editor.get("/redaction/").status == 200
    assert desk.gateway.store.accepted() == sum(desk.gateway.store.counts().values())


@pytest.mark.parametrize("verb", ["repondre", "retirer", "oublier", "corriger"])
def test_a_receipt_that_was_made_up_opens_nothing(desk: Desk, verb: str) -> None:
    receipt = contribute(desk)
    forged = receipt[:-3] + ("aa/" if receipt[-3:] != "aa/" else "bb/")
    for path in (forged, f"/suivi/{id_of(receipt)}/", "/suivi/x/", "/suivi/%00/"):
        assert desk.editor.get(path).status == 404
        assert desk.editor.post(f"{path}{verb}/", [("text", "x")]).status == 404
    assert desk.state(id_of(receipt)) is State.PROPOSED


# Mail


@contextmanager
def posting(state: Path, clock: SetClock, box: Mailbox) -> Iterator[Desk]:
    with serving(state, clock, VIGIE_RATE_LIMIT="off", VIGIE_SMTP_URL=box.url) as (gateway, editor):
        yield signed_in(gateway, editor, clock)


def post(desk: Desk) -> None:
    assert desk.gateway.post
    desk.gateway.post.work()


def test_who_left_an_address_is_told_each_step_once(state: Path, clock: SetClock) -> None:
    with Mailbox() as box, posting(state, clock, box) as desk:
        receipt = contribute(desk)
        for _ in range(2):
            post(desk)
        [first] = box.wait_for(1)
        assert first["To"] == ADDRESS and receipt in first.get_content()
        assert "wifi" not in str(first), "an address that nobody proved is told no stranger's word"
        ask(desk, receipt)
        post(desk)
        assert "À quelle heure ?" in box.wait_for(2)[1].get_content()
        desk.press(id_of(receipt), "publier")
        post(desk)
        desk.gateway.builder.build()
        for _ in range(2):
            post(desk)
        letters = box.wait_for(3)
        assert len(letters) == 3 and "/besoins/le-wifi-de-la-gare/" in letters[2].get_content()


def test_an_address_that_is_told_by_an_amendment_gets_the_receipt(
    state: Path, clock: SetClock
) -> None:
    with Mailbox() as box, posting(state, clock, box) as desk:
        receipt = desk.editor.contribute("need", answers("need", "Sans adresse d’abord"))
        desk.gateway.worker.work()
        for address in (ADDRESS, ADDRESS, "autre@exemple.org"):
            amended(desk, receipt, contact=address, title=f"Pour {address}")
            post(desk)
        assert [m["To"] for m in box.wait_for(2)] == [ADDRESS, "autre@exemple.org"]


def test_nobody_is_flooded_with_receipts_of_what_others_send(state: Path, clock: SetClock) -> None:
    with Mailbox() as box, posting(state, clock, box) as desk:
        for number in range(25):
            contribute(desk, f"Besoin {number}", work=False)
        post(desk)
        assert len(box.wait_for(10)) == 10
        clock.move(days=1, minutes=1)
        contribute(desk, "Le lendemain", work=False)
        post(desk)
        assert len(box.wait_for(11)) == 11


def test_mail_that_cannot_be_sent_is_sent_later(state: Path, clock: SetClock) -> None:
    with Mailbox() as box, posting(state, clock, box) as desk:
        box.fail("450 later", at="RCPT", times=2)
        contribute(desk)
        for _ in range(6):
            post(desk)
            clock.move(minutes=5)
        assert len(box.wait_for(1)) == 1


def test_without_an_address_nothing_is_mailed(state: Path, clock: SetClock) -> None:
    with Mailbox() as box, posting(state, clock, box) as desk:
        receipt = desk.editor.contribute("need", answers("need", "Sans adresse"))
        desk.gateway.worker.work()
        desk.press(id_of(receipt), "publier")
        desk.gateway.builder.build()
        post(desk)
        assert box.received == []


# Time


def test_ninety_days_after_the_decision_nobody_is_known_any_more(desk: Desk) -> None:
    receipt = contribute(desk)
    desk.press(id_of(receipt), "publier")
    store, clock = desk.gateway.store, desk.clock
    clock.move(days=91)
    desk.gateway.housekeeper.work()
    found = store.find(id_of(receipt))
    assert found and (found.private, found.signed_as) == ({}, "")
    with pytest.raises(AlreadyDecided):
        store.answer(found.id, "x")
    assert clock() - found.accepted_at > timedelta(days=90)


# Pictures


def photo(color: str = "red") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(data, "JPEG")
    return data.getvalue()


def upload(visitor: Visitor, name: str, data: bytes, **values: str) -> Page:
    """Send the form of an initiative with a file, as a browser does."""
    page = visitor.get("/contribuer/initiative/")
    sent = page.form("/contribuer/initiative/").filled(answers("initiative", "Un jardin", **values))
    line = "--frontier\r\nContent-Disposition: form-data; name="
    parts = [f'{line}"{key}"\r\n\r\n{value}\r\n'.encode() for key, value in sent]
    file = f'{line}"image-upload"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = b"".join(parts) + file.encode() + data + b"\r\n--frontier--\r\n"
    return visitor.request(
        "POST",
        "/contribuer/initiative/",
        body,
        {"Content-Type": "multipart/form-data; boundary=frontier"},
    )


def test_a_picture_is_shown_in_the_review_and_published_with_the_page(desk: Desk) -> None:
    review = upload(desk.editor, "IMG 0001.JPG", photo(), **{"image-alt": "Un jardin en avril"})
    assert review.status == 200, review.words[:500]
    [jpeg] = [link for link in review.links if "/images/" in link]
    webp = jpeg.removesuffix("jpg") + "webp"
    assert webp in review.text
    assert desk.editor.get(webp).body[8:12] == b"WEBP"
    assert desk.editor.get(jpeg).body[:2] == b"\xff\xd8"
    sent = desk.editor.submit(review, "/contribuer/initiative/", {})
    assert sent.status == 303
    desk.clock.move(hours=3)
    desk.gateway.housekeeper.tidy()
    desk.gateway.worker.work()
    id = id_of(sent.location)
    seen = desk.editor.get(f"/redaction/{id}/")
    assert "content/images" not in seen.words
    assert desk.press(id, "publier").status == 303
    files = desk.gateway.forge.files(desk.gateway.forge.head())
    name = webp.rpartition("/")[2]
    assert f"{ROOT}images/{name}" in files
    assert f"{ROOT}images/{name.removesuffix('webp')}jpg" in files
    desk.clock.move(hours=2)
    desk.gateway.housekeeper.tidy()
    assert desk.gateway.album.files(name) == {}


def test_a_picture_that_cannot_be_taken_keeps_what_was_typed(desk: Desk) -> None:
    told = upload(desk.editor, "x.svg", b"<svg onload=alert(1)>", **{"image-alt": "Un dessin"})
    assert told.status == 422 and "SVG" in told.words
    assert dict(told.form("/contribuer/initiative/").inputs)["title"] == "Un jardin"
    told = upload(desk.editor, "x.jpg", photo())
    assert told.status == 422, "it has no text alternative"
    inputs = dict(told.form("/contribuer/initiative/").inputs)
    assert inputs["image-file"].endswith(".webp"), "a file cannot be chosen again by itself"


def test_a_picture_is_kept_for_an_hour(desk: Desk) -> None:
    review = upload(desk.editor, "a.jpg", photo("blue"), **{"image-alt": "Un jardin"})
    desk.clock.move(hours=2)
    desk.gateway.housekeeper.tidy()
    told = desk.editor.submit(review, "/contribuer/initiative/", {})
    assert told.status == 422 and "choisissez-la de nouveau" in told.words


def sent_with_a_picture(desk: Desk, color: str) -> tuple[str, str]:
    """The receipt's path and the picture's."""
    review = upload(desk.editor, "a.jpg", photo(color), **{"image-alt": "Un jardin"})
    assert review.status == 200, review.words[:500]
    [jpeg] = [link for link in review.links if "/images/" in link]
    sent = desk.editor.submit(review, "/contribuer/initiative/", {})
    assert sent.status == 303
    return sent.location, jpeg


def test_a_picture_is_forgotten_with_what_it_came_with(desk: Desk) -> None:
    receipt, jpeg = sent_with_a_picture(desk, "green")
    desk.gateway.worker.work()
    assert desk.editor.get(jpeg).status == 200
    press(desk, receipt, "oublier")
    assert desk.editor.get(jpeg).status == 404
    assert desk.editor.get(jpeg.replace(".jpg", ".webp")).status == 404
    kept = list((desk.gateway.settings.state / "pictures").iterdir())
    assert kept == []


def test_a_picture_that_another_sent_too_stays_for_them(desk: Desk) -> None:
    mine, jpeg = sent_with_a_picture(desk, "white")
    theirs, same = sent_with_a_picture(desk, "white")
    assert jpeg == same and mine != theirs
    desk.gateway.worker.work()
    press(desk, mine, "oublier")
    assert desk.editor.get(jpeg).status == 200
    press(desk, theirs, "oublier")
    assert desk.editor.get(jpeg).status == 404


def test_what_is_published_keeps_its_picture_when_its_contributor_is_forgotten(desk: Desk) -> None:
    receipt, jpeg = sent_with_a_picture(desk, "black")
    desk.gateway.worker.work()
    assert desk.press(id_of(receipt), "publier").status == 303
    press(desk, receipt, "oublier")
    assert desk.editor.get(jpeg).status == 200, "before the site is built, too"


def test_a_picture_sent_without_a_ticket_is_to_be_chosen_again(desk: Desk) -> None:
    told = upload(desk.editor, "a.jpg", photo("pink"), **{"image-alt": "Un jardin", "_ticket": "x"})
    assert told.status == 422 and "choisissez-la de nouveau" in told.words
    inputs = dict(told.form("/contribuer/initiative/").inputs)
    assert (inputs["title"], inputs["image-alt"]) == ("Un jardin", "Un jardin")
    assert "image-file" not in inputs and desk.gateway.album.size() == 0
    assert desk.gateway.tickets.read("initiative", inputs["_ticket"]), "a fresh one"


def test_the_pull_request_says_what_was_amended(on_github: Desk, github: GitHub) -> None:
    receipt = contribute(on_github)
    amended(on_github, receipt, title="Le wifi de la place")
    on_github.gateway.worker.work()
    [pull] = github.state.pulls
    assert pull.title == "Le wifi de la place"
    assert "Le wifi de la place" in pull.body and "de la gare" not in pull.body
