"""A workshop from three viewpoints: two phones and a paper sheet, without script; then the desk."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.stories.conftest import Demo, open_page, overflow, sign_in, violations

SAID = "Mme Durand n’arrive pas à joindre son CV ; elle laisse le 06 12 34 56 78."


def looked_at(page: Page) -> None:
    """Axe has a script of its own, which it may run where the page may run none."""
    assert overflow(page) == 0, page.url
    assert violations(page) == [], page.url


def fill(page: Page, title: str, viewpoint: str, seen: str) -> None:
    """What differs from note to note; the rest is there."""
    page.fill("[name=title]", title)
    page.check(f"[name=viewpoint][value={viewpoint}]")
    page.fill("[name=seen]", seen)
    page.check("[name=consent][value=true]")


def send(page: Page) -> None:
    page.get_by_role("button", name="Relire ma fiche").last.click()
    page.get_by_role("button", name="Envoyer ma fiche").first.click()
    expect(page.get_by_text("C’est bien arrivé.")).to_be_visible()


def open_workshop(page: Page, demo: Demo) -> str:
    """From the form of an observation; returns the short address as one reads it."""
    page.goto(f"{demo.url}/contribuer/observation/")
    page.get_by_role("link", name="Animer un atelier").click()
    page.fill("[name=date]", "2026-11")
    page.select_option("[name=place-territory]", "tours")
    page.select_option("[name=setting]", "atelier")
    page.check("[name=themes][value=chercher-un-emploi]")
    page.get_by_role("button", name="Ouvrir l’atelier").click()
    expect(page.get_by_text("Aucune note n’est encore arrivée")).to_be_visible()
    return page.locator(".invite-address").inner_text()


def test_a_workshop_on_two_phones_and_a_sheet_of_paper(browser: Browser, demo: Demo) -> None:
    leader = open_page(browser, scripts=False, wide=True)
    spoken = open_workshop(leader, demo)
    assert leader.locator(".invite-square svg").count() == 1
    host, code = spoken.split("/a/")
    assert host == urlsplit(demo.url).netloc
    jobseeker, worker = open_page(browser, scripts=False), open_page(browser, scripts=False)
    for phone, typed in ((jobseeker, code.upper()), (worker, f"{code[:3]}-{code[3:]}")):
        phone.goto(f"{demo.url}/a/{typed}")
        assert phone.url == f"{demo.url}/a/{code}/"
        expect(phone.locator(".common summary")).to_contain_text("novembre 2026, Tours")
        assert not phone.locator(".common").get_attribute("open")
    fill(jobseeker, "Joindre un CV depuis un téléphone", "usager", SAID)
    jobseeker.get_by_role("button", name="Relire ma fiche").last.click()
    told = jobseeker.locator(".told")
    expect(told).to_contain_text(re.compile("Mme Durand.*au nom d’une personne", re.DOTALL))
    expect(told).to_contain_text("06 12 34 56 78")
    jobseeker.get_by_role("button", name="Revenir corriger").first.click()
    jobseeker.fill("[name=seen]", "Une personne n’arrive pas à joindre son CV.")
    send(jobseeker)
    jobseeker.get_by_role("link", name="Écrire la note suivante").click()
    assert jobseeker.url == f"{demo.url}/a/{code}/"
    fill(worker, "On attend devant la porte", "professionnel", "Six personnes attendent.")
    send(worker)
    leader.get_by_role("link", name="Saisir une feuille").click()
    assert leader.input_value("[name=sheet-number]") == "1"
    assert leader.locator("form details.fold").count() == 1  # the common answers: all else is open
    fill(leader, "Deux guichets se renvoient", "institution", "Deux guichets se renvoient.")
    send(leader)
    leader.get_by_role("link", name="Saisir la feuille suivante").click()
    assert leader.input_value("[name=sheet-number]") == "2"
    leader.goto(f"{demo.url}/a/{code}/animer/")
    expect(leader.get_by_text("3 notes sont arrivées")).to_be_visible()
    assert [one.strip() for one in leader.locator(".came strong").all_inner_texts()] == list("111")
    assert "guichets" not in leader.locator("main").inner_text()
    on_the_desk(open_page(browser, wide=True), demo, code)
    for page in (leader, jobseeker, worker):
        page.context.close()


def on_the_desk(page: Page, demo: Demo, code: str) -> None:
    """The three are held, with the answers of the workshop, and say where they come from."""
    sign_in(page, demo.sign_in_link())
    for title in ("Joindre un CV", "On attend devant", "Deux guichets"):
        page.goto(f"{demo.url}/redaction/")
        page.get_by_role("link", name=re.compile(title)).first.click()
        main = page.locator("main")
        expect(main).to_contain_text(f"Elle vient de l’atelier {code.upper()}.")
        for words in ("novembre 2026", "Tours", "Atelier collectif", "Chercher un emploi"):
            expect(main).to_contain_text(words)
    expect(main).to_contain_text("d’après la feuille de papier 1")
    page.context.close()


def test_the_pages_of_a_workshop_suit_everybody(browser: Browser, demo: Demo) -> None:
    """By axe, on a phone and on a wide screen; a sheet is printed on both sides of one A4."""
    for wide in (False, True):
        page = open_page(browser, wide=wide)
        page.goto(f"{demo.url}/contribuer/observation/atelier/")
        looked_at(page)
        _, code = open_workshop(page, demo).split("/a/")
        looked_at(page)
        for way in ("", "saisir/", "feuille/"):
            page.goto(f"{demo.url}/a/{code}/{way}")
            looked_at(page)
        assert printed(page) in (1, 2)
        page.context.close()


def test_the_sheet_of_every_form_is_printed_on_both_sides_of_one_a4(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser)
    for name in ("initiative", "actor", "resource", "event", "observation"):
        page.goto(f"{demo.url}/contribuer/{name}/feuille/")
        assert printed(page) in (1, 2), name
    page.context.close()


def printed(page: Page) -> int:
    """On how many pages."""
    return page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
