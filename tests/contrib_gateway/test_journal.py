"""The journal: editors read who did what to which page, and when."""

from __future__ import annotations

import pytest

from contrib_gateway.store import Act
from contrib_gateway.views.journal import SENTENCES
from plugins.render import LANGUAGES
from plugins.render.words import words
from tests.contrib_gateway.desks import Desk
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.visitor import answers, id_of

FIXTURES = (desk,)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_action_has_its_sentence(act: Act, lang: str) -> None:
    said = words(lang).gettext(SENTENCES[act])
    assert said % {"who": "Léa", "what": "« X »"} != said
    assert lang == LANGUAGES[1] or said != SENTENCES[act], "it is not translated"


def test_what_was_done_is_told_with_who_did_it_and_a_link_the_newest_first(desk: Desk) -> None:
    receipt = desk.editor.contribute("need", answers("need", "Le <b>wifi</b> & la gare"))
    id = id_of(receipt)
    desk.gateway.worker.work()
    desk.gateway.store.ask(id, "Nour Ben", "Où ?")
    desk.press(id, "publier")
    page = desk.editor.get("/redaction/journal/")
    published = "Lea Martin a publié « Le <b>wifi</b> & la gare »"
    assert published in page.words
    assert "Nour Ben a posé une question sur" in page.words.partition(published)[2]
    assert f"/redaction/{id}/" in page.links
    assert "<b>" not in page.text
    english = desk.editor.get("/en/redaction/journal/")
    assert "Lea Martin published" in english.words


def test_editors_choose_whose_actions_and_those_of_one_page(desk: Desk) -> None:
    page = desk.gateway.library.index.of("actor")[0]
    desk.gateway.edition.confirm("Karim Benali", page)
    other = id_of(desk.editor.contribute("need", answers("need", "Une autre")))
    desk.gateway.worker.work()
    desk.press(other, "publier")
    his = desk.editor.get("/redaction/journal/?qui=Karim+Benali").words
    assert f"Karim Benali a confirmé que « {page.title} » est toujours exacte" in his
    assert "Une autre" not in his
    about = desk.editor.get(f"/redaction/journal/?fiche={page.ref}").words
    assert "a confirmé" in about and "Une autre" not in about
    about = desk.editor.get("/redaction/journal/?fiche=need/une-autre").words
    assert "a publié" in about and "a confirmé" not in about
    assert "Rien qui corresponde" in desk.editor.get("/redaction/journal/?qui=Personne").words
    for unknown in ("need/jamais", "need/%25", "need/" + "a" * 60_000):
        about = desk.editor.get(f"/redaction/journal/?fiche={unknown}")
        assert about.status == 200 and "Une autre" not in about.words, unknown[:20]


def test_a_page_keeps_its_journal_under_a_new_name_and_when_it_is_gone(desk: Desk) -> None:
    page, edition = desk.gateway.library.index.of("actor")[0], desk.gateway.edition
    edition.confirm("Karim Benali", page)
    renaming = edition.renaming(edition.find("actor", page.slug), "un-autre-nom")
    edition.carry_out("Karim Benali", renaming)
    for name in (page.ref, "actor/un-autre-nom"):
        about = desk.editor.get(f"/redaction/journal/?fiche={name}").words
        assert "a confirmé" in about and "une autre adresse" in about
    now = edition.find("actor", "un-autre-nom")
    edition.carry_out("Karim Benali", edition.taking_off(now))
    about = desk.editor.get("/redaction/journal/?fiche=actor/un-autre-nom").words
    assert "Karim Benali a retiré « actor/un-autre-nom » du site" in about
    desk.gateway.store.log("Nour", Act.TAKEN_OFF, about="actor/Un-Autre-Nom")
    about = desk.editor.get("/redaction/journal/?fiche=actor/un-autre-nom").words
    assert "Nour" not in about.partition("Afficher")[2], "another name is another page"


def test_a_long_journal_has_pages(desk: Desk) -> None:
    for number in range(120):
        desk.gateway.store.log("Nour", Act.CONFIRMED, about=f"actor/fiche-{number:03}")
    seen, path = [], "/redaction/journal/?qui=Nour"
    while path:
        page = desk.editor.get(path)
        seen += [number for number in range(120) if f"fiche-{number:03}" in page.words]
        older = (link for link in page.links if "avant=" in link and link != path)
        path = next(older, "")
    assert sorted(seen) == list(range(120))


@pytest.mark.parametrize(
    "asked", ["avant=x", "avant=-1", "avant=" + "9" * 40, "fiche=%27%22", "qui=%"]
)
def test_an_address_that_somebody_made_up_is_answered(desk: Desk, asked: str) -> None:
    desk.gateway.store.log("Nour", Act.WRITTEN, about="actor/x")
    assert desk.editor.get(f"/redaction/journal/?{asked}").status == 200


def test_lines_of_an_earlier_vigie_and_of_a_later_one_are_told_too(desk: Desk) -> None:
    desk.gateway.store.log("Nour", Act.QUEUED, "gone")
    with desk.gateway.store._writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO journal (at, who, what, submission)"
            " VALUES ('2026-01-01 00:00:00.000000', 'Nour', 'polished', '')"
        )
    page = desk.editor.get("/redaction/journal/")
    assert "Nour a fait « polished »" in page.words


def test_only_editors_read_it(desk: Desk) -> None:
    desk.editor.cookies.clear()
    assert desk.editor.get("/redaction/journal/").status == 403
