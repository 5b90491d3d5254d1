"""Lists of subscriptions as readers exchange them: OPML 2.0 (opml.org/spec2.opml), out and in."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from plugins.watch.address import canonical

LARGEST = 2_000_000  # bytes of a file that is read
DEEPEST = 20
MOST = 5000  # outlines: each has addresses to be compared, while somebody waits
ADDRESSES = frozenset({"xmlurl", "htmlurl", "url"})


class NotOpml(Exception):
    """A file that is no list of subscriptions: `code` is too_large, not_opml, or empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed. `feed` or `site` may be "" when the other is known; `group` is the heading it
    stands under.
    """

    title: str
    feed: str
    site: str = ""
    group: str = ""
    lang: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a file lists: subscriptions, and the names of those whose address is none of the web."""

    found: tuple[Subscription, ...]
    refused: tuple[str, ...]


def write(title: str, subscriptions: Iterable[Subscription]) -> str:
    """An OPML file, its groups and their entries in the order given."""
    groups: dict[str, list[Subscription]] = {}
    for one in subscriptions:
        groups.setdefault(one.group, []).append(one)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["<head>", f"<title>{escape(title)}</title>", "</head>", "<body>"]
    for group, found in groups.items():
        outlines = [_outline(one) for one in found]
        named = [f"<outline text={quoteattr(group)}>", *outlines, "</outline>"]
        lines += named if group else outlines
    return "\n".join((*lines, "</body>", "</opml>", ""))


def _outline(one: Subscription) -> str:
    """A site whose feed is not known is a link."""
    told = {"text": one.title, "type": "rss" if one.feed else "link"}
    if one.feed:
        told |= {"xmlUrl": one.feed, "htmlUrl": one.site}
    else:
        told["url"] = one.site
    told |= {"language": one.lang, "description": one.about}
    written = (f"{name}={quoteattr(value)}" for name, value in told.items() if value)
    return f"<outline {' '.join(written)}/>"


def read(data: bytes) -> Outlines:
    """What a file from anybody lists, each feed once. Raises `NotOpml`.

    A document type is refused: nothing of OPML needs one, and entities could be endless. Bytes that
    are not what the file says of its encoding are read as what old programs write.
    """
    if len(data) > LARGEST:
        raise NotOpml("too_large")
    try:
        reader = _parsed(data)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotOpml("not_opml") from error
    if not reader.found and not reader.refused:
        raise NotOpml("empty")
    return Outlines(tuple(reader.found.values()), tuple(reader.refused))


def _parsed(data: bytes) -> _Reader:
    try:
        data.decode()
    except UnicodeDecodeError:
        with suppress(expat.ExpatError, LookupError):
            return _Reader().parse(data)
        return _Reader().parse(data.decode("cp1252", errors="replace").encode(), "utf-8")
    return _Reader().parse(data)


class _Reader:
    """Collects the outlines that name a feed or a site, and the headings they stand under."""

    def __init__(self) -> None:
        self.found: dict[str, Subscription] = {}
        self.refused: list[str] = []
        self._outlines = 0
        self._open: list[str] = []
        self._headings: list[str] = []

    def parse(self, data: bytes, encoding: str | None = None) -> _Reader:
        parser = expat.ParserCreate(encoding)
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(data, True)
        return self

    def _refuse(self, *_: object) -> None:
        raise NotOpml("not_opml")

    def _start(self, tag: str, told: dict[str, str]) -> None:
        if (not self._open and tag.lower() != "opml") or len(self._open) > DEEPEST:
            raise NotOpml("not_opml")
        self._open.append(tag)
        given = {name.lower(): " ".join(value.split()) for name, value in told.items()}
        title = given.get("text") or given.get("title") or ""
        if tag.lower() == "outline":
            self._outlines += 1
            if self._outlines > MOST:
                raise NotOpml("too_large")
            self._enter(title, given)
            self._headings.append(title)

    def _enter(self, title: str, given: dict[str, str]) -> None:
        feed = _address(given.get("xmlurl", ""))
        site = _address(given.get("htmlurl", "") or given.get("url", ""))
        if not feed and not site:
            if given.keys() & ADDRESSES:
                self.refused.append(title)
            return
        group = self._headings[-1] if self._headings else ""
        lang, about = given.get("language", ""), given.get("description", "")
        one = Subscription(title or feed or site, feed, site, group, lang, about)
        self.found.setdefault(canonical(feed or site), one)

    def _end(self, tag: str) -> None:
        self._open.pop()
        if tag.lower() == "outline":
            self._headings.pop()


def _address(given: str) -> str:
    return given if canonical(given) else ""
