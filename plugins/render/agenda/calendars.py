"""Events as calendars take them: iCalendar files (RFC 5545), of each, of all, of each term."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vText

from plugins.render.agenda.occasions import (
    CANCELLED,
    END,
    ONLINE,
    POSTPONED,
    START,
    STATE,
    Occasion,
    events,
    occasions,
)
from plugins.render.agenda.ways import CALENDAR, event_path
from plugins.render.channels import LANG, moment
from plugins.render.dates import TIMEZONE
from plugins.render.facts import own_fields
from plugins.render.listing import chosen, facet_label, facets_of, feed_stem
from plugins.render.plain import plain
from plugins.render.shown import Fact, Setting
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import LONG, fact
from plugins.render.words import N_, words
from plugins.schema import Document, Index, withhold

STATUS = {CANCELLED: "CANCELLED", POSTPONED: "TENTATIVE"}
SAID = {CANCELLED: N_("Cancelled: %(title)s"), POSTPONED: N_("Postponed: %(title)s")}
APART = (START, END, STATE, ONLINE)  # what has a property of its own, as places and terms have
HALF_A_DAY = datetime.timedelta(hours=12)
LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def calendars(theme: Theme, index: Index) -> Iterator[tuple[str, str]]:
    """Every file: (path, text). What an event becomes is made once, and stands in all of them."""
    content_type = events(index)
    if content_type is None:
        return
    setting = Setting(index, theme.site, LANG)
    made = {one.document.ref: _event(one, setting) for one in occasions(index)}
    name = f"{content_type.plural.get(LANG)} – {theme.schema.site.name.get(LANG)}"
    for document in index.of(content_type.name):
        if document.ref in made and document.url:
            title = typeset(document.title, document.lang)
            yield event_path(document), _calendar(theme, title, document.url, (made[document.ref],))
    listed = [facet for found in facets_of(content_type, index).values() for facet, _ in found]
    for facet in (None, *listed):
        title = f"{facet_label(content_type, index, facet, LANG)} – {name}" if facet else name
        held = (made[d.ref] for d in chosen(content_type, index, facet) if d.ref in made)
        page = (content_type.list_url or "") + (facet.path if facet else "")
        stem = feed_stem(content_type, facet)
        yield f"{stem}{CALENDAR}", _calendar(theme, title, page, held, refreshed=True)


def _calendar(
    theme: Theme, title: str, page: str, held: Iterable[str], *, refreshed: bool = False
) -> str:
    """`refreshed`: it is to be asked for again, where a file of one event is only taken in."""
    calendar = Calendar()
    calendar.add("prodid", "-//Vigie//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("url", theme.site.absolute(page))
    for name in ("name", "x-wr-calname"):  # RFC 7986's, and the one that programs know
        calendar.add(name, vText(text(title)))  # of its own accord it escapes neither
    if refreshed:
        calendar.add("refresh-interval", HALF_A_DAY, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT12H")
    parts = tuple(held)
    if not parts:  # one that held nothing would be none, by the rules: the clock is something
        calendar.add_component(Timezone.from_tzid(TIMEZONE))
    head, end, tail = calendar.to_ical().decode().rpartition("END:VCALENDAR")
    return "".join((head, *parts, end, tail))


def _event(one: Occasion, setting: Setting) -> str:
    """Its `UID` stays through renames. Times are UTC: nothing repeats, so no rule of the clock has
    to come along. It leaves a subscriber's time free: to be told of it is not to be there.
    """
    document = withhold(one.document, setting.site.built)
    event, site = Event(), setting.site
    changed = moment(document.updated) or moment(site.built.isoformat())
    host = urlsplit(site.public_url).hostname or "localhost"
    event.add("uid", f"{document.id or document.slug}@{host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    _when(event, one)
    event.add("status", STATUS.get(one.state, "CONFIRMED"))
    event.add("transp", "TRANSPARENT")
    title = typeset(document.title, document.lang)
    if one.state in SAID:  # many programs show a cancelled event like any other
        title = words(LANG).gettext(SAID[one.state]) % {"title": title}
    event.add("summary", text(title))
    page = site.absolute(document.url or "")
    event.add("url", page)
    _where(event, document, setting)
    if labels := _labels(document, setting):
        event.add("categories", labels)
    event.add("description", text("\n\n".join(filter(None, (*_told(document, setting), page)))))
    return str(event.to_ical().decode())


def _when(event: Event, one: Occasion) -> None:
    zone = ZoneInfo(TIMEZONE)
    for name, at in (("dtstart", one.start), ("dtend", one.end)):
        if at is not None and one.whole_days:
            event.add(name, at.date())
        elif at is not None:
            event.add(name, at.replace(tzinfo=zone).astimezone(datetime.UTC))


def _where(event: Event, document: Document, setting: Setting) -> None:
    """The first place; or else, of what takes place online, its address."""
    for field in own_fields(document.type):
        value = document.data.get(field.name)
        if field.kind.name != "place" or not isinstance(value, dict):
            continue
        if found := fact(field, value, setting):
            event.add("location", text(plain(found, setting.lang).partition(" (geo:")[0]))
            if "lat" in value and "lon" in value:
                event.add("geo", (value["lat"], value["lon"]))
            return
    if address := document.data.get(ONLINE):
        event.add("location", text(str(address)))


def _labels(document: Document, setting: Setting) -> list[str]:
    """The terms by which its type is listed, in words, but for the place."""
    fields = (f for f in document.type.facets.values() if f.kind.name in ("choice", "choices"))
    shown = (fact(f, document.data.get(f.name), setting) for f in fields)
    return [text(t.label) for f in shown if f and f.shape == "terms" for t in f.value]


def _told(document: Document, setting: Setting) -> Iterator[str]:
    """That it is invented, if it is; its summary; what else is short and has no property of its
    own, a line each.
    """
    if document.demo:
        yield words(LANG).gettext("Invented example")
    yield typeset(document.summary, document.lang)
    asked = (
        f
        for f in own_fields(document.type)
        if f.name not in ("title", document.type.summary, *APART)
        and f.kind.name not in (*LONG, "place", "references")
        and f.name not in document.type.facets
    )
    shown = (fact(f, document.data.get(f.name), setting) for f in asked)
    said = words(LANG).gettext("%(field)s: %(sentence)s")
    yield "\n".join(_line(found, said) for found in shown if found)


def _line(found: Fact, said: str) -> str:
    return said % {"field": found.label, "sentence": plain(found, LANG)}


def text(given: str) -> str:
    """Words that a content line can hold: its breaks are line feeds, and it has no control."""
    return CONTROLS.sub("", LINE_ENDS.sub("\n", given)).replace("\t", " ")
