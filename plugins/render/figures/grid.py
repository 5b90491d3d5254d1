"""Practices against difficulties: a disc where some observation tells of both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from plugins.observation.tallies import Grid
from plugins.render.shown import TermShown

LARGEST, SMALLEST = 0.95, 0.62  # radius of a disc, in heights of the text


@dataclass(frozen=True, slots=True)
class Cells:
    """One figure: `numbers[row][column]`; `top` are the highest of them."""

    name: str
    title: str
    of: str
    sentence: str
    rows: tuple[TermShown, ...]
    columns: tuple[TermShown, ...]
    numbers: tuple[tuple[int, ...], ...]
    total: int

    @property
    def highest(self) -> int:
        return max((number for row in self.numbers for number in row), default=0)

    @property
    def longest(self) -> int:
        """Letters of the longest name of a column."""
        return max((len(term.label) for term in self.columns), default=0)

    def radius(self, number: int) -> float:
        """The area of a disc grows with its number; it always has room for that number."""
        part = math.sqrt(number / self.highest)
        return round(max(LARGEST * part, SMALLEST), 2)


def numbers(grid: Grid) -> tuple[tuple[int, ...], ...]:
    """By difficulty, then by practice: the names of practices are short enough for columns."""
    return tuple(
        tuple(grid.number(practice, difficulty) for practice in grid.rows)
        for difficulty in grid.columns
    )
