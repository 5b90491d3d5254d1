"""What a seeker's answers lead to: places, resources, dates, initiatives, nearest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from heapq import nsmallest
from types import MappingProxyType

from plugins.observation.matching import OVER, STATUS
from plugins.schema import (
    Document,
    Freshness,
    Index,
    Schema,
    Term,
    Vocabulary,
    distance,
    freshness,
)
from plugins.schema.kinds.composed import TERRITORIES

GROUPS = ("actor", "resource", "event", "initiative")
THEMES, SERVICES, KINDS = "themes", "services", "need_kinds"
CARRIED: Mapping[str, str] = MappingProxyType(
    # By field, the vocabulary of a wish. Needs, offers and what resources are share their keys.
    {"themes": THEMES, "services": SERVICES, "offers": KINDS, "format": KINDS}
)
AUDIENCES, PLACE, EVERYONE = "audiences", "place", "tous-publics"
CLOSED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    # What nobody can turn to: a place without public, a date that was called off, what is over.
    {"access": ("pas-de-public",), "state": ("annule",), STATUS: OVER}
)
END = "end"  # of what lasts: one can still go there while it is not over
MOST = 8  # of one group: more would be a list, which the directory has
SITUATION, WISHES = "situation", "wishes"
Wish = tuple[str, str]
"""A vocabulary, and the key of one of its terms."""
Degrees = tuple[float, float] | None


class Near(IntEnum):
    """How near a page is: in the quarter that was asked for, in its commune, wherever one is, or in
    another commune.
    """

    QUARTER = 0
    COMMUNE = 1
    ANYWHERE = 2
    AWAY = 3


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks (a term of audiences), for what, and where; each may be left open."""

    situation: str = ""
    wishes: tuple[Wish, ...] = ()
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page with what speaks for it. `near` is None if no place was asked for; `km`, rounded, only
    counts for what is `AWAY`. `situation` is the one that it is for by name, or "".
    """

    document: Document
    near: Near | None
    km: int
    wishes: tuple[Wish, ...]
    situation: str


@dataclass(frozen=True, slots=True)
class Group:
    """The nearest of one type, and how many there are in all."""

    type_name: str
    found: tuple[Found, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The groups that have something. `given_up` names what had to be left out to find it."""

    groups: tuple[Group, ...]
    given_up: tuple[str, ...] = ()

    @property
    def is_all_away(self) -> bool:
        """Whether all that was found is in other communes than the one asked for."""
        found = [one for group in self.groups for one in group.found]
        return bool(found) and all(one.near is Near.AWAY for one in found)


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a page a question is compared with. `root` is the outermost of its territories."""

    document: Document
    wishes: frozenset[Wish]
    audiences: frozenset[str]
    territory: str
    root: str
    point: Degrees
    is_doubtful: bool
    when: str


@dataclass(frozen=True, slots=True)
class _Where:
    """The territory of a question: all that is inside it, and its outermost one."""

    inside: frozenset[str]
    root: str
    point: Degrees
    is_quarter: bool


_Ranked = tuple[Near, int, int, bool, str, int, tuple[Wish, ...]]
"""By what pages are sorted: how near, at how many kilometres, minus how much of the question they
meet, whether they are doubtful, when they begin, the number of their entry. Then the wishes met.
"""


@lru_cache(maxsize=1)
def seeking(index: Index, today: datetime.date) -> Seeking:
    """What is looked into, made once for each state of the content and each day."""
    return Seeking(index, today)


class Seeking:
    """All that a seeker may turn to on a day."""

    def __init__(self, index: Index, today: datetime.date) -> None:
        self._schema = index.schema
        self._alike = alike(index.schema)
        self._entries = {
            name: tuple(_entries(index, name, today)) for name in GROUPS if index.of(name)
        }
        self._by_wish: dict[tuple[str, Wish], list[int]] = {}
        for name, entries in self._entries.items():
            for number, entry in enumerate(entries):
                for wish in entry.wishes:
                    self._by_wish.setdefault((name, wish), []).append(number)

    def carries(self, wish: Wish) -> bool:
        """Whether something answers it: to ask for what nothing has would lead nowhere."""
        likes = self._alike.get(wish, (wish,))
        return any((name, one) in self._by_wish for name in self._entries for one in likes)

    def answer(self, question: Question) -> Answer:
        """What was asked for; if there is nothing, what remains of the question when first the
        situation, then the wishes, then both are left out.
        """
        asked = [
            name
            for name, given in ((SITUATION, question.situation), (WISHES, question.wishes))
            if given
        ]
        ways: list[tuple[str, ...]] = [(), *((name,) for name in asked), tuple(asked)]
        for given_up in dict.fromkeys(ways):
            if groups := self._groups(_without(question, given_up)):
                return Answer(groups, given_up)
        return Answer(())

    def _groups(self, question: Question) -> tuple[Group, ...]:
        where = self._where(question.territory)
        return tuple(
            group for name in self._entries if (group := self._group(name, question, where)).total
        )

    def _group(self, name: str, question: Question, where: _Where | None) -> Group:
        """The distance of what is away is only measured if nearer pages do not fill the group."""
        entries, situation = self._entries[name], question.situation
        near: list[_Ranked] = []
        away: list[_Ranked] = []
        for number, wishes in self._meeting(name, question.wishes):
            entry = entries[number]
            if not situation or not entry.audiences or situation in entry.audiences:
                step = _nearness(entry, where)
                met = len(wishes) + (situation in entry.audiences)
                rank = (step, 0, -met, entry.is_doubtful, entry.when, number, wishes)
                (away if step is Near.AWAY else near).append(rank)
        total = len(near) + len(away)
        if len(near) < MOST and where is not None:
            near += [(one[0], _kilometres(entries[one[5]], where), *one[2:]) for one in away]
        best = nsmallest(MOST, near)
        return Group(name, tuple(_found(one, entries, question, where) for one in best), total)

    def _meeting(
        self, name: str, wishes: tuple[Wish, ...]
    ) -> Iterable[tuple[int, tuple[Wish, ...]]]:
        """The entries that meet any of the wishes, each with those it meets; or all of them."""
        if not wishes:
            return ((number, ()) for number in range(len(self._entries[name])))
        met: dict[int, tuple[Wish, ...]] = {}
        for wish in wishes:
            likes = self._alike.get(wish, (wish,))
            for number in dict.fromkeys(n for o in likes for n in self._by_wish.get((name, o), ())):
                met[number] = (*met.get(number, ()), wish)
        return met.items()

    def _where(self, key: str) -> _Where | None:
        """None where no place was asked for, or one that is everywhere."""
        terms = self._schema.territories
        if key not in terms or (point := _point_of(terms, key)) is None:
            return None
        inside = self._schema.vocabularies[TERRITORIES].inside(key)
        return _Where(inside, root(terms, key), point, bool(terms[key].within))


def spoken(vocabulary: Vocabulary) -> dict[str, Term]:
    """The terms that a person says of herself; all of them where none tells how she says it."""
    told = {key: term for key, term in vocabulary.terms.items() if term.spoken}
    return told or {key: term for key, term in vocabulary.terms.items() if key != EVERYONE}


def is_somewhere(schema: Schema, key: str) -> bool:
    """Whether a territory has neighbours: the whole of them has none."""
    return _point_of(schema.territories, key) is not None


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


def _without(question: Question, given_up: tuple[str, ...]) -> Question:
    return Question(
        "" if SITUATION in given_up else question.situation,
        () if WISHES in given_up else question.wishes,
        question.territory,
    )


def _found(
    ranked: _Ranked, entries: Sequence[Entry], question: Question, where: _Where | None
) -> Found:
    near, km, _, _, _, number, wishes = ranked
    entry = entries[number]
    situation = question.situation if question.situation in entry.audiences else ""
    return Found(entry.document, None if where is None else near, km, wishes, situation)


def _nearness(entry: Entry, where: _Where | None) -> Near:
    if where is None or not entry.root:
        return Near.ANYWHERE
    if where.is_quarter and entry.territory in where.inside:
        return Near.QUARTER
    return Near.COMMUNE if entry.root == where.root else Near.AWAY


def _kilometres(entry: Entry, where: _Where) -> int:
    if entry.point is None or where.point is None:
        return 0
    return max(1, round(distance(entry.point, where.point) / 1000))


def _entries(index: Index, name: str, today: datetime.date) -> Iterator[Entry]:
    """What can still be turned to, and by somebody who seeks something for herself."""
    terms = index.schema.territories
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
        somewhere = _point_of(terms, key)
        yield Entry(
            document,
            frozenset((of, k) for field_, of in CARRIED.items() for k in _keys(document, field_)),
            audiences,
            key,
            root(terms, key) if somewhere else "",
            _own_point(document) or somewhere,
            freshness(document, today) not in (None, Freshness.FRESH),
            str(document.data.get(document.type.upcoming or "", "")),
        )


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


def _point_of(terms: Mapping[str, Term], key: str) -> Degrees:
    """Where a territory is, or what it lies within; None for what is everywhere."""
    for each in _upwards(terms, key):
        if (point := _degrees(each.lat, each.lon)) is not None:
            return point
    return None


def root(terms: Mapping[str, Term], key: str) -> str:
    """The commune of a quarter."""
    return next((each.key for each in reversed([*_upwards(terms, key)])), "")


def _upwards(terms: Mapping[str, Term], key: str) -> Iterator[Term]:
    """A territory, then what it lies within; a ring is gone round once."""
    seen: set[str] = set()
    while key in terms and key not in seen:
        seen.add(key)
        yield terms[key]
        key = terms[key].within
