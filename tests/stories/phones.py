"""A host with workshops, and phones that are prepared to be without network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from contrib_gateway.clock import utc_now
from contrib_gateway.gateway import Gateway
from tests.contrib_gateway.running import copied_state, serving
from tests.stories.conftest import open_page

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
