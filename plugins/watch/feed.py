"""What a feed says, whatever its format and its faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from plugins.watch import dates
from plugins.watch.address import linkable
from plugins.watch.announcement import announced
from plugins.watch.encoding import in_utf8
from plugins.watch.entry import Entry, Feed
from plugins.watch.errors import NotAFeed
from plugins.watch.jsonfeed import parse_json
from plugins.watch.limits import AUTHOR, SUMMARY, TITLE, identifier, latest, titled
from plugins.watch.plaintext import language, plain, signature
from plugins.watch.xml import read_xml

LONGEST_PAUSE = 7 * 24 * 60  # minutes; who asks for more means never, and is asked anyhow
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
ROOT = re.compile(rb"<(?![?!])(?:\w+:)?(\w+)")
HTML = re.compile(rb"(?:\s*<\?[^>]*>)?\s*<!doctype\s+html\b", re.IGNORECASE)
ASIDE = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
END = re.compile(
    rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>\s*(?:<!--(?:(?!-->).)*-->\s*)*\Z", re.I | re.S
)
ENTRY_ENDS = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


def parse(data: bytes, content_type: str, address: str) -> Feed:
    """The feed in what an address answered with. Raises `NotAFeed`, nothing else.

    Nothing is fetched. A page that announces a feed is given as a Feed that has `elsewhere`.
    """
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not start and not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise NotAFeed("empty")
    try:
        if start.startswith((b"{", b"[")):
            return parse_json(data, address)
        return _parse_xml(data, content_type, address)
    except (NotAFeed, MemoryError):
        raise
    except RecursionError as error:
        raise NotAFeed("too_deep") from error
    except Exception as error:  # of the parser, over something nobody has thought of yet
        raise NotAFeed("broken", f"{type(error).__name__}: {error}"[:200]) from error


def _parse_xml(data: bytes, content_type: str, address: str) -> Feed:
    faults: list[str] = []
    text = in_utf8(data, content_type, faults)
    root = ROOT.search(ASIDE.sub(b"", text[:20_000]))
    if HTML.match(text) or (root and root[1].lower() == b"html"):
        return _page(text, address)
    found = read_xml(text, faults)
    if not found.version and not found.entries:
        raise NotAFeed("not_a_feed", root[1].decode("ascii", "replace")[:40] if root else "")
    raw = found.entries
    if "not_well_formed" in faults and not END.search(text[-1000:]):
        faults.append("truncated")
        if len(ENTRY_ENDS.findall(text)) < len(raw):
            raw = raw[:-1]  # what it says is cut somewhere: it will come again, whole
    return _feed(found, raw, address, faults)


def _feed(found: Any, raw: list[Any], address: str, faults: list[str]) -> Feed:
    about = found.feed
    site = linkable(about.get("link") or "", address)
    base = address if found.version.startswith("atom") else site or address
    lang = language(about.get("language") or "")
    kept = latest(raw, _published, faults)
    return Feed(
        title=plain(about.get("title") or "", TITLE),
        site=site,
        entries=tuple(_entries(kept, base, lang, faults)),
        lang=lang,
        ttl=_pause(about),
        faults=tuple(dict.fromkeys(faults)),
    )


def _entries(raw: list[Any], base: str, lang: str, faults: list[str]) -> Iterator[Entry]:
    for given in raw:
        published = _published(given)
        if published is None and (given.get("published") or given.get("updated")):
            faults.append("bad_date")
        entry = Entry(
            guid=identifier(given.get("id") or ""),
            url=_link(given, base),
            title=plain(given.get("title") or "", TITLE),
            summary=_summary(given),
            author=signature(_author(given), AUTHOR),
            lang=language((given.get("title_detail") or {}).get("language") or "") or lang,
            published=published,
        )
        if kept := titled(entry):
            yield kept


def _published(given: Any) -> datetime | None:
    """When it was first published, else changed: by what feedparser could read, else ourselves."""
    for name in ("published", "updated", "created"):
        if nine := dict.get(given, f"{name}_parsed"):
            if found := dates.believable(nine):
                return found
        elif (written := dict.get(given, name)) and (found := dates.moment(written)):
            return found
    return None


def _link(given: Any, base: str) -> str:
    """The page of an entry: the original rather than a counting service's, else what it encloses,
    else its guid.
    """
    links = [link for link in given.get("links") or () if link.get("href")]
    by_use = [
        link["href"]
        for use in ("alternate", "enclosure")
        for link in links
        if link.get("rel") == use
    ]
    own = "" if given.get("guidislink") else given.get("link")
    told = (given.get("feedburner_origlink"), own, *by_use)
    for address in told:
        if isinstance(address, str) and (found := linkable(address, base)):
            return found
    return linkable(given.get("id") or "")


def _summary(given: Any) -> str:
    summary = plain(given.get("summary") or "", SUMMARY)
    contents = [one.get("value") or "" for one in given.get("content") or ()]
    return summary or next(filter(None, (plain(one, SUMMARY) for one in contents)), "")


def _author(given: Any) -> str:
    names = (one.get("name") for one in given.get("authors") or ())
    return given.get("author") or next(filter(None, names), "")


def _pause(about: Any) -> int:
    """The minutes between two looks that it asks for, by RSS or by its syndication module."""
    ttl = re.match(r"\s*(\d{1,9})", str(about.get("ttl") or ""))
    if ttl:
        return min(int(ttl[1]), LONGEST_PAUSE)
    period = PERIODS.get(str(about.get("sy_updateperiod") or "").strip().lower(), 0)
    times = re.match(r"\s*(\d{1,4})", str(about.get("sy_updatefrequency") or ""))
    return min(period // max(1, int(times[1]) if times else 1), LONGEST_PAUSE)


def _page(text: bytes, address: str) -> Feed:
    elsewhere = announced(text.decode(errors="replace"), address)
    if not elsewhere:
        raise NotAFeed("html")
    return Feed(title="", site=address, entries=(), elsewhere=elsewhere)
