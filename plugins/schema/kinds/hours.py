"""The kind that holds opening hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.schema.hours import HoursError, write_hours
from plugins.schema.kind import Scope, Value, option
from plugins.schema.kinds.text import Text
from plugins.schema.problems import Problem
from plugins.schema.source import Source
from plugins.schema.spoken_hours import read_spoken


@dataclass(frozen=True)
class Hours(Text):
    """Opening hours, kept as OpenStreetMap writes them, whatever the words they are said in: these
    are longer by half, and what is kept must fit when it is said again.
    """

    name = "hours"
    max: int = option(Source.integer, 800)

    def parse(self, raw: Value) -> Value:
        text = super().parse(raw)
        if not isinstance(text, str) or not text or len(text) > self.max:
            return text
        try:
            return write_hours(read_spoken(text))
        except HoursError:
            return text

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        try:
            read_spoken(value)
        except HoursError as error:
            yield Problem("", field, error.code, {"said": error.said})
