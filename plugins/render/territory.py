"""The territory drawn from its terms: where each commune stands on the emblem's map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plugins.schema import Schema

WEST, EAST, SOUTH, NORTH = 0.462, 0.806, 47.28, 47.497
WIDTH = 640.0
SCALE = WIDTH / (EAST - WEST)
HEIGHT = round((NORTH - SOUTH) * SCALE / math.cos(math.radians((NORTH + SOUTH) / 2)))
TEXT, LETTER = 22, 11.0  # height of the names, usual width of a letter
# The two rivers from upstream to where they meet, degrees, drawn from memory rather than surveyed.
LOIRE = (
    *((0.806, 47.4165), (0.775, 47.4085), (0.745, 47.4035), (0.71, 47.3985), (0.68, 47.3965)),
    *((0.65, 47.3935), (0.62, 47.3915), (0.59, 47.3855), (0.56, 47.3815), (0.53, 47.376)),
    *((0.505, 47.3625), (0.484, 47.3485), (0.462, 47.3395)),
)
CHER = (
    *((0.806, 47.3535), (0.775, 47.366), (0.745, 47.3695), (0.71, 47.3715), (0.68, 47.3715)),
    *((0.65, 47.3665), (0.625, 47.3575), (0.595, 47.3535), (0.565, 47.3525), (0.535, 47.3495)),
    *((0.51, 47.3455), (0.488, 47.3435), (0.470, 47.3415)),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A commune on the map, in the drawing's units; `r` is 0 where nothing is yet.

    `text_x`, `text_y` and `text_anchor` (as in SVG) say where its name stands.
    """

    label: str
    x: int
    y: int
    r: int = 0
    text_x: int = 0
    text_y: int = 0
    text_anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The map: its size, the rivers as SVG path data, the communes from west to east."""

    width: int
    height: int
    rivers: tuple[str, ...]
    communes: tuple[Point, ...]


Box = tuple[float, float, float, float]


def drawn(schema: Schema, lang: str, counts: Mapping[str, int]) -> Drawing:
    """The communes (terms with an INSEE code and coordinates) that stand inside the drawing.

    `counts` is the number of documents of each term; where there are some, a larger named dot.
    """
    points = []
    for key, term in schema.territories.items():
        if term.lat is None or term.lon is None or not term.insee:
            continue
        if WEST < term.lon < EAST and SOUTH < term.lat < NORTH:
            x, y = project(term.lon, term.lat)
            r = min(9 + counts[key], 22) if counts.get(key) else 0
            points.append(Point(term.label.get(lang), round(x), round(y), r))
    points.sort(key=lambda p: (-p.r, p.x, p.y))
    taken: list[Box] = [_around(p.x, p.y, p.r or 5) for p in points]
    communes = tuple(_named(p, taken) if p.r else p for p in points)
    return Drawing(round(WIDTH), HEIGHT, (curve(LOIRE), curve(CHER)), communes)


def _around(x: float, y: float, r: float) -> Box:
    return (x - r, y - r, x + r, y + r)


def _named(point: Point, taken: list[Box]) -> Point:
    """Puts the name above, below, right or left of the dot: the first place that is free."""
    wide, high, gap = LETTER * len(point.label), TEXT, point.r + 5
    places = (
        (point.x, point.y - gap, "middle", -wide / 2),
        (point.x, point.y + gap + high * 0.8, "middle", -wide / 2),
        (point.x + gap, point.y + high / 3, "start", 0),
        (point.x - gap, point.y + high / 3, "end", -wide),
    )
    free = [place for place in places if _is_free(_text_box(place, wide, high), taken)]
    chosen = (free or places)[0]
    taken.append(_text_box(chosen, wide, high))
    x, y, anchor, _ = chosen
    return replace(point, text_x=round(x), text_y=round(y), text_anchor=anchor)


def _text_box(place: tuple[float, float, str, float], wide: float, high: float) -> Box:
    x, y, _, shift = place
    return (x + shift, y - high * 0.8, x + shift + wide, y + high * 0.2)


def _is_free(box: Box, taken: Iterable[Box]) -> bool:
    inside = box[0] >= 0 and box[2] <= WIDTH
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in taken
    )


def project(lon: float, lat: float) -> tuple[float, float]:
    return (lon - WEST) * SCALE, (NORTH - lat) / (NORTH - SOUTH) * HEIGHT


def curve(points: Iterable[tuple[float, float]]) -> str:
    """SVG path data: a smooth line through `points` (degrees), Catmull-Rom as Bézier curves."""
    p = [project(*point) for point in points]
    p = [p[0], *p, p[-1]]
    path = f"M{p[1][0]:.0f} {p[1][1]:.0f}"
    for before, start, end, after in zip(p, p[1:], p[2:], p[3:], strict=False):
        c1 = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        c2 = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        path += "C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in (c1, c2, end))
    return path
