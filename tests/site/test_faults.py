"""What is wrong with a built site is found, and told with its page and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.site.built import PUBLIC, Built
from tests.site.language import foreign
from tests.site.links import broken, elsewhere
from tests.site.outline import disordered
from tests.site.validity import COMMAND, found_node, invalid
from tests.site.weight import Scale

FINE = (
    '<!doctype html>\n<html lang="fr"><head><title>Une page</title></head>\n<body>{}</body></html>'
)


def site(folder: Path, **pages: str) -> Built:
    """`pages`: what stands in the body of each."""
    for name, body in pages.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "index.html").write_text(FINE.format(body))
    gateway = Flask("gateway")
    gateway.add_url_rule("/contribuer/<type>/", view_func=lambda type: type)
    return Built(folder, gateway, frozenset(f"{name}/" for name in pages))


@pytest.mark.parametrize(
    ("link", "is_whole"),
    [
        ("/tours/b/", True),
        ("../b/#la", True),
        ("../b/#ailleurs", False),
        ("/tours/c/", False),
        ("/b/", False),
        (f"{PUBLIC}b/", True),
        (f"{PUBLIC}c/", False),
        ("/tours/contribuer/need/?de=a#x", True),
        ("/tours/contribuer/", False),
        ("https://elsewhere.example/", True),
        ("mailto:a@vigie.example", True),
    ],
)
def test_a_link_leads_somewhere_or_is_told(tmp_path: Path, link: str, is_whole: bool) -> None:
    made = site(tmp_path, a=f'<h1>A</h1>\n<a href="{link}">b</a>', b='<h1 id="la">B</h1>')
    found = [fault[:2] for fault in broken(made)]
    assert found == ([] if is_whole else [("a/index.html", 4)])


def test_an_address_in_a_feed_or_a_folded_calendar_leads_somewhere(tmp_path: Path) -> None:
    made = site(tmp_path, a="<h1>A</h1>")
    (tmp_path / "a.atom").write_text(f'<feed>\n<link href="{PUBLIC}a/"/><id>{PUBLIC}b/</id></feed>')
    (tmp_path / "a.ics").write_bytes(f"URL:{PUBLIC}\r\n a/\r\nURL:{PUBLIC}c\r\n /\r\n".encode())
    assert [fault[0] for fault in broken(made)] == ["a.atom", "a.ics"]


@pytest.mark.parametrize(
    "fetched",
    [
        '<img src="https://a.example/x.png" alt="">',
        '<script src="//a.example/x.js"></script>',
        '<link rel="stylesheet" href="http://a.example/x.css">',
        '<iframe src="https://a.example/"></iframe>',
    ],
)
def test_nothing_is_fetched_from_another_host(tmp_path: Path, fetched: str) -> None:
    made = site(tmp_path, a=f"{fetched}", b='<a href="https://a.example/">x</a>')
    assert [fault.page for fault in elsewhere(made)] == ["a/index.html"]


def test_a_style_sheet_asks_for_nothing(tmp_path: Path) -> None:
    made = site(tmp_path, a="<h1>A</h1>")
    (tmp_path / "a.css").write_text("a {}\nb { background: url('https://a.example/x.png') }")
    assert [fault[:2] for fault in elsewhere(made)] == [("a.css", 2)]


@pytest.mark.parametrize(
    ("body", "many"),
    [
        ("<h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2>", 0),
        ("<h1>A</h1><h3>C</h3>", 1),
        ("<h2>A</h2><h1>B</h1>", 1),
        ("<p>A</p>", 1),
        ("<h1>A</h1><h1>B</h1>", 1),
        ("<h1>A</h1><h2> </h2>", 1),
        ('<h1><img src="a.png" alt="A"></h1><template><h4></h4></template>', 0),
    ],
)
def test_headings_are_in_order(tmp_path: Path, body: str, many: int) -> None:
    assert len(list(disordered(site(tmp_path, a=body)))) == many


def test_a_page_says_its_language(tmp_path: Path) -> None:
    made = site(tmp_path, **{"en/a": "<h1>A</h1>", "b": "<h1>B</h1>"})
    assert [fault.page for fault in disordered(made)] == ["en/a/index.html"]


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("<p>Les mardis</p>", True),
        ('<p lang="fr">Les mardis</p>', False),
        ('<p lang="fr">Les <b lang="en">des</b> mardis</p>', True),
        ('<a title="Voir la page">x</a>', True),
        ("<p>In La Riche, rue des Minimes</p>", False),
        ("<time>12 novembre</time><p>English</p>", True),
        ("<p>https://la.example/par/les/</p><code>les-mardis</code>", False),
    ],
)
def test_french_on_an_english_page_says_that_it_is(
    tmp_path: Path, said: str, is_told: bool
) -> None:
    names = frozenset({"La Riche", "rue des Minimes"})
    made = site(tmp_path, **{"en/a": f"<h1>A</h1>\n{said}", "b": "<h1>Les mardis</h1>"})
    found = [fault[:2] for fault in foreign(replace(made, names=names))]
    assert found == ([("en/a/index.html", 4)] if is_told else [])


def test_a_feed_says_its_language(tmp_path: Path) -> None:
    made = site(tmp_path, a="<h1>A</h1>")
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "a.json").write_text('{"title": "A"}')
    (tmp_path / "feeds" / "b.atom").write_text('<feed xml:lang="fr"></feed>')
    assert [fault.page for fault in foreign(made)] == ["feeds/a.json"]


def test_a_page_is_weighed_with_all_it_fetches_but_pictures_and_fonts(tmp_path: Path) -> None:
    fetched = '<script src="/tours/x.js?v=1"></script><img src="/tours/p.png" alt="">' * 2
    made = site(tmp_path, a=fetched)
    (tmp_path / "x.js").write_bytes(bytes(range(256)))
    (tmp_path / "f.woff2").write_bytes(bytes(9000))
    html = made.bytes("a/index.html")
    weight = Scale(made).page("a page", "a/index.html", html, limit=400)
    assert 256 < weight.bytes < 600
    assert weight.requests == 3
    assert weight.fault()


@pytest.mark.skipif(not (COMMAND.exists() and found_node()), reason="no html-validate here")
def test_html_that_is_not_valid_is_told(tmp_path: Path) -> None:
    made = site(tmp_path, a="<h1>A</h1>\n<p><div>B</div></p>", b="<h1>B</h1>")
    assert {fault[:2] for fault in invalid(made)} == {("a/index.html", 4)}
