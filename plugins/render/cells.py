"""A territory shared out among points: to each the ground nearer to it than to any other.

Voronoi's cells by cutting: each begins as the whole outline and loses, for each other point, what
is nearer to that one. Points are few (a hundred communes at most), so nothing cleverer is needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
OUTSIDE = -1
"""What lies behind an edge of the outline."""
ROUND = 32  # corners of the circle that rounds the outline


@dataclass(frozen=True, slots=True)
class Cell:
    """A convex polygon. `beyond[n]` is what lies behind the edge that begins at `corners[n]`: the
    number of a point, or OUTSIDE.
    """

    corners: tuple[Point, ...] = ()
    beyond: tuple[int, ...] = ()

    @property
    def neighbours(self) -> frozenset[int]:
        return frozenset(self.beyond) - {OUTSIDE}


def outline(points: Iterable[Point], margin: float) -> tuple[Point, ...]:
    """A soft convex outline, `margin` around the points."""
    turns = [2 * math.pi * step / ROUND for step in range(ROUND)]
    circle = [(margin * math.cos(turn), margin * math.sin(turn)) for turn in turns]
    return hull((x + dx, y + dy) for x, y in points for dx, dy in circle)


def hull(points: Iterable[Point]) -> tuple[Point, ...]:
    """The convex hull, by Andrew's monotone chain."""
    ordered = sorted(set(points))
    chains = []
    for way in (ordered, ordered[::-1]):
        chain: list[Point] = []
        for point in way:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    return tuple(chains)


def _turn(one: Point, two: Point, three: Point) -> float:
    """Above 0 where one turns left on the way from the first to the third."""
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def cells(points: Sequence[Point], around: tuple[Point, ...]) -> tuple[Cell, ...]:
    """One for each point inside the convex outline `around`; of two in one spot the second has no
    ground left.
    """
    return tuple(_cell(number, points, around) for number in range(len(points)))


def _cell(number: int, points: Sequence[Point], around: tuple[Point, ...]) -> Cell:
    own = points[number]
    cell = Cell(around, (OUTSIDE,) * len(around))
    others = sorted((math.dist(own, other), n) for n, other in enumerate(points) if n != number)
    for apart, other in others:
        if apart == 0:
            if other < number:
                return Cell()
            continue
        if apart > 2 * max(math.dist(own, corner) for corner in cell.corners):
            break  # no further one reaches this far
        cell = _cut(cell, own, points[other], other)
    return cell


def _cut(cell: Cell, own: Point, other: Point, number: int) -> Cell:
    """What of a cell is nearer to its own point than to another one."""
    across = (other[0] - own[0], other[1] - own[1])
    middle = ((own[0] + other[0]) / 2, (own[1] + other[1]) / 2)
    past = [
        (x - middle[0]) * across[0] + (y - middle[1]) * across[1] for x, y in cell.corners
    ]  # above 0 on the other's side
    corners: list[Point] = []
    beyond: list[int] = []
    for n, (corner, behind) in enumerate(zip(cell.corners, cell.beyond, strict=True)):
        following = (n + 1) % len(past)
        if past[n] <= 0:
            corners.append(corner)
            beyond.append(behind)
        if (past[n] <= 0) != (past[following] <= 0):
            share = past[n] / (past[n] - past[following])
            to = cell.corners[following]
            crossing = tuple(a + share * (b - a) for a, b in zip(corner, to, strict=True))
            corners.append((crossing[0], crossing[1]))
            beyond.append(number if past[n] <= 0 else behind)
    return Cell(tuple(corners), tuple(beyond))
