"""What is near a page: other places close by, other profiles about its themes; few of each.

Profiles are held by territory and by the themes that they may share, and looked for outwards from a
page's own territory until there are enough: most of the others are never looked at.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations

from plugins.observation.matching import OVER, PLACE, STATUS, THEMES, ground
from plugins.schema import Document, Index, derived

PROFILES = ("initiative", "actor", "resource")
LOOKING = (*PROFILES, "need", "event")  # whose pages show profiles that are alike
PLACES = "actor"
MOST = 4  # of a page: more would be a list, which the directory has
ENOUGH = 16  # found, before those that the page tells of already are left out
SHARED = 3  # themes that count, at most
Degrees = tuple[float, float]
Themes = tuple[str, ...]
"""Of one page, in the order of the alphabet."""


@dataclass(frozen=True, slots=True)
class Near:
    """A profile, the themes it shares with a page, and how far apart they are, in metres: between
    their doors if `exact`, else between their territories; None where one of them is everywhere.
    """

    document: Document
    themes: Themes
    metres: float | None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, and where it is: its door if `exact`, else the middle of its territory."""

    document: Document
    point: Degrees
    exact: bool


def alike(document: Document, index: Index, known: Collection[str] = ()) -> tuple[Near, ...]:
    """Profiles that share its themes: of the nearest, those that share most. `known` are references
    of what its page tells of already.
    """
    themes = _themes(document)
    if document.type.name not in LOOKING or not themes:
        return ()
    found = country(index).alike(themes, _territory(document))
    left = (one for one in found if one.document.ref not in {document.ref, *known})
    return tuple(one for one, _ in zip(left, range(MOST), strict=False))


def neighbours(document: Document, index: Index) -> tuple[Near, ...]:
    """The other places that are nearest to one; none to what is no place."""
    here = country(index).spot(document) if document.type.name == PLACES else None
    if here is None:
        return ()
    own, (lat, lon) = _territory(document), here.point
    narrower = math.cos(math.radians(lat))

    def apart(spot: Spot) -> tuple[float, str]:
        """Near enough, on ground so small, to compare by."""
        up, aside = spot.point[0] - lat, (spot.point[1] - lon) * narrower
        return up * up + aside * aside, spot.document.ref

    found = [one for one in country(index).spots(own) if one.document.ref != document.ref]
    return tuple(
        Near(one.document, (), ground(here.point, one.point), here.exact and one.exact)
        for one in nsmallest(MOST, found, apart)
    )


class Country:
    """All places and profiles, and what was found for the pages of one territory and theme."""

    def __init__(self, index: Index) -> None:
        self._territories = index.schema.places
        self._sharing: dict[tuple[str, Themes], list[Document]] = {}
        self._spots: dict[str, list[Spot]] = {}
        self._alike: dict[tuple[Themes, str], tuple[Near, ...]] = {}
        self._outwards: dict[str, tuple[tuple[str, float | None], ...]] = {}
        listed = (document for name in PROFILES for document in index.listed(name))
        for document in sorted(listed, key=lambda one: one.ref):
            if document.data.get(STATUS) not in OVER:
                self._enter(document)

    def _enter(self, document: Document) -> None:
        territory = _territory(document)
        for several in _parts(_themes(document)):
            self._sharing.setdefault((territory, several), []).append(document)
        if document.type.name == PLACES and (spot := self.spot(document)):
            self._spots.setdefault(territory, []).append(spot)

    def spot(self, document: Document) -> Spot | None:
        """Where a page is; None of what is everywhere, or nowhere."""
        place = document.data.get(PLACE)
        if not isinstance(place, Mapping):
            return None
        lat, lon = place.get("lat"), place.get("lon")
        if isinstance(lat, int | float) and isinstance(lon, int | float):
            return Spot(document, (float(lat), float(lon)), True)
        point = self._territories.point(_territory(document))
        return Spot(document, point, False) if point else None

    def spots(self, territory: str) -> list[Spot]:
        """The places of a territory, and of those around it, until there are enough; all of them,
        seen from what is everywhere.
        """
        found: list[Spot] = []
        somewhere = self._territories.point(territory) is not None
        for where, _ in self.outwards(territory):
            if len(found) > ENOUGH and somewhere:
                break
            found += self._spots.get(where, ())
        return found

    def alike(self, themes: Themes, territory: str) -> tuple[Near, ...]:
        """Of the nearest, those that share most of these themes; of all, seen from what is
        everywhere, or nowhere.
        """
        key = (themes, territory)
        if key not in self._alike:
            found: list[Near] = []
            somewhere = self._territories.point(territory) is not None
            for where, metres in self.outwards(territory):
                if len(found) >= ENOUGH and somewhere:
                    break
                found += self._of(where, themes, metres)
            self._alike[key] = tuple(nsmallest(ENOUGH, found, _rank))
        return self._alike[key]

    def _of(self, territory: str, themes: Themes, metres: float | None) -> Iterator[Near]:
        """The best of one territory."""
        found = set[str]()
        for several in _parts(themes):
            for document in self._sharing.get((territory, several), ()):
                if len(found) == ENOUGH:
                    return
                if document.ref not in found:
                    found.add(document.ref)
                    yield Near(document, several, metres)

    def outwards(self, territory: str) -> tuple[tuple[str, float | None], ...]:
        """Each territory with its distance from one, the nearest first; then those that are
        nowhere, and "", where what is everywhere is held.
        """
        if territory not in self._outwards:
            here = self._territories.point(territory)
            points = {key: self._territories.point(key) for key in self._territories.terms}
            known = sorted(
                (0.0 if key == territory else ground(here, point), key)
                for key, point in points.items()
                if here and point
            )
            near = tuple((key, metres) for metres, key in known)
            others = sorted(points.keys() - {key for key, _ in near})
            self._outwards[territory] = (*near, *((key, None) for key in (*others, "")))
        return self._outwards[territory]


@derived
def country(index: Index) -> Country:
    """Made once for all pages of a build, as an Index never changes."""
    return Country(index)


def _parts(themes: Themes) -> Iterator[Themes]:
    """What two pages may share of their themes, the most first."""
    for size in range(min(SHARED, len(themes)), 0, -1):
        yield from combinations(themes, size)


def _rank(near: Near) -> tuple[int, float, str]:
    apart = math.inf if near.metres is None else near.metres
    return -len(near.themes), apart, near.document.ref


def _themes(document: Document) -> Themes:
    field = document.type.fields.get(THEMES)
    return tuple(sorted(set(field.kind.terms(document.data.get(THEMES))))) if field else ()


def _territory(document: Document) -> str:
    place = document.data.get(PLACE)
    return str(place.get("territory", "")) if isinstance(place, Mapping) else ""
