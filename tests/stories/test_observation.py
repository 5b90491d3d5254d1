"""The observation, whole: a room without network, findings, a need answered, a withdrawal."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from contrib_gateway.clock import utc_now
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import State
from tests.contrib_gateway.running import EDITORS, copied_state, serving
from tests.stories.conftest import open_page, overflow, sign_in, violations
from tests.stories.phones import HURRY, KEEP, button, prepare

SEEN = {
    "usager": "Une personne recopie son CV sur son téléphone. Elle y passe une heure.",
    "professionnel": "Trois personnes recopient leur CV au comptoir. La file attend.",
    "institution": "Les relevés ne montrent aucun dossier recopié. Tout part du premier coup.",
}
TITLES = {
    "usager": "Recopier son CV au pouce",
    "professionnel": "On recopie les CV au comptoir",
    "institution": "Aucun dossier recopié",
}
NEED, SLUG = "Joindre son CV depuis un téléphone", "joindre-son-cv-depuis-un-telephone"
MANAGE = "redaction/fiches/{}/gerer/"


class Territory:
    """A gateway in this process, what it does by itself done when it is asked, and its editor."""

    def __init__(self, gateway: Gateway, url: str, editor: Page) -> None:
        self.gateway, self.url, self.editor = gateway, url, editor

    def settle(self) -> None:
        """What was accepted is proposed, what was published is online."""
        self.gateway.worker.work()
        assert self.gateway.builder.build_if_needed()

    def go(self, path: str) -> Page:
        self.editor.goto(self.url + path)
        return self.editor

    def press(self, name: str) -> None:
        self.editor.get_by_role("button", name=re.compile(name)).first.click()

    def read(self, path: str) -> str:
        """What anybody is given there."""
        return self.editor.request.get(self.url + path).text()

    def publish(self, title: str) -> None:
        self.gateway.worker.work()
        self.go("redaction/").get_by_role("link", name=title).first.click()
        looked_at(self.editor)
        self.press("^Publier")
        expect(self.editor.get_by_text("Publi").first).to_be_visible()


def looked_at(page: Page) -> None:
    assert overflow(page) == 0, page.url
    assert violations(page) == [], page.url


@pytest.fixture
def territory(small_state: Path, tmp_path: Path, browser: Browser) -> Iterator[Territory]:
    state = copied_state(small_state, tmp_path / "state")
    with serving(state, utc_now, VIGIE_RATE_LIMIT="off") as (gateway, visitor):
        url = f"http://127.0.0.1:{visitor.port}/"
        editor = open_page(browser, wide=True)
        sign_in(editor, f"{url}redaction/entrer/{gateway.store.create_login(EDITORS[0])}/")
        yield Territory(gateway, url, editor)


def write(page: Page, viewpoint: str) -> None:
    page.fill("[name=title]", TITLES[viewpoint])
    page.check(f"[name=viewpoint][value={viewpoint}]")
    page.fill("[name=seen]", SEEN[viewpoint])
    page.check("[name=consent][value=true]")


def test_what_a_room_saw_is_understood_answered_and_may_be_taken_back(
    browser: Browser, territory: Territory
) -> None:
    workshop_in_a_room_without_network(browser, territory)
    for title in TITLES.values():
        territory.publish(title)
    territory.settle()
    synthesis = understand(territory)
    answer(territory)
    withdraw(territory, synthesis)


def workshop_in_a_room_without_network(browser: Browser, territory: Territory) -> None:
    """Two phones, and a sheet of paper that is typed afterwards."""
    leader = territory.go("contribuer/observation/atelier/")
    leader.fill("[name=date]", "2026-11")
    leader.select_option("[name=place-territory]", "tours")
    leader.select_option("[name=setting]", "atelier")
    leader.check("[name=themes][value=chercher-un-emploi]")
    territory.press("Ouvrir l’atelier")
    note = f"{territory.url}a/{leader.locator('.invite-address').inner_text().split('/a/')[1]}/"
    phones = [open_page(browser), open_page(browser)]
    for phone, viewpoint in zip(phones, ("usager", "professionnel"), strict=True):
        phone.add_init_script(HURRY)
        prepare(phone, note).context.set_offline(True)
        phone.goto(note)
        write(phone, viewpoint)
        button(phone, KEEP).last.click()
        expect(phone.get_by_text("Votre note est gardée sur cet appareil")).to_be_visible()
        looked_at(phone)
    assert territory.gateway.store.accepted() == 0
    for phone in phones:
        phone.context.set_offline(False)
        expect(phone.get_by_role("link", name="Son reçu", include_hidden=True)).to_have_count(1)
    territory.go(f"a/{note.split('/')[-2]}/saisir/")
    write(leader, "institution")
    territory.press("Relire ma fiche")
    territory.press("Envoyer ma fiche")
    assert territory.gateway.store.accepted() == 3
    assert territory.gateway.store.counts()[State.HELD] == 3  # an editor looks first


def understand(territory: Territory) -> str:
    """One finding that two viewpoints support, one that another contradicts; the page's address."""
    page = territory.go("redaction/synthese/")
    territory.press("côte à côte")
    findings = (
        ("On recopie son CV pour candidater.", ["Elle y passe une heure", "recopient leur CV"], []),
        ("Recopier fait attendre.", ["La file attend"], ["Tout part du premier coup"]),
    )
    for claim, supporting, contradicting in findings:
        for words in (*supporting, *contradicting):
            page.get_by_role("checkbox", name=words).check()
        territory.press("Faire un constat|Y mettre ce qui est coché")
        finding = page.locator(".claim").last
        finding.get_by_label("Ce que vous constatez").fill(claim)
        for words in contradicting:
            finding.get_by_role("group", name=words).get_by_label("le contredit").check()
    page.fill("[name=title]", "Recopier, faute de pouvoir joindre")
    page.fill("[name=question]", "Comment les CV partent-ils ?")
    page.fill("[name=limits]", "Une seule salle, un seul jour.")
    looked_at(page)
    territory.press("Déposer à la rédaction")
    territory.press("^Publier")
    territory.settle()
    page = territory.go("syntheses/recopier-faute-de-pouvoir-joindre/")
    expect(page.locator(".finding--crossed")).to_contain_text("On recopie son CV")
    divergent = page.locator(".finding--divergent")
    expect(divergent).to_contain_text("Recopier fait attendre.")
    expect(divergent).to_contain_text(TITLES["institution"])
    looked_at(page)
    return page.url


def answer(territory: Territory) -> None:
    """A need is born of an observation; one that says the same joins it; it is answered."""
    page = territory.go("redaction/fiches/observation/recopier-son-cv-au-pouce/gerer/")
    page.get_by_role("link", name="En faire un besoin").click()
    page.fill("[name=title]", NEED)
    looked_at(page)
    territory.press("Relire")
    territory.press("^Publier")
    there, manage = "besoins/joindre-son-cv-depuis-un-telephone/", MANAGE.format(f"need/{SLUG}")
    other = territory.gateway.library.index.of("need")[-1]
    page = territory.go(manage)
    page.get_by_role("link", name="Réunir avec une autre fiche").click()
    page.fill("[name=q]", other.title)
    territory.press("Trouver|Chercher")
    page.get_by_role("button", name="Voir ce que cela").first.click()
    looked_at(page)
    territory.press("Les réunir")
    page = territory.go(f"redaction/fiches/need/{SLUG}/")
    page.select_option("[name=state]", "repondu")
    open_folds(page)
    page.check("[name=answers][value='initiative/les-mardis-du-cv']")
    territory.press("Relire")
    territory.press("^Publier")
    territory.settle()
    page = territory.go(there)
    for words in ("Répondu", "Les mardis du CV", "Entendu 2 fois, depuis", other.title):
        expect(page.get_by_text(words).first).to_be_visible()
    looked_at(page)
    assert NEED not in territory.read("besoins/sans-reponse/")
    assert other.title not in territory.read("besoins/")
    assert NEED in territory.read(other.url)  # it says where it is heard now


def withdraw(territory: Territory, synthesis: str) -> None:
    """Whoever wrote one asks for it back: nothing of it is left, and what cited it says so."""
    slug = "aucun-dossier-recopie"
    site = territory.gateway.settings.state / "site"
    where = traces(site, slug, TITLES["institution"], SEEN["institution"])
    assert {"observations/index.html", "observations/index.json"} <= where
    assert {"feeds/observations.atom", "data/observations.csv"} <= where
    before = counted(territory)
    page = territory.go(MANAGE.format(f"observation/{slug}"))
    open_folds(page)
    territory.press("La retirer|Retirer")
    territory.settle()
    assert traces(site, slug, TITLES["institution"], *SEEN["institution"].split(". ")) == set()
    assert counted(territory) == before - 1
    page = territory.editor
    page.goto(synthesis)
    expect(page.get_by_text("Une observation a été retirée").first).to_be_visible()
    assert page.locator(".finding--divergent").count() == 0
    expect(page.locator(".finding--crossed")).to_contain_text("On recopie son CV")
    looked_at(page)


def open_folds(page: Page) -> None:
    page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")


def traces(site: Path, *words: str) -> set[str]:
    """The files of the site that say any of it."""
    said = [word.encode() for word in words]
    files = (file for file in site.resolve().rglob("*") if file.is_file())
    return {
        file.relative_to(site.resolve()).as_posix()
        for file in files
        if any(word in file.read_bytes() for word in said)
    }


def counted(territory: Territory) -> int:
    """What the figures say there is in all."""
    rows = csv.DictReader(io.StringIO(territory.read("data/figures/month.csv")))
    return sum(int(row["Observations"]) for row in rows)
