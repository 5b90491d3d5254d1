"""Lists that are too long for one page: their leaves, each with what stands on it and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE_SIZE = 50
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Entry]):
    """One page of a list, counted from 1; `first` is the site path of the list, `before` how many
    entries stand on the pages before.
    """

    first: str
    number: int
    pages: int
    total: int
    entries: Sequence[Entry]

    @property
    def before(self) -> int:
        return (self.number - 1) * PAGE_SIZE

    @property
    def path(self) -> str:
        return self.path_of(self.number)

    def path_of(self, number: int) -> str:
        return numbered(self.first, number)


def numbered(first: str, number: int) -> str:
    """The site path of a page of the list at `first`."""
    return first if number == 1 else f"{first}page/{number}/"


def leaf(entries: Sequence[Entry], first: str, number: int = 1) -> Leaf[Entry]:
    """One page of a list, which has at least one. Raises `LookupError` when there is none."""
    pages = max(1, -(-len(entries) // PAGE_SIZE))
    if not 1 <= number <= pages:
        raise LookupError(f"{first}: no page {number} of {pages}")
    shown = entries[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Leaf(first, number, pages, len(entries), shown)


def leaves(entries: Sequence[Entry], first: str) -> Iterator[Leaf[Entry]]:
    """All its pages, in their order."""
    for number in range(1, leaf(entries, first).pages + 1):
        yield leaf(entries, first, number)
