"""Dates in words, from the ISO strings of the documents."""

from __future__ import annotations

import datetime

from babel.dates import format_date, format_time, get_day_names, get_timezone

from plugins.render.words import words

TIMEZONE = "Europe/Paris"
LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def in_words(value: str, lang: str) -> str:
    """ "2026-11", "2026-11-23" or "2026-11-23T18:30" as one says it; anything else as it is."""
    locale = LOCALES.get(lang, "en_GB")
    try:
        if len(value) == 7:
            month = datetime.date.fromisoformat(value + "-01")
            return format_date(month, "MMMM y", locale=locale)
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return value
    if "T" not in value:
        return _day(moment, "d MMMM y", lang, locale)
    day, time = _day(moment, "EEEE d MMMM y", lang, locale), time_in_words(moment, lang)
    return f"{day} à {time}" if lang == "fr" else f"{day}, {time}"


def time_in_words(moment: datetime.datetime, lang: str) -> str:
    """ "18 h 30", as one says it."""
    if lang == "fr":
        minutes = f"\u202f{moment:%M}" if moment.minute else ""
        return f"{moment.hour}\u202fh{minutes}"
    return str(format_time(moment, "HH:mm", locale=LOCALES.get(lang, "en_GB")))


def weekday_in_words(day: datetime.date, lang: str) -> str:
    """ "mardi 3 novembre": a day of a month whose year is known."""
    moment = datetime.datetime.combine(day, datetime.time())
    return _day(moment, "EEEE d MMMM", lang, LOCALES.get(lang, "en_GB"))


def weekdays(lang: str) -> tuple[str, ...]:
    """Monday to Sunday."""
    names = get_day_names("wide", "stand-alone", LOCALES.get(lang, "en_GB"))
    return tuple(str(names[number]) for number in range(7))


def moment_in_words(moment: datetime.datetime, lang: str) -> str:
    """A moment as one says it on the territory's clock; one without timezone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    local = aware.astimezone(get_timezone(TIMEZONE))
    return in_words(local.strftime("%Y-%m-%dT%H:%M"), lang)


def days_since(moment: datetime.datetime, now: datetime.datetime) -> int:
    """How many days of the territory's calendar lie between two moments."""
    zone = get_timezone(TIMEZONE)
    return (now.astimezone(zone).date() - moment.astimezone(zone).date()).days


def ago_in_words(moment: datetime.datetime, now: datetime.datetime, lang: str) -> str:
    """How long ago a moment was, in days of the territory's calendar: "today", "3 days ago"."""
    say, days = words(lang), days_since(moment, now)
    if days < 1:
        return say.gettext("today")
    if days == 1:
        return say.gettext("yesterday")
    return say.ngettext("%(num)s day ago", "%(num)s days ago", days) % {"num": days}


def _day(moment: datetime.datetime, pattern: str, lang: str, locale: str) -> str:
    said = format_date(moment, pattern, locale=locale)
    if lang == "fr" and moment.day == 1:  # the first of a month is an ordinal, the others are not
        said = said.replace("1 ", "1er ", 1)
    return said.replace(f"{moment.day} ", f"{moment.day}\u00a0", 1)
