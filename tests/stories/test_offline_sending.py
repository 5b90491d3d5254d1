"""Notes that were kept on a phone: each is sent exactly once, or is told what keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.stories.phones import (
    KEEP,
    NO_LOCKS,
    Host,
    away,
    button,
    host,
    keep,
    kept,
    new_phone,
    note,
    prepare,
    receipt,
    write,
)

FIXTURES = (host, new_phone)


# Never twice


def test_an_answer_that_was_lost_is_asked_for_again(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    """Also when the page was closed meanwhile, and its ticket would be too old a day later."""
    page, before = away(new_phone(), workshop := host.workshop()), host.accepted
    keep(page, "Une réponse perdue")
    taken: list[int] = []

    def lose(route: Route) -> None:
        if "_reviewed" not in (route.request.post_data or ""):
            route.continue_()
            return
        taken.append(route.fetch(max_redirects=0).status)
        route.abort()

    page.context.route(workshop, lose)
    page.context.set_offline(False)
    note(page, "Une réponse perdue").get_by_text("partie, pas encore confirmée").wait_for()
    assert (taken, host.accepted) == ([303], before + 1)
    expect(button(note(page, "Une réponse perdue"), "La relire, la corriger")).to_have_count(0)
    page.close()
    page.context.unroute(workshop)
    host.later[0] += timedelta(days=2)
    page = page.context.new_page()
    page.goto(workshop)
    receipt(page, "Une réponse perdue").wait_for()
    assert host.accepted == before + 1


def test_sending_without_network_says_that_there_is_still_none(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page = away(new_phone(), host.workshop())
    keep(page, "Une note qui attend")
    button(page, "Envoyer maintenant").click()
    page.get_by_text("Toujours pas de réseau").wait_for()
    note(page, "Une note qui attend").get_by_text("pas encore envoyée").wait_for()


@pytest.mark.parametrize("scripts", [(), (NO_LOCKS,)], ids=["locks", "no-locks"])
def test_two_tabs_at_the_same_moment_send_each_note_once(
    host: Host, new_phone: Callable[..., Page], scripts: tuple[str, ...]
) -> None:
    page, before = away(new_phone(*scripts), workshop := host.workshop()), host.accepted
    keep(page, "La première")
    keep(page, "La seconde")
    other = page.context.new_page()
    other.goto(workshop)
    page.context.set_offline(False)
    for tab in (page, other):
        tab.evaluate("Promise.all([Notes.round(), Notes.round()])")
        tab.reload()
        receipt(tab, "La première").wait_for()
        receipt(tab, "La seconde").wait_for()
    assert host.accepted == before + 2


def test_what_is_confirmed_as_the_network_goes_is_sent_later(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = prepare(new_phone(), workshop := host.workshop()), host.accepted
    write(page, "Relue avec réseau")
    button(page, "Relire ma fiche").last.click()
    button(page, "Envoyer ma fiche").first.wait_for()
    page.context.set_offline(True)
    button(page, "Envoyer ma fiche").first.click()
    page.get_by_text("1 note pas encore envoyée").wait_for()
    page.context.set_offline(False)
    receipt(page, "Relue avec réseau").wait_for()
    write(page, "Écrite avec réseau")
    button(page, "Relire ma fiche").last.click()
    button(page, "Envoyer ma fiche").first.click()
    page.get_by_text("C’est bien arrivé.").wait_for()
    page.goto(workshop)
    receipt(page, "Écrite avec réseau").wait_for()
    assert host.accepted == before + 2


def test_what_the_site_cannot_take_just_now_waits(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = away(new_phone(), workshop := host.workshop()), host.accepted
    keep(page, "Un site fatigué")
    page.context.route(workshop, lambda route: route.fulfill(status=503, body="<p>Plus tard"))
    page.context.set_offline(False)
    button(page, "Envoyer maintenant").click()
    note(page, "Un site fatigué").get_by_text("pas encore envoyée").wait_for()
    page.context.unroute(workshop)
    button(page, "Envoyer maintenant").click()
    receipt(page, "Un site fatigué").wait_for()
    assert host.accepted == before + 1


# What a person has to look at


def test_a_note_that_names_somebody_is_read_over_first(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = away(new_phone(), workshop := host.workshop()), host.accepted
    keep(page, "Une personne attend", "Mme Durand attend.")
    page.context.set_offline(False)
    row = note(page, "Une personne attend")
    row.get_by_text("à relire avant l’envoi").wait_for()
    assert host.accepted == before
    other = page.context.new_page()
    other.goto(workshop)
    button(note(other, "Une personne attend"), "La relire et l’envoyer").click()
    expect(other.locator(".told")).to_contain_text("Mme Durand")
    button(row, "La relire et l’envoyer").click()
    expect(page.locator(".told")).to_contain_text("Mme Durand")
    button(page, "Revenir corriger").first.click()
    page.fill("[name=seen]", "Quelqu’un attend.")
    button(page, "Relire ma fiche").last.click()
    button(page, "Envoyer ma fiche").first.click()
    page.get_by_text("C’est bien arrivé.").wait_for()
    page.goto(workshop)
    receipt(page, "Une personne attend").wait_for()
    assert page.locator(".offline-notes li").count() == 1
    assert host.accepted == before + 1
    assert "attend." not in kept(page)


def test_a_note_that_lacks_an_answer_comes_back_with_its_faults(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = away(new_phone(), host.workshop()), host.accepted
    page.fill("[name=title]", "Sans point de vue")
    button(page, KEEP).last.click()
    page.get_by_text("1 note pas encore envoyée").wait_for()
    page.context.set_offline(False)
    row = note(page, "Sans point de vue")
    row.get_by_text("à corriger", exact=True).wait_for()
    button(row, "La corriger").click()
    expect(page.locator("#faults")).to_contain_text("Vous observez en tant que")
    page.context.set_offline(True)
    write(page, "Avec point de vue")
    button(page, "Relire ma fiche").or_(button(page, KEEP)).last.click()
    page.get_by_text("1 note pas encore envoyée").wait_for()
    expect(page.locator("[name=title]")).to_have_value("")
    page.context.set_offline(False)
    receipt(page, "Avec point de vue").wait_for()
    assert page.locator(".offline-notes li").count() == 1
    assert host.accepted == before + 1


def test_the_note_of_a_workshop_that_is_over_is_not_lost(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = away(new_phone(), host.workshop()), host.accepted
    keep(page, "Une note tardive")
    host.later[0] += timedelta(days=15)
    page.context.set_offline(False)
    page.get_by_text("Ce formulaire est fermé.", exact=True).wait_for()
    button(note(page, "Une note tardive"), "L’envoyer hors de l’atelier").click()
    receipt(page, "Une note tardive").wait_for()
    assert host.accepted == before + 1
