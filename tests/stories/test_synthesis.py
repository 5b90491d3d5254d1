"""A synthesis, from what is chosen to be read to its page: on a phone without script, then wide."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories.conftest import Demo, open_page, open_when, overflow, sign_in, violations

TOGETHER, ALONE = "On avance à deux, *pas* seul.", "Le téléphone suffit à tout."


def looked_at(page: Page, eyes: Page | None = None) -> None:
    """By axe, for which a page without scripts is opened by `eyes` that have them."""
    assert overflow(page) == 0, page.url
    if eyes:
        eyes.goto(page.url)
    assert violations(eyes or page) == [], page.url


def sentence(page: Page, observation: str, words: str) -> Locator:
    """A box of an observation."""
    note = page.locator(".seen-note", has=page.get_by_role("link", name=re.compile(observation)))
    return note.locator(".box", has_text=words).get_by_role("checkbox").first


def gather(page: Page, *picked: tuple[str, str]) -> Locator:
    """Tick these and make a finding of them, which is looked at then."""
    for observation, words in picked:
        sentence(page, observation, words).check()
    page.locator(".pickbar").get_by_role("button").click()
    return page.locator(".claim").last


def published(page: Page) -> None:
    """Read over and published as any other proposal."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ce qui aide")
    looked_at(page)
    page.get_by_role("button", name="Publier", exact=True).first.click()
    open_when(page, page.url, "Voir la page")
    page.get_by_role("link", name="Voir la page").click()


def test_from_side_by_side_to_a_published_synthesis(browser: Browser, demo: Demo) -> None:
    phone, eyes = open_page(browser, scripts=False), open_page(browser)
    for page in (phone, eyes):
        sign_in(page, demo.sign_in_link())
    phone.get_by_role("link", name="Synthèses").last.click()
    for theme in ("Chercher un emploi", "Lien social"):
        phone.get_by_label(theme).check()
    assert overflow(phone) == 0
    phone.get_by_role("button", name="Les lire côte à côte").click()
    looked_at(phone, eyes)
    tops = [box["y"] for one in phone.locator(".column").all() if (box := one.bounding_box())]
    assert len(tops) == 3 and tops == sorted(set(tops)), "one below the other"
    crossed = gather(phone, ("On vient à deux", "."), ("On photographie son écran", "."))
    expect(crossed).to_contain_text("Croisé")
    crossed.get_by_label("Ce que vous constatez").fill(TOGETHER)
    against = ("La candidature est partie sans le CV", "Le bouton pour joindre")
    divergent = gather(phone, ("On photographie son écran", "trente-deux photos"), against)
    expect(phone.get_by_role("textbox").filter(has_text=TOGETHER)).to_have_count(1)
    divergent.get_by_label("Ce que vous constatez").fill(ALONE)
    divergent.locator(".picked", has_text="Le bouton").get_by_label("le contredit").check()
    phone.get_by_role("button", name="Enregistrer et continuer").click()
    expect(phone.get_by_text("Tout est enregistré.")).to_be_visible()
    expect(phone.locator(".claim").last).to_contain_text("Divergent")
    looked_at(phone, eyes)
    address = phone.url
    for page in (phone, eyes):
        page.context.close()  # gone on with elsewhere
    wide = open_page(browser, wide=True)
    sign_in(wide, demo.sign_in_link())
    wide.goto(address)
    tops = [box["y"] for one in wide.locator(".column").all() if (box := one.bounding_box())]
    assert len(set(tops)) == 1, "side by side"
    looked_at(wide)
    wide.get_by_role("button", name="Déposer à la rédaction").click()
    expect(wide.get_by_text("La synthèse n’est pas encore prête")).to_be_visible()
    looked_at(wide)
    wide.fill("[name=title]", "Ce qui aide")
    wide.fill("[name=question]", "Qu’est-ce qui aide ?")
    wide.fill("[name=limits]", "Personne n’a observé le soir.")
    wide.get_by_role("button", name="Déposer à la rédaction").click()
    published(wide)
    on_its_page(wide)
    wide.context.close()


def on_its_page(page: Page) -> None:
    """Each finding says how far it holds; each quotation says where it is from."""
    looked_at(page)
    findings = page.locator(".finding")
    expect(findings).to_have_count(2)
    expect(findings.first).to_contain_text("Croisé")
    expect(findings.last).to_contain_text("Divergent")
    prose = page.locator(".prose")
    expect(prose.get_by_role("heading", name=TOGETHER)).to_be_visible()
    quoted = prose.locator("blockquote")
    expect(quoted).to_have_count(4)
    expect(quoted.last).to_contain_text("À l’inverse")
    for one in quoted.all():
        expect(one.locator("sup a")).to_have_count(1)
    notes = page.locator(".footnotes")
    expect(notes).to_contain_text(
        re.compile("Usager, demandeur d’emploi, habitant, Sanitas, .*2026")
    )
    expect(page.locator("main")).to_contain_text("observations lues, entre")
