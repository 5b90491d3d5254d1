"""What a seeker's answers lead to, the nearest first; what is given up to find something."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import nsmallest

from plugins.schema import Document, Index, derived, distance
from plugins.seeking.entries import GROUPS, Degrees, Entry, Wish, alike, entries_of

MOST = 8  # of one group: more would be a list, which the directory has
SITUATION, WISHES = "situation", "wishes"


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
class _Where:
    """The territory of a question: all that is inside it, and its outermost one."""

    inside: frozenset[str]
    root: str
    point: Degrees
    is_quarter: bool


_Ranked = tuple[Near, int, int, bool, bool, str, int, tuple[Wish, ...]]
"""By what pages are sorted: how near, at how many kilometres, minus how much of the question they
meet, whether they are mute, or doubtful, when they begin, the number of their entry. Then the
wishes met.
"""


@derived
def seeking(index: Index, today: datetime.date) -> Seeking:
    """What is looked into, made once for each state of the content and each day."""
    return Seeking(index, today)


class Seeking:
    """All that a seeker may turn to on a day."""

    def __init__(self, index: Index, today: datetime.date) -> None:
        self._schema = index.schema
        self._alike = alike(index.schema)
        self._entries = {
            name: tuple(entries_of(index, name, today)) for name in GROUPS if index.of(name)
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
                sure = (entry.is_mute, entry.is_doubtful)
                rank = (step, 0, -met, *sure, entry.when, number, wishes)
                (away if step is Near.AWAY else near).append(rank)
        total = len(near) + len(away)
        if len(near) < MOST and where is not None:
            near += [(one[0], _kilometres(entries[one[6]], where), *one[2:]) for one in away]
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
        places = self._schema.places
        if (point := places.point(key)) is None:
            return None
        around = places.around(key)
        return _Where(places.inside(key), around[-1].key, point, len(around) > 1)


def _without(question: Question, given_up: tuple[str, ...]) -> Question:
    return Question(
        "" if SITUATION in given_up else question.situation,
        () if WISHES in given_up else question.wishes,
        question.territory,
    )


def _found(
    ranked: _Ranked, entries: Sequence[Entry], question: Question, where: _Where | None
) -> Found:
    near, km, *_, number, wishes = ranked
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
