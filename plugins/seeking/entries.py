"""What a seeker may turn to, and what of each page her questions are compared with."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from plugins.observation.matching import OVER, STATUS
from plugins.schema import (
    Document,
    Freshness,
    Index,
    Schema,
    Term,
    Vocabulary,
    freshness,
    withhold,
)

GROUPS = ("actor", "resource", "event", "initiative")
THEMES, SERVICES, KINDS = "themes", "services", "need_kinds"
CARRIED: Mapping[str, str] = MappingProxyType(
    # By field, the vocabulary of a wish. Needs, offers and what resources are share their keys.
    {"themes": THEMES, "services": SERVICES, "offers": KINDS, "format": KINDS}
)
AUDIENCES, PLACE, STREET, EVERYONE = "audiences", "place", "street", "tous-publics"
CLOSED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    # What nobody can turn to: a place without public, a date that was called off, what is over.
    {"access": ("pas-de-public",), "state": ("annule",), STATUS: OVER}
)
END = "end"  # of what lasts: one can still go there while it is not over
Wish = tuple[str, str]
"""A vocabulary, and the key of one of its terms."""
Degrees = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a page a question is compared with. `root` is the outermost of its territories;
    `is_mute`: it does not say how to turn to it.
    """

    document: Document
    wishes: frozenset[Wish]
    audiences: frozenset[str]
    territory: str
    root: str
    point: Degrees
    is_mute: bool
    is_doubtful: bool
    when: str


def spoken(vocabulary: Vocabulary) -> dict[str, Term]:
    """The terms that a person says of herself; all of them where none tells how she says it."""
    told = {key: term for key, term in vocabulary.terms.items() if term.spoken}
    return told or {key: term for key, term in vocabulary.terms.items() if key != EVERYONE}


def alike(schema: Schema) -> dict[Wish, tuple[Wish, ...]]:
    """For each theme and service, itself and those that a national vocabulary calls the same."""
    terms = {
        (name, key): term
        for name in (THEMES, SERVICES)
        if name in schema.vocabularies
        for key, term in schema.vocabularies[name].terms.items()
    }
    named: dict[tuple[str, str], list[Wish]] = {}
    for wish, term in terms.items():
        for pair in term.map.items():
            named.setdefault(pair, []).append(wish)
    return {
        wish: tuple(dict.fromkeys([wish, *(o for p in term.map.items() for o in named[p])]))
        for wish, term in terms.items()
    }


def entries_of(index: Index, name: str, today: datetime.date) -> Iterator[Entry]:
    """What can still be turned to, and by somebody who seeks something for herself."""
    places = index.schema.places
    known = index.vocabularies.get(AUDIENCES)
    seekers = frozenset(spoken(known)) if known else frozenset[str]()
    for document in index.listed(name):
        audiences = frozenset(_keys(document, AUDIENCES))
        if EVERYONE in audiences:
            audiences = frozenset()
        for_others = bool(audiences) and not audiences & seekers
        if for_others or _is_closed(document, today):
            continue
        key = next(iter(_keys(document, PLACE)), "")
        somewhere = places.point(key)
        yield Entry(
            document,
            frozenset((of, k) for field_, of in CARRIED.items() for k in _keys(document, field_)),
            audiences,
            key,
            places.around(key)[-1].key if somewhere else "",
            _own_point(document) or somewhere,
            is_mute(document, today),
            freshness(document, today) not in (None, Freshness.FRESH),
            str(document.data.get(document.type.upcoming or "", "")),
        )


def is_mute(document: Document, today: datetime.date) -> bool:
    """Whether it has neither contact, site nor street to be found by; a date has its hour."""
    if document.type.upcoming is not None:
        return False
    told = withhold(document, today).data
    fields = document.type.fields
    place = told.get(PLACE)
    street = isinstance(place, Mapping) and place.get(STREET)
    ways = (told.get(n) for n, one in fields.items() if one.contact or one.kind.name == "url")
    return not (street or any(ways))


def _is_closed(document: Document, today: datetime.date) -> bool:
    if any(set(_keys(document, name)) & set(keys) for name, keys in CLOSED.items()):
        return True
    begins = document.type.upcoming
    if begins is None:
        return False
    last = max(str(document.data.get(name, "")) for name in (begins, END))
    return last[:10] < today.isoformat()


def _keys(document: Document, name: str) -> tuple[str, ...]:
    """The terms that a field of a page chose."""
    known = document.type.fields.get(name)
    return tuple(known.kind.terms(document.data.get(name))) if known else ()


def _own_point(document: Document) -> Degrees:
    place = document.data.get(PLACE)
    given = (place.get("lat"), place.get("lon")) if isinstance(place, Mapping) else ()
    return _degrees(*given) if given else None


def _degrees(lat: object, lon: object) -> Degrees:
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        return float(lat), float(lon)
    return None
