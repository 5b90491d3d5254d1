"""A reader looks for a place to go to, among pages of every age, on the day the demo was made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.plugins.building import PROJECT, build
from tests.stories.conftest import open_page, overflow, violations

DAY = "1795651200"  # 2026-11-26
OVERDUE, STALE = "epn-gentiana", "epn-de-la-riche"
NEVER = "regie-plus"  # written ten days before
MARK = {"": "À vérifier", "en/": "To be checked"}
SINCE = {
    "": "personne n’a confirmé cette fiche depuis {}",
    "en/": "nobody has confirmed this page since {}",
}
MONTHS = {
    OVERDUE: {"": "mars 2021", "en/": "March 2021"},
    STALE: {"": "juillet 2020", "en/": "July 2020"},
}
HIDDEN = {"": "ses contacts sont masqués", "en/": "Its contacts are hidden"}
CORRECT = {"": "Corriger ou compléter cette fiche", "en/": "Correct or complete this page"}
NAMES = {OVERDUE: "EPN Gentiana", STALE: "Espace public numérique de La Riche"}


class Quiet(SimpleHTTPRequestHandler):
    """A host that only has files."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    output = tmp_path_factory.mktemp("site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(output)))
    url = f"http://127.0.0.1:{server.server_port}/"
    built = build(PROJECT / "content", output, VIGIE_PUBLIC_URL=url, SOURCE_DATE_EPOCH=DAY)
    assert built.returncode == 0, built.stderr
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    thread.join()


@pytest.fixture(params=["", "en/"], ids=["phone-french", "wide-dark-english"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, lang: str) -> Iterator[Page]:
    opened = open_page(browser, wide=bool(lang))
    if lang:
        opened.emulate_media(color_scheme="dark")
    yield opened
    opened.context.close()


def look(page: Page) -> None:
    assert violations(page) == [], page.url
    assert overflow(page) == 0, page.url


def test_a_reader_sees_in_the_list_whom_to_call_and_what_to_be_careful_with(
    site: str, page: Page, lang: str
) -> None:
    page.goto(f"{site}{lang}acteurs/")
    look(page)
    rows = page.locator("li.row")
    marked = rows.filter(has_text=MARK[lang])
    with_phone = rows.filter(has_text="02 47")
    assert 0 < marked.filter(has_text="02 47").count() < marked.count() < rows.count()
    assert with_phone.count() > 0
    for slug, phones in {OVERDUE: True, STALE: False}.items():
        told = rows.filter(has_text=NAMES[slug]).first.inner_text().replace("\u00a0", " ")
        assert MARK[lang] in told
        assert ("02 47" in told) is phones


def test_a_reader_of_an_overdue_page_may_still_call_and_is_told_to_be_careful(
    site: str, page: Page, lang: str
) -> None:
    page.goto(f"{site}{lang}acteurs/{OVERDUE}/")
    look(page)
    mark = page.locator(".to-check")
    assert SINCE[lang].format(MONTHS[OVERDUE][lang]) in mark.inner_text()
    assert HIDDEN[lang] not in mark.inner_text()
    assert page.get_by_role("link", name="02 47 49 01 20").is_visible()


def test_a_reader_of_a_stale_page_finds_no_number_but_why_and_what_to_do(
    site: str, page: Page, lang: str
) -> None:
    page.goto(f"{site}{lang}acteurs/{STALE}/")
    look(page)
    mark = page.locator(".to-check")
    assert SINCE[lang].format(MONTHS[STALE][lang]) in mark.inner_text()
    assert HIDDEN[lang] in mark.inner_text()
    assert page.locator("a[href^='tel:'], a[href^='mailto:'], a[href*='/ecrire/']").count() == 0
    link = mark.get_by_role("link", name=CORRECT[lang])
    assert (link.get_attribute("href") or "").endswith(f"{lang}contribuer/actor/{STALE}/")
    box = link.bounding_box()
    assert box and box["height"] >= 44


def test_a_page_that_was_never_verified_is_fresh_while_it_is_new(
    site: str, page: Page, lang: str
) -> None:
    page.goto(f"{site}{lang}acteurs/{NEVER}/")
    look(page)
    assert page.locator(".to-check, .verified").count() == 0
