"""Which items tell the same story: the same page or, from different sources, nearly the same words.

Two titles are as alike as the words they share weigh in all that either has, a rare word weighing
more than a common one (by the logarithm of how rare: the usual inverse document frequency). From
SAME on it is one story; from ALIKE on, if the beginnings of their summaries are alike, too.

Never by words: items of one source, which tell different things under like titles; items more than
WINDOW apart; other numbers ("budget 2026" and "budget 2027"); titles of less than FEWEST words of
their own, or that a source gives again and again ("Agenda", "Lettre d'information n° 12").
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugins.watch.address import is_front_page
from plugins.words import telling

WINDOW = timedelta(days=21)
SAME, ALIKE, SUMMARIES = 0.62, 0.4, 0.5
FEWEST = 3  # words that a title must have of its own
AGAIN = 3  # items of one source under one title, or one address: more tell nothing
OPENING = 300  # characters of a summary that are compared
RAREST = 5  # words of a title by which others are looked for
NEWEST = 60  # items looked at for each
COMPARED = 40  # items, the newest, that share two of these words
SMALLEST = 1000  # items that are reckoned with at least, in telling how rare a word is
_USUAL = """
actu actualite agenda annonce appel article atelier bilan bonjour breve brief bulletin bref
communique compte conference conseil debat decouvrir direct dossier edito edition entretien
episode evenement focus hebdo info information interview invitation journal journee lettre lien
live mensuel mission mise jour monthly news newsletter note nouveau nouveaute nouvelle numero
page partie podcast point post presse programme projet publication rapport rappel rencontre
rendu replay retour revue selection semaine sortie video veille vie vol volume webinaire week
weekly annual janvier fevrier mar avril mai juin juillet aout septembre octobre novembre
decembre january february march april may june july august september october november december
lundi mardi mercredi jeudi vendredi samedi dimanche annee moi
"""
USUAL = frozenset(_USUAL.split())
"""Words that stand in titles of any story."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of an item; `address` is canonical, `at` when it came out or was found."""

    number: int
    source: str
    address: str
    title: str
    summary: str
    at: datetime


class Stories:
    """Items among which stories are looked for, and the cluster that each is in so far."""

    def __init__(self, waiting: Iterable[Told], known: Sequence[tuple[Told, str]] = ()) -> None:
        """`waiting`: those that will be asked about and placed; `known`: items in clusters.

        How rare a word is is reckoned over all; of the known only those are kept that may tell
        the same as one that waits.
        """
        self._words: dict[int, frozenset[str]] = {}
        self._owns: dict[int, frozenset[str]] = {}
        self._again: Counter[tuple[str, object]] = Counter()
        self._by_word: dict[str, list[int]] = {}
        self._by_address: dict[str, str] = {}
        self._items: dict[int, Told] = {}
        self._cluster: dict[int, str] = {}
        self._sources: dict[str, set[str]] = {}
        bearers: Counter[str] = Counter()
        pages = set()
        for item in waiting:
            bearers.update(self._enter(item, frozenset(telling(item.title))))
            pages.add(item.address)
        pages.discard("")
        kept = list(self._relevant(known, frozenset(bearers), pages, bearers))
        among = max(SMALLEST, len(self._words) - len(kept) + len(known))
        self._rarity = {word: math.log(among / count) for word, count in bearers.items()}
        for item, cluster in kept:
            self.place(item, cluster)
        for item, cluster in known:
            if cluster in self._sources:
                self._sources[cluster].add(item.source)

    def _relevant(
        self,
        known: Iterable[tuple[Told, str]],
        wanted: frozenset[str],
        pages: set[str],
        bearers: Counter[str],
    ) -> Iterator[tuple[Told, str]]:
        """Those of the known that share words or a page with one that waits."""
        for item, cluster in known:
            words = frozenset(telling(item.title))
            bearers.update(words)
            if item.address in pages or len(words & wanted) >= FEWEST:
                self._enter(item, words)
                yield item, cluster

    def _enter(self, item: Told, words: frozenset[str]) -> frozenset[str]:
        own = _own(words)
        self._words[item.number], self._owns[item.number] = words, own
        self._again[item.source, own] += 1
        self._again[item.source, item.address] += 1
        return words

    def place(self, item: Told, cluster: str) -> None:
        """Note that an item is in a cluster."""
        self._items[item.number] = item
        self._cluster[item.number] = cluster
        self._sources.setdefault(cluster, set()).add(item.source)
        if self._tells_by_address(item):
            self._by_address[item.address] = cluster
        if self._tells_by_title(item):
            for word in self._words[item.number]:
                self._by_word.setdefault(word, []).append(item.number)

    def cluster_of(self, item: Told) -> str:
        """The cluster of a placed item that tells the same story, "" if none does."""
        if self._tells_by_address(item) and item.address in self._by_address:
            return self._by_address[item.address]
        if not self._tells_by_title(item):
            return ""
        best, found = 0.0, ""
        for other in self._candidates(item):
            score = self._likeness(item, other)
            if score > best:
                best, found = score, self._cluster[other.number]
        return found

    def _tells_by_address(self, item: Told) -> bool:
        if not item.address or is_front_page(item.address):
            return False
        return self._again[item.source, item.address] <= AGAIN

    def _tells_by_title(self, item: Told) -> bool:
        own = self._owns[item.number]
        return len(own) >= FEWEST and self._again[item.source, own] <= AGAIN

    def _candidates(self, item: Told) -> Iterator[Told]:
        """Those of other sources and about the same time that share two of its rarest words."""
        rarest = sorted(self._words[item.number], key=self._by_rarity, reverse=True)
        once, twice = set[int](), set[int]()
        for word in rarest[:RAREST]:
            bearers = set(self._by_word.get(word, ())[-NEWEST:])
            twice |= once & bearers
            once |= bearers
        for number in sorted(twice, reverse=True)[:COMPARED]:
            other = self._items[number]
            is_elsewhere = item.source not in self._sources[self._cluster[number]]
            if is_elsewhere and abs(item.at - other.at) <= WINDOW:
                yield other

    def _by_rarity(self, word: str) -> tuple[float, str]:
        return self._rarity[word], word

    def _likeness(self, item: Told, other: Told) -> float:
        """How alike two items are, 0 if that is not enough to be one story."""
        one, two = self._words[item.number], self._words[other.number]
        both = one & two
        if len(both & self._owns[item.number]) < FEWEST or not _numbers_agree(one, two):
            return 0.0
        title = self._weight(both) / (self._weight(one | two) or 1.0)
        if title >= SAME:
            return title
        return title if title >= ALIKE and _summaries_alike(item, other) else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(map(self._rarity.__getitem__, words))


def _own(words: frozenset[str]) -> frozenset[str]:
    """The words of a title that not every title has."""
    return frozenset(word for word in words - USUAL if not word.isdecimal())


def _numbers_agree(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether neither has a number that the other has another one for."""
    ours, theirs = ({word for word in words if word.isdecimal()} for words in (one, two))
    return ours <= theirs or theirs <= ours


def _summaries_alike(item: Told, other: Told) -> bool:
    """Whether the one that says less says mostly what the other says."""
    one, two = (set(telling(told.summary[:OPENING])) for told in (item, other))
    least = min(len(one), len(two))
    return least >= 2 * FEWEST and len(one & two) >= SUMMARIES * least
