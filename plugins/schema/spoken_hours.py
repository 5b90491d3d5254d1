"""Opening hours as people write them, in French or in English: "lundi au vendredi, 9 h – 12 h"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from plugins.schema.hours import (
    WEEK,
    Hours,
    Rule,
    Span,
    aside,
    days_between,
    is_span,
    ordered,
    read_hours,
)

WEEKDAYS: Mapping[str, str] = MappingProxyType(
    {
        r"lundis?|lun\b\.?|mondays?|mon": "Mo",
        r"mardis?|mar\b\.?|tuesdays?|tues?": "Tu",
        r"mercredis?|mer\b\.?|wednesdays?|wed": "We",
        r"jeudis?|jeu\b\.?|thursdays?|thurs?|thu": "Th",
        r"vendredis?|ven\b\.?|fridays?|fri": "Fr",
        r"samedis?|sam\b\.?|saturdays?|sat": "Sa",
        r"dimanches?|dim\b\.?|sundays?|sun": "Su",
    }
)
SEVERAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "jours? feries?|(?:public|bank) holidays?": ("PH",),
        "vacances(?: scolaires)?|school holidays?": ("SH",),
        "tous les jours|chaque jour|7 ?j ?/ ?7|every ?day|daily": WEEK,
        "(?:en )?semaine|weekdays?": WEEK[:5],
        "week-?ends?": WEEK[5:],
    }
)
"""How days are called: regular expressions of small letters without accents."""
_NAMED = tuple(
    (re.compile(rf"(?:{names})(?<=[a-z7.])(?![a-z])"), days)
    for names, days in (*((n, (day,)) for n, day in WEEKDAYS.items()), *SEVERAL.items())
)
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})(?![a-z])")
_THE = r"du|de|le|les|pendant les|tous les(?! jours)|chaque(?! jour)|from|on|every(?! ?day)"
_ARTICLE = rf"(?:(?:{_THE})\s+)?"
_TO = re.compile(rf"\s*(?:\bau\b|\ba\b|\bjusqu'au\b|\bto\b|\bthrough\b|-)\s*{_ARTICLE}")
_AND = re.compile(rf"\s*(?:,|\bet\b|\band\b|\bou\b|&|/|\+|\s)\s*(?:et\s+|and\s+)?{_ARTICLE}")
_LEAD = re.compile(rf"[\s,.;:]*(?:et\s+|and\s+)?{_ARTICLE}")
_CLOSED = re.compile(r"(?:ferme(?:e|s|es|ture)?|closed)\b")
_HALF = r"(?:matins?|apres-midis?|soirs?|mornings?|afternoons?|evenings?)\b"
_HALF_DAY = re.compile(rf"[\s,]*{_HALF}")
_OPEN = re.compile(r"(?:ouvert(?:e|s|es|ure)?|horaires?(?: d'ouverture)?|open(?:ing hours)?)\b")
_MINUTES = r"[0-5]\d(?!\d|\s*[h:])"
_CLOCK = rf"(\d{{1,2}})(?:\s*(?:h(?:eures?|rs?)?|:)\s*({_MINUTES})?)?\s*(am|pm)?\b"
_HOUR = rf"(?:{_CLOCK}|(midi|noon)|(minuit|midnight))"
_SPAN = re.compile(
    rf"(?:(?:de|entre|from|between)\s+)?{_HOUR}"
    rf"\s*(?:-|/|\ba\b|\bet\b|\bau\b|\bto\b|\band\b|\buntil\b|\bjusqu'a\b)\s*{_HOUR}"
)
_NEXT = re.compile(
    rf"[\s,/+&-]*(?:\bet\b|\bpuis\b|\band\b)?\s*(?:{_ARTICLE}(?:l')?{_HALF}\s*:?)?\s*"
)
_TELLS_HOURS = re.compile(r"\d\s*[h:]|\d\s*-\s*\d|\b\d+\s*[ap]m\b")
_ASIDE = re.compile(r"\s*\(((?:[^()]|\([^()]*\))*)\)\s*\.?$")
_EDGES = " \t,.;:-()"


class HoursError(Exception):
    """What was `said` is no opening hours; `code` is that of a Problem."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(code)
        self.code = code
        self.said = said if len(said) <= 60 else f"{said[:59]}…"


def read_spoken(text: str) -> Hours:
    """A line, or several, each with days and their hours; what is in parentheses, or names neither,
    is kept as it is. Also what `hours` writes. Raises `HoursError`.
    """
    written = read_hours(text.strip())
    if written is not None:
        return written
    rules: list[Rule] = []
    notes: list[str] = []
    line = _Line("")
    for words in filter(None, (each.strip().lstrip("-–•* ") for each in text.splitlines())):
        line = _Line(words, line.days, line.awaited)
        if (words.startswith("(") and words.endswith(")")) or is_remark(words):
            notes += filter(None, [_note(words)])
        else:
            rules += line.rules()
    if line.awaited or not (rules or notes):
        raise HoursError("hours_without_time" if line.awaited else "not_hours", line.words)
    return ordered(rules, " ; ".join(notes))


def is_remark(words: str) -> bool:
    """Whether a line names no hour and begins with no day, so that it says something else."""
    line = _Line(words)
    line.skip(_LEAD)
    return not (_TELLS_HOURS.search(line.plain) or _CLOSED.match(line.plain) or line.named())


class _Line:
    """One line, read from left to right. `plain` has the same letters without accents or case.

    `days` are those it was about last, to begin with those of the line before; `awaited` while
    nothing was said of them.
    """

    def __init__(self, words: str, days: tuple[str, ...] = (), awaited: bool = False) -> None:
        self.words = words
        self.plain = "".join(map(_plain, words))
        self.at = 0
        self.days = days
        self.awaited = awaited

    def rules(self) -> list[Rule]:
        """What it says of its days, which may be those of the line before."""
        found: list[Rule] = []
        while self.at < len(self.words):
            begun = self.at
            rule = self._rule()
            if self.at == begun:
                raise HoursError("not_hours", self.words[begun:].strip(_EDGES) or self.words)
            self.awaited = rule is None
            found += [rule] if rule else []
        return found

    def _rule(self) -> Rule | None:
        """What is said of the next days; None if that is yet to come."""
        self.skip(_LEAD)
        closed = self.skip(_CLOSED)
        self.skip(_OPEN)
        self._name_days()
        if closed and _HALF_DAY.match(self.plain, self.at):
            raise HoursError("not_hours", self.words)
        spans: tuple[Span, ...] = ()
        if not closed:
            self.skip(_HALF_DAY)
            self.skip(_LEAD)
            closed = self.skip(_CLOSED)
        if not closed:
            spans = self._spans()
        if spans and not self.days:
            self._name_days()
        note = self._note()
        if not self.days:
            raise HoursError("hours_without_day", self.words)
        return Rule(self.days, spans, note, closed) if spans or closed or note else None

    def _name_days(self) -> None:
        here = self.at
        self.skip(_LEAD)
        found = self.named()
        if not found:
            self.at = here
            return
        if self.awaited:
            raise HoursError("hours_without_time", self.words)
        self.days = found

    def named(self) -> tuple[str, ...]:
        """The days named from here on, one after the other."""
        found: list[str] = []
        while name := self._day():
            found += name
            here = self.at
            if len(name) == 1 and self.skip(_TO):
                last = self._day()
                if len(last) == 1 and {*name, *last} <= set(WEEK):
                    found += days_between(name[0], last[0])
                else:
                    self.at = here
                here = self.at
            self.skip(_AND)
            if not any(pattern.match(self.plain, self.at) for pattern, _ in _NAMED):
                self.at = here
                break
        return tuple(dict.fromkeys(found))

    def _day(self) -> tuple[str, ...]:
        for pattern, days in _NAMED:
            if self.skip(pattern):
                return days
        return ()

    def _spans(self) -> tuple[Span, ...]:
        found: list[Span] = []
        while match := _SPAN.match(self.plain, self.at):
            said = self.words[match.start() : match.end()].strip()
            start, end = _time(match.groups()[:5], said), _time(match.groups()[5:], said)
            if not is_span(start, end):
                raise HoursError("hours_backwards", said)
            found.append((start, end))
            self.at = match.end()
            following = _NEXT.match(self.plain, self.at)
            if following and _SPAN.match(self.plain, following.end()):
                self.at = following.end()
        return tuple(found)

    def _note(self) -> str:
        """What is said beside the hours, up to the next day that is named."""
        if match := _ASIDE.match(self.words, self.at):
            self.at = len(self.words)
            return _note(match[1])
        here = self.at
        self.skip(_LEAD)
        if self.at == len(self.words) or self._is_day() or self.skip(_CLOSED):
            self.at = here if self.at < len(self.words) else self.at
            return ""
        self.at = len(self.words)
        if _TELLS_HOURS.search(self.plain, here) or _WEEKDAY.search(self.plain, here):
            raise HoursError("not_hours", self.words[here:].strip(_EDGES))
        return _note(self.words[here:])

    def _is_day(self) -> bool:
        return any(pattern.match(self.plain, self.at) for pattern, _ in _NAMED)

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.plain, self.at)
        if match:
            self.at = match.end()
        return match is not None


def _plain(character: str) -> str:
    """One letter for one."""
    if character in "‐‑‒–—−":
        return "-"
    if character in "’ʼ":
        return "'"
    letter = unicodedata.normalize("NFKD", character)[:1].lower()
    return letter if len(letter) == 1 else " "


def _time(parts: tuple[str | None, ...], said: str) -> str:
    hour, minutes, half, noon, midnight = parts
    if noon:
        return "12:00"
    if midnight:
        return "00:00"
    number = int(hour or 0)
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half == "pm" else 0)
    if number > 24 or (number == 24 and minutes not in (None, "00")):
        raise HoursError("not_hours", said)
    return f"{number:02}:{minutes or '00'}"


def _note(words: str) -> str:
    """What OpenStreetMap can put between its quotation marks."""
    words = " ".join(words.split()).strip(" \t,;:-")
    if words.startswith("(") and words.endswith(")"):
        words = words[1:-1].strip()
    return aside(words.replace('"', "’"))
