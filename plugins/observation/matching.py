"""Who offers what may answer a need, and who lacks what is offered; each match says why.

Needs and offers share their vocabulary, so a kind is the condition. Among those of the same kind,
the more kinds, then themes, then audiences two pages share, the better; the nearer between equals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from operator import attrgetter
from types import MappingProxyType

from plugins.schema import Document, Index, derived, distance

LACKING: Mapping[str, str] = MappingProxyType(
    {"need": "kinds", "initiative": "needs", "actor": "needs"}
)
OFFERING: Mapping[str, str] = MappingProxyType(
    # What a resource is, it offers, where that is a kind of answer: a tool, a training, equipment.
    {"initiative": "offers", "actor": "offers", "resource": "format"}
)
ANSWERS, STATE, ANSWERED = "answers", "state", "repondu"
STATUS, OVER = "status", ("terminee", "abandonnee")
THEMES, AUDIENCES, PLACE = "themes", "audiences", "place"
MOST = 5  # of one page: more would be a list, which the directory has
Terms = frozenset[str]
FAR = float("inf")  # from what is everywhere, or nowhere
Degrees = tuple[float, float] | None
ground = lru_cache(maxsize=4096)(distance)  # between few places, asked of many pages


@dataclass(frozen=True, slots=True)
class Match:
    """A page that meets another, and in what: terms that both have, and how far apart they are, in
    metres between their territories (0 in the same one), None where one of them is everywhere.
    """

    document: Document
    kinds: tuple[str, ...]
    themes: tuple[str, ...]
    audiences: tuple[str, ...]
    metres: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page says that another can meet. `answers` are references; `open` while it neither has
    its answer nor is over, nor is brought together with another one.
    """

    document: Document
    ref: str
    lacks: Terms
    offers: Terms
    themes: Terms
    audiences: Terms
    point: Degrees
    answers: Terms
    open: bool


@dataclass(frozen=True, slots=True)
class Market:
    """The profiles that lack each kind, and those that offer it."""

    lacking: Mapping[str, tuple[Profile, ...]]
    offering: Mapping[str, tuple[Profile, ...]]


def offers_for(document: Document, index: Index, most: int = MOST) -> tuple[Match, ...]:
    """Who offers what a page lacks, the best first. Nobody for what has its answer or is over;
    those that are among a need's answers already are not found a second time.
    """
    own = _profile(document, index)
    found = _all(own.lacks, market(index).offering)
    known = (one for one in found if one.ref not in own.answers)
    return _best(own, known, own.lacks, attrgetter("offers"), most)


def lacks_of(document: Document, index: Index, most: int = MOST) -> tuple[Match, ...]:
    """Who lacks what a page offers, the best first: not the needs that name it as an answer."""
    own = _profile(document, index)
    found = _all(own.offers, market(index).lacking)
    unknown = (one for one in found if document.ref not in one.answers)
    return _best(own, unknown, own.offers, attrgetter("lacks"), most)


@derived
def market(index: Index) -> Market:
    """Made once for all pages of a build, as an Index never changes."""
    lacking: dict[str, list[Profile]] = {}
    offering: dict[str, list[Profile]] = {}
    for document in index.documents:
        if document.type.name in LACKING or document.type.name in OFFERING:
            profile = _profile(document, index)
            for kind in profile.lacks:
                lacking.setdefault(kind, []).append(profile)
            for kind in profile.offers:
                offering.setdefault(kind, []).append(profile)
    return Market(
        {kind: tuple(found) for kind, found in lacking.items()},
        {kind: tuple(found) for kind, found in offering.items()},
    )


def _all(kinds: Terms, held: Mapping[str, tuple[Profile, ...]]) -> Iterator[Profile]:
    """Each profile of any of the kinds once."""
    yield from {one.ref: one for kind in kinds for one in held.get(kind, ())}.values()


def _best(
    own: Profile,
    found: Iterator[Profile],
    kinds: Terms,
    theirs: Callable[[Profile], Terms],
    most: int,
) -> tuple[Match, ...]:
    if not own.open:
        return ()
    themes, audiences, point, reference = own.themes, own.audiences, own.point, own.document.ref

    def rank(one: Profile) -> tuple[int, int, int, float, str]:
        metres = _apart(point, one.point)
        return (
            -len(kinds & theirs(one)),
            -len(themes & one.themes),
            -len(audiences & one.audiences),
            FAR if metres is None else metres,
            one.ref,
        )

    others = (one for one in found if one.open and one.ref != reference)
    return tuple(
        Match(
            one.document,
            tuple(sorted(kinds & theirs(one))),
            tuple(sorted(themes & one.themes)),
            tuple(sorted(audiences & one.audiences)),
            _apart(point, one.point),
        )
        for one in nsmallest(most, others, rank)
    )


def _profile(document: Document, index: Index) -> Profile:
    name, data = document.type.name, document.data
    answers = document.type.fields.get(ANSWERS)
    return Profile(
        document,
        document.ref,
        _terms(document, LACKING.get(name, "")),
        _terms(document, OFFERING.get(name, "")),
        _terms(document, THEMES),
        _terms(document, AUDIENCES),
        _point(document, index),
        frozenset(answers.kind.references(data.get(ANSWERS)) if answers else ()),
        data.get(STATE) != ANSWERED and data.get(STATUS) not in OVER and index.is_kept(document),
    )


def _terms(document: Document, name: str) -> Terms:
    field = document.type.fields.get(name)
    return frozenset(field.kind.terms(document.data.get(name)) if field else ())


def _point(document: Document, index: Index) -> Degrees:
    """Where the territory of a page lies, in degrees: a quarter's is its commune's."""
    place = document.data.get(PLACE)
    return (
        index.schema.places.point(str(place.get("territory")))
        if isinstance(place, Mapping)
        else None
    )


def _apart(one: Degrees, other: Degrees) -> float | None:
    return None if one is None or other is None else ground(one, other)
