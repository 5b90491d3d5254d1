"""Notes written without network: kept on the phone, sent when it is back, each exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from contrib_gateway.clock import utc_now
from contrib_gateway.gateway import Gateway
from tests.contrib_gateway.running import copied_state, serving
from tests.stories.conftest import open_page, overflow, violations

PREPARE = "Préparer cet appareil à écrire sans réseau"
KEEP = "Garder sur cet appareil"
COMMON = {
    "date": "2026-11",
    "place": {"territory": "tours"},
    "setting": "atelier",
    "themes": ["chercher-un-emploi"],
}
# The pause between a ticket and its note is for machines that fill in forms; here it is short.
HURRY = "const later = setTimeout; self.setTimeout = (act, ms) => later(act, ms === 2500 ? 9 : ms)"
NO_LOCKS = "if (self.LockManager) LockManager.prototype.request = async (...all) => all.at(-1)({})"
NO_STORE = "IDBFactory.prototype.open = () => { throw new DOMException('', 'QuotaExceededError') }"
FULL = "IDBObjectStore.prototype.put = function () { this.transaction.abort(); }; 0"
KEPT = """async () => JSON.stringify([{...localStorage}, await caches.keys(),
  (await indexedDB.databases()).length && await Notes.list(),
  (await navigator.serviceWorker.getRegistrations()).length])"""


@dataclass
class Host:
    """A gateway, whose clock may be put forward, and what came to it."""

    gateway: Gateway
    url: str
    later: list[timedelta] = field(default_factory=lambda: [timedelta()])

    @property
    def accepted(self) -> int:
        return self.gateway.store.accepted()

    def workshop(self) -> str:
        """The address of a new one."""
        code = self.gateway.workshops.open("observation", COMMON, str(utc_now()), "somebody").code
        return f"{self.url}a/{code}/"


@pytest.fixture(scope="module")
def host(small_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    state = copied_state(small_state, tmp_path_factory.mktemp("offline") / "state")
    later = [timedelta()]

    def clock() -> datetime:
        return utc_now() + later[0]

    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, visitor):
        yield Host(gateway, f"http://127.0.0.1:{visitor.port}/", later)


@pytest.fixture
def new_phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Phones of 360 pixels; no script of theirs may fail."""
    phones: list[BrowserContext] = []
    failures: list[object] = []

    def made(*scripts: str) -> Page:
        page = open_page(browser)
        page.set_default_timeout(5000)
        for script in (HURRY, *scripts):
            page.context.add_init_script(script)
        page.context.on("weberror", lambda error: failures.append(error.error))
        phones.append(page.context)
        return page

    yield made
    for phone in phones:
        phone.close()
    assert failures == []


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def prepare(page: Page, address: str) -> Page:
    """Open a form, and have it kept on this phone."""
    page.goto(address)
    page.locator(".offline summary", has_text="Écrire sans réseau").click()
    button(page, PREPARE).click()
    page.get_by_text("Cet appareil est prêt").wait_for()
    return page


def away(page: Page, address: str) -> Page:
    """A prepared phone without network, its page closed and opened again."""
    prepare(page, address).context.set_offline(True)
    page.close()
    page = page.context.new_page()
    page.set_default_timeout(5000)
    page.goto(address)
    page.get_by_text("Pas de réseau.", exact=True).wait_for()
    page.get_by_text("vous acceptez qu’elle soit publiée").wait_for()
    return page


def write(page: Page, title: str, seen: str = "Six personnes attendent.\nDehors.") -> None:
    page.fill("[name=title]", title)
    page.check("[name=viewpoint][value=usager]")
    page.fill("[name=seen]", seen)
    page.check("[name=consent][value=true]")


def keep(page: Page, title: str, seen: str = "Six personnes attendent.\nDehors.") -> None:
    write(page, title, seen)
    button(page, KEEP).last.click()
    page.get_by_text("Votre note est gardée sur cet appareil").wait_for()
    expect(page.locator("[name=title]")).to_have_value("")


def note(page: Page, title: str) -> Locator:
    """What is told of one, unfolded."""
    page.eval_on_selector(".offline-on details", "fold => { fold.open = true }")
    return page.locator(".offline-notes li", has_text=title)


def receipt(page: Page, title: str) -> Locator:
    """Only what is sent has one."""
    return note(page, title).get_by_role("link", name="Son reçu")


def kept(page: Page) -> str:
    """All that this site keeps on the phone, but the text of its pages."""
    words: str = page.evaluate(KEPT)
    return words


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
