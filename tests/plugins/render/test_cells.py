"""A territory shared out among points: nothing twice, nothing left over, the nearest to each."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.render.cells import Point, cells, hull, outline

SPOTS = st.tuples(st.integers(0, 40), st.integers(0, 40))
POINTS = st.lists(SPOTS, min_size=1, max_size=25, unique=True)
MARGIN = 3.0


def area(corners: tuple[Point, ...]) -> float:
    """By the shoelace formula."""
    pairs = zip(corners, (*corners[1:], *corners[:1]), strict=True)
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in pairs) / 2


@given(POINTS, SPOTS)
def test_cells_cover_the_outline_once_and_each_has_what_is_nearest(
    points: list[Point], somewhere: Point
) -> None:
    around = outline(points, MARGIN)
    found = cells(points, around)
    assert sum(area(cell.corners) for cell in found) == pytest.approx(area(around))
    for point, cell in zip(points, found, strict=True):
        assert area(cell.corners) > 0
        middle = [sum(axis) / len(cell.corners) for axis in zip(*cell.corners, strict=True)]
        for share in (0.0, 0.5, 0.999):  # its point, its middle, its corners
            for corner in (middle, *cell.corners):
                spot = [a + share * (b - a) for a, b in zip(point, corner, strict=True)]
                nearest = min(math.dist(spot, other) for other in points)
                assert math.dist(spot, point) == pytest.approx(nearest, abs=1e-6)


@given(POINTS)
def test_who_is_beside_one_has_it_beside_oneself(points: list[Point]) -> None:
    found = cells(points, outline(points, MARGIN))
    longest = {  # a border of no length may be seen from one side only
        (number, beyond): max(
            math.dist(a, b)
            for a, b, n in zip(
                cell.corners, (*cell.corners[1:], cell.corners[0]), cell.beyond, strict=True
            )
            if n == beyond
        )
        for number, cell in enumerate(found)
        for beyond in cell.neighbours
    }
    for (number, beyond), length in longest.items():
        assert length < 1e-6 or (beyond, number) in longest


@given(POINTS)
def test_the_outline_turns_one_way_and_holds_all_points(points: list[Point]) -> None:
    around = outline(points, MARGIN)
    assert hull([*around, *points]) == around


def test_of_two_in_one_spot_one_has_the_ground() -> None:
    first, second = cells([(1, 1), (1, 1)], outline([(1, 1)], 1))
    assert first.corners and not second.corners
