"""Open data in the formats of spreadsheets and of maps, from the rows of `records`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plugins.render.spreadsheet import csv_text
from plugins.schema import ContentType, Schema

BETWEEN = "|"  # in a cell, between several keys or references: none of them has it
Row = Mapping[str, Any]


def as_json(rows: Iterable[Row]) -> str:
    return _text(list(rows))


def as_csv(rows: Iterable[Row], content_type: ContentType, names: Iterable[str]) -> str:
    """A line each, under `names`. A place or a picture has a column for each of its `keys`
    ("place.territory"); entries stand in their cell as JSON.
    """
    spread = {f.name: f.kind.keys for f in content_type.public_fields() if f.kind.keys}
    wanted = [(name, key) for name in names for key in spread.get(name, ("",))]
    head = [f"{name}.{key}" if key else name for name, key in wanted]
    return csv_text((head, *([_cell(row[n], key) for n, key in wanted] for row in rows)))


def as_geojson(rows: Iterable[Row], content_type: ContentType, schema: Schema) -> str:
    """RFC 7946. `located` tells what a point is: "exact", or the middle of the "territory" where
    nothing finer is known. What is nowhere has no geometry.
    """
    places = [f.name for f in content_type.public_fields() if f.kind.name == "place"]
    features = [dict(_feature(row, places, schema)) for row in rows]
    return _text({"type": "FeatureCollection", "features": features})


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _cell(value: Any, key: str) -> str | int | float:
    if key:
        value = value.get(key) if isinstance(value, dict) else None
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return value
        case list() if all(isinstance(entry, str) for entry in value):
            return BETWEEN.join(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _feature(row: Row, places: list[str], schema: Schema) -> Iterator[tuple[str, Any]]:
    given: Row = next((row[name] for name in places if isinstance(row[name], dict)), {})
    term = schema.territories.get(given.get("territory", ""))
    lat, lon, located = given.get("lat"), given.get("lon"), "exact"
    if lat is None or lon is None:
        lat, lon, located = (term.lat, term.lon, "territory") if term else (None, None, "")
    known = lat is not None and lon is not None
    yield "type", "Feature"
    if row["id"]:
        yield "id", row["id"]
    yield "geometry", {"type": "Point", "coordinates": [lon, lat]} if known else None
    yield "properties", {**row, "located": located if known else None}
