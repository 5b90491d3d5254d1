"""An editor at a browser: with a mouse, a finger or nothing but keys; what they see is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.stories.conftest import open_when, overflow, violations

PARTS = "e => [...new Set([...e.querySelectorAll('*')].map(p => p.tagName + p.className))].join()"
FAR = 400  # pressing Tab more often than that reaches nothing


@dataclass(frozen=True)
class Way:
    """How an editor comes this morning."""

    forge: str
    wide: bool = False
    scripts: bool = True
    keys: bool = False
    scheme: Literal["light", "dark"] = "light"


class Editor:
    """Somebody at the desk, with a mouse, a finger, or nothing but keys."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page = page
        self._way = way
        self._seen: set[str] = set()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.complaints.append(getattr(message, "text", ""))

    # The hand

    def press(self, target: Locator) -> None:
        """A button or a fold, where it stands."""
        if self._way.keys:
            self._reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def go(self, target: Locator) -> None:
        """A link or a button that leads to another page, which is looked at."""
        with self.page.expect_navigation():
            self.press(target)
        self.look()

    def tick(self, box: Locator) -> None:
        if self._way.keys:
            self._reach(box)
            self.page.keyboard.press("Space")
        else:
            box.check()
        expect(box).to_be_checked()

    def choose(self, radio: Locator) -> None:
        """One answer among several: arrows lead from the one that is chosen to the others."""
        if not self._way.keys:
            radio.check()
            return
        self._reach(self.page.locator("input[type=radio]:checked"))
        for _ in range(20):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("no arrow leads there")

    def select(self, list: Locator, words: str) -> None:
        """What begins with these words."""
        if self._way.keys:
            self._reach(list)
            self.page.keyboard.type(words)
        else:
            option = list.locator("option").filter(has_text=words)
            list.select_option(str(option.first.get_attribute("value")))

    def write(self, question: Locator, words: str) -> None:
        if self._way.keys:
            self._reach(question)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(words)
        else:
            question.fill(words)

    def _reach(self, target: Locator) -> None:
        target.wait_for()
        there = target.element_handle()
        for _ in range(FAR):
            if there.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no key leads to {target}")

    # The eye

    def look(self) -> None:
        """Nothing is wider than the window; axe, which is a script, finds nothing in what is not
        made of the same parts as something it has seen.
        """
        name, parts = self.page.url, self.page.locator("main").evaluate(PARTS)
        assert overflow(self.page) <= 0, name
        if self._way.scripts and parts not in self._seen:
            self._seen.add(parts)
            assert violations(self.page) == [], name

    def read(self, title: str) -> None:
        """Open one of those that wait, from the list."""
        self.home()
        self.go(self.page.get_by_role("link", name=title, exact=True))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def home(self) -> None:
        """Back to the list, by the way above each page or the sections' own."""
        if urlsplit(self.page.url).path != "/redaction/":
            desk = self.page.get_by_role(
                "link", name=re.compile("^(Bureau de réd|En attente)")
            ).first
            with self.page.expect_navigation():
                self.press(desk)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def fold(self, name: str) -> Locator:
        return self.page.locator("summary", has_text=name)

    def decide(self) -> None:
        """Past what is to be read, as the page offers to whoever has only keys."""
        if self._way.keys:
            self.press(self.page.get_by_role("link", name="aller à votre décision"))

    def decline(self, title: str, sentence: str, more: str = "") -> None:
        self.decide()
        self.press(self.fold("Ne pas retenir, en disant pourquoi"))
        self.choose(self.page.get_by_label(re.compile(sentence)))
        if more:
            self.write(self.page.get_by_label("À ajouter, ou avec vos mots"), more)
        self.go(self.button("Ne pas retenir"))
        expect(self.page.get_by_text("Non retenue, décision de Camille Martin")).to_be_visible()

    def wait_online(self) -> str:
        """Look again, as the page says, once it is online; the page's address."""
        open_when(self.page, self.page.url, "Voir la page")
        self.look()
        return str(self.page.get_by_role("link", name="Voir la page").evaluate("e => e.href"))
