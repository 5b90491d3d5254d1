"""Kinds that choose: choice, choices (terms of a vocabulary), references (documents)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from plugins.schema.kind import Kind, Known, Outcome, Scope, Value, option, shape_problem
from plugins.schema.kinds.merging import merge_sets, same_sets
from plugins.schema.problems import Problem
from plugins.schema.source import Source


def _declare_vocabulary(given: Mapping[str, Source], known: Known) -> None:
    if "from" not in given:
        raise next(iter(given.values())).error("a choice needs `from:`, its vocabulary")
    if given["from"].text() not in known.vocabularies:
        raise given["from"].error(f"there is no vocabulary {given['from'].text()!r}")


def _entries(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _list(raw: Value) -> Value:
    """A list of distinct texts from a list or from one value; anything else as it came."""
    if isinstance(raw, str):
        raw = [raw]
    if isinstance(raw, list | tuple) and all(isinstance(entry, str) for entry in raw):
        return [entry for entry in dict.fromkeys(entry.strip() for entry in raw) if entry]
    return raw


@dataclass(frozen=True)
class Choice(Kind):
    """One term of the vocabulary `from`."""

    name = "choice"
    vocabulary: str = option(Source.text, "", key="from")

    @classmethod
    def declare(cls, given: Mapping[str, Source], known: Known) -> Self:
        _declare_vocabulary(given, known)
        return super().declare(given, known)

    def parse(self, raw: Value) -> Value:
        return raw.strip() if isinstance(raw, str) else raw

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield shape_problem(field)
        elif value not in scope.vocabularies[self.vocabulary].terms:
            yield Problem("", field, "unknown_term", {"term": value})

    def terms(self, value: Value) -> Iterator[str]:
        return iter((value,) if isinstance(value, str) else ())


@dataclass(frozen=True)
class Choices(Kind):
    """Several terms of the vocabulary `from`, `min` to `max` of them."""

    name = "choices"
    vocabulary: str = option(Source.text, "", key="from")
    min: int = option(Source.integer, 0)
    max: int = option(Source.integer, 100)

    @classmethod
    def declare(cls, given: Mapping[str, Source], known: Known) -> Self:
        _declare_vocabulary(given, known)
        return super().declare(given, known)

    def parse(self, raw: Value) -> Value:
        return _list(raw)

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, list) or not all(isinstance(term, str) for term in value):
            yield shape_problem(field)
            return
        for term in value:
            if term not in scope.vocabularies[self.vocabulary].terms:
                yield Problem("", field, "unknown_term", {"term": term})
        yield from count_problems(value, self.min, self.max, field)

    def same(self, one: Value, other: Value) -> bool:
        return same_sets(one, other)

    def merge(self, base: Value, ours: Value, theirs: Value, field: str) -> Outcome:
        return merge_sets(base, ours, theirs, field, range(self.min, self.max + 1))

    def terms(self, value: Value) -> Iterator[str]:
        return (term for term in _entries(value) if isinstance(term, str))


@dataclass(frozen=True)
class References(Kind):
    """Links to documents of the types `to`, written "type/slug"; with `parts: true` to parts of
    them, "type/slug#id".
    """

    name = "references"
    to: tuple[str, ...] = option(Source.texts, ())
    parts: bool = option(Source.boolean, False)
    min: int = option(Source.integer, 0)
    max: int = option(Source.integer, 200)

    @classmethod
    def declare(cls, given: Mapping[str, Source], known: Known) -> Self:
        if "to" not in given:
            raise next(iter(given.values())).error("references need `to:`, one type or several")
        for name in given["to"].sequence():
            if name.text() not in known.type_names:
                raise name.error(f"there is no type {name.text()!r}")
        return super().declare(given, known)

    def parse(self, raw: Value) -> Value:
        return _list(raw)

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            yield shape_problem(field)
            return
        for reference in value:
            fits = reference.partition("/")[0] in self.to and ("#" in reference) == self.parts
            if not fits:
                yield Problem("", field, "wrong_reference", {"reference": reference, "to": self.to})
            elif not scope.refers(reference):
                yield Problem("", field, "unknown_reference", {"reference": reference})
        yield from count_problems(value, self.min, self.max, field)

    def same(self, one: Value, other: Value) -> bool:
        return same_sets(one, other)

    def merge(self, base: Value, ours: Value, theirs: Value, field: str) -> Outcome:
        return merge_sets(base, ours, theirs, field, range(self.min, self.max + 1))

    def references(self, value: Value) -> Iterator[str]:
        return (entry for entry in _entries(value) if isinstance(entry, str))


def count_problems(value: list[Value], least: int, most: int, field: str) -> Iterator[Problem]:
    """Too few or too many entries in a non-empty list."""
    if len(value) < least:
        yield Problem("", field, "too_few", {"min": least})
    if len(value) > most:
        yield Problem("", field, "too_many", {"max": most})
