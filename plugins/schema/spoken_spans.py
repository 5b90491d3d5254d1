"""From when to when, as people write it: "9 h à 12 h 30", "2-5pm", "midi – 14 h"."""

from __future__ import annotations

import re

from plugins.schema.hours import HoursError, Span, is_span
from plugins.schema.hours_words import ARTICLE, HALF

_MINUTES = r"[0-5]\d(?!\d|\s*[h:])"
_CLOCK = rf"(\d{{1,2}})(?:\s*(?:h(?:eures?|rs?)?|:)\s*({_MINUTES})?)?\s*(am|pm)?\b"
_HOUR = rf"(?:{_CLOCK}|(midi|noon)|(minuit|midnight))"
SPAN = re.compile(
    rf"(?:(?:de|entre|from|between)\s+)?{_HOUR}"
    rf"\s*(?:-|/|\ba\b|\bet\b|\bau\b|\bto\b|\band\b|\buntil\b|\bjusqu'a\b)\s*{_HOUR}"
)
NEXT = re.compile(  # so many signs, at most: any number of them would be tried in every way
    rf"[\s,/+&-]{{0,9}}(?:\bet\b|\bpuis\b|\band\b)?\s{{0,9}}(?:{ARTICLE}(?:l')?{HALF}\s*:?)?\s{{0,9}}"
)


def span_of(match: re.Match[str], words: str) -> Span:
    """What `SPAN` found in the plain letters of these `words`. Half of the day that is named once,
    as in "2-5pm", is that of both where they are in order. Raises `HoursError`.
    """
    said = words[match.start() : match.end()].strip()
    start, end = match.groups()[:5], match.groups()[5:]
    opens, closes = _time(start, start[2], said), _time(end, end[2], said)
    alike = _time(start, start[2] or end[2], said), _time(end, end[2] or start[2], said)
    if alike[0] < alike[1]:
        opens, closes = alike
    if not is_span(opens, closes):
        raise HoursError("hours_backwards", said)
    return opens, closes


def _time(parts: tuple[str | None, ...], half: str | None, said: str) -> str:
    hour, minutes, _, noon, midnight = parts
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
