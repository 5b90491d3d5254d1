"""Opening hours in words: "Lundi au vendredi : 9 h – 12 h et 14 h – 17 h"."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.render.shown import HoursLine, HoursShown
from plugins.render.typography import typeset
from plugins.render.words import N_, words
from plugins.schema import WEEK, Rule, is_remark, read_hours, runs

DAYS = {
    "Mo": N_("Monday"),
    "Tu": N_("Tuesday"),
    "We": N_("Wednesday"),
    "Th": N_("Thursday"),
    "Fr": N_("Friday"),
    "Sa": N_("Saturday"),
    "Su": N_("Sunday"),
    "PH": N_("public holidays"),
    "SH": N_("school holidays"),
}


def hours_shown(value: str, lang: str) -> HoursShown:
    """Raises `ValueError` when this is not how a file has them."""
    hours = read_hours(value)
    if hours is None:
        raise ValueError(value)
    return HoursShown(
        tuple(_line(rule, lang) for rule in hours.rules),
        typeset(hours.note[:1].upper() + hours.note[1:], lang),
    )


def spoken(value: object, lang: str) -> object:
    """As somebody would write them in a form, a line each; what is no hours as it is."""
    hours = read_hours(value) if isinstance(value, str) else None
    if hours is None:
        return value
    lines = [line_text(_line(rule, lang), lang) for rule in hours.rules]
    if hours.note:
        is_plain = is_remark(hours.note) and read_hours(hours.note) is None
        lines.append(hours.note if is_plain else f"({hours.note})")
    return "\n".join(lines)


def line_text(line: HoursLine, lang: str) -> str:
    """ "Lundi : 9 h – 12 h (sur rendez-vous)", which can be read back."""
    note = f"({line.note})" if line.note else ""
    return typeset(f"{line.days}{' :' if lang == 'fr' else ':'} {line.times} {note}".rstrip(), lang)


def _line(rule: Rule, lang: str) -> HoursLine:
    days = days_in_words(rule.days, lang)
    spans = [f"{_clock(start, lang)}\u00a0–\u00a0{_clock(end, lang)}" for start, end in rule.spans]
    times = words(lang).gettext("closed") if rule.closed else enumerated(spans, lang)
    return HoursLine(days[:1].upper() + days[1:], times, rule.note)


def days_in_words(days: Iterable[str], lang: str) -> str:
    """ "lundi au vendredi et dimanche"."""
    say = words(lang).gettext
    found = tuple(days)
    if found == WEEK:
        return say("every day")
    names = [
        say(DAYS[run[0]])
        if len(run) == 1
        else say("%(first)s to %(last)s") % {"first": say(DAYS[run[0]]), "last": say(DAYS[run[-1]])}
        for run in runs(found)
    ]
    return enumerated(names, lang)


def enumerated(names: list[str], lang: str) -> str:
    """ "lundi, mardi et jeudi"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {words(lang).gettext('and')} {names[-1]}"


def _clock(time: str, lang: str) -> str:
    """ "9 h 30", or "9:30"."""
    hour, minutes = int(time[:2]), time[3:]
    if lang != "fr":
        return f"{hour}:{minutes}"
    return f"{hour}\u00a0h" + (f"\u00a0{minutes}" if minutes != "00" else "")
