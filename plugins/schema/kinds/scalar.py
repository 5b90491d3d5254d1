"""Kinds that hold one exact value: date, integer, boolean."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.schema.kind import Kind, Scope, Value, option
from plugins.schema.problems import Problem
from plugins.schema.source import Source

DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
FRENCH_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
MONTH = re.compile(r"(\d{4})-(\d{1,2})")
FRENCH_MONTH = re.compile(r"(\d{1,2})/(\d{4})")
MOMENT = re.compile(r"([^\sT]{8,10})[T ]+(\d{1,2})[:hH](\d{2})(?::\d{2})?")


def _day(text: str) -> str | None:
    """ISO 8601 for a day written "2026-11-23" or "23/11/2026", else None."""
    if match := DAY.fullmatch(text):
        year, month, day = match.groups()
    elif match := FRENCH_DAY.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _month(text: str) -> str | None:
    """ISO 8601 for a month; a whole day is understood and its day dropped."""
    if match := MONTH.fullmatch(text):
        year, month = match.groups()
    elif match := FRENCH_MONTH.fullmatch(text):
        month, year = match.groups()
    else:
        day = _day(text)
        return day[:7] if day else None
    day = _day(f"{year}-{month}-01")
    return day[:7] if day else None


def _moment(text: str) -> str | None:
    """ISO 8601 to the minute for "2026-11-23 18:30" or "23/11/2026 18h30", local time."""
    match = MOMENT.fullmatch(text)
    if not match:
        return None
    day, hour, minute = _day(match[1]), int(match[2]), int(match[3])
    return f"{day}T{hour:02}:{minute:02}" if day and hour < 24 and minute < 60 else None


def first_day(value: str) -> str:
    """Of an ISO month ("2026-11"), its first day; any other text as it is."""
    return f"{value}-01" if _month(value) == value else value


def _precision(source: Source) -> str:
    if source.text() not in ("day", "month"):
        raise source.error(f"precision is `day` or `month`, not {source.text()!r}")
    return source.text()


@dataclass(frozen=True)
class Date(Kind):
    """A day; with `precision: month` a month; with `time: true` a day and its local time."""

    name = "date"
    precision: str = option(_precision, "day")
    time: bool = option(Source.boolean, False)

    def _read(self, text: str) -> str | None:
        if self.time:
            return _moment(text)
        return _month(text) if self.precision == "month" else _day(text)

    def parse(self, raw: Value) -> Value:
        if isinstance(raw, datetime.date):
            raw = raw.isoformat()
        if not isinstance(raw, str):
            return raw
        return self._read(raw.strip()) or raw.strip()

    def parse_filed(self, raw: Value) -> Value:
        """A day in the place of a month stays a day, which `check` then finds."""
        finer = self.precision == "month" and isinstance(raw, str) and _day(raw.strip())
        return raw if finer else self.parse(raw)

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, str) or self._read(value) != value:
            wanted = "moment" if self.time else self.precision
            yield Problem("", field, f"not_a_{wanted}")

    def dump(self, value: Value) -> Value:
        """A real date where YAML has one, so that it stands unquoted."""
        if isinstance(value, str) and DAY.fullmatch(value) and _day(value) == value:
            return datetime.date.fromisoformat(value)
        return value


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number between `min` and `max`, both included."""

    name = "integer"
    min: int = option(Source.integer, -(10**12))
    max: int = option(Source.integer, 10**12)

    def parse(self, raw: Value) -> Value:
        if isinstance(raw, str):
            text = re.sub(r"[ \u00a0\u202f]", "", raw.strip())
            return int(text) if re.fullmatch(r"[+-]?[0-9]{1,13}", text) else raw.strip()
        return raw

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Problem("", field, "not_an_integer")
        elif value < self.min:
            yield Problem("", field, "too_small", {"min": self.min})
        elif value > self.max:
            yield Problem("", field, "too_large", {"max": self.max})


@dataclass(frozen=True)
class Boolean(Kind):
    """Yes or no; both are answers."""

    name = "boolean"

    def parse(self, raw: Value) -> Value:
        if isinstance(raw, str):
            text = raw.strip().lower()
            if text in ("true", "yes", "oui", "on", "1"):
                return True
            if text in ("false", "no", "non", "off", "0"):
                return False
        return raw

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem("", field, "not_a_boolean")
