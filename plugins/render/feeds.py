"""Atom feeds: the last documents of one type, of one term of it, or of everything."""

from __future__ import annotations

import datetime
import re
from typing import Any

from feedgenerator import Atom1Feed

from plugins.render.listing import Facet, chosen, feed_path
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.schema import ContentType, Document, Index

ENTRIES = 50
LANG = "fr"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(
    theme: Theme, content_type: ContentType | None, index: Index, facet: Facet | None = None
) -> str:
    """The feed of `content_type` (None: of all types that have pages), last changed first.

    Entries are identified by `tag:` URIs made of the documents' ids: a rename is not a new entry.
    """
    path = feed_path(content_type, facet)
    built = datetime.datetime.combine(theme.site.built, datetime.time(), datetime.UTC)
    feed = Feed(
        title=_title(theme, content_type, facet, index),
        link=theme.site.absolute(_page(content_type, facet)),
        feed_url=theme.site.absolute(path),
        description=xml_text(theme.schema.site.tagline.get(LANG)),
        author_name=xml_text(theme.schema.site.name.get(LANG)),
        language=LANG,
        feed_guid=theme.site.tag(path),
    )
    feed.empty_since = built
    for document in newest_first(content_type, facet, index)[:ENTRIES]:
        changed = moment(document.updated) or built
        feed.add_item(
            title=xml_text(typeset(document.title, document.lang)),
            link=theme.site.absolute(document.url or ""),
            description=xml_text(typeset(document.summary, document.lang)) or None,
            unique_id=theme.site.tag(document.id or document.ref),
            updateddate=changed,
            pubdate=moment(str(document.data.get("created", ""))) or changed,
            categories=[xml_text(document.type.label.get(LANG))],
        )
    return str(feed.writeString("utf-8"))


class Feed(Atom1Feed):  # type: ignore[misc]
    """An empty feed is as old as the build, not as the clock: the same content, the same bytes."""

    empty_since: datetime.datetime

    def latest_post_date(self) -> Any:
        return super().latest_post_date() if self.items else self.empty_since


def newest_first(
    content_type: ContentType | None, facet: Facet | None, index: Index
) -> list[Document]:
    documents = chosen(content_type, index, facet) if content_type else index.documents
    shown = [document for document in documents if document.url]
    return sorted(shown, key=lambda d: (d.updated, d.ref), reverse=True)


def moment(value: str) -> datetime.datetime | None:
    """An ISO date or moment in UTC, None if it is none."""
    try:
        return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def _title(
    theme: Theme, content_type: ContentType | None, facet: Facet | None, index: Index
) -> str:
    name = theme.schema.site.name.get(LANG)
    if content_type is None:
        return xml_text(name)
    title = f"{content_type.plural.get(LANG)} – {name}"
    if facet:
        vocabulary = getattr(content_type.fields[facet.field].kind, "vocabulary", "")
        term = index.vocabularies[vocabulary].terms[facet.term]
        title = f"{term.label.get(LANG)} – {title}"
    return xml_text(title)


def _page(content_type: ContentType | None, facet: Facet | None) -> str:
    if content_type is None:
        return ""
    return (content_type.list_url or "") + (facet.path if facet else "")


def xml_text(words: str) -> str:
    """Only characters that XML can hold."""
    return NOT_XML.sub("", words)
