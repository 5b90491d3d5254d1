"""Pages that are likely about the same thing as one that somebody is proposing.

Three likenesses of 0 to 1 are averaged, each only where both pages can be compared in it, as the
national map's deduplication of places does (anct-cartographie-nationale/mednum-cli: name, street
and distance, a third each). Ours weigh:

- NAME 5: the one thing that all pages have. Half of it is the whole name, half its own words: not
  those that many names beside it have (GENERIC, COMMON), nor its commune's, so that "Centre Jacques
  Tati" meets "Maison de quartier – Jacques Tati", and not every other house of the quarters.
- STREET 3: one house often shelters several structures, so it never does without the name.
- DISTANCE 2: it says little that a street does not, and lists hold wrong coordinates. Between pages
  of one commune, more than ERROR is such a mistake and is not counted.

An e-mail address, a telephone or a site's host that both have, and hardly anybody else, is a strong
sign: each takes away SIGN of what lacks to 1. What more than FEW pages have (a switchboard, the
town's site) is none. The same title is the same thing until a person says otherwise.

Measured on places of Angers in two lists made by different people (21 against 63), on 74 of
Indre-et-Loire, and on 27 pages of this site that were written from these: 185 questions, 50 of
which have an answer; weights and threshold were chosen on the same. How many answers are found,
and how many other pages are shown:

    known of the page     ours          national formula, at 60 of 100
    all                   49 and 15     47 and 42
    name and street       45 and 12     36 and 109
    name and commune      43 and 36     none

What is found is always in the first place; what else is shown lies mostly in the same house. With
a THRESHOLD of 0.7 one more is found, and 7 to 11 more are false; without signs 4 fewer are found;
with equal weights 10 more are false.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock

from rapidfuzz import fuzz, process

from contrib_gateway.duplicates.comparable import GENERIC, Entry, entry
from plugins.schema import Document, Index, distance

NAME, STREET, DISTANCE = 5, 3, 2
SIGN = 0.5
THRESHOLD = 0.75
MOST = 5
FEW = 3  # pages of a type: what more of them share tells nothing
COMMON = 50  # a word that more than one name in so many has, and more than FEW, tells little
NEAR, ERROR = 200.0, 20_000.0  # metres: where nearness is halved; what no commune measures
UNNUMBERED = 0.9  # how alike the same street is when one of both says no number
OTHER_NUMBER = 0.5


@dataclass(frozen=True, slots=True)
class Likely:
    """A page that may be about the same thing; `score` from THRESHOLD to 1 (the same title)."""

    document: Document
    score: float


class Duplicates:
    """Finds likely duplicates, and keeps what it prepared of the index it was last asked about.

    Threads may share it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._shelves: dict[str, _Shelf] = {}

    def likely(self, document: Document, index: Index) -> tuple[Likely, ...]:
        """The likely duplicates among the pages of its type, best first, at most MOST; of those
        that were brought together, the one that stands for them.

        A page that says where it is is compared with those of the same commune, one that does not
        with all. The page itself, known by its id, is none.
        """
        with self._lock:
            shelf = self._shelf(document.type.name, index)
            wanted = entry(document, shelf.territories)
            pool = shelf.beside(wanted)
        signs = frozenset(sign for sign in wanted.signs if shelf.bearers[sign] <= FEW)
        found = []
        for other, name in _plausible(wanted, pool, signs):
            score = _score(wanted, other, name, signs)
            same = bool(wanted.title) and other.title == wanted.title
            page = index.kept(other.document)
            is_itself = bool(document.id) and page.id == document.id
            if (same or score >= THRESHOLD) and not is_itself:
                found.append((same, score, page))
        found.sort(key=lambda one: (not one[0], -one[1], one[2].slug))
        likely: dict[str, Likely] = {}
        for same, score, page in found:
            likely.setdefault(page.ref, Likely(page, 1.0 if same else score))
        return tuple(likely.values())[:MOST]

    def _shelf(self, type_name: str, index: Index) -> _Shelf:
        shelf = self._shelves.get(type_name)
        if shelf is None or shelf.index() is not index:
            shelf = self._shelves[type_name] = _Shelf(index, type_name, shelf)
        return shelf


class _Pool:
    """Entries that are compared with one another, and their names: whole, and their own words."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        bearers = Counter(word for entry in entries for word in set(entry.name.split()))
        most = max(FEW, len(entries) // COMMON)
        self._shared = GENERIC | {word for word, count in bearers.items() if count > most}
        self.names = [entry.name for entry in entries]
        self.own_names = [self.own_name(entry) for entry in entries]

    def own_name(self, entry: Entry) -> str:
        """The words that tell it from others, or all of them if none does."""
        return " ".join(w for w in entry.name.split() if w not in self._shared) or entry.name


class _Shelf:
    """The entries of one type in one index, taken from those of the index `before` where the
    document is still the same: preparing them anew takes longest.
    """

    def __init__(self, index: Index, type_name: str, before: _Shelf | None) -> None:
        self.index = weakref.ref(index)
        self.territories = index.schema.territories
        known = before.entries if before and before.territories is self.territories else {}
        self.entries: dict[str, Entry] = {}
        for document in index.of(type_name):
            kept = known.get(document.slug)
            if kept is None or kept.document is not document:
                kept = entry(document, self.territories)
            self.entries[document.slug] = kept
        self.bearers = Counter(sign for kept in self.entries.values() for sign in kept.signs)
        self._pools: dict[str, _Pool] = {}

    def beside(self, wanted: Entry) -> _Pool:
        """Those of its commune; all of them for what is nowhere in particular."""
        commune = wanted.commune
        if commune not in self._pools:
            entries = [e for e in self.entries.values() if commune in ("", e.commune)]
            self._pools[commune] = _Pool(entries)
        return self._pools[commune]


def _plausible(wanted: Entry, pool: _Pool, signs: frozenset[str]) -> Iterator[tuple[Entry, float]]:
    """Those that can reach THRESHOLD, and how much their names are alike.

    Without a sign, the name must be so good that all the rest being the same is enough.
    """
    least = 1 - (1 - THRESHOLD) * (NAME + STREET + DISTANCE) / NAME
    own = pool.own_name(wanted)
    whole = _ratios(fuzz.token_sort_ratio, wanted.name, pool.names)
    all_own = _ratios(fuzz.token_sort_ratio, own, pool.own_names)
    both_own = _ratios(fuzz.token_set_ratio, own, pool.own_names)
    for other, one, two, three in zip(pool.entries, whole, all_own, both_own, strict=True):
        name = (one + (two + three) / 2) / 200
        if name >= least or other.signs & signs:
            yield other, name


def _ratios(scorer: Callable[..., float], name: str, names: list[str]) -> list[float]:
    """How alike a name is to each of the others, of 100."""
    return [ratio for _, ratio, _ in process.extract_iter(name, names, scorer=scorer)]


def _score(wanted: Entry, other: Entry, name: float, signs: frozenset[str]) -> float:
    weights, likeness = NAME, NAME * name
    if wanted.street and other.street:
        weights += STREET
        likeness += STREET * _street_likeness(wanted, other)
    if wanted.point and other.point:
        metres = distance(wanted.point, other.point)
        if metres < ERROR:
            weights += DISTANCE
            likeness += DISTANCE * NEAR / (NEAR + metres)
    lacking = 1 - likeness / weights
    return 1 - lacking * (1 - SIGN) ** len(signs & other.signs)


def _street_likeness(one: Entry, other: Entry) -> float:
    likeness = fuzz.token_sort_ratio(one.street, other.street) / 100
    if not one.number or not other.number:
        return UNNUMBERED * likeness
    return likeness if one.number == other.number else OTHER_NUMBER * likeness
