"""A site's own drawing of its territory: `content/vocabularies/territories.geojson`, if it has one.

RFC 7946. A polygon is the outline of the territory that its properties name, by key (`territory`)
or by INSEE code (`insee`, `code`); a line is a water, with or without a `name`.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from plugins.schema.problems import SchemaError
from plugins.schema.vocabularies import Vocabulary

OUTLINES = "vocabularies/territories.geojson"
CODES = ("insee", "code")
EAST, NORTH = 180, 90  # degrees; no number at all (JSON's NaN) is below either
SHORTEST = 4  # positions of a ring: three, and the first once more

Position = tuple[float, float]
"""Longitude and latitude, in degrees (WGS 84)."""
Line = tuple[Position, ...]


@dataclass(frozen=True)
class Outlines:
    """`places`: by the key of a territory, the rings of its outline, holes among them. `waters`:
    lines from end to end.
    """

    places: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    waters: tuple[Line, ...] = ()


NO_OUTLINES = Outlines()


def parse_outlines(data: bytes, places: Vocabulary) -> Outlines:
    """Outlines from a file's bytes. Those of communes that the site has not are left out, so that
    the file of a whole county will do. Raises `SchemaError`.
    """
    by_code = {term.insee: key for key, term in places.terms.items() if term.insee}
    rings: dict[str, tuple[Line, ...]] = {}
    waters: list[Line] = []
    for number, feature in enumerate(_features(data), 1):
        geometry = _mapping(feature.get("geometry"), number, "has no geometry")
        kind, given = geometry.get("type"), geometry.get("coordinates")
        if kind in ("LineString", "MultiLineString"):
            lines = [given] if kind == "LineString" else _listed(given, number)
            waters += [_line(one, number, 2) for one in lines]
        elif kind in ("Polygon", "MultiPolygon"):
            shapes = [given] if kind == "Polygon" else _listed(given, number)
            found = tuple(
                _line(ring, number, SHORTEST) for shape in shapes for ring in _listed(shape, number)
            )
            if key := _key(feature, number, places, by_code):
                rings[key] = rings.get(key, ()) + found
        else:
            raise _fault(number, f"is a {kind!s:.30}: only polygons and lines are drawn")
    return Outlines(rings, tuple(waters))


def _features(data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        found = json.loads(data)
    except json.JSONDecodeError as error:
        raise SchemaError(
            f"content/{OUTLINES}", error.lineno, f"is not JSON: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is none either
        raise SchemaError(f"content/{OUTLINES}", 1, "is not JSON in UTF-8") from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise SchemaError(f"content/{OUTLINES}", 1, "is no GeoJSON FeatureCollection")
    for number, feature in enumerate(features, 1):
        yield _mapping(feature, number, "is no object")


def _key(
    feature: Mapping[str, Any], number: int, places: Vocabulary, by_code: Mapping[str, str]
) -> str:
    """The territory that an outline is of; "" where it is none of the site's."""
    named = _mapping(feature.get("properties"), number, "has no properties")
    if "territory" in named:
        if known := places.known(str(named["territory"])):
            return known.key
        raise _fault(number, f"names {reprlib.repr(named['territory'])}, which is no territory")
    codes = [str(named[one]) for one in CODES if one in named]
    if not codes:
        raise _fault(number, "says neither `territory` nor `insee`: whose outline is it?")
    return by_code.get(codes[0], "")


def _line(given: object, number: int, shortest: int) -> Line:
    line = tuple(_positions(_listed(given, number), number))
    if len(line) < shortest:
        raise _fault(number, f"has a line of fewer than {shortest} positions")
    return line


def _positions(given: Iterable[object], number: int) -> Iterator[Position]:
    for one in given:
        match one:
            case [float() | int() as lon, float() | int() as lat, *_] if (
                abs(lon) <= EAST and abs(lat) <= NORTH
            ):
                yield float(lon), float(lat)
            case _:
                raise _fault(
                    number, f"has {reprlib.repr(one)} where [longitude, latitude] is expected"
                )


def _mapping(given: object, number: int, fault: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _fault(number, fault)
    return given


def _listed(given: object, number: int) -> list[object]:
    if not isinstance(given, list):
        raise _fault(number, "has coordinates that are no list")
    return given


def _fault(number: int, message: str) -> SchemaError:
    return SchemaError(f"content/{OUTLINES}", 1, f"feature {number} {message}")
