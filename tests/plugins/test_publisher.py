"""The built site: its links lead somewhere, its feeds can be read, nothing leaves the host."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import pytest

from plugins.check import load
from plugins.publisher import SiteGenerator
from plugins.watch import opml
from tests.pages import Element, dangers, parse
from tests.plugins.building import PROJECT, PUBLIC_URL, build

GATEWAY = tuple(
    f"{en}{of}"
    for en in ("", "en/")
    for of in ("contribuer/", "je-cherche/", "historique/", "aider/")
)
RENAMED = "imprimer-un-document-sans-rendez-vous"
DAY = "1795478400"  # 2026-11-24


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's content, one page of which had two other names."""
    folder = tmp_path_factory.mktemp("site")
    content = folder / "content"
    shutil.copytree(PROJECT / "content", content)
    file = content / "needs" / f"{RENAMED}.md"
    names = "aliases: [{name: imprimer}, {name: ou-imprimer}]"
    file.write_text(file.read_text().replace("---\n", f"---\n{names}\n", 1))
    result = build(content, folder / "output", SOURCE_DATE_EPOCH=DAY)
    assert result.returncode == 0, result.stderr
    return folder / "output"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Element]:
    """Every page by its full address."""
    return {address(site, file): parse(file.read_text()) for file in sorted(site.rglob("*.html"))}


def address(site: Path, file: Path) -> str:
    return PUBLIC_URL + file.relative_to(site).as_posix().removesuffix("index.html")


def links(page: Element) -> Iterator[str]:
    for element in page:
        for name in ("href", "src"):
            if name in element.attributes:
                yield element.attributes[name]


def test_every_link_inside_the_site_leads_somewhere(site: Path, pages: dict[str, Element]) -> None:
    """To a file, and to the place in it that the link names; the forms are the gateway's."""
    ids = {at: {found.attributes.get("id") for found in page} for at, page in pages.items()}
    wrong = []
    for at, page in pages.items():
        for link in set(links(page)):
            target = urlsplit(urljoin(at, link))
            if target.scheme not in ("http", "https") or target.netloc != "vigie.example":
                continue
            whole = target._replace(query="", fragment="").geturl()
            path = unquote(whole.removeprefix(PUBLIC_URL))
            found = whole != path and (path.startswith(GATEWAY) or leads(site, path))
            if not found or (target.fragment and target.fragment not in ids.get(whole, ())):
                wrong.append((at, link))
    assert not wrong


def leads(site: Path, path: str) -> bool:
    return (site / path / "index.html" if path.endswith("/") or not path else site / path).is_file()


def test_no_page_runs_anything_nor_asks_another_host_for_anything(site: Path) -> None:
    found = {file: dangers(file.read_text()) for file in site.rglob("*.html")}
    for file in site.rglob("courriel/index.html"):  # a mail carries its look: what we wrote, inline
        found[file] = [
            fault for fault in found[file] if not fault.split(": ")[1].startswith("style=")
        ]
    assert not {file: faults for file, faults in found.items() if faults}
    for style in site.rglob("*.css"):
        text = style.read_text()
        assert "//" not in text.replace("http://www.w3.org/", "")
        assert "@import" not in text


def test_no_id_stands_twice_on_a_page(pages: dict[str, Element]) -> None:
    for at, page in pages.items():
        ids = [found.attributes["id"] for found in page if "id" in found.attributes]
        assert len(ids) == len(set(ids)), at


def test_every_list_and_page_announces_a_feed(site: Path, pages: dict[str, Element]) -> None:
    for at, page in pages.items():
        if page.all("meta", **{"http-equiv": "refresh"}):
            continue
        feeds = page.one("head").all("link", rel="alternate", type="application/atom+xml")
        assert feeds, at
        for feed in feeds:
            path = urljoin(at, feed.attributes["href"]).removeprefix(PUBLIC_URL)
            assert (site / path).is_file(), (at, path)


def test_every_feed_can_be_read(site: Path, pages: dict[str, Element]) -> None:
    feeds = sorted(site.rglob("*.atom"))
    assert len(feeds) > 10
    for file in feeds:
        feed = feedparser.parse(file.read_bytes())
        assert not feed.bozo, (file, feed.get("bozo_exception"))
        assert feed.version == "atom10"
        assert feed.feed.title
        ids = [entry.id for entry in feed.entries]
        assert len(ids) == len(set(ids))
        for entry in feed.entries:
            assert entry.title
            assert entry.updated
            assert entry.link.partition("#")[0] in pages


def test_the_open_data_are_json_with_the_same_columns_in_every_row(
    site: Path, pages: dict[str, Element]
) -> None:
    for file in site.glob("data/*.json"):
        rows = json.loads(file.read_text())
        assert len({tuple(row) for row in rows}) <= 1, file
        for row in rows:
            assert row["page"] is None or row["page"] in pages
            assert not {"contact", "signed_as"} & set(row)


def test_every_feed_says_where_it_stands_and_since_when(site: Path) -> None:
    """What RFC 4287 asks of an Atom feed, and jsonfeed.org of the other."""
    for file in sorted(site.rglob("*.atom")):
        at = PUBLIC_URL + file.relative_to(site).as_posix()
        feed = feedparser.parse(file.read_bytes()).feed
        assert feed.id.startswith("tag:vigie.example,2026:")
        assert datetime.datetime.fromisoformat(feed.updated)
        assert [link.href for link in feed.links if link.rel == "self"] == [at]
        same = json.loads(file.with_suffix(".json").read_text())
        assert same["version"] == "https://jsonfeed.org/version/1.1"
        assert same["feed_url"] == at.removesuffix(".atom") + ".json"
        for item in same["items"]:
            assert item["id"].startswith("tag:")
            assert item["content_text"]
            assert datetime.datetime.fromisoformat(item["date_modified"]).tzinfo


def test_every_feed_and_calendar_is_on_the_page_that_explains_them(
    site: Path, pages: dict[str, Element]
) -> None:
    made = {
        f"{PUBLIC_URL}{file.relative_to(site).as_posix()}"
        for ending in ("atom", "json", "ics", "opml")
        for file in (site / "feeds").rglob(f"*.{ending}")
    }
    for at in (f"{PUBLIC_URL}a-propos/suivre/", f"{PUBLIC_URL}en/a-propos/suivre/"):
        told = {urljoin(at, link) for link in links(pages[at])}
        assert not made - told
        assert not {link for link in told if "/feeds/" in link} - made


def test_one_list_has_every_feed_under_a_name_of_its_own(site: Path) -> None:
    found = opml.read((site / "feeds" / "vigie.opml").read_bytes())
    made = {PUBLIC_URL + file.relative_to(site).as_posix() for file in site.rglob("*.atom")}
    assert {one.feed for one in found.found} == made
    assert not found.refused
    named = [(one.group, one.title) for one in found.found]
    assert len(set(named)) == len(named)
    for one in found.found:
        assert leads(site, unquote(one.site.removeprefix(PUBLIC_URL))), one.site


def test_every_file_of_the_open_data_has_its_columns_explained(
    site: Path, pages: dict[str, Element]
) -> None:
    page = pages[f"{PUBLIC_URL}data/"]
    for file in site.glob("data/*.json"):
        section = page.one("section", id=f"colonnes-{file.stem}")
        explained = [row.one("th").text for row in section.one("tbody").all("tr")]
        for row in json.loads(file.read_text()):
            assert list(row) == explained, file
    for at in (page, pages[f"{PUBLIC_URL}en/data/"]):
        assert at.one("a", href=urlsplit(f"{PUBLIC_URL}data/needs.geojson").path)


@pytest.mark.parametrize("lang", ["", "en/"])
@pytest.mark.parametrize("old", ["imprimer", "ou-imprimer"])
def test_a_former_address_leads_to_the_page(pages: dict[str, Element], lang: str, old: str) -> None:
    new = f"{PUBLIC_URL}{lang}besoins/{RENAMED}/"
    page = pages[f"{PUBLIC_URL}{lang}besoins/{old}/"]
    path = urlsplit(new).path
    refresh = page.one("meta", **{"http-equiv": "refresh"}).attributes["content"]
    assert refresh == f"0; url={path}"
    assert page.one("link", rel="canonical").attributes["href"] == new
    assert page.one("main").one("a", href=path).text
    assert new in pages


def test_the_same_content_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """On another day, in another order, from files with other dates."""
    shutil.copytree(site.parent / "content", tmp_path / "content", copy_function=shutil.copyfile)
    result = build(
        tmp_path / "content",
        tmp_path / "again",
        SOURCE_DATE_EPOCH=DAY,
        PYTHONHASHSEED="4321",
        TZ="Pacific/Kiritimati",
    )
    assert result.returncode == 0, result.stderr
    first, second = tree(site), tree(tmp_path / "again")
    assert first.keys() == second.keys()
    assert not [path for path in first if first[path] != second[path]]


def tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_no_file_is_ever_written_outside_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if a check were missing: the last hand refuses too."""
    work = partial(iter, [("../dehors.html", "x")])
    monkeypatch.setattr("plugins.publisher.works", lambda *_: [work])
    generator = SiteGenerator.__new__(SiteGenerator)
    generator.settings = {"SITEURL": "http://x", "GATEWAY_URL": "http://x"}
    generator.output_path = str(tmp_path / "output")
    generator._content = load(PROJECT / "content")
    with pytest.raises(ValueError, match="outside the site"):
        generator.generate_output(None)
    assert not (tmp_path / "dehors.html").exists()
