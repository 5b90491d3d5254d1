"""Search engines are told of every page in each language, and of no other."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from plugins.render import sitemap
from plugins.render.site import Site
from plugins.render.sitemap import PATH, robots, sitemaps
from plugins.schema import Document, Index, Schema

NAMES = {"of": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BOTH = ("fr", "en")


def told(text: str) -> dict[str, ElementTree.Element]:
    """What is said of each address."""
    found = ElementTree.fromstring(text)  # noqa: S314 — our own
    return {one.findtext("of:loc", "", NAMES): one for one in found}


def test_every_page_stands_there_in_each_language(site: Site, index: Index) -> None:
    ((path, text),) = sitemaps(site, index, ("", "data/"))
    assert path == PATH and text.count("<loc>") == len(told(text))
    pages = [document.url or "" for document in index.documents]
    lists = [one.list_url for one in index.schema.types.values() if one.list_url is not None]
    paths = {"", "data/", *lists, *pages}
    assert told(text).keys() == {site.absolute(url, lang) for url in paths for lang in BOTH}


def test_a_page_tells_of_its_translation_and_its_last_change(
    site: Site, schema: Schema, full: Document
) -> None:
    changed = Document(full.type, full.slug, {**full.data, "updated": "2026-11-25"}, full.body)
    ((_, text),) = sitemaps(site, Index(schema, [changed]), ())
    page = told(text)[site.absolute(full.url or "", "en")]
    assert page.findtext("of:lastmod", "", NAMES) == "2026-11-25"
    others = {one.get("hreflang"): one.get("href") for one in page.findall("x:link", NAMES)}
    assert others == {lang: site.absolute(full.url or "", lang) for lang in BOTH}


def test_what_one_list_cannot_hold_is_in_several(
    site: Site, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, whole),) = sitemaps(site, index, ("", "data/"))
    monkeypatch.setattr(sitemap, "MOST", 3)
    *parts, (path, lists) = sitemaps(site, index, ("", "data/"))
    assert path == PATH and list(told(lists)) == [site.absolute(name) for name, _ in parts]
    assert [place for _, text in parts for place in told(text)] == list(told(whole))
    assert all(0 < len(told(text)) <= 3 for _, text in parts)


def test_robots_may_read_everything_and_find_the_list(site: Site) -> None:
    read = RobotFileParser()
    read.parse(robots(site).splitlines())
    assert read.can_fetch("*", site.absolute("initiatives/"))
    assert read.site_maps() == [site.absolute(PATH)]
