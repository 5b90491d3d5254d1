"""Markdown from strangers never becomes markup that runs, and its links lead where they may."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.render import Site, markdown_html
from plugins.schema import Index

BITS = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"),
    *("[a](javascript:alert(1))", "[a](JaVa\tscript:alert(1))", "[a](data:text/html,<b>)"),
    *("[a](&#106;avascript:alert(1))", "[a]: javascript:alert(1)\n[a]", "<javascript:alert(1)>"),
    *("![x](javascript:1)", "![x](http://ailleurs.fr/a.png)", '[a](x "onclick=alert(1)")'),
    *("<style>*{}</style>", "<a href='vbscript:1'>a</a>", "`<b>`", "```\n<script>\n```"),
    *("> " * 40, "- " * 40, "[" * 200, "*" * 99, "&lt;script&gt;", "\\<script>", "{{ 7*7 }}"),
    *("[a](//ailleurs.fr)", "[a](/\\ailleurs.fr)", "|a|b|\n|-|-|\n|<script>|b|", "\u202e<b>\u0000"),
]
hostile = st.lists(st.sampled_from(BITS) | st.text(max_size=30), max_size=8).map("\n".join)
ALLOWED = {
    *("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("dl", "dt", "dd", "img", "table", "thead", "tbody", "tr", "th", "td"),
    *("h2", "h3", "h4", "h5", "h6"),
}


class Reader(HTMLParser):
    """What a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@settings(deadline=None)
@given(hostile)
@example("".join(BITS))
@example("> " * 3000)
@example("[" * 4000)
@example("- " * 3000)
@example("**" * 3000)
def test_nothing_runs(site: Site, index: Index, text: str) -> None:
    for tag, attributes in Reader(markdown_html(text, index, site, "fr")).tags:
        assert tag in ALLOWED
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        href = attributes.get("href") or ""
        assert href.startswith(("http://", "https://", "mailto:", "/vigie/", "#")) or not href
        assert (attributes.get("src") or "/vigie/images/").startswith("/vigie/images/")


@pytest.mark.parametrize(
    "bit", ["[", "![", "[a](", "[a][", "[[", "`", "*_", "<a ", "> ", "1. ", "[**\\"]
)
def test_no_text_takes_long(site: Site, index: Index, bit: str) -> None:
    text = (bit * 10_000)[:10_000] + ")" * 500 + "]" * 500
    started = time.process_time()
    markdown_html(text, index, site, "fr")
    assert time.process_time() - started < 3


@settings(deadline=None)
@given(st.text(max_size=300))
def test_same_text_same_bytes(site: Site, index: Index, text: str) -> None:
    assert markdown_html(text, index, site, "fr") == markdown_html(text, index, site, "fr")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[a](thing/une)", '<p><a href="/vigie/choses/une/">a</a></p>'),
        ("[a](thing/une#r1)", '<p><a href="/vigie/choses/une/#r1">a</a></p>'),
        ("[a](thing/perdue)", "<p>a</p>"),
        ("[a](/choses/)", '<p><a href="/vigie/choses/">a</a></p>'),
        ("[a](//ailleurs.fr)", "<p>a</p>"),
        ("[a](https://x.fr)", '<p><a href="https://x.fr" rel="nofollow ugc">a</a></p>'),
        (
            "![une porte](images/a.webp)",
            '<p><img src="/vigie/images/a.webp" alt="une porte" loading="lazy"></p>',
        ),
        ("![une porte](https://x.fr/a.webp)", "<p>une porte</p>"),
        ("# A\n\n### B\n\n## C", "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>"),
        ("<b>gras</b>", "<p>&lt;b&gt;gras&lt;/b&gt;</p>"),
        ("Oui ! « non » `a : b`", "<p>Oui\u202f! «\u202fnon\u202f» <code>a : b</code></p>"),
    ],
)
def test_shapes(site: Site, index: Index, text: str, html: str) -> None:
    shown = markdown_html(text, index, site, "fr")
    assert Reader(shown).tags == Reader(html).tags
    assert "".join(shown.split()) == "".join(html.split()) or "<img" in html


def test_quotations_that_an_empty_line_parts_are_several(index: Index, site: Site) -> None:
    html = str(markdown_html("> un\n>\n> deux\n\n> trois", index, site, "fr"))
    assert "".join(html.split()) == (
        "<blockquote><p>un</p><p>deux</p></blockquote><blockquote><p>trois</p></blockquote>"
    )
