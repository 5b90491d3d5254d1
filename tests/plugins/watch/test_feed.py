"""Feeds as they are found, each in `corpus/` with what it says beside it."""

from __future__ import annotations

import json
import time
import unicodedata
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.watch.entry import Entry, Feed
from plugins.watch.errors import NotAFeed
from plugins.watch.feed import parse
from plugins.watch.recognition import Known, recognise

CORPUS = Path(__file__).parent / "corpus"
ADDRESS = "https://site.example/feed"
FEEDS = sorted(path for path in CORPUS.iterdir() if path.suffix != ".json")
RSS = '<rss version="2.0"><channel><title>Ici</title>{}</channel></rss>'

JSON_FEED = {"version": "https://jsonfeed.org/version/1.1"}


def rss(items: str) -> bytes:
    return RSS.format(items).encode()


def read(data: bytes, content_type: str = "application/xml") -> Feed:
    return parse(data, content_type, ADDRESS)


def told(feed: Feed) -> dict[str, Any]:
    """A feed without what it does not say."""
    entries = [{k: v for k, v in asdict(entry).items() if v} for entry in feed.entries]
    for entry in entries:
        if "published" in entry:
            entry["published"] = entry["published"].isoformat()
    said = {f.name: getattr(feed, f.name) for f in fields(Feed) if getattr(feed, f.name)}
    faults = {"faults": list(feed.faults)} if feed.faults else {}
    return {"title": feed.title, **said, **faults, "entries": entries}


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_what_a_feed_says(path: Path) -> None:
    expected = json.loads(
        (CORPUS / f"{path.name.partition('.txt')[0]}").with_suffix(".json").read_text()
    )
    if not expected.get("site"):
        expected.pop("site", None)
    assert told(read(path.read_bytes())) == expected


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["", "text/html", "text/xml", "text/plain; charset=x-none"])
def test_a_wrong_type_changes_nothing(path: Path, kind: str) -> None:
    assert told(read(path.read_bytes(), kind)) == told(read(path.read_bytes()))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t\x00", "empty"),
        (b"<!doctype html><title>404</title>", "html"),
        (b"<html><link rel=alternate type=application/rss+xml href=/feed></html>", "html"),
        (b"Not found", "not_a_feed"),
        (b"<opml version='2.0'><body/></opml>", "not_a_feed"),
        (b'{"error": "no such feed"}', "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "not_a_feed"),
        (b"[" * 100_000, "too_deep"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not_a_feed"),
    ],
)
def test_what_is_no_feed(data: bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read(data)
    assert caught.value.code == code


def test_of_a_huge_feed_the_newest_are_kept_in_its_order() -> None:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    days = [(first + timedelta(days=n)).strftime("%d %b %Y 10:00:00 GMT") for n in range(2003)]
    items = "".join(
        f"<item><title>n{n}</title><pubDate>{d}</pubDate></item>" for n, d in enumerate(days)
    )
    feed = read(rss(items))
    assert feed.faults == ("too_many_entries",)
    assert [entry.title for entry in feed.entries] == [f"n{n}" for n in range(3, 2003)]


def test_deep_markup_is_read_and_bounded() -> None:
    deep = "&lt;div&gt;" * 5_000 + "au fond"
    feed = read(rss(f"<item><title>{deep}</title></item><item><title>Deux</title></item>"))
    assert feed.entries[-1].title == "Deux"
    nested = "<a>" * 4_000
    assert read(rss(f"<item><title>Un</title>{nested}</item>")).faults


def test_long_words_are_cut_at_a_word() -> None:
    feed = read(
        rss(f"<item><title>{'mot ' * 200}</title><description>{'x' * 5000}</description></item>")
    )
    (entry,) = feed.entries
    assert entry.title.endswith("mot…") and len(entry.title) <= 300
    assert len(entry.summary) == 1000


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        ("<ttl>60</ttl>", 60),
        ("<ttl>99999999</ttl>", 7 * 24 * 60),
        ("<ttl>souvent</ttl>", 0),
        (
            "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>hourly</sy:updatePeriod>",
            60,
        ),
        ("", 0),
    ],
)
def test_how_long_it_asks_to_be_left_alone(asked: str, minutes: int) -> None:
    assert read(rss(asked)).ttl == minutes


def test_a_guid_does_not_depend_on_the_address_of_the_feed() -> None:
    data = rss("<item><title>Un</title><guid>12</guid></item>")
    assert parse(data, "", ADDRESS).entries == parse(data, "", "https://other.example/").entries


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket", None)
    read(b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd">' + rss(""))
    with pytest.raises(NotAFeed):
        read(b"http://127.0.0.1/feed")


@pytest.mark.parametrize("name", ["jean&#64;example.org (Jean)", "Jean, jean@example.org"])
def test_an_author_is_a_name_and_no_address(name: str) -> None:
    data = rss(f"<item><title>T</title><author>{name.replace('&', '&amp;')}</author></item>")
    assert read(data).entries[0].author == "Jean"


def test_half_a_character_costs_nothing_but_itself() -> None:
    item = {
        "id": "1",
        "title": "T\ud83d",
        "summary": "<p>cut \ud83d",
        "url": "https://a.org/\ud83d",
    }
    text = json.dumps({**JSON_FEED, "items": [item]})
    assert [(one.title, one.summary) for one in read(text.encode()).entries] == [("T", "cut")]


@pytest.mark.parametrize(
    "data",
    [
        rss("<item><title>a & b</title></item>") + b"<!---->" * 100 + b"x",
        json.dumps(
            {**JSON_FEED, "items": [{"title": "T", "author": {"name": "a" * 300_000}}]}
        ).encode(),
    ],
    ids=["comments", "author"],
)
def test_no_text_is_read_for_ever(data: bytes) -> None:
    began = time.process_time()
    with suppress(NotAFeed):
        read(data)
    assert time.process_time() - began < 2


def check(feed: Feed) -> None:
    """What every feed keeps to."""
    for entry in (*feed.entries, Entry("", feed.site, feed.title), Entry("", feed.elsewhere, "")):
        assert not entry.url or entry.url.startswith(("http://", "https://"))
        texts = (entry.guid, entry.url, entry.title, entry.summary, entry.author, entry.lang)
        text = "\n".join(texts)
        assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")], texts
        assert not set("\u202e\u2066\ufeff\uffff").intersection(text), texts
        assert len(entry.title) <= 300 and len(entry.summary) <= 1000
    assert all(entry.title for entry in feed.entries)
    known = recognise((), feed.entries).new
    before = [Known(one.key, one.address, one.entry.title, one.entry.summary) for one in known]
    again = recognise(before, feed.entries)
    assert not again.new and not again.changed and not again.renamed


SAMPLES = [path.read_bytes() for path in FEEDS]
PIECES = st.sampled_from(
    [b"<item>", b"</item>", b"<entry>", b"<title>", b"</title>", b"<link>", b"<link href='", b"'/>"]
    + [
        b"&",
        b"&#0;",
        b"&#x110000;",
        b"&lt;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?xml ",
        b"?>",
    ]
    + [b"<guid>", b"javascript:", b"http://[", b"\x00", b"\xff", b"\xed\xa0\x80", "\u202e".encode()]
    + [
        b"<content type='base64'>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"</svg>",
        b"<pubDate>",
    ]
    + [b"<description>", b"<x:y z='", b"xml:base='//'", b"<georss:point>", b"<itunes:duration>"]
)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_feed_what_is_left_can_be_kept(data: st.DataObject) -> None:
    feed = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(0, 5))):
        start = data.draw(st.integers(0, len(feed)))
        cut = data.draw(st.sampled_from([0, 0, 1, 7, 60, 100_000]))
        feed[start : start + cut] = data.draw(PIECES | st.binary(max_size=4))
    try:
        check(read(bytes(feed), data.draw(st.sampled_from(["", "text/xml", "text/html"]))))
    except NotAFeed as error:
        assert error.code != "broken", error.detail


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=4), max_size=30).map(b"".join))
@example(b"<rss><channel><item><title>" + b"&#55296;" + b"&#x1F600;")
def test_whatever_is_sent_is_a_feed_or_none(data: bytes) -> None:
    for whole in (data, rss("").replace(b"</channel>", data)):
        try:
            check(read(whole))
        except NotAFeed as error:
            assert error.code != "broken", error.detail
