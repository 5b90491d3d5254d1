"""Kinds made of several values: place, image, items."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from plugins.schema.kind import (
    Clash,
    Field,
    Kind,
    Known,
    Outcome,
    Scope,
    Value,
    is_empty,
    merge_whole,
    option,
    shape_problem,
)
from plugins.schema.kinds.choice import count_problems
from plugins.schema.kinds.merging import is_outgrown, merge_answers, merge_order
from plugins.schema.kinds.text import Text
from plugins.schema.problems import Problem
from plugins.schema.source import Source

TERRITORIES = "territories"
IMAGE_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.(?:webp|jpg|png)")
ITEM_ID = re.compile(r"[a-z0-9-]{1,40}")


def _degrees(raw: Value) -> Value:
    if isinstance(raw, str):
        try:
            return float(raw.strip().replace(",", "."))
        except ValueError:
            return raw
    return raw


def _unknown_keys(
    value: Mapping[str, Value], known: Collection[str], field: str
) -> Iterator[Problem]:
    for key in value:
        if key not in known:
            yield Problem("", f"{field}.{key}", "unknown_field")


@dataclass(frozen=True)
class Place(Kind):
    """Where: {territory, street?, lat?, lon?}; `lat` and `lon` in degrees, WGS 84.

    `territory` is a term of the vocabulary "territories". With `street: false` nothing finer than
    the territory may be given.
    """

    name = "place"
    keys = ("territory", "street", "lat", "lon")
    street: bool = option(Source.boolean, True)

    @property
    def vocabulary(self) -> str:
        return TERRITORIES

    def parse(self, raw: Value) -> Value:
        if not isinstance(raw, Mapping):
            return raw
        words = Text()
        value = {key: words.parse(entry) for key, entry in raw.items()}
        for key in ("lat", "lon"):
            if key in value:
                value[key] = _degrees(value[key])
        return {key: entry for key, entry in value.items() if not is_empty(entry)}

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield shape_problem(field)
            return
        yield from _unknown_keys(value, self.keys, field)
        territory = value.get("territory")
        if territory is None:
            yield Problem("", f"{field}.territory", "required")
        elif territory not in scope.vocabularies[TERRITORIES].terms:
            yield Problem("", f"{field}.territory", "unknown_term", {"term": territory})
        if "street" in value:
            yield from Text().check(value["street"], f"{field}.street", scope)
        if not self.street and value.keys() & {"street", "lat", "lon"}:
            yield Problem("", field, "too_precise")
        yield from self._check_coordinates(value, field)

    def _check_coordinates(self, value: dict[str, Value], field: str) -> Iterator[Problem]:
        if ("lat" in value) != ("lon" in value):
            yield Problem("", field, "half_coordinates")
        for key, most in (("lat", 90), ("lon", 180)):
            degrees = value.get(key, 0.0)
            is_number = isinstance(degrees, int | float) and not isinstance(degrees, bool)
            if not (is_number and math.isfinite(degrees) and abs(degrees) <= most):
                yield Problem("", f"{field}.{key}", "not_degrees", {"max": most})

    def terms(self, value: Value) -> Iterator[str]:
        if isinstance(value, dict) and isinstance(value.get("territory"), str):
            yield value["territory"]


@dataclass(frozen=True)
class Image(Kind):
    """A picture of `content/images/`: {file, alt, credit?}; `alt` says what it shows."""

    name = "image"
    keys = ("file", "alt", "credit")

    def parse(self, raw: Value) -> Value:
        if not isinstance(raw, Mapping):
            return raw
        words = Text()
        value = {key: words.parse(entry) for key, entry in raw.items()}
        return {key: entry for key, entry in value.items() if not is_empty(entry)}

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield shape_problem(field)
            return
        yield from _unknown_keys(value, self.keys, field)
        for key in ("file", "alt"):
            if key not in value:
                yield Problem("", f"{field}.{key}", "required")
        for key, entry in value.items():
            yield from Text(max=300).check(entry, f"{field}.{key}", scope)
        if isinstance(value.get("file"), str) and not IMAGE_FILE.fullmatch(value["file"]):
            yield Problem("", f"{field}.file", "not_an_image_file")

    def files(self, value: Value) -> Iterator[str]:
        if isinstance(value, dict) and isinstance(value.get("file"), str):
            yield value["file"]


def _by_id(value: Value) -> dict[str, Value] | None:
    """The rows of a list by id, None if one has no id of its own."""
    rows: dict[str, Value] = {}
    for row in [] if value is None else value if isinstance(value, list) else [value]:
        id = row.get("id") if isinstance(row, dict) else None
        if not isinstance(id, str) or not ITEM_ID.fullmatch(id) or id in rows:
            return None
        rows[id] = row
    return rows


@dataclass(frozen=True)
class Items(Kind):
    """A list of entries, each with the `fields` declared and a stable `id`."""

    name = "items"
    fields: Mapping[str, Field] = option(lambda source: source)
    min: int = option(Source.integer, 0)
    max: int = option(Source.integer, 100)

    @classmethod
    def declare(cls, given: Mapping[str, Source], known: Known) -> Self:
        if "fields" not in given:
            raise next(iter(given.values())).error("items need `fields:`")
        built: dict[str, Any] = {"fields": known.declare_fields(given["fields"])}
        for key in ("min", "max"):
            if key in given:
                built[key] = given[key].integer()
        return cls(**built)

    def parse(self, raw: Value) -> Value:
        if not isinstance(raw, list | tuple):
            return raw
        rows = [self._parse_row(row) if isinstance(row, Mapping) else row for row in raw]
        return [row for row in rows if not is_empty(row)]

    def _parse_row(self, raw: Mapping[str, Value]) -> dict[str, Value]:
        row: dict[str, Value] = {}
        if not is_empty(raw.get("id")):
            row["id"] = raw["id"]
        for name, entry in self.fields.items():
            value = entry.kind.parse(raw.get(name))
            if not is_empty(value):
                row[name] = value
        unknown = {key: value for key, value in raw.items() if key not in {"id", *self.fields}}
        return row | {key: value for key, value in unknown.items() if not is_empty(value)}

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            yield shape_problem(field)
            return
        yield from count_problems(value, self.min, self.max, field)
        seen: set[str] = set()
        for number, row in enumerate(value):
            at = f"{field}.{number}"
            if "id" in row:
                identity = row["id"]
                if not isinstance(identity, str) or not ITEM_ID.fullmatch(identity):
                    yield Problem("", f"{at}.id", "not_an_id")
                elif identity in seen:
                    yield Problem("", f"{at}.id", "twice", {"value": identity})
                else:
                    seen.add(identity)
            yield from _unknown_keys(row, {"id", *self.fields}, at)
            yield from self._check_row(row, at, scope)

    def _check_row(self, row: dict[str, Value], at: str, scope: Scope) -> Iterator[Problem]:
        for name, entry in self.fields.items():
            if name in row:
                yield from entry.kind.check(row[name], f"{at}.{name}", scope)
            elif entry.missing(row):
                yield Problem("", f"{at}.{name}", "required")

    def dump(self, value: Value) -> Value:
        if not isinstance(value, list):
            return value
        return [self._dump_row(row) if isinstance(row, dict) else row for row in value]

    def _dump_row(self, row: dict[str, Value]) -> dict[str, Value]:
        order = [key for key in ("id", *self.fields) if key in row]
        order += [key for key in row if key not in order]
        return {
            key: self.fields[key].kind.dump(row[key]) if key in self.fields else row[key]
            for key in order
        }

    def merge(self, base: Value, ours: Value, theirs: Value, field: str) -> Outcome:
        """Row by row; as a whole when rows cannot be told apart, or both sides reorder them."""
        whole = super().merge(base, ours, theirs, field)
        lists = [_by_id(value) for value in (base, ours, theirs)]
        if not whole[1] or None in lists:
            return whole
        before, left, right = (rows or {} for rows in lists)
        rows: dict[str, Value] = {}
        clashes: list[Clash] = []
        for id in sorted({*before, *left, *right}):
            versions = (before.get(id), left.get(id), right.get(id))
            row, found = self._merge_row(*versions, f"{field}.{id}")
            clashes += found
            if row is not None:
                rows[id] = row
        order, agreed = merge_order(before, left, right, rows)
        if not agreed or is_outgrown(rows, (left, right), range(self.min, self.max + 1)):
            return whole
        return [rows[id] for id in order] or None, tuple(clashes)

    def _merge_row(self, base: Value, ours: Value, theirs: Value, at: str) -> Outcome:
        whole = merge_whole(base, ours, theirs, at)
        if not whole[1] or ours is None or theirs is None:
            return whole
        return merge_answers(self.fields, base or {}, ours, theirs, f"{at}.")

    def references(self, value: Value) -> Iterator[str]:
        for row in value if isinstance(value, list) else ():
            for name, entry in self.fields.items():
                if isinstance(row, dict) and name in row:
                    yield from entry.kind.references(row[name])
