"""An editor's morning: ten proposals, from signing in to signing out, by keyboard, on a phone,
without JavaScript, on both forges.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.stories import morning
from tests.stories.conftest import Built, Demo, forge, open_page, overflow, running_demo, violations

LIKELY, ADVERT = "Cette fiche est déjà sur le site", "ressemble à une publicité"
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


WAYS = {
    "keyboard": Way("embedded", wide=True, keys=True),
    "phone-without-javascript": Way("embedded", scripts=False),
    "phone-on-github": Way("github", scheme="dark"),
}


class Editor:
    """Somebody at the desk, with a mouse, a finger, or nothing but keys."""

    def __init__(self, page: Page, way: Way, demo: Demo) -> None:
        self.page = page
        self._way = way
        self._demo = demo
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
        """Look again, as the page says, until it is online; the page's address."""
        for _ in range(100):
            link = self.page.get_by_role("link", name="Voir la page")
            if link.count():
                self.look()
                return str(link.evaluate("e => e.href"))
            time.sleep(0.3)
            self.page.goto(self.page.url)
        raise AssertionError("it never was online")


@dataclass
class Morning:
    """An editor, the site of the day, and the repository that keeps its content."""

    editor: Editor
    demo: Demo
    repository: Path

    def merges(self) -> int:
        """How many commits were made on main since the content was put there."""
        command = [
            "git",
            "-C",
            str(self.repository),
            "rev-list",
            "--first-parent",
            "--count",
            "main",
        ]
        return int(subprocess.run(command, capture_output=True, check=True).stdout) - 1

    def health(self) -> dict[str, int]:
        with urlopen(f"{self.demo.url}/healthz", timeout=20) as answer:  # noqa: S310 -- our own
            counts: dict[str, int] = json.load(answer)
        return counts

    def wait_proposed(self) -> None:
        for _ in range(100):
            if not self.health()["queued"]:
                return
            time.sleep(0.2)
        raise AssertionError("the queue never ended")


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def at_desk(
    request: pytest.FixtureRequest, browser: Browser, built: Built, tmp_path: Path
) -> Iterator[Morning]:
    way: Way = request.param
    state, embedded = tmp_path / "state", way.forge == "embedded"
    with forge(way.forge, tmp_path) as settings:
        run = built.once_more if embedded else running_demo
        for demo in run(state, settings | {"VIGIE_GITHUB_PACE": "off"}):
            page = open_page(browser, scripts=way.scripts, wide=way.wide)
            page.emulate_media(color_scheme=way.scheme)
            repository = state / "forge.git" if embedded else tmp_path / "github.git"
            yield Morning(Editor(page, way, demo), demo, repository)
            page.context.close()


def test_an_editors_morning(at_desk: Morning) -> None:
    editor, page = at_desk.editor, at_desk.editor.page
    morning.fill_desk(at_desk.demo.url)
    at_desk.wait_proposed()

    page.goto(at_desk.demo.link)
    editor.look()
    editor.go(editor.button("Entrer"))
    expect(page.get_by_role("heading", name="En attente de votre lecture")).to_contain_text("10")
    expect(page.get_by_text("mise de côté : peut-être un robot")).to_be_visible()

    sift(editor)
    read_together(editor, morning.CLOCKS, morning.CHAIRS, morning.FIRST_NAME)
    solve(editor)
    turn_away(editor)
    ask(editor)
    correct(editor)
    publish_too_early_and_undo(editor)
    read_the_journal(editor)

    editor.home()
    expect(page.get_by_role("heading", name="En attente de votre lecture")).to_contain_text("1")
    editor.go(editor.button("Sortir"))
    assert editor.complaints == []
    page.goto(f"{at_desk.demo.url}/redaction/journal/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Le bureau est réservé à la rédaction"
    )

    add_up(at_desk)


def sift(editor: Editor) -> None:
    page = editor.page
    editor.press(editor.fold("Choisir ce qui est montré"))
    editor.select(page.get_by_label("Type", exact=True), "Initiative")
    editor.go(editor.button("Montrer"))
    expect(page.get_by_role("link", name=morning.TWIN, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=morning.CLOCKS, exact=True)).to_have_count(0)
    editor.go(page.get_by_role("link", name="Tout afficher").last)


def read_together(editor: Editor, *titles: str) -> None:
    page = editor.page
    for title in titles:
        editor.tick(page.get_by_label(f"Lire avec d’autres : {title}"))
    editor.go(editor.button("Lire ensemble ce qui est coché"))
    assert page.get_by_role("checkbox", checked=True).count() == len(titles)
    editor.go(editor.button("Publier ce qui est coché"))
    expect(page.get_by_text("Publiée par Camille Martin")).to_have_count(len(titles))


def solve(editor: Editor) -> None:
    """Somebody else's answer to the same question was just published."""
    page, both = editor.page, "Imprimer sans prévenir, le samedi aussi"
    editor.read(morning.SECOND_NAME)
    editor.go(page.get_by_role("link", name="Choisir dans le formulaire"))
    row = page.get_by_role("row").filter(has_text=morning.FIRST_NAME)
    expect(row).to_contain_text(morning.SECOND_NAME)
    editor.write(page.get_by_label("Quel est le besoin ?"), both)
    publish_so(editor)


def publish_so(editor: Editor) -> None:
    editor.go(editor.page.get_by_role("button", name=re.compile("^Relire")).last)
    editor.go(editor.button("Publier ainsi").first)
    expect(editor.page.get_by_text("Publiée par Camille Martin")).to_be_visible()


def turn_away(editor: Editor) -> None:
    """What is there already, what a robot sent, and what sells."""
    editor.read(morning.TWIN)
    alike = editor.page.get_by_role("region", name="Elle existe peut-être déjà")
    expect(alike).to_contain_text("La fiche du site")
    editor.decline(morning.TWIN, LIKELY)
    editor.read(morning.SPAM)
    expect(editor.page.get_by_text("souvent un robot")).to_be_visible()
    editor.decline(morning.SPAM, ADVERT)
    editor.read(morning.ADVERT)
    editor.decline(morning.ADVERT, ADVERT, "Une formation gratuite nous intéresserait.")
    expect(editor.page.get_by_text("nous intéresserait")).to_be_visible()


def ask(editor: Editor) -> None:
    editor.read(morning.UNCLEAR)
    editor.press(editor.fold("Demander une précision"))
    editor.write(editor.page.get_by_label("Votre question"), "De quelle salle parlez-vous ?")
    editor.go(editor.button("Poser la question"))
    expect(editor.page.get_by_text("Votre question est envoyée.")).to_be_visible()
    editor.home()
    expect(editor.page.get_by_text("question posée")).to_be_visible()


def correct(editor: Editor) -> None:
    editor.read(morning.CLUMSY)
    editor.decide()
    editor.go(editor.page.get_by_role("link", name="Corriger, puis publier"))
    editor.write(editor.page.get_by_label("Nom de l’initiative"), "Le café des claviers")
    publish_so(editor)


def publish_too_early_and_undo(editor: Editor) -> None:
    page = editor.page
    editor.read(morning.HASTY)
    editor.decide()
    editor.go(editor.button("Publier"))
    online = editor.wait_online()
    assert page.request.get(online).ok
    editor.press(editor.fold("Revenir en arrière"))
    editor.write(page.get_by_label("Pourquoi ?"), "C’était un brouillon.")
    editor.go(editor.button("La retirer du site"))
    expect(page.get_by_text("Publication annulée par Camille Martin")).to_be_visible()
    for _ in range(100):
        if page.request.get(online).status == 404:
            return
        time.sleep(0.2)
    raise AssertionError("it never left the site")


def read_the_journal(editor: Editor) -> None:
    editor.home()
    editor.go(editor.page.get_by_role("link", name="Journal"))
    journal = editor.page.locator(".journal")
    for title in (*morning.NEEDS, morning.TWIN):
        expect(journal).to_contain_text(title)


def add_up(at_desk: Morning) -> None:
    """Nothing is lost, nothing was done twice, nobody else was told of anything."""
    health, editor = at_desk.health(), at_desk.editor
    accepted = health["accepted"]
    assert accepted == morning.ALL
    assert (health["published"], health["declined"], health["proposed"]) == (5, 4, 1)
    assert at_desk.merges() == 7, "five published, one too early, and that one undone"
    assert all(a.startswith((at_desk.demo.url, "data:")) for a in editor.asked)
