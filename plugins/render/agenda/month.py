"""The page of a month: its weeks, what takes place on each day, the months before and after."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.render.agenda.occasions import (
    CANCELLED,
    POSTPONED,
    STATE,
    Occasion,
    days,
    events,
    occasions,
)
from plugins.render.dates import in_words, time_in_words, weekday_in_words, weekdays
from plugins.render.shown import LinkShown, Setting
from plugins.render.site import LANGUAGES
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import document_link, shown_term
from plugins.schema import Index

MONTHS = "mois/"  # below the list of events; no slug
LONG = 7  # days from which an event is told above the weeks, rather than in each day
MOST_MONTHS = 24  # that a long one is told in: somebody may have typed a wrong year


@dataclass(frozen=True, slots=True)
class EventShown:
    """An event on a day, or beside the days of a month. `time` is "" where it takes the day;
    `goes_on` when it began before; `state` only where it is not as planned.
    """

    link: LinkShown
    lang: str
    time: str
    place: str
    state: str
    cancelled: bool
    goes_on: bool
    demo: bool
    period: str = ""


@dataclass(frozen=True, slots=True)
class DayShown:
    iso: str
    number: int
    words: str
    today: bool
    events: tuple[EventShown, ...]


@dataclass(frozen=True, slots=True)
class MonthShown:
    """`weeks` have seven days each, None for those of other months; `lasting` what goes on for
    long, beside them. `previous` and `next` are the nearest months with a page.
    """

    iso: str
    words: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[DayShown | None, ...], ...]
    lasting: tuple[EventShown, ...]
    previous: LinkShown | None
    next: LinkShown | None

    @property
    def empty(self) -> bool:
        return not self.lasting and not any(day and day.events for w in self.weeks for day in w)


def month_path(index: Index, month: str) -> str:
    """The site path of a month ("2026-11")."""
    content_type = events(index)
    return f"{content_type.list_url if content_type else ''}{MONTHS}{month}/"


def month_pages(theme: Theme, index: Index) -> Iterator[tuple[str, str, str]]:
    """Each page: its site path, its language, its HTML. There is one of each month that has events,
    and of this one; none where a site has no events.
    """
    content_type = events(index)
    if content_type is None:
        return
    held: dict[str, list[Occasion]] = {_month(theme.site.built): []}
    for one in occasions(index):
        for month in _months_of(one):
            held.setdefault(month, []).append(one)
    known = sorted(held)
    for before, month, after in zip(("", *known), known, (*known[1:], ""), strict=False):
        path = month_path(index, month)
        for lang in LANGUAGES:
            setting = Setting(index, theme.site, lang)
            shown = _shown(month, held[month], setting, before, after)
            yield path, lang, theme.render("month.html", lang, path, type=content_type, month=shown)


def _shown(
    month: str, held: list[Occasion], setting: Setting, before: str, after: str
) -> MonthShown:
    lang = setting.lang
    by_day: dict[datetime.date, list[Occasion]] = {}
    for one in (one for one in held if not _is_long(one)):
        for day in days(one):
            by_day.setdefault(day, []).append(one)
    year, number = map(int, month.split("-"))

    def shown(day: datetime.date) -> DayShown | None:
        if day.month != number:
            return None
        found = tuple(_event(one, day, setting) for one in by_day.get(day, ()))
        words, today = weekday_in_words(day, lang), day == setting.site.built
        return DayShown(day.isoformat(), day.day, words, today, found)

    weeks = calendar.Calendar().monthdatescalendar(year, number)
    return MonthShown(
        month,
        in_words(month, lang),
        weekdays(lang),
        tuple(tuple(map(shown, week)) for week in weeks),
        tuple(_event(one, None, setting) for one in held if _is_long(one)),
        _link(before, setting),
        _link(after, setting),
    )


def _event(one: Occasion, day: datetime.date | None, setting: Setting) -> EventShown:
    """`day` None: it lasts, and its period is told."""
    document, lang = one.document, setting.lang
    goes_on = day is not None and day != one.first
    timed = day is not None and not one.whole_days and not goes_on
    terms = setting.index.schema.territories
    place = document.data.get("place")
    key = place.get("territory", "") if isinstance(place, dict) else ""
    field = document.type.fields.get(STATE)
    known = field is not None and one.state in (CANCELLED, POSTPONED)
    return EventShown(
        link=document_link(document, setting),
        lang=document.lang,
        time=time_in_words(one.start, lang) if timed else "",
        place=typeset(terms[key].label.get(lang), lang) if key in terms else "",
        state=shown_term(field, one.state, setting).label if field and known else "",
        cancelled=one.state == CANCELLED,
        goes_on=goes_on,
        demo=document.demo,
        period="" if day else _period(one, lang),
    )


def _period(one: Occasion, lang: str) -> str:
    return " – ".join(in_words(day.isoformat(), lang) for day in (one.first, one.last))


def _link(month: str, setting: Setting) -> LinkShown | None:
    if not month:
        return None
    href = setting.site.href(month_path(setting.index, month), setting.lang)
    return LinkShown(in_words(month, setting.lang), href)


def _is_long(one: Occasion) -> bool:
    return (one.last - one.first).days >= LONG


def _months_of(one: Occasion) -> tuple[str, ...]:
    at, last = one.first.replace(day=1), one.last
    found: list[str] = []
    while at <= last and len(found) < MOST_MONTHS:
        found.append(_month(at))
        at = (at + datetime.timedelta(days=31)).replace(day=1)
    return tuple(found)


def _month(day: datetime.date) -> str:
    return f"{day:%Y-%m}"
