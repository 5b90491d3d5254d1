"""What each feed holds: the last documents or parts of a type, of one term of it, or everything."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from plugins.render.listing import Facet, chosen, facet_label, feed_stem, parts_stem
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.schema import ContentType, Document, Index, Part, Readable, first_day

ENTRIES = 50
PART_ENTRIES = 120  # two long issues, each of which comes out all at once
LANG = "fr"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `id` stays when its address changes; `via` is what it tells of, on
    another site, or "".
    """

    id: str
    title: str
    url: str
    summary: str
    lang: str
    published: datetime.datetime
    updated: datetime.datetime
    tags: tuple[str, ...]
    via: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed in no format yet. `stem` is its site path without ending ("feeds/needs"), `page` that
    of the list that says the same.
    """

    stem: str
    title: str
    page: str
    entries: tuple[Entry, ...]


def channel(
    theme: Theme, content_type: ContentType | None, index: Index, facet: Facet | None = None
) -> Channel:
    """The feed of a list, last changed first; `content_type` None: of all types with pages."""
    found = (
        chosen(content_type, index, facet)
        if content_type
        else tuple(d for d in index.documents if index.is_kept(d))
    )
    if facet and content_type and facet.field in content_type.part_fields:
        entries = found[:PART_ENTRIES]
    else:
        shown = (one for one in found if one.url)
        entries = tuple(sorted(shown, key=_changed, reverse=True)[:ENTRIES])
    page = (content_type.list_url or "") + (facet.path if facet else "") if content_type else ""
    name = theme.schema.site.name.get(LANG)
    title = f"{content_type.plural.get(LANG)} – {name}" if content_type else name
    if content_type and facet:
        title = f"{facet_label(content_type, index, facet, LANG)} – {title}"
    return channel_of(theme, feed_stem(content_type, facet), title, page, entries)


def parts_channel(theme: Theme, content_type: ContentType, index: Index) -> Channel:
    """The feed of all parts of a type, those of the last document first."""
    label = content_type.fields[content_type.parts or ""].heading.get(LANG)
    title = f"{label} – {theme.schema.site.name.get(LANG)}"
    entries = index.parts(content_type.name)[:PART_ENTRIES]
    return channel_of(theme, parts_stem(content_type), title, content_type.list_url or "", entries)


def channel_of(
    theme: Theme, stem: str, title: str, page: str, found: tuple[Readable, ...]
) -> Channel:
    """What was chosen, in its order, as a feed."""
    entries = tuple(
        _part(one, theme) if isinstance(one, Part) else _page(one, theme) for one in found
    )
    return Channel(stem, xml_text(title), page, entries)


def _changed(one: Readable) -> tuple[str, str]:
    return (one.updated if isinstance(one, Document) else one.date, one.ref)


def _page(document: Document, theme: Theme) -> Entry:
    changed = moment(document.updated) or built(theme)
    return Entry(
        id=theme.site.tag(document.id or document.ref),
        title=xml_text(typeset(document.title, document.lang)),
        url=theme.site.absolute(document.url or ""),
        summary=xml_text(typeset(document.summary, document.lang)),
        lang=document.lang,
        published=moment(str(document.data.get("created", ""))) or changed,
        updated=changed,
        tags=(xml_text(document.type.label.get(LANG)),),
    )


def _part(part: Part, theme: Theme) -> Entry:
    """It is as old as its document: a correction there does not make all its parts new again."""
    day = moment(part.date) or built(theme)
    labels = (
        theme.schema.vocabularies[field.kind.vocabulary].terms[term].label.get(LANG)  # type: ignore[attr-defined]
        for name, field in part.fields.items()
        if field.facet
        for term in field.kind.terms(part.row.get(name))
    )
    return Entry(
        id=theme.site.tag(f"{part.document.id or part.document.ref}/{part.id}"),
        title=xml_text(typeset(part.title, part.lang)),
        url=theme.site.absolute(part.url or ""),
        summary=xml_text(typeset(part.summary, part.lang)),
        lang=part.lang,
        published=day,
        updated=day,
        tags=tuple(map(xml_text, labels)),
        via=part.address,
    )


def built(theme: Theme) -> datetime.datetime:
    """The build's day: what has no date of its own is as old as that, the same bytes each time."""
    return datetime.datetime.combine(theme.site.built, datetime.time(), datetime.UTC)


def moment(value: str) -> datetime.datetime | None:
    """An ISO month, date or moment in UTC, None if it is none."""
    try:
        return datetime.datetime.fromisoformat(first_day(value)).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def xml_text(words: str) -> str:
    """Only characters that XML can hold."""
    return NOT_XML.sub("", words)
