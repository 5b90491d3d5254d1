"""Notes written without network: the form opens, they are kept on the phone, once somebody asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import overflow, violations
from tests.stories.phones import (
    FULL,
    KEEP,
    NO_STORE,
    PREPARE,
    Host,
    away,
    button,
    host,
    keep,
    kept,
    new_phone,
    note,
    receipt,
    write,
)

FIXTURES = (host, new_phone)


# A room without network


def test_a_workshop_without_network_on_two_phones(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    workshop, before = host.workshop(), host.accepted
    one, two = away(new_phone(), workshop), away(new_phone(), workshop)
    keep(one, "On attend devant la porte")
    expect(one.locator("[name=setting]")).to_have_value("atelier")
    keep(one, "On vient à plusieurs")
    keep(two, "Deux guichets se renvoient")
    one.close()
    one = one.context.new_page()
    one.goto(workshop)
    expect(one.get_by_text("2 notes pas encore envoyées")).to_be_visible()
    expect(note(one, "On attend devant")).to_contain_text("pas encore envoyée")
    face = one.locator("[rel=preload]").get_attribute("href")
    assert one.evaluate("async (href) => !!(await caches.match(href))", face), face
    one.set_viewport_size({"width": 320, "height": 700})
    assert (violations(one), overflow(one)) == ([], 0)
    assert host.accepted == before
    for phone in (one, two):
        phone.context.set_offline(False)
    receipt(one, "On vient à plusieurs").wait_for()
    receipt(one, "On attend devant").wait_for()
    receipt(two, "Deux guichets").wait_for()
    expect(one.get_by_text("Aucune note n’attend sur cet appareil")).to_be_visible()
    assert host.accepted == before + 3
    code = workshop.split("/")[-2]
    assert sum(host.gateway.store.workshop_notes(code, "viewpoint").values()) == 3
    assert "Six personnes" not in kept(one)
    receipt(one, "On attend devant").click()
    expect(one.get_by_role("heading", level=1)).to_have_text("On attend devant la porte")


def test_a_note_is_corrected_and_erased_without_network(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = away(new_phone(), host.workshop()), host.accepted
    keep(page, "Une note à corriger", "Avant.")
    keep(page, "Une note de trop")
    page.fill("[name=title]", "Commencée")
    button(page, KEEP).last.click()
    note(page, "Commencée").get_by_text("Il y manque peut-être\u202f: Vous observez").wait_for()
    for title in ("Une note de trop", "Commencée"):
        button(note(page, title), "L’effacer").click()
        button(note(page, title), "Non, garder").click()
        button(note(page, title), "L’effacer").click()
        button(note(page, title), "Oui, effacer").click()
        expect(note(page, title)).to_have_count(0)
    button(note(page, "Une note à corriger"), "La relire, la corriger").click()
    expect(page.locator("[name=seen]")).to_have_value("Avant.")
    expect(page.locator("[name=viewpoint][value=usager]")).to_be_checked()
    keep(page, "Une note corrigée", "Après.")
    page.context.set_offline(False)
    receipt(page, "Une note corrigée").wait_for()
    assert page.locator(".offline-notes li").count() == 1
    assert host.accepted == before + 1


def test_sheets_of_paper_are_typed_in_without_network(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, workshop = new_phone(), host.workshop()
    page = away(page, f"{workshop}saisir/")
    keep(page, "La première feuille")
    expect(page.locator("#sheet-number")).to_have_value("2")
    keep(page, "La deuxième feuille")
    page.context.set_offline(False)
    receipt(page, "La première feuille").wait_for()
    receipt(page, "La deuxième feuille").wait_for()
    assert host.gateway.store.workshop_sheets(workshop.split("/")[-2]) == ("1", "2")


# Only for whoever asks for it


def test_nothing_is_kept_before_it_is_asked_for_nor_after_all_is_forgotten(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page, before = new_phone(), host.accepted
    page.goto(address := f"{host.url}contribuer/observation/")
    page.get_by_role("heading", name="Écrire sans réseau").wait_for()
    nothing = kept(page)
    assert nothing == "[{},[],0,0]"
    page = away(page, address)
    button(page, "Garder un brouillon sur cet appareil").click()
    page.fill("[name=seen]", "Un brouillon")
    page.reload()
    page.get_by_role("button", name="Reprendre mon brouillon").click()
    expect(page.locator("[name=seen]")).to_have_value("Un brouillon")
    keep(page, "Une note sans atelier")
    assert "vigie-draft" not in kept(page)
    page.context.set_offline(False)
    note(page, "Une note sans atelier").get_by_text("à corriger", exact=True).wait_for()
    button(page, "Tout oublier sur cet appareil").click()
    page.get_by_text("seraient perdues").wait_for()
    assert violations(page) == []
    button(page, "Oui, tout oublier").click()
    page.get_by_text("Cet appareil ne garde plus rien.").wait_for()
    assert kept(page) == "[{},[],[],0]"
    assert host.accepted == before
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(address)


def test_a_device_that_keeps_nothing_says_so_and_the_form_goes_on(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page = new_phone(NO_STORE)
    page.goto(host.workshop())
    page.locator(".offline summary", has_text="Écrire sans réseau").click()
    button(page, PREPARE).click()
    page.get_by_text("Cet appareil n’a pas pu être préparé").wait_for()
    write(page, "Comme avant")
    button(page, "Relire ma fiche").last.click()
    button(page, "Envoyer ma fiche").first.wait_for()


def test_a_note_for_which_there_is_no_room_stays_on_the_page(
    host: Host, new_phone: Callable[..., Page]
) -> None:
    page = away(new_phone(), host.workshop())
    page.evaluate(FULL)
    write(page, "Plus de place")
    button(page, KEEP).last.click()
    page.get_by_text("Cette note n’a pas pu être gardée").wait_for()
    expect(page.locator("[name=title]")).to_have_value("Plus de place")
