"""The ground of a territory as it is drawn: its communes' cells or outlines, and its waters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plugins.render.cells import Cell, Point, cells, outline
from plugins.schema import Line, Position, Schema

WIDTH, TALLEST = 640.0, 720.0  # of a drawing, in its units
EDGE = 6.0  # left free around it
AROUND = 0.8  # how far the ground goes on behind the last points, in usual distances between two
BEND = 0.07  # how far a border strays from the straight line, at most, of its length
LEAST = 0.01  # degrees: a territory of one point still has some ground


@dataclass(frozen=True, slots=True)
class Shape:
    """A territory on the ground: its middle, its cell as SVG path data ("" for none), the keys of
    those beside it in the order of the list.
    """

    key: str
    x: int
    y: int
    path: str
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What is always there: the size, the territories in the order of their list, the waters."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    waters: tuple[str, ...]


def ground(schema: Schema) -> Ground | None:
    """The ground of a site; None where no territory says where it is.

    What lies within a territory that is drawn (a quarter in its city) is part of that one. Where a
    site has outlines these are drawn, else each point's cell; who is beside whom, the cells say.
    """
    centres = _centres(schema)
    if not centres:
        return None
    rings = {key: schema.outlines.places.get(key, ()) for key in centres}
    ends = [position for given in rings.values() for ring in given for position in ring]
    frame = _frame([*centres.values()], ends)
    points = [frame.at(position) for position in centres.values()]
    shares = cells(points, frame.around)
    shapes = []
    for number, key in enumerate(centres):
        if ends:
            path = "".join(_closed([frame.at(p) for p in ring]) for ring in rings[key])
        else:
            path = _border(number, shares[number], points)
        beside = tuple(k for n, k in enumerate(centres) if n in shares[number].neighbours)
        x, y = points[number]
        shapes.append(Shape(key, round(x), round(y), path, beside))
    waters = (_curve([frame.at(p) for p in line]) for line in schema.outlines.waters)
    return Ground(frame.width, frame.height, tuple(shapes), tuple(waters))


def _centres(schema: Schema) -> dict[str, Position]:
    """The middle of each territory that is drawn, by its key."""
    found = {}
    for key, term in schema.territories.items():
        if term.lat is not None and term.lon is not None:
            found[key] = (term.lon, term.lat)
        elif rings := schema.outlines.places.get(key):
            found[key] = _middle(max(rings, key=len))
    outer = {key: {one.key for one in schema.places.around(key)[1:]} for key in found}
    return {key: position for key, position in found.items() if not outer[key] & found.keys()}


def _middle(ring: Line) -> Position:
    """Between the ends of a ring, in both directions."""
    lons, lats = zip(*ring, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


@dataclass(frozen=True, slots=True)
class _Frame:
    """How positions get into a drawing of some width and height, and the soft outline in it. Near
    enough for a territory that one can drive through: a degree of longitude is as short everywhere
    as it is in the middle, by `narrow`.
    """

    narrow: float
    west: float
    north: float
    scale: float
    width: int
    height: int
    around: tuple[Point, ...] = ()

    def at(self, position: Position) -> Point:
        return self.place((position[0] * self.narrow, -position[1]))

    def place(self, flat: Point) -> Point:
        return EDGE + (flat[0] - self.west) * self.scale, EDGE + (flat[1] - self.north) * self.scale


def _frame(centres: Sequence[Position], ends: Sequence[Position]) -> _Frame:
    """It holds the `ends` of outlines if there are any, else the soft outline of the centres."""
    narrow = math.cos(math.radians(sum(lat for _, lat in centres) / len(centres)))
    points, limits = ([(lon * narrow, -lat) for lon, lat in some] for some in (centres, ends))
    around = outline(points, _margin(points))
    extent = [*limits, *points] if limits else around
    (west, east), (north, south) = ((min(a), max(a)) for a in zip(*extent, strict=True))
    across, down = (east - west) or LEAST, (south - north) or LEAST
    scale = min((WIDTH - 2 * EDGE) / across, (TALLEST - 2 * EDGE) / down)
    width, height = (round(2 * EDGE + far * scale) for far in (across, down))
    frame = _Frame(narrow, west, north, scale, width, height)
    return replace(frame, around=tuple(map(frame.place, around)))


def _margin(points: Sequence[Point]) -> float:
    """How far the ground goes on behind the points: by how far one of them usually is from the
    nearest other.
    """
    near = sorted(
        min((math.dist(one, two) for two in points if two != one), default=0.0) for one in points
    )
    return AROUND * near[len(near) // 2] or LEAST


def _border(number: int, cell: Cell, points: Sequence[Point]) -> str:
    """A cell as a hand would draw it: borders stray a little, the same way on both their sides."""
    if not cell.corners:
        return ""
    path = "M" + _at(cell.corners[0])
    for start, end, beyond in zip(
        cell.corners, (*cell.corners[1:], cell.corners[0]), cell.beyond, strict=True
    ):
        path += "L" + _at(end) if beyond < 0 else _strayed(start, end, number, beyond, points)
    return path + "Z"


def _strayed(start: Point, end: Point, number: int, beyond: int, points: Sequence[Point]) -> str:
    first, second = sorted((number, beyond))
    apart = math.dist(points[first], points[second]) or 1.0
    across = [(b - a) / apart for a, b in zip(points[first], points[second], strict=True)]
    length = math.dist(start, end)
    strays = [BEND * length * math.sin(turn * (7 * first + 3 * second)) for turn in (1, 2)]
    if first != number:  # seen from the other side, the border runs the other way
        strays.reverse()
    thirds = []
    for share, stray in zip((1 / 3, 2 / 3), strays, strict=True):
        x, y = (a + share * (b - a) + stray * c for a, b, c in zip(start, end, across, strict=True))
        thirds.append(_at((x, y)))
    return f"C{' '.join(thirds)} {_at(end)}"


def _closed(ring: Sequence[Point]) -> str:
    """A ring without what is too small to be seen."""
    seen = list(dict.fromkeys(map(_at, ring)))
    return f"M{'L'.join(seen)}Z" if len(seen) > 2 else ""


def _curve(points: Sequence[Point]) -> str:
    """A smooth line through points: Catmull-Rom as Bézier curves."""
    p = [points[0], *points, points[-1]]
    path = "M" + _at(p[1])
    for before, start, end, after in zip(p, p[1:], p[2:], p[3:], strict=False):
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        path += f"C{_at(one)} {_at(two)} {_at(end)}"
    return path


def _at(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
