"""A real demo and a real browser for the stories."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Route, sync_playwright

from contrib_gateway.cli import DEMO_EDITOR
from contrib_gateway.clock import utc_now
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Store
from plugins.render import Theme
from plugins.render.theme import ROOT, SHEET
from tests.browser import FLAGS, chromium
from tests.contrib_gateway.running import (
    copied_state,
    login_path,
    prepare,
    sample_content,
    serving,
    until,
)
from tests.github import GitHub

PATIENCE = 120.0  # seconds that a build may take on a busy machine
PAUSE = 0.15  # seconds between two looks at whether it is done: each takes its time from it
# What stories tell of, beside the few documents that refer to nothing.
KNOWN = (
    *("need/imprimer-un-document-sans-rendez-vous", "initiative/les-mardis-du-cv"),
    *("initiative/veille-et-observation-participative", "event/apprendre-a-observer"),
    *("digest/observer-ensemble-par-ou-commencer", "observation/on-vient-a-deux"),
    *("observation/on-photographie-son-ecran", "observation/candidature-partie-sans-le-cv"),
    "need/candidater-quand-on-n-a-qu-un-telephone",
)
CONTENT = Path(__file__).parents[2] / "content"
# Said in the page: all that axe went through would weigh more on its way here than it did there.
FOUND = """options => axe.run(options).then(({violations}) => violations.flatMap(({id, nodes}) =>
  nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary ?? ""}`)))"""

ALSO = {"target-size": {"enabled": True}}  # of WCAG 2.2; axe leaves it out unless it is asked


@dataclass
class Demo:
    """A running `vigie demo`: its address, its settings, the link it printed."""

    url: str
    environ: Mapping[str, str]
    link: str

    def sign_in_link(self) -> str:
        """One more link to the desk."""
        return self.url + login_path(Path(self.environ["VIGIE_STATE"]), DEMO_EDITOR)


def sign_in(page: Page, link: str) -> None:
    """Open a link to the desk, and press its button."""
    page.goto(link)
    page.get_by_role("button", name="Entrer").click()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def forge(kind: str, folder: Path, content: Path = CONTENT) -> Iterator[dict[str, str]]:
    """The settings of a forge: "embedded", or a "github" of our own that holds that content."""
    if kind == "embedded":
        yield {}
        return
    with GitHub(folder / "github.git", content) as github:
        yield {
            "VIGIE_FORGE": "github:vigie/territoire",
            "VIGIE_GITHUB_URL": github.url,
            "VIGIE_GITHUB_TOKEN": github.token,
        }
        assert not github.violations, "\n".join(map(str, github.violations))


@dataclass(frozen=True)
class Built:
    """What a demo that ran once left behind, and the port that its pages lead to."""

    state: Path
    port: int

    def once_more(self, state: Path, settings: Mapping[str, str]) -> Iterator[Demo]:
        """Another one, that need not build its site."""
        yield from running_demo(copied_state(self.state, state), settings, self.port)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """On few documents, that it builds again in no time; once for each worker."""
    folder = tmp_path_factory.mktemp("built")
    left = Built(folder / "state", free_port())
    left.state.mkdir()
    LocalForge.open(left.state / "forge.git", sample_content(folder / "content", alone=KNOWN))
    for _ in running_demo(left.state, {}, left.port):
        pass  # it is built before it says anything
    Store(left.state / "vigie.sqlite").close()  # one file again, that can be copied
    return left


@pytest.fixture(scope="module")
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, built: Built
) -> Iterator[Demo]:
    """On few documents; with all of them, where a module's tests are parametrised by forges."""
    folder = tmp_path_factory.mktemp("demo")
    if not hasattr(request, "param"):
        yield from built.once_more(folder / "state", {})
        return
    with forge(request.param, folder) as settings:
        yield from running_demo(folder / "state", settings)


def running_demo(state: Path, settings: Mapping[str, str], port: int = 0) -> Iterator[Demo]:
    """`port`: one that is free, unless it is told."""
    port = port or free_port()
    environ = os.environ | {
        "VIGIE_STATE": str(state),
        "PORT": str(port),
        "VIGIE_RATE_LIMIT": "off",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    command = [sys.executable, "-m", "contrib_gateway", "demo"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    link = ""
    for line in process.stdout:
        if found := re.search(r"http\S+/redaction/entrer/\S+", line):
            link = found[0]
        if "Ctrl-C" in line:
            break
    try:
        yield Demo(f"http://127.0.0.1:{port}", environ, link)
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def small_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a few documents and their site, built once for each worker: copy it."""
    folder = tmp_path_factory.mktemp("small")
    return prepare(folder / "state", sample_content(folder / "content", alone=KNOWN))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: `make browser` could not install one")
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chrome
        chrome.close()


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def open_page(browser: Browser, *, scripts: bool = True, wide: bool = False) -> Page:
    """A fresh visitor: a phone of 360 pixels, or a wide screen. Notes what must not happen."""
    width, height = (1280, 900) if wide else (360, 740)
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="fr-FR"
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def answer(route: Route, theme: Theme, shown: str) -> None:
    """What a browser asks for, without a server: the theme's files and, for all else, one page."""
    path = urlsplit(route.request.url).path.removeprefix("/").removeprefix("theme/")
    file = ROOT / "static" / path
    if path == SHEET:
        route.fulfill(body=theme.sheet, content_type="text/css")
    elif file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(body=shown, content_type="text/html; charset=utf-8")


def open_when(page: Page, address: str, words: str) -> None:
    """Open a page once it says so. Until then it is only asked for: a browser that draws it again
    and again takes its time from the build that it waits for.
    """

    def says_so() -> bool:
        return words in page.request.get(address).text()

    until(says_so, f"{words} on {address}", PATIENCE, PAUSE)
    page.goto(address)


def violations(page: Page, rules: Sequence[str] = (), *, without: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong with a page, by all its rules (or all `without` some) or by some, one
    line each.
    """
    page.wait_for_load_state("domcontentloaded")  # a page that was just asked for has no body yet
    left_out = {rule: {"enabled": False} for rule in without}
    chosen: dict[str, object] = {"rules": ALSO | left_out}
    if rules:
        chosen = {"runOnly": {"type": "rule", "values": list(rules)}}
    if not page.evaluate("'axe' in window"):  # nor read once more where it was already
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FOUND, {"resultTypes": ["violations"], **chosen})
    return found


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    page.wait_for_load_state("domcontentloaded")  # without a script, a click answers too early
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(script))


@pytest.fixture(scope="module")
def gateway(
    small_state: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Gateway, str]]:
    """One in this process with little content, and its address: a demo takes longer to start."""
    state = copied_state(small_state, tmp_path_factory.mktemp("gateway") / "state")
    with serving(state, utc_now, VIGIE_RATE_LIMIT="off") as (gateway, visitor):
        yield gateway, f"http://127.0.0.1:{visitor.port}/"
