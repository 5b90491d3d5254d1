"""The rows of an items field in a form: which there are, their order, and their buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField

from plugins.schema import Value

_PRESSED = re.compile(r"(?P<name>[a-z_]+)\.(?P<number>[0-9]{1,3})\.(?P<act>[a-z]+)", re.ASCII)


class Act(StrEnum):
    """What a row's button does to it."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"
    REMOVE = "remove"


class Rows(FieldList):  # type: ignore[misc]  # WTForms has no types
    """A list of sub-forms whose row numbers strangers choose: only small plain numbers count.

    Rows stand in the order in which they were sent: a script that moves one need not rename it.
    """

    entries: list[FormField]

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self._sent: dict[int, FormField] = {}
        if formdata:
            sent = dict.fromkeys(self._extract_indices(self.name, formdata))
            self._sent = dict(zip(sorted(sent), self.entries, strict=False))
            ordered = [self._sent[number] for number in sent if number in self._sent]
            self.entries = ordered + self.entries[len(ordered) :]
            self._compact_indices()

    def _extract_indices(self, prefix: str, formdata: MultiDict[str, str]) -> Iterator[int]:
        for key in formdata:
            number = key.removeprefix(f"{prefix}-").split("-", 1)[0]
            plain = number.isascii() and number.isdigit() and len(number) <= 3
            if key.startswith(f"{prefix}-") and plain:
                yield int(number)

    def drop_empty(self) -> None:
        for number in reversed(range(len(self.entries))):
            if len(self.entries) > 1 and not has_words(self.entries[number].data):
                self.pop_entry(number)

    def arrange(self, number: int, act: Act) -> None:
        """Move or remove the row that was sent under a number, if it is still there."""
        row = self._sent.get(number)
        if row not in self.entries:
            return
        place = self.entries.index(row)
        self.entries.pop(place)
        match act:
            case Act.REMOVE if not self.entries:
                self._add_entry()
            case Act.UP | Act.DOWN | Act.FIRST:
                step = {Act.UP: place - 1, Act.DOWN: place + 1}.get(act, 0)
                self.entries.insert(max(0, step), row)
        self._compact_indices()


@dataclass(frozen=True)
class Pressed:
    """A row's button that was pressed: of which field, the row's number as sent, what it does."""

    name: str
    number: int
    act: Act

    @classmethod
    def read(cls, value: str) -> Self | None:
        """From "items.3.up"; None for what no button of ours sends."""
        found = _PRESSED.fullmatch(value)
        if not found or found["act"] not in set(Act):
            return None
        return cls(found["name"], int(found["number"]), Act(found["act"]))


def has_words(row: Value) -> bool:
    """Whether something stands in a row besides the id that it came with."""
    return any(_is_typed(value) for name, value in row.items() if name != "id")


def _is_typed(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_is_typed, value.values()))
    if isinstance(value, list):
        return any(map(_is_typed, value))
    return bool(value.strip() if isinstance(value, str) else value)
