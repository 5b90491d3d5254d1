"""Observations counted: by viewpoint, theme, territory, month; practices against difficulties.

Every number is the length of a list of documents, so it cannot be anything else than their count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plugins.observation.findings import OBSERVATION, VIEWPOINT, viewpoint
from plugins.schema import Document, Index

THEMES, PLACE, DATE = "themes", "place", "date"
PRACTICES, DIFFICULTIES, NEEDS = "practices", "difficulties", "needs"
MONTH = "month"  # not a field: what is kept of `date`

Keys = Callable[[Document], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a tally: the observations that chose a term, or were made in a month."""

    key: str
    documents: tuple[Document, ...]

    @property
    def number(self) -> int:
        return len(self.documents)

    def seen_as(self, key: str) -> int:
        """How many of them were seen from a viewpoint."""
        return sum(viewpoint(one) == key for one in self.documents)


@dataclass(frozen=True, slots=True)
class Tally:
    """`documents` counted along one field; an observation that chose two terms is in two lines."""

    name: str
    counts: tuple[Count, ...]
    documents: tuple[Document, ...]

    @property
    def total(self) -> int:
        return len(self.documents)

    @property
    def most(self) -> tuple[Count, ...]:
        """The lines with the highest count; none when all are empty."""
        highest = max((count.number for count in self.counts), default=0)
        return tuple(count for count in self.counts if count.number == highest and highest)


@dataclass(frozen=True, slots=True)
class Grid:
    """Observations by two fields at once: `cells` by (row's term, column's term), none empty."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[Document, ...]]
    documents: tuple[Document, ...]

    @property
    def total(self) -> int:
        return len(self.documents)

    @property
    def most(self) -> tuple[tuple[str, str], ...]:
        """The cells with the highest count, in the order of the rows."""
        highest = max(map(len, self.cells.values()), default=0)
        order = ((row, column) for row in self.rows for column in self.columns)
        return tuple(cell for cell in order if len(self.cells.get(cell, ())) == highest)

    def number(self, row: str, column: str) -> int:
        return len(self.cells.get((row, column), ()))


def observations(index: Index) -> tuple[Document, ...]:
    """All observations, none where a site has no such type."""
    return index.of(OBSERVATION)


def by_viewpoint(documents: Sequence[Document], index: Index) -> Tally:
    """All viewpoints, also those that nobody spoke from: who is absent is part of what is seen."""
    keys = tuple(_vocabulary(VIEWPOINT, index))
    return _tally(VIEWPOINT, documents, lambda one: _terms(one, VIEWPOINT), keys)


def by_theme(documents: Sequence[Document], index: Index) -> Tally:
    return by_number(THEMES, documents, index)


def by_territory(documents: Sequence[Document], index: Index) -> Tally:
    """By the town or the quarter that each names: none is counted twice."""
    return by_number(PLACE, documents, index)


def by_month(documents: Sequence[Document]) -> Tally:
    """Every month from the first to the last, also those in which nobody observed."""
    held = sorted({month for one in documents for month in _month(one)})
    months = tuple(_months(held[0], held[-1])) if held else ()
    return _tally(MONTH, documents, _month, months)


def by_number(name: str, documents: Sequence[Document], index: Index) -> Tally:
    """The terms that were chosen, the most often chosen first."""
    tally = _tally(name, documents, lambda one: _terms(one, name), tuple(_vocabulary(name, index)))
    counts = sorted((c for c in tally.counts if c.number), key=lambda c: -c.number)
    return Tally(name, tuple(counts), tally.documents)


def practices_and_difficulties(documents: Sequence[Document], index: Index) -> Grid:
    """An observation of two practices and three difficulties is in six cells."""
    cells: dict[tuple[str, str], list[Document]] = {}
    for one in documents:
        for practice in dict.fromkeys(_terms(one, PRACTICES)):
            for difficulty in dict.fromkeys(_terms(one, DIFFICULTIES)):
                cells.setdefault((practice, difficulty), []).append(one)
    found = {cell: tuple(held) for cell, held in cells.items()}
    rows = tuple(key for key in _vocabulary(PRACTICES, index) if any(key == r for r, _ in found))
    columns = tuple(
        key for key in _vocabulary(DIFFICULTIES, index) if any(key == c for _, c in found)
    )
    return Grid(f"{PRACTICES}-{DIFFICULTIES}", rows, columns, found, tuple(documents))


def _tally(name: str, documents: Sequence[Document], keys: Keys, order: Sequence[str]) -> Tally:
    held: dict[str, list[Document]] = {key: [] for key in order}
    for one in documents:
        for key in dict.fromkeys(keys(one)):
            if key in held:
                held[key].append(one)
    counts = tuple(Count(key, tuple(found)) for key, found in held.items())
    return Tally(name, counts, tuple(documents))


def _terms(document: Document, name: str) -> Iterator[str]:
    field = document.type.fields.get(name)
    return field.kind.terms(document.data.get(name)) if field else iter(())


def _vocabulary(name: str, index: Index) -> Iterable[str]:
    """The terms of an observation's field, in their order; none where it has no such field."""
    content_type = index.schema.types.get(OBSERVATION)
    field = content_type.fields.get(name) if content_type else None
    vocabulary = (
        index.vocabularies.get(str(getattr(field.kind, "vocabulary", ""))) if field else None
    )
    return vocabulary.terms if vocabulary else ()


def _month(document: Document) -> tuple[str, ...]:
    """ "2026-11" of "2026-11-09": what is published is never finer."""
    month = str(document.data.get(DATE, ""))[:7]
    return (month,) if len(month) == 7 and month[:4].isdigit() and month[5:].isdigit() else ()


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (named := f"{year:04}-{month:02}") <= last:
        yield named
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
