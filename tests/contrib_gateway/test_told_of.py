"""What tells of a person is pointed out before it is sent, and a day never enters a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from contrib_gateway.manuscript import document_of
from plugins.schema import Audience, read, validate, write
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import enter, serving
from tests.contrib_gateway.visitor import Visitor, answers, id_of
from tests.pages import parse

SEEN = "Mme Durand, du 12 rue de la Paix, appelle le 06 12 34 56 78 ou écrit à <b>a@b.fr."
QUOTED = (
    "« Mme Durand » ressemble au nom d’une personne",
    "« 12 rue de la Paix » ressemble à une rue",
    "« 06 12 34 56 78 » ressemble à un numéro de téléphone",
    "« a@b.fr » ressemble à une adresse électronique",
)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_names_streets_and_numbers_are_quoted_before_sending_and_nothing_is_refused(
    state: Path, clock: SetClock
) -> None:
    """On the page to review, beside the question when it is corrected, and on the desk."""
    with serving(state, clock) as (gateway, visitor):
        typed = answers("observation", "Vu à l’accueil", seen=SEEN, date="12/03/2026")
        review = visitor.fill("observation", typed)
        told = plain(parse(review.text).one("section", **{"class": "told"}).text)
        assert all(words in told for words in QUOTED)
        assert "Ce que j’ai vu et entendu" in told
        back = visitor.submit(review, "/observation/", {}, "_edit")
        beside = plain(parse(back.text).one("div", id="field-seen").text)
        assert all(words in beside for words in QUOTED)
        receipt = visitor.submit(review, "/observation/", {}).location
        editor = enter(gateway, Visitor(visitor.port))
        desk = editor.get(f"/redaction/{id_of(receipt)}/").words
        assert all(words in desk for words in QUOTED)


def test_a_need_may_name_its_street(state: Path, clock: SetClock) -> None:
    """Names and streets are looked for where people may be recognised."""
    with serving(state, clock) as (_, visitor):
        review = visitor.fill("need", answers("need", "Un guichet rue de la Paix"))
        assert "ressemble" not in review.words


def test_only_the_month_of_a_day_is_kept(state: Path, clock: SetClock) -> None:
    with serving(state, clock) as (gateway, visitor):
        typed = answers("observation", "Vu un jour précis", date="2026-03-12")
        review = visitor.fill("observation", typed)
        assert "mars 2026" in review.words
        assert re.search(r"Mis à jour en \w+ 2026", review.words)
        found = gateway.store.find(id_of(visitor.submit(review, "/observation/", {}).location))
        assert found is not None
        assert found.data["date"] == "2026-03"
        written = write(document_of(found, gateway.library.schema))
        assert "\ndate: 2026-03\n" in written
        assert "2026-03-12" not in written
        month = f"{clock.now:%Y-%m}"
        assert f"\ncreated: {month}\nupdated: {month}\n" in written, "nor when it was written"


def test_a_note_that_was_sent_with_its_day_is_published_with_its_month(
    state: Path, clock: SetClock
) -> None:
    """Its type came to keep months only while it waited."""
    with serving(state, clock) as (gateway, visitor):
        receipt = visitor.contribute("observation", answers("observation", "Vu à l’accueil"))
        sent = gateway.store.find(id_of(receipt))
        assert sent is not None
        old = replace(sent, data={**sent.data, "created": "2026-03-12", "updated": "2026-03-13"})
        written = write(document_of(old, gateway.library.schema))
        assert "\ncreated: 2026-03\nupdated: 2026-03\n" in written


def test_a_day_that_somebody_writes_into_a_file_is_found(state: Path, clock: SetClock) -> None:
    """By whoever reads the file: it is neither dropped unseen nor published."""
    with serving(state, clock) as (gateway, _):
        kind = gateway.library.schema.types["observation"]
        day = "2026-03-12"
        text = f"---\ntitle: Vu\ndate: {day}\ncreated: {day}\nupdated: {day}\n---\n"
        written = read(kind, "vu", text)
        found = validate(kind, written.data, "", gateway.library.index, Audience.FILE)
        told = {one.field for one in found if one.code == "not_a_month"}
        assert told == {"date", "created", "updated"}
