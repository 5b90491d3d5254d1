"""What is near a page: other places close by, other profiles about its themes; few of each.

Profiles are held by theme and territory, and looked for outwards from a page's own territory until
there are enough: what a page costs does not grow with the number of pages elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from plugins.observation.matching import OVER, PLACE, STATUS, THEMES, ground
from plugins.schema import Document, Index

PROFILES = ("initiative", "actor", "resource")
LOOKING = (*PROFILES, "need", "event")  # whose pages show profiles that are alike
PLACES = "actor"
MOST = 4  # of a page: more would be a list, which the directory has
ENOUGH = 16  # found, before those that the page tells of already are left out
Degrees = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Near:
    """A profile, the themes it shares with a page, and how far apart they are, in metres: between
    their doors if `exact`, else between their territories; None where one of them is everywhere.
    """

    document: Document
    themes: tuple[str, ...]
    metres: float | None
    exact: bool = False


def alike(document: Document, index: Index, known: Collection[str] = ()) -> tuple[Near, ...]:
    """Profiles that share its themes: of the nearest, those that share most. `known` are references
    of what its page tells of already.
    """
    themes = frozenset(_themes(document))
    if document.type.name not in LOOKING or not themes:
        return ()
    found = country(index).alike(themes, _territory(document))
    left = (one for one in found if one.document.ref not in {document.ref, *known})
    return tuple(one for one, _ in zip(left, range(MOST), strict=False))


def neighbours(document: Document, index: Index) -> tuple[Near, ...]:
    """The other places that are nearest to one; none to what is no place."""
    if document.type.name != PLACES or not _territory(document):
        return ()
    own, door = _territory(document), _door(document)
    found: list[Near] = []
    for territory, metres in country(index).outwards(own):
        if len(found) >= ENOUGH:
            break
        for other in country(index).places.get(territory, ()):
            theirs = _door(other)
            exact = door is not None and theirs is not None
            apart = ground(door, theirs) if door and theirs else metres
            if other.ref != document.ref:
                found.append(Near(other, (), apart, exact))
    found.sort(key=lambda near: (near.metres or 0.0, near.document.ref))
    return tuple(found[:MOST])


class Country:
    """The profiles of each theme, by territory ("" of what is everywhere), all places, and what was
    found for the pages of one territory and the same themes.
    """

    def __init__(self, index: Index) -> None:
        self._territories = index.schema.places
        self._by_theme: dict[str, dict[str, list[Document]]] = {}
        self._alike: dict[tuple[frozenset[str], str], tuple[Near, ...]] = {}
        self._outwards: dict[str, tuple[tuple[str, float | None], ...]] = {}
        self.places: dict[str, list[Document]] = {}
        for name in PROFILES:
            for document in index.listed(name):
                if document.data.get(STATUS) not in OVER:
                    self._enter(document)

    def _enter(self, document: Document) -> None:
        territory = _territory(document)
        for theme in _themes(document):
            self._by_theme.setdefault(theme, {}).setdefault(territory, []).append(document)
        if document.type.name == PLACES:
            self.places.setdefault(territory, []).append(document)

    def alike(self, themes: frozenset[str], territory: str) -> tuple[Near, ...]:
        """Of the nearest, those that share most of these themes; of all, seen from nowhere."""
        key = (themes, territory)
        if key not in self._alike:
            self._alike[key] = tuple(nsmallest(ENOUGH, self._sharing(*key), _rank))
        return self._alike[key]

    def _sharing(self, themes: frozenset[str], territory: str) -> list[Near]:
        found: list[Near] = []
        for where, metres in self.outwards(territory):
            if len(found) >= ENOUGH and territory:
                break
            shared: dict[str, tuple[Document, list[str]]] = {}
            for theme in sorted(themes):
                for document in self._by_theme.get(theme, {}).get(where, ()):
                    shared.setdefault(document.ref, (document, []))[1].append(theme)
            found += [Near(one, tuple(common), metres) for one, common in shared.values()]
        return found

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


@lru_cache(maxsize=1)
def country(index: Index) -> Country:
    """Made once for all pages of a build, as an Index never changes."""
    return Country(index)


def _rank(near: Near) -> tuple[int, float, str]:
    apart = float("inf") if near.metres is None else near.metres
    return -len(near.themes), apart, near.document.ref


def _themes(document: Document) -> Iterator[str]:
    field = document.type.fields.get(THEMES)
    return field.kind.terms(document.data.get(THEMES)) if field else iter(())


def _territory(document: Document) -> str:
    place = document.data.get(PLACE)
    return str(place.get("territory", "")) if isinstance(place, Mapping) else ""


def _door(document: Document) -> Degrees:
    place = document.data.get(PLACE)
    lat, lon = (place.get("lat"), place.get("lon")) if isinstance(place, Mapping) else (None, None)
    known = isinstance(lat, int | float) and isinstance(lon, int | float)
    return (float(lat), float(lon)) if known else None  # type: ignore[arg-type]  # `known`
