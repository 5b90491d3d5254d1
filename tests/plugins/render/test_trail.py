"""What the watch says stands where it is of use, and says what came of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping

import feedparser
import pytest

from plugins.publication import publication
from plugins.render import Site, Theme, document_page
from plugins.schema import Index
from tests.pages import dangers, parse, words
from tests.plugins.schema.test_parts import BUS, INDEX, NEW, OLD, SCHEMA, STOP, TRAM, issue, page

SITE = Site("https://exemple.fr/vigie/", "https://exemple.fr/vigie/", datetime.date(2026, 3, 1))
HOSTILE = issue(
    "hostile",
    "2026-01-15",
    {"id": "x", "title": "<b>&\u0007]]>", "why": "<script>alert(1)</script>"},
)
Files = Mapping[str, str]


@pytest.fixture(scope="module")
def theme() -> Theme:
    return Theme(SITE, SCHEMA)


@pytest.fixture(scope="module")
def files(theme: Theme) -> Files:
    return dict(publication(theme, INDEX.replacing(HOSTILE)))


def test_an_entry_says_what_it_led_to_and_its_issue_sums_it_up(files: Files) -> None:
    html = files["numeros/ancien/index.html"]
    bus = parse(html).one("li", id="bus")
    assert "Ce qu’elle a permis" in bus.text and bus.all("a", href="/vigie/pages/arret/")
    assert bus.one("a", href="#bus")
    said = words(html)
    assert said.index("Ce que cette veille a permis") > said.index("Le tram")
    assert "Ce que cette veille a permis" not in files["numeros/neuf/index.html"]


def test_a_page_shows_what_it_draws_on_and_what_is_said_about_it(files: Files) -> None:
    page = parse(files["pages/arret/index.html"]).one("section", id="veille")
    assert [h.text for h in page.all("h4")] == ["Le bus", "Le tram"]
    assert page.one("a", href="/vigie/numeros/ancien/#bus")
    assert "Il passe." in page.text
    told = page.all("a", href="/vigie/numeros/ancien/")
    assert not told, "the issue is not told of a second time"


def test_an_entry_about_a_page_stands_there_without_the_page_citing_it(theme: Theme) -> None:
    quiet = page("arret")
    html = document_page(theme, quiet, Index(SCHEMA, [OLD, NEW, quiet]))
    assert "Le bus" in words(html)
    assert "On en parle dans" not in words(html)


def test_the_lists_of_a_theme_hold_entries_not_issues(files: Files) -> None:
    said = words(files["numeros/par/theme/a/index.html"])
    assert "2 informations" in said and "Le vélo" in said and "Le neuf" not in said
    assert "numeros/par/theme/c/index.html" not in files


def test_each_feed_says_the_same_in_both_formats(files: Files) -> None:
    stems = {path.removesuffix(".atom") for path in files if path.endswith(".atom")}
    assert stems >= {"feeds/tout", "feeds/issues", "feeds/issues/news", "feeds/issues/theme/a"}
    for stem in stems:
        atom = feedparser.parse(files[f"{stem}.atom"])
        told = json.loads(files[f"{stem}.json"])
        assert not atom.bozo, stem
        assert told["version"] == "https://jsonfeed.org/version/1.1"
        assert told["feed_url"] == f"{SITE.public_url}{stem}.json"
        ids = [(entry.id, entry.link) for entry in atom.entries]
        assert ids == [(item["id"], item["url"]) for item in told["items"]]
        assert all(item["content_text"] for item in told["items"])


def test_an_entry_is_in_the_feed_as_old_as_its_issue_with_the_way_to_what_it_tells(
    files: Files,
) -> None:
    items = json.loads(files["feeds/issues/news.json"])["items"]
    assert [item["title"] for item in items][:2] == ["Le vélo", "<b>&]]>"]
    tram = next(item for item in items if item["title"] == "Le tram")
    assert tram["external_url"] == TRAM["url"]
    assert tram["date_published"].startswith("2026-01-01")
    assert tram["url"] == f"{SITE.public_url}numeros/ancien/#tram"
    assert '<link href="https://tram.example/" rel="via"/>' in files["feeds/issues/news.atom"]


def test_a_mail_stands_by_itself_as_text_and_as_a_page(files: Files) -> None:
    text = files["numeros/ancien/courriel.txt"]
    assert "1. Le bus" in text and "https://tram.example/" in text
    assert all(len(line) <= 72 or "http" in line for line in text.splitlines())
    mail = parse(files["numeros/ancien/courriel/index.html"]).one("main")
    links = [link.attributes["href"] for link in mail.all("a")]
    assert links and all(link.startswith("https://") for link in links)
    hostile = parse(files["numeros/hostile/courriel/index.html"])
    assert not [fault for fault in dangers(hostile) if "style=" not in fault]
    assert "<script>alert" in files["numeros/hostile/courriel.txt"], "plain words are left alone"
    assert "numeros/ancien/courriel/" in files["numeros/ancien/index.html"]


def test_a_page_that_the_watch_never_met_has_no_empty_section(files: Files) -> None:
    assert 'id="veille"' not in files["pages/gare/index.html"]
    assert BUS["about"] == [STOP.ref]
