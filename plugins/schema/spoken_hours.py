"""Opening hours as people write them, in French or in English: "lundi au vendredi, 9 h – 12 h"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plugins.schema.hours import Hours, HoursError, Rule, ordered, read_hours
from plugins.schema.hours_words import CLOSED, HALF_DAY, HALVES, LEAD, TELLS_HOURS
from plugins.schema.spoken_lines import Heard, Line, note_of


def read_spoken(text: str) -> Hours:
    """A line, or several, each with days and their hours; what is in parentheses, or names neither,
    is kept as it is. Also what `hours` writes. Raises `HoursError`.
    """
    written = read_hours(text.strip())
    if written is not None:
        return written
    heard = Heard()
    words = ""
    for words in filter(None, (each.strip().lstrip("-–•* ") for each in text.splitlines())):
        if (words.startswith("(") and words.endswith(")")) or is_remark(words):
            heard.notes += filter(None, [note_of(words)])
        else:
            Line(words, heard).read()
    for days, half, said in heard.shut:
        if not all(_spares(heard.rules, day, half) for day in days):
            raise HoursError("hours_half_closed", said)
    if heard.awaited or not (heard.rules or heard.notes):
        raise HoursError("hours_without_time" if heard.awaited else "not_hours", words)
    closed_last = sorted(heard.rules, key=lambda rule: rule.closed)  # an exception, wherever said
    return ordered(closed_last, " ; ".join(heard.notes))


def is_remark(words: str) -> bool:
    """Whether a line names no hour and begins with no day, so that it says something else."""
    line = Line(words, Heard())
    line.skip(LEAD)
    if TELLS_HOURS.search(line.plain):
        return False
    if line.skip(CLOSED):
        return line.says_more() and not HALF_DAY.match(line.plain, line.at)
    return not line.is_day()


def _spares(rules: Iterable[Rule], day: str, half: str) -> bool:
    """Whether the day has hours, none of them in this part of it."""
    begin, end = next(span for names, span in HALVES.items() if re.fullmatch(names, half))
    spans = [span for rule in rules if day in rule.days for span in rule.spans]
    return bool(spans) and all(
        (closes if opens < closes else "24:00") <= begin or opens >= end for opens, closes in spans
    )
