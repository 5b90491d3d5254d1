"""What the site's files are served as."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from threading import Lock

import pytest

from contrib_gateway.app import create_app
from contrib_gateway.compression import kept
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from contrib_gateway.store import Act
from plugins.render.theme import ROOT as THEME
from tests.contrib_gateway.offices import small_content


@pytest.mark.parametrize(
    ("path", "kind", "styled"),
    [
        ("feeds/tout.json", "application/feed+json", False),
        ("feeds/tout.atom", "application/atom+xml; charset=utf-8", False),
        ("data/sources.opml", "text/x-opml; charset=utf-8", False),
        ("feeds/events.ics", "text/calendar; charset=utf-8", False),
        ("data/actors.csv", "text/csv; charset=utf-8", False),
        ("data/actors.geojson", "application/geo+json", False),
        ("veille/un/courriel.txt", "text/plain; charset=utf-8", False),
        ("veille/un/courriel/", "text/html; charset=utf-8", True),
        ("veille/un/", "text/html; charset=utf-8", False),
    ],
)
def test_feeds_mails_and_lists_are_told_apart_and_only_a_mail_has_its_own_look(
    tmp_path: Path, path: str, kind: str, styled: bool
) -> None:
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    file = gateway.builder.places.site / (path + "index.html" * path.endswith("/"))
    file.parent.mkdir(parents=True)
    file.write_text("é")
    answer = create_app(gateway).test_client().get(f"/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert ("style-src-attr 'unsafe-inline'" in answer.headers["Content-Security-Policy"]) is styled


def test_what_shows_a_form_without_network_stands_above_all_forms(tmp_path: Path) -> None:
    """At one address, in both languages, and without a site; asked for again each time."""
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    browser = create_app(gateway).test_client()
    answer = browser.get("/hors-ligne.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "connect-src 'self'; worker-src 'self'" in policy
    for form in ("/contribuer/need/", "/en/contribuer/need/"):
        assert 'data-worker="/hors-ligne.js"' in browser.get(form).text


def test_the_face_of_titles_shows_in_a_preview_too(tmp_path: Path) -> None:
    """Its frame has no origin: a browser asks whether the file may be used there."""
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    file = gateway.builder.places.site / "theme/fonts/literata.woff2"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"")
    answer = create_app(gateway).test_client().get("/theme/fonts/literata.woff2?v=1")
    assert answer.headers["Content-Type"] == "font/woff2"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_file_is_kept_for_good_under_the_version_that_it_is_of_and_no_other(
    tmp_path: Path,
) -> None:
    """Just after an upgrade, forms ask the site of before it for files that it has not yet."""
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    browser = create_app(gateway).test_client()
    script = gateway.builder.places.site / "theme/js/form.js"
    script.parent.mkdir(parents=True)
    script.write_text("old")
    asked = re.search(r'src="(/theme/js/form.js\?v=\w+)"', browser.get("/contribuer/need/").text)
    assert asked
    assert browser.get(asked[1]).headers["Cache-Control"] == "no-cache"
    script.write_bytes((THEME / "static/js/form.js").read_bytes())
    assert "immutable" in browser.get(asked[1]).headers["Cache-Control"]


def test_a_text_comes_compressed_once_to_who_accepts_it_and_stays_conditional(
    tmp_path: Path,
) -> None:
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    browser, text = create_app(gateway).test_client(), "Une page, " * 500
    site = gateway.builder.places.builds / "000001-abc"
    (site / "besoins").mkdir(parents=True)
    (site / "besoins/index.html").write_text(text)
    gateway.builder.places.site.symlink_to(site)

    packs = {"Accept-Encoding": "br, gzip"}
    whole = browser.get("/besoins/")
    packed = browser.get("/besoins/", headers=packs)
    assert whole.text == gzip.decompress(packed.data).decode() == text
    assert "Content-Encoding" not in whole.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_type == whole.content_type
    assert packed.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    assert whole.vary.as_set() == packed.vary.as_set() == {"accept-encoding"}
    assert packed.content_length == len(packed.data) < 200
    assert whole.get_etag() != packed.get_etag() == (packed.get_etag()[0], False)

    for accepts, shown in ({}, whole), (packs, packed):
        asked = accepts | {"If-None-Match": shown.headers["ETag"]}
        again = browser.get("/besoins/", headers=asked)
        assert (again.status_code, again.vary.as_set()) == (304, {"accept-encoding"})
        head = browser.head("/besoins/", headers=accepts)
        assert (head.content_length, head.data) == (shown.content_length, b"")
        part = browser.get("/besoins/", headers=accepts | {"Range": "bytes=2-5"})
        assert (part.status_code, part.data) == (206, shown.data[2:6])
    assert browser.get("/besoins/", headers={"Accept-Encoding": "gzip;q=0"}).text == text

    (copy,) = (file for file in gateway.builder.places.compressed.rglob("*") if file.is_file())
    made = copy.stat().st_ino
    browser.get("/besoins/", headers=packs)
    assert copy.stat().st_ino == made, "it is compressed once"
    (site / "besoins/index.html").write_text(text[:-10])
    assert gzip.decompress(browser.get("/besoins/", headers=packs).data).decode() == text[:-10]

    (site / "petit.txt").write_text("peu")
    (site / "photo.webp").write_bytes(bytes(2000))
    for path in "/petit.txt", "/photo.webp":
        assert "Content-Encoding" not in browser.get(path, headers=packs).headers
    assert browser.get("/rien.html", headers=packs).status_code == 404
    (site.parent / "000002-def").mkdir()
    (site.parent / "000003-fed").mkdir()
    gateway.builder.forget_old(site.parent / "000003-fed")
    assert not any(gateway.builder.places.compressed.iterdir()), "it goes with its build"


def test_what_many_ask_for_at_once_is_compressed_by_one_and_nobody_waits(tmp_path: Path) -> None:
    """Thirty at once, just after a publication, would each compress the same ten megabytes."""
    file, copy, turn = tmp_path / "initiatives.json", tmp_path / "copy", Lock()
    file.write_text("Une fiche, " * 500)
    with turn:
        assert kept(file, copy, turn) is None
    assert kept(file, copy, turn) == copy
    with turn:
        assert kept(file, copy, turn) == copy


def test_no_address_leads_out_of_the_site_nor_leaves_a_compressed_copy_outside(
    tmp_path: Path,
) -> None:
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    browser, places = create_app(gateway).test_client(), gateway.builder.places
    (places.builds / "000001-abc").mkdir(parents=True)
    places.site.symlink_to(places.builds / "000001-abc")
    (tmp_path / "secret.json").write_text("secret" * 500)
    before = sorted(tmp_path.rglob("*"))
    for way in ("/../../", "/%2e%2e/%2e%2e/", "/x/../../../", "/..%2f..%2f", f"/{tmp_path}/"):
        told = browser.get(f"{way}secret.json", headers={"Accept-Encoding": "gzip"})
        assert told.status_code == 404, way
    assert browser.get("/x%00.json").status_code == 404
    assert sorted(tmp_path.rglob("*")) == before


def test_what_answers_a_seeker_comes_compressed_and_a_form_with_its_ticket_does_not(
    tmp_path: Path,
) -> None:
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    browser = create_app(gateway).test_client()
    for path in "/je-cherche/", "/recherche/?q=rue":
        packed = browser.get(path, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == browser.get(path).data
        assert packed.vary.as_set() == {"accept-encoding"}
    form = browser.get("/contribuer/need/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in form.headers


def test_where_editors_took_a_page_off_its_address_says_so(tmp_path: Path) -> None:
    """What it said is not shown there, nor in its public past; where nothing was, nothing is."""
    LocalForge.open(tmp_path / "forge.git", small_content(tmp_path / "content"))
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path)}))
    browser = create_app(gateway).test_client()
    gateway.builder.places.site.mkdir()
    gateway.store.log("Léa", Act.TAKEN_OFF, about="need/un-pas")
    for path in ("/besoins/un-pas/", "/besoins/un-pas", "/historique/need/un-pas/"):
        told = browser.get(path)
        assert told.status_code == 410 and "a été retirée du site" in told.text, path
        # A browser would never ask again, though it may be put back.
        assert told.headers["Cache-Control"] == "no-cache", path
    told = browser.get("/en/besoins/un-pas/")
    assert told.status_code == 410 and "was taken off" in told.text
    for path in ("/besoins/un-autre/", "/besoins/", "/un-pas/", "/historique/need/un-autre/"):
        assert browser.get(path).status_code == 404, path
