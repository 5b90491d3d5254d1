"""Opening hours of a week, in a subset of OpenStreetMap's `opening_hours`.

https://wiki.openstreetmap.org/wiki/Key:opening_hours, which the national schema of places
(`horaires`) asks for: days, hours, "off", what is said beside them, what holds otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAYS = (*WEEK, "PH", "SH")  # public holidays, school holidays
EARLY = "06:00"  # what ends before began the day before
NOON = "12:00"
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_TIME = "(?:[01][0-9]|2[0-4]):[0-5][0-9]"
_DAYS = rf"{_DAY}(?:-{_DAY})?(?:, ?{_DAY}(?:-{_DAY})?)*"
_SPANS = rf"{_TIME}-{_TIME}(?:, ?{_TIME}-{_TIME})*"
_RULE = re.compile(rf'({_DAYS})(?: (off|closed)| ({_SPANS}))?(?: "([^"\n]+)")?(?=$|;|, ?| \|\|)')
_BETWEEN = re.compile(r"; ?|, ?")
_NOTE = re.compile(r'(?:^| \|\| )"([^"\n]+)"')
_BRACKETS = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")
_WITHIN = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")
_ALWAYS = "24/7"
_MIDNIGHT = MappingProxyType({"00:00": "24:00"})  # where something ends

Span = tuple[str, str]
"""From when to when: ("09:00", "12:30")."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is so on some `days`: open for `spans`, `closed`, or only what `note` says."""

    days: tuple[str, ...]
    spans: tuple[Span, ...] = ()
    note: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """The rules, in the order of the week; `note` is what holds otherwise, or all that is known."""

    rules: tuple[Rule, ...] = ()
    note: str = ""


class HoursError(Exception):
    """What was `said` is no opening hours; `code` is that of a Problem."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(code)
        self.code = code
        self.said = said if len(said) <= 60 else f"{said[:59]}…"


def is_span(start: str, end: str) -> bool:
    """Whether it ends after it starts, be it in the small hours of the next day: then it starts at
    noon or later, for "9-5" is rather somebody's way of saying nine to seventeen.
    """
    if start < end <= "24:00":
        return True
    return end < start < "24:00" and (end in _MIDNIGHT or (end <= EARLY and start >= NOON))


def ordered(rules: Iterable[Rule], note: str = "") -> Hours:
    """Hours of rules that all hold: what is said of a day twice is put together, days that have the
    same become one rule. Of "closed" and hours, what is said last of a day holds.
    """
    said: dict[tuple[str, str, bool], set[Span]] = {}
    for rule in _settled(rules):
        for day in rule.days:
            spans = {(start, _MIDNIGHT.get(end, end)) for start, end in rule.spans}
            said.setdefault((day, rule.note, rule.closed), set()).update(spans)
    alike: dict[tuple[tuple[Span, ...], str, bool], list[str]] = {}
    for (day, about, closed), times in said.items():
        alike.setdefault((tuple(sorted(times)), about, closed), []).append(day)
    found = [
        Rule(tuple(sorted(days, key=DAYS.index)), each, about, closed)
        for (each, about, closed), days in alike.items()
    ]
    plain = {day for rule in found if not rule.note for day in rule.days}

    def place(rule: Rule) -> tuple[bool, list[int], tuple[Span, ...], str, bool]:
        """What is more to say of days that have their hours comes last."""
        adds = bool(rule.note) and set(rule.days) <= plain
        return adds, [DAYS.index(day) for day in rule.days], rule.spans, rule.note, rule.closed

    found.sort(key=place)
    return Hours(tuple(found), note)


def _settled(rules: Iterable[Rule]) -> list[Rule]:
    """Rules of which none says that a day is closed, without more, and another that it is open."""
    found: list[Rule] = []
    for rule in rules:
        kept = [_without([each], rule.days) if _deny(rule, each) else [each] for each in found]
        found = [*chain.from_iterable(kept), rule]
    return found


def _deny(one: Rule, other: Rule) -> bool:
    return any(a.closed and not a.note and b.spans for a, b in ((one, other), (other, one)))


def aside(note: str) -> str:
    """Words as they can stand in brackets: with none that do not close."""
    return note if _BRACKETS.fullmatch(note) else tidy(re.sub("[()]", " ", note))


def tidy(note: str) -> str:
    """Words on one line, without the signs that part them from others or the brackets around, and
    with the apostrophes that they are shown with.
    """
    words = " ".join(note.replace("'", "’").split()).lstrip(" ,;:-–•*").rstrip(" ,;:-")
    within = _WITHIN.fullmatch(words)
    return tidy(within[1]) if within else words


def runs(days: Iterable[str]) -> list[list[str]]:
    """Days of the week that follow each other, three or more, together; each other one alone."""
    found: list[list[str]] = []
    for day in days:
        follows = found and day in WEEK and DAYS.index(day) == DAYS.index(found[-1][-1]) + 1
        if follows:
            found[-1].append(day)
        else:
            found.append([day])
    return [part for run in found for part in ([run] if len(run) > 2 else [[d] for d in run])]


def days_text(days: Iterable[str]) -> str:
    """ "Mo-Fr,Su"."""
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs(days))


def write_hours(hours: Hours) -> str:
    """As OpenStreetMap writes them; what is said of a day again adds to it."""
    text, named = "", set[str]()
    for rule in hours.rules:
        between = "" if not text else ", " if named & set(rule.days) else "; "
        named |= set(rule.days)
        spans = ",".join(f"{start}-{end}" for start, end in rule.spans)
        parts = (days_text(rule.days), "off" if rule.closed else spans, _quoted(rule.note))
        text += between + " ".join(filter(None, parts))
    return " || ".join(filter(None, (text, _quoted(hours.note))))


def read_hours(text: str) -> Hours | None:
    """What `write_hours` writes, and other ways OpenStreetMap has of writing the same: after a
    semicolon what is said of a day stands instead of what was. None for anything else.
    """
    if text == _ALWAYS:
        return Hours((Rule(WEEK, (("00:00", "24:00"),)),))
    rules: list[Rule] = []
    position, between = 0, ""
    while match := _RULE.match(text, position):
        rule = _rule(match)
        if rule is None:
            return None
        if between.startswith(";"):
            rules = _without(rules, rule.days)
        rules.append(rule)
        position = match.end()
        separator = _BETWEEN.match(text, position)
        if separator is None:
            break
        between, position = separator[0], separator.end()
    end = _NOTE.fullmatch(text, position) if (position == 0) == (not rules) else None
    if position != len(text) and end is None:
        return None
    note = tidy(end[1]) if end else ""
    if aside(note) != note or not (rules or note):
        return None
    return ordered(rules, note)


def _rule(match: re.Match[str]) -> Rule | None:
    spans = tuple(
        (span[:5], span[6:])
        for span in re.split(", ?", match[3] or "")
        if is_span(span[:5], span[6:])
    )
    note = tidy(match[4] or "")
    if len(spans) < (match[3] or "").count("-") or not (spans or note or match[2]):
        return None
    if aside(note) != note:
        return None
    days: list[str] = []
    for part in re.split(", ?", match[1]):
        first, _, last = part.partition("-")
        if last and not {first, last} <= set(WEEK):
            return None
        days += days_between(first, last) if last else [first]
    return Rule(tuple(dict.fromkeys(days)), spans, note, bool(match[2]))


def days_between(first: str, last: str) -> tuple[str, ...]:
    """The days of the week from one to another, over its end if need be."""
    start, end = WEEK.index(first), WEEK.index(last)
    return WEEK[start : end + 1] if start <= end else (*WEEK[start:], *WEEK[: end + 1])


def _without(rules: Iterable[Rule], days: tuple[str, ...]) -> list[Rule]:
    left = ((r, tuple(d for d in r.days if d not in days)) for r in rules)
    return [Rule(kept, r.spans, r.note, r.closed) for r, kept in left if kept]


def _quoted(note: str) -> str:
    return f'"{note}"' if note else ""
