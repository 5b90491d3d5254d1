"""The sieve of a list: which kinds of things are in it, how many, and those that were asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Marks = Mapping[str, frozenset[str]]
"""What something answers to each filter, by the filter's name."""
T = TypeVar("T")


@dataclass(frozen=True)
class Mesh:
    """One filter: its name in an address, its words, and those of each value it knows."""

    name: str
    label: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """One value of a filter. `number`: how many it would leave, None where that is not counted."""

    value: str
    label: str
    number: int | None
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter as a form shows it; `choices` are those that would leave something."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Sifted(Generic[T]):
    """What is left, the filters, and what was `asked` of them."""

    left: tuple[T, ...]
    filters: tuple[Filter, ...]
    asked: Mapping[str, str]


def sift(
    things: Sequence[tuple[T, Marks]], meshes: Sequence[Mesh], wanted: Mapping[str, str]
) -> Sifted[T]:
    """Those that have all that is wanted; a value that a filter does not know is not asked for.

    A choice counts what it would leave beside what the other filters ask.
    """
    asked = {m.name: wanted[m.name] for m in meshes if wanted.get(m.name) in m.values}
    counts: dict[str, Counter[str]] = {mesh.name: Counter() for mesh in meshes}
    left = []
    for thing, marks in things:
        lacking = [name for name, value in asked.items() if value not in marks[name]]
        if not lacking:
            left.append(thing)
        if len(lacking) < 2:  # else no single filter lets it in
            for name in lacking or counts:
                counts[name].update(marks[name])
    filters = (_filter(mesh, counts[mesh.name], asked.get(mesh.name, "")) for mesh in meshes)
    return Sifted(tuple(left), tuple(f for f in filters if f.choices), asked)


def _filter(mesh: Mesh, counts: Counter[str], asked: str) -> Filter:
    """Of a filter that is asked something, its own choices count what they would leave instead."""
    return Filter(
        mesh.name,
        mesh.label,
        tuple(
            Choice(value, label, counts[value], value == asked)
            for value, label in mesh.values.items()
            if counts[value] or value == asked
        ),
    )
