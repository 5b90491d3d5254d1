"""The ways that pages lead into the agenda: its months, its files for people's own calendars."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.render.agenda.month import month_path
from plugins.render.agenda.occasions import EVENT, occasion
from plugins.render.listing import Facet, feed_stem
from plugins.render.site import Site
from plugins.schema import ContentType, Document, Index

CALENDAR = ".ics"
WEBCAL = "webcal"  # the scheme that opens a calendar of its reader's, rather than a browser


@dataclass(frozen=True, slots=True)
class AgendaWays:
    """`month` leads to this month's page; `subscribe` opens a calendar, `address` is what to give
    to one by hand, and to be downloaded once.
    """

    month: str
    subscribe: str
    address: str


def agenda_ways(
    index: Index, site: Site, lang: str, content_type: ContentType, facet: Facet | None = None
) -> AgendaWays | None:
    """From a list of events; None from another list."""
    if content_type.name != EVENT:
        return None
    address = site.absolute(f"{feed_stem(content_type, facet)}{CALENDAR}")
    month = site.href(month_path(index, f"{site.built:%Y-%m}"), lang)
    return AgendaWays(month, f"{WEBCAL}:{address.partition(':')[2]}", address)


def add_href(document: Document, site: Site) -> str:
    """Where an event can be taken into one's calendar; "" of one that is over, or is none."""
    found = occasion(document) if document.type.name == EVENT and document.url else None
    if found is None or found.last < site.built:
        return ""
    return site.href(event_path(document))


def event_path(document: Document) -> str:
    """Where the file of one event stands: "agenda/restitution.ics"."""
    return f"{(document.url or '').rstrip('/')}{CALENDAR}"
