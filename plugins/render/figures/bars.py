"""A tally as lines of marks: one mark an observation, its shape its viewpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.observation.tallies import Tally
from plugins.render.shown import TermShown

MARKS, BESIDE = 12, 7  # that a phone's width holds, also with a label in front; beyond, a bar


@dataclass(frozen=True, slots=True)
class Line:
    """One term or month: its `number` of observations, of which `parts` from each viewpoint.

    `most` when none has more, but some have less; `share` is its part of the longest, in percent.
    """

    key: str
    label: str
    number: int
    parts: tuple[int, ...]
    most: bool = False
    share: float = 0.0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """One figure. `viewpoints` are those that `parts` are of; `beside` when labels are so short
    that they stand in front of their line. `of` names what the lines are.
    """

    name: str
    title: str
    of: str
    sentence: str
    lines: tuple[Line, ...]
    viewpoints: tuple[TermShown, ...]
    total: int
    beside: bool = False

    @property
    def marked(self) -> bool:
        """Whether each observation has its mark."""
        room = BESIDE if self.beside else MARKS
        return max((line.number for line in self.lines), default=0) <= room

    @property
    def apart(self) -> bool:
        """Whether its table tells viewpoints apart: not where they are the lines themselves."""
        return self.name != "viewpoint"


def lines(
    tally: Tally, terms: Iterable[TermShown], viewpoints: Iterable[TermShown]
) -> tuple[Line, ...]:
    """`terms`: the words of each line, in its order."""
    keys = [term.key for term in viewpoints]
    longest = max((count.number for count in tally.counts), default=0)
    uneven = len(tally.most) < len(tally.counts)
    return tuple(
        Line(
            count.key,
            term.label,
            count.number,
            tuple(count.seen_as(key) for key in keys),
            uneven and count in tally.most,
            round(100 * count.number / longest, 1) if longest else 0.0,
            term.href,
        )
        for count, term in zip(tally.counts, terms, strict=True)
    )
