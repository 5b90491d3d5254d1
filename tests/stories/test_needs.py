"""A need is born of an observation, a similar one is brought together with it, it is answered: on a
phone without script; what is seen on the way is looked at on a wide screen too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from contrib_gateway.forge.local import LocalForge
from tests.contrib_gateway.running import sample_content
from tests.stories.conftest import (
    KNOWN,
    Demo,
    open_page,
    open_when,
    overflow,
    running_demo,
    sign_in,
    violations,
)

SEEN = "observation/retrouver-un-mot-de-passe"
BORN = "un-endroit-ou-on-apprend-ca-une-bonne-fois"
OTHER = "un-cadre-quand-on-fait-a-la-place"
WITHOUT = "besoins/sans-reponse/"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Few documents, but that one need was heard in the observation."""
    content = sample_content(tmp_path / "content", alone=(*KNOWN, SEEN, f"need/{OTHER}"))
    need = content / f"needs/{OTHER}.md"
    need.write_text(need.read_text().replace("\nheard:", f"\nheard: [{SEEN}]", 1))
    state = tmp_path / "state"
    state.mkdir()
    LocalForge.open(state / "forge.git", content)
    yield from running_demo(state, {})


class Screens:
    """A phone without script in an editor's hand; a phone and a wide screen that look on, by axe,
    which needs scripts.
    """

    def __init__(self, browser: Browser, demo: Demo) -> None:
        self.demo = demo
        self.phone = open_page(browser, scripts=False)
        self.lookers = [open_page(browser, wide=wide) for wide in (False, True)]
        for page in (self.phone, *self.lookers):
            sign_in(page, demo.sign_in_link())

    def look(self) -> None:
        assert overflow(self.phone) == 0, self.phone.url
        for page in self.lookers:
            page.goto(self.phone.url)
            assert overflow(page) == 0, page.url
            assert violations(page) == [], page.url

    def open(self, path: str, words: str) -> None:
        """A page of the site, once it says so."""
        open_when(self.phone, f"{self.demo.url}/{path}", words)

    def press(self, name: str) -> None:
        self.phone.get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.phone.get_by_role("link", name=name).first.click()

    def close(self) -> None:
        for page in (self.phone, *self.lookers):
            page.context.close()


def test_a_need_is_born_brought_together_and_answered(browser: Browser, demo: Demo) -> None:
    screens = Screens(browser, demo)
    born(screens)
    brought_together(screens)
    answered(screens)
    screens.close()


def born(screens: Screens) -> None:
    phone = screens.phone
    phone.goto(f"{screens.demo.url}/redaction/fiches/{SEEN}/gerer/")
    screens.look()
    screens.follow("En faire un besoin")
    assert phone.input_value("[name=title]") == "Un endroit où on apprend ça une bonne fois"
    assert phone.is_checked("[name=viewpoint][value=professionnel]")
    assert phone.is_checked("[name=kinds][value=formation]")
    expect(phone.locator(".already")).to_contain_text(re.compile("déjà entendu ici"))
    screens.look()
    screens.press("Relire")
    expect(phone.locator("#champ-heard")).to_contain_text("Entendu 1 fois, depuis 1 point de vue")
    assert overflow(phone) == 0
    screens.press("Proposer à un collègue")
    expect(phone.locator("h1")).to_have_text("Un endroit où on apprend ça une bonne fois")
    screens.look()
    screens.press("Publier")
    screens.open(f"besoins/{BORN}/", "Entendu 1 fois")
    expect(phone.locator("#champ-heard")).to_contain_text("retrouver un mot de passe")
    screens.look()
    screens.open(f"{SEEN.replace('observation', 'observations')}/", BORN)
    assert listed(phone, f"{screens.demo.url}/{WITHOUT}", BORN)


def brought_together(screens: Screens) -> None:
    phone, url = screens.phone, screens.demo.url
    phone.goto(f"{url}/redaction/fiches/need/{BORN}/gerer/")
    screens.follow("Réunir avec une autre fiche")
    screens.look()
    phone.fill("[name=q]", "cadre clair")
    screens.press("Chercher")
    screens.press("Voir ce que cela change")
    effects = phone.locator(".desk")
    expect(effects).to_contain_text("quitte les listes")
    expect(effects).to_contain_text("Entendu 1 fois, depuis 1 point de vue → Entendu 2 fois")
    screens.look()
    screens.press("Les réunir")
    expect(phone.get_by_text("C’est fait.")).to_be_visible()
    screens.open(f"besoins/{OTHER}/", "Réuni avec")
    screens.look()
    phone.get_by_role("link", name="Un endroit où on apprend").first.click()
    assert phone.url == f"{url}/besoins/{BORN}/"
    expect(phone.locator("#champ-heard")).to_contain_text("Entendu 2 fois")
    assert not listed(phone, f"{url}/besoins/", OTHER) and listed(phone, f"{url}/besoins/", BORN)
    assert not listed(phone, f"{url}/{WITHOUT}", OTHER)


def answered(screens: Screens) -> None:
    """From heard to answered, with the day of each."""
    phone, url = screens.phone, screens.demo.url
    stated(screens, "entendu")
    screens.open(f"besoins/{BORN}/", "Depuis le")
    assert BORN in fed(screens)
    screens.phone.goto(f"{url}/{WITHOUT}")
    screens.look()
    stated(screens, "repondu", answer="initiative/les-mardis-du-cv")
    screens.open(f"besoins/{BORN}/", "Répondu")
    expect(phone.locator("main")).to_contain_text("Les mardis du CV")
    expect(phone.locator("main")).to_contain_text(re.compile(r"Depuis le\s*\d+\s\w+\s20\d\d"))
    screens.look()
    assert not listed(phone, f"{url}/{WITHOUT}", BORN) and BORN not in fed(screens)
    assert listed(phone, f"{url}/besoins/par/state/repondu/", BORN)


def stated(screens: Screens, state: str, answer: str = "") -> None:
    phone = screens.phone
    phone.goto(f"{screens.demo.url}/redaction/fiches/need/{BORN}/")
    phone.select_option("[name=state]", state)
    if answer:
        phone.check(f"[name=answers][value='{answer}']")
    screens.press("Relire")
    screens.press("Publier")
    expect(phone.get_by_text("C’est fait.")).to_be_visible()


def listed(page: Page, address: str, slug: str) -> bool:
    """Whether a list has a row of a need."""
    return f'href="/besoins/{slug}/"' in page.request.get(address).text()


def fed(screens: Screens) -> str:
    feed = f"{screens.demo.url}/feeds/needs/sans-reponse.json"
    return json.dumps([item["url"] for item in screens.phone.request.get(feed).json()["items"]])
