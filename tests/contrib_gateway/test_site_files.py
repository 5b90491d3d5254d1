"""What the site's files are served as."""

from __future__ import annotations

from pathlib import Path

import pytest

from contrib_gateway.app import create_app
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
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
