"""How far two points on the ground are from each other."""

from __future__ import annotations

import math

EARTH = 6_371_000.0  # mean radius, metres


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points in degrees, by the haversine formula."""
    lat, lon, other_lat, other_lon = map(math.radians, (*one, *other))
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))
