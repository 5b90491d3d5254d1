"""A workshop: what its notes share, its short address, its paper sheets, and what strangers try."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.settings import RateLimit
from contrib_gateway.store import State, Store, Submission
from contrib_gateway.workshop import LETTERS, new_code, read_code, read_sheet
from plugins.schema import Audience
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.inprocess import EDITOR, Editor, Person
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.running import sample_content, settings_for
from tests.contrib_gateway.strangers import answered, latin
from tests.pages import parse

OPEN = "/contribuer/observation/atelier/"
COMMON = (
    ("date", "12/11/2026"),
    ("place-territory", "tours"),
    ("setting", "atelier"),
    ("themes", "chercher-un-emploi"),
)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_content(tmp_path_factory.mktemp("seed") / "content")


@pytest.fixture
def gateway(tmp_path: Path, seed: Path, clock: SetClock) -> Iterator[Gateway]:
    settings = settings_for(
        tmp_path / "state", VIGIE_EDITORS=f"{EDITOR}:admin", VIGIE_RATE_LIMIT="off"
    )
    gateway = assemble(settings, clock, seed)
    yield gateway
    gateway.store.close()


@pytest.fixture
def person(gateway: Gateway) -> Person:
    return Person(gateway)


def opened(person: Person, *answers: tuple[str, str]) -> str:
    """The code of a new workshop."""
    form = parse(person.get(OPEN).text)
    ticket = form.one("input", name="_ticket").attributes["value"]
    answer = person.post(OPEN, [*(answers or COMMON), ("_ticket", ticket)])
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].split("/")[2]


def written(person: Person, way: str, clock: SetClock, **more: str) -> TestResponse:
    """What answers a note whose form was opened and filled in, where only its own was typed."""
    answer = person.post(way, filled(person, way, **more).items())
    clock.move(seconds=30)
    return answer


def filled(person: Person, way: str, **more: str) -> dict[str, str]:
    form = parse(person.get(way).text).one("form", action=way)
    sent = {i.attributes["name"]: i.attributes["value"] for i in form.all("input", type="hidden")}
    sent |= {
        select.attributes["name"]: option.attributes["value"]
        for select in form.all("select")
        for option in select.all("option")
        if "selected" in option.attributes
    }
    sent |= {
        i.attributes["name"]: i.attributes["value"]
        for i in form.all("input")
        if "checked" in i.attributes or i.attributes.get("name") in ("date", "sheet-number")
    }
    own = {"title": "On vient à deux", "viewpoint": "usager", "seen": "Vu.", "consent": "true"}
    return sent | own | more


def note(person: Person, way: str, clock: SetClock, **more: str) -> Submission:
    """A note sent all the way."""
    review = written(person, way, clock, **more)
    assert review.status_code == 200, review.text
    found = person.gateway.store.find(person.id_of(person.confirm(review)))
    assert found is not None
    return found


def test_notes_begin_with_what_is_common_and_are_counted_by_viewpoint(
    person: Person, clock: SetClock
) -> None:
    """Held, with their common answers, which one of them changed; the page tells how many came."""
    code = opened(person)
    first = note(person, f"/a/{code}/", clock, title="Le premier")
    other = note(person, f"/a/{code}/", clock, viewpoint="institution", setting="entretien")
    assert first.state is other.state is State.HELD
    assert first.data["date"] == "2026-11"
    assert first.data["place"] == {"territory": "tours"}
    assert (first.data["setting"], other.data["setting"]) == ("atelier", "entretien")
    led = parse(person.get(f"/a/{code}/animer/").text)
    assert "2 notes sont arrivées" in led.text
    assert [li.one("strong").text for li in led.one("ul", **{"class": "came"}).all("li")] == list(
        "011"
    )
    assert "Le premier" not in led.text
    desk = Editor(person.gateway).get(f"/redaction/{first.id}/").text
    assert f"Elle vient de l’atelier {code.upper()}." in desk


def test_the_receipt_leads_to_the_next_note(person: Person, clock: SetClock) -> None:
    code = opened(person)
    for way, words in (("", "Écrire la note suivante"), ("saisir/", "Saisir la feuille suivante")):
        sent = person.confirm(written(person, f"/a/{code}/{way}", clock))
        receipt = parse(person.get(sent.headers["Location"]).text)
        again = next(link for link in receipt.all("a") if link.text == words)
        assert again.attributes["href"] == f"/a/{code}/{way}"


def test_a_form_sent_twice_opens_one_workshop(person: Person) -> None:
    ticket = parse(person.get(OPEN).text).one("input", name="_ticket").attributes["value"]
    sent = [*COMMON, ("_ticket", ticket)]
    once, twice = person.post(OPEN, sent), person.post(OPEN, sent)
    assert once.headers["Location"] == twice.headers["Location"]
    other = person.post(OPEN, [*sent[1:], ("date", "2026-10")])
    assert other.headers["Location"] != once.headers["Location"]


def test_a_code_is_understood_however_it_is_typed(person: Person) -> None:
    code = opened(person)
    for typed in (code.upper(), f"{code[:3]}-{code[3:]}", f"{code[:3]} {code[3:]}"):
        for way in ("", "saisir/", "animer/"):
            answer = person.get(f"/a/{typed}/{way}")
            assert answer.headers["Location"] == f"/a/{code}/{way}"
    assert person.get(f"/en/a/{code}/").status_code == 200


def test_a_code_that_nobody_has_leads_nowhere(person: Person) -> None:
    for typed in (*NAUGHTY, "zzzzzz", "bcdfgh", "a" * 900, "%00"):
        code = latin(re.sub(r"[/?#\\]|^\.+$|%2[ef]", "-", typed)).strip() or "-"
        for way in ("", "saisir/", "animer/", "feuille/"):
            assert answered(person.get(f"/a/{code}/{way}")).status_code in (301, 302, 308, 404)


@pytest.mark.parametrize("name", [name for name, _ in COMMON])
def test_common_answers_are_judged_like_any(gateway: Gateway, name: str) -> None:
    """Each is refused beside its question, with a sentence, or taken; nothing breaks."""
    person = Person(gateway)
    ticket = parse(person.get(OPEN).text).one("input", name="_ticket").attributes["value"]
    for typed in NAUGHTY:
        sent = {**dict(COMMON), name: typed, "_ticket": ticket, "contact": "a@b.fr"}
        answer = answered(person.post(OPEN, sent.items()))
        assert answer.status_code in (200, 303, 422)
        if answer.status_code == 303:
            code = answer.headers["Location"].split("/")[2]
            kept = gateway.store.workshop(code)
            assert kept is not None
            assert "contact" not in kept.answers


def test_a_workshop_is_forgotten_after_its_time_and_its_notes_stay(
    person: Person, clock: SetClock
) -> None:
    code = opened(person)
    kept = note(person, f"/a/{code}/saisir/", clock)
    clock.move(days=15)
    assert person.get(f"/a/{code}/").status_code == 404
    assert person.post(f"/a/{code}/", COMMON).status_code == 404
    person.gateway.housekeeper.tidy()
    there = person.gateway.store.find(kept.id)
    assert there is not None
    assert (there.workshop, there.sheet, there.title) == ("", "", kept.title)


def test_a_paper_sheet_is_typed_in_once(person: Person, clock: SetClock) -> None:
    """Its number is offered, never published, and said again to whoever types the same sheet."""
    code = opened(person)
    way = f"/a/{code}/saisir/"
    first = note(person, way, clock)
    assert first.sheet == "1"
    assert "sheet" not in first.data
    assert parse(person.get(way).text).one("input", id="sheet-number").attributes["value"] == "2"
    again = written(person, way, clock, **{"sheet-number": "n° 01"})
    assert again.status_code == 422
    assert "la feuille 1 a déjà été saisie" in again.text
    assert "On vient à deux" in again.text
    without = written(person, way, clock, **{"sheet-number": " "})
    assert "écrivez le numéro qui figure sur la feuille" in without.text.lower()
    person.gateway.store.mark_withdrawn(first.id)
    assert note(person, way, clock, **{"sheet-number": "1"}).sheet == "1"


def test_two_who_type_the_same_sheet_at_once_make_one_note_of_it(
    gateway: Gateway, clock: SetClock
) -> None:
    code = opened(Person(gateway))
    people = [Person(gateway) for _ in range(4)]
    reviews = [written(one, f"/a/{code}/saisir/", clock, **{"sheet-number": "7"}) for one in people]
    with ThreadPoolExecutor(len(people)) as at_once:
        done = list(at_once.map(Person.confirm, people, reviews))
    late = [answer for answer in done if answer.status_code in (409, 422)]  # before, or after
    assert [answer.status_code for answer in done if answer not in late] == [303]
    assert len(late) == 3
    assert all("On vient à deux" in answer.text for answer in late)
    assert gateway.store.workshop_sheets(code) == ("7",)


def test_codes_drawn_at_once_are_different(tmp_path: Path) -> None:
    """Eight people, eight codes that chance could give: each has one; the ninth is told."""
    store = Store(tmp_path / "vigie.sqlite")
    codes = cycle("abcdefgh")

    def open_one(number: int) -> str:
        opened = store.open_workshop(
            f"form {number}",
            type="need",
            answers={},
            life=timedelta(days=1),
            most=20,
            draw=lambda: next(codes),
        )
        return opened.code

    with ThreadPoolExecutor(8) as at_once:
        drawn = list(at_once.map(open_one, range(8)))
    assert sorted(drawn) == list("abcdefgh")
    assert open_one(3) == drawn[3]
    store.close()


def test_a_room_behind_one_address_is_not_taken_for_a_machine(
    tmp_path: Path, seed: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its notes are not, beyond what one address may send; a bound of its own marks a flood."""
    settings = settings_for(tmp_path / "state", VIGIE_RATE_LIMIT="2/hour")
    gateway = assemble(settings, clock, seed)
    person = Person(gateway)
    code = opened(person)
    reasons = [note(person, f"/a/{code}/", clock).reason for _ in range(4)]
    assert set(reasons) == {"screening workshop"}
    monkeypatch.setattr("contrib_gateway.service.NOTES", RateLimit(4, timedelta(days=1)))
    assert note(person, f"/a/{code}/", clock).reason == "screening workshop rate"
    gateway.store.close()


def test_there_is_a_bound_to_workshops_and_what_was_typed_is_kept(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contrib_gateway.workshop.MOST", 1)
    opened(person)
    ticket = parse(person.get(OPEN).text).one("input", name="_ticket").attributes["value"]
    answer = answered(person.post(OPEN, [*COMMON, ("_ticket", ticket)]))
    assert answer.status_code == 429
    page = parse(answer.text)
    assert "Beaucoup d’ateliers ont déjà été ouverts" in page.text
    assert "selected" in page.one("option", value="tours").attributes


def test_each_form_has_its_sheet_with_every_public_question(person: Person) -> None:
    """No private one; a workshop's sheet carries its address, and does not ask what is common."""
    types = person.gateway.library.schema.types.values()
    for kind in (kind for kind in types if kind.contribute):
        sheet = parse(answered(person.get(f"/contribuer/{kind.name}/feuille/")).text)
        asked = [h4.text for h4 in sheet.one("article", **{"class": "sheet"}).all("h4")]
        fields = [f for f in kind.form_fields(Audience.PUBLIC) if f.kind.name != "image"]
        public = [field for field in fields if not field.private]
        assert len(asked) == len(public) + bool(kind.body), kind.name
        assert sheet.all("svg")
    code = opened(person)
    page = parse(person.get(f"/a/{code}/feuille/").text)
    assert "hidden" in page.one("button", **{"data-prints": ""}).attributes, "scripts print"
    assert "Gardez l’adresse" in person.get(f"/a/{code}/animer/").text.partition("<h2")[0]
    sheet = page.one("article")
    assert f"/a/{code}" in sheet.text
    assert "novembre 2026" in sheet.text
    assert "Dans quel cadre" not in sheet.text


def test_codes_and_numbers_are_read_as_hands_write_them() -> None:
    code = new_code()
    assert set(code) <= set(LETTERS)
    assert read_code(f" {code.upper()} ") == code
    assert read_code("ébcdfg") == read_code("bcdfghj") == ""
    assert [read_sheet(text) for text in ("n° 07", "No 7", "7 bis", "  ", "A-3")] == [
        "7",
        "o7",
        "7bis",
        "",
        "a3",
    ]
