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
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.contrib_gateway.running import sample_content
from tests.stories import morning
from tests.stories.conftest import KNOWN, Built, Demo, forge, open_page, running_demo
from tests.stories.editor import Editor, Way

LIKELY, ADVERT = "Cette fiche est déjà sur le site", "ressemble à une publicité"


WAYS = {
    "keyboard": Way("embedded", wide=True, keys=True),
    "phone-without-javascript": Way("embedded", scripts=False),
    "phone-on-github": Way("github", scheme="dark"),
}


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

    def pulls(self) -> list[bool]:
        """Whether each pull request was merged; none where there is no GitHub."""
        github, token = (self.demo.environ.get(f"VIGIE_GITHUB_{n}", "") for n in ("URL", "TOKEN"))
        if not github:
            return []
        address = f"{github}/api/v3/repos/vigie/territoire/pulls?state=all&per_page=100"
        asked = Request(address, headers={"Authorization": f"token {token}"})  # noqa: S310 -- ours
        with urlopen(asked, timeout=20) as answer:  # noqa: S310 -- ours
            return [bool(pull["merged_at"]) for pull in json.load(answer)]

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
    content = sample_content(tmp_path / "content", alone=KNOWN)
    with forge(way.forge, tmp_path, content) as settings:
        run = built.once_more if embedded else running_demo
        for demo in run(state, settings | {"VIGIE_GITHUB_PACE": "off"}):
            page = open_page(browser, scripts=way.scripts, wide=way.wide)
            page.emulate_media(color_scheme=way.scheme)
            repository = state / "forge.git" if embedded else tmp_path / "github.git"
            yield Morning(Editor(page, way), demo, repository)
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
    pulls = at_desk.pulls()
    assert not pulls or (len(pulls), sum(pulls)) == (10, 7), (
        "all but what a robot sent; the undoing"
    )
    assert all(a.startswith((at_desk.demo.url, "data:")) for a in editor.asked)
