"""XML feeds as feedparser reads them, but for what takes long and nobody here looks at.

What is well formed goes through feedparser's strict parser, told to leave out the elements that no
entry of ours is made of: most of a feed. What is not is mended where that is simple, and tried
again; its loose parser, which is slow, takes what is left.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import feature_external_ges, feature_namespaces

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype
from feedparser.util import FeedParserDict

# What is not closed goes on to the end: looking for it again and again would take for ever.
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]{0,2000}(?:>|\[.*?(?:\]\s*>|\Z))", re.DOTALL | re.IGNORECASE)
Name = tuple[str | None, str]
CDATA = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
ENTITY = re.compile(rb"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{1,32};)?")
XML_ENTITIES = (b"lt;", b"gt;", b"amp;", b"quot;", b"apos;")
_UNUSED = """
category comments dc:subject dcterms:subject media:category media:keywords media:rating
media:credit media:content media:thumbnail media:group media:description media:title
slash:comments slash:section slash:department slash:hit_parade wfw:comment wfw:commentrss
thr:total georss:point georss:where georss:box geo:lat geo:long rights dc:rights cloud
itunes:summary itunes:subtitle itunes:image itunes:explicit itunes:duration itunes:keywords
generator skiphours skipdays image textinput
"""
UNUSED = frozenset(_UNUSED.split())
"""Elements, as the parser names their namespaces."""
AFTERTHOUGHTS = frozenset(("content:encoded", "content", "xhtml:body", "body"))
"""What is looked at only where there is no summary."""


def read_xml(text: bytes, faults: list[str]) -> Any:
    """What feedparser makes of a feed in UTF-8: `feed`, `entries`, `version`."""
    text = _without_entities(text, faults)
    found = _strict(text)
    if found is None:
        faults.append("not_well_formed")
        text = b"".join(
            part if place % 2 else ENTITY.sub(_mended, part)
            for place, part in enumerate(CDATA.split(NO_XML.sub(b" ", text)))
        )
        found = _strict(text)
    return found or _loose(text)


def _without_entities(data: bytes, faults: list[str]) -> bytes:
    """Feeds need no entities of their own; what grows a thousandfold or reads files does."""
    if b"<!ENTITY" not in data:
        return data
    bare = DOCTYPE.sub(b"", data)
    if bare != data:
        faults.append("entities")
    return bare


def _mended(found: re.Match[bytes]) -> bytes:
    name = found[1] or b""
    if not name:
        return b"&amp;"
    if name in XML_ENTITIES:
        return found[0]
    said = found[0].decode(errors="replace")
    meant = html.unescape(said)
    if meant == said:
        return b"&amp;" + name
    return found[0] if meant in "<>&\"'" else meant.encode(errors="replace")


def _strict(text: bytes) -> Any:
    """None if it is not well formed."""
    version, data, _ = replace_doctype(text)
    reader = _Reader("", None, "utf-8")
    parser = _Buffered()  # no entities are left, nor read from elsewhere
    parser.setFeature(feature_namespaces, 1)
    parser.setFeature(feature_external_ges, 0)
    parser.setContentHandler(reader)
    parser.setErrorHandler(reader)
    return _told(reader, version) if _goes_well(parser.parse, io.BytesIO(data)) else None


def _loose(text: bytes) -> Any:
    """What can be made of it, up to where even this parser stumbles."""
    version, data, _ = replace_doctype(text)
    reader = LooseFeedParser("", None, "utf-8", {})
    reader.sanitize_html = reader.resolve_relative_uris = False  # no markup is kept at all
    _goes_well(reader.feed, data.decode(errors="replace"))
    return _told(reader, version)


def _goes_well(read: Callable[[Any], object], source: object) -> bool:
    try:
        read(source)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # what strangers write finds faults of parsers that nobody has met yet
        return False
    return True


def _told(reader: Any, version: str | None) -> Any:
    return FeedParserDict(
        feed=reader.feeddata, entries=reader.entries, version=version or reader.version
    )


class _Buffered(ExpatParser):
    """Gives each text as a whole: escaped markup comes in a hundred pieces otherwise."""

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # expat's own parser


class _Params(FeedParserDict):  # type: ignore[misc]
    """What feedparser copies with each text that it keeps: texts under names, no deeper."""

    def __deepcopy__(self, _: object) -> FeedParserDict:
        return FeedParserDict(self)


class _Reader(StrictFeedParser):  # type: ignore[misc]  # feedparser tells no types
    """Feedparser's strict parser, that passes over the UNUSED elements of entries."""

    sanitize_html = resolve_relative_uris = False  # no markup is kept at all
    contentparams: Any
    _passed_over = 0

    def push_content(self, *given: Any) -> None:
        super().push_content(*given)
        self.contentparams = _Params(self.contentparams)

    def startElementNS(self, name: Name, qname: str, attrs: Any) -> None:  # noqa: N802 — SAX's
        if self._passed_over or (self.inentry and not self.incontent and self._is_unused(name)):
            self._passed_over += 1
        else:
            super().startElementNS(name, qname, attrs)

    def endElementNS(self, name: Name, qname: str) -> None:  # noqa: N802
        if self._passed_over:
            self._passed_over -= 1
        else:
            super().endElementNS(name, qname)

    def characters(self, text: str) -> None:
        if not self._passed_over:
            self.handle_data(text)

    def _is_unused(self, name: Name) -> bool:
        space, tag = name[0] or "", name[1].lower()
        prefix = self._matchnamespaces.get(space.lower(), space)
        tag = f"{prefix}:{tag}" if prefix else tag
        return tag in UNUSED or (
            tag in AFTERTHOUGHTS and bool(dict.get(self.entries[-1], "summary"))
        )
