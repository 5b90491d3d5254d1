"""Feeds that readers understand, and open data with the same columns in every row."""

from __future__ import annotations

import feedparser

from plugins.render import Facet, Theme, atom, channel, data
from plugins.schema import Document, Index, Schema


def test_a_feed_is_valid(theme: Theme, index: Index, full: Document) -> None:
    for facet in (None, Facet("theme", "c")):
        parsed = feedparser.parse(atom(theme, channel(theme, full.type, index, facet)))
        assert not parsed.bozo
        assert parsed.feed.title
        assert parsed.feed.id.startswith("tag:exemple.fr,")
        entry = next(e for e in parsed.entries if e.title.startswith("Une chose"))
        assert entry.id == "tag:exemple.fr,2026:abc"
        assert entry.link == "https://exemple.fr/vigie/choses/une/"


def test_a_feed_is_the_same_twice(theme: Theme, schema: Schema, index: Index) -> None:
    for known in (index, Index(schema, [])):
        assert atom(theme, channel(theme, None, known)) == atom(theme, channel(theme, None, known))
    assert "2026-11-24T00:00:00" in atom(theme, channel(theme, None, Index(schema, [])))


def test_a_title_cannot_break_a_feed(theme: Theme, schema: Schema) -> None:
    declared = schema.types["thing"]
    title = "<b>&\u0007]]>\ufffe</title>"
    document = Document(declared, "x", {"title": title, "id": "x1"})
    parsed = feedparser.parse(atom(theme, channel(theme, declared, Index(schema, [document]))))
    assert not parsed.bozo


def test_a_page_that_says_its_month_is_as_old_as_its_first_day(
    theme: Theme, schema: Schema
) -> None:
    document = Document(schema.types["thing"], "x", {"title": "X", "created": "2026-10"})
    entries = channel(theme, document.type, Index(schema, [document])).entries
    assert [one.published.isoformat() for one in entries] == ["2026-10-01T00:00:00+00:00"]


def test_every_row_has_every_column(theme: Theme, index: Index, full: Document) -> None:
    rows = data(full.type, index, theme.site)
    assert len({tuple(row) for row in rows}) == 1
    row = next(row for row in rows if row["slug"] == "une")
    assert row["page"] == "https://exemple.fr/vigie/choses/une/"
    assert row["count"] == 42
    assert row["because"] is None
    assert "secret" not in row
    assert "contact" not in row
