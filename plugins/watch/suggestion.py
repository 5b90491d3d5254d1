"""Themes that a text seems to be about, by the words that the vocabulary's own terms use.

A term's label, key, hint and national equivalents give phrases. One that stands in the text, in
either number, counts WHOLE with several words, SINGLE with one, and twice that in the title; a
theme is suggested from ENOUGH on. Editors see suggestions as such: better none than a wrong one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plugins.schema import Term
from plugins.words import SMALL, singular, words

MOST = 3
OPENING = 400  # characters of a summary that are looked at
ENOUGH = 2.0
WHOLE, SINGLE, SLIGHT = 2.0, 1.0, 0.5
LONG = 8  # letters from which a word means the same in both numbers ("arnaques", not "communs")
SPREAD = 3  # other words that may stand between those of a phrase
PARTS = re.compile(r"[,;:.()/&]|\b(?:et|ou|and|or)\b")
VERB = re.compile(r"\w+(?:er|ir|re|ing)$")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`plural`: it is one short word, which may mean something else in the singular."""

    words: tuple[str, ...]
    weight: float
    plural: bool = False


class Suggestions:
    """Suggests terms of one vocabulary; made once, asked for many texts."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._order = {key: place for place, key in enumerate(terms)}
        phrases = {key: frozenset(_phrases(term)) for key, term in terms.items()}
        bearers = Counter(
            word for found in phrases.values() for word in {w for p in found for w in p.words}
        )
        self._by_word: dict[str, list[tuple[str, _Phrase]]] = {}
        for key, found in phrases.items():
            for phrase in {*found, *_heads(found, bearers)}:
                if len(phrase.words) > 1 or bearers[phrase.words[0]] == 1:
                    self._by_word.setdefault(phrase.words[0], []).append((key, phrase))
        # Each word in its numbers: most words of a text are none of these.
        self._known = {word + end: word for word in bearers for end in ("", "s", "x")}

    def of(self, title: str, summary: str) -> list[str]:
        """The keys of the terms, likeliest first, at most MOST."""
        scores: Counter[str] = Counter()
        for text, times in ((title, 2), (summary[:OPENING], 1)):
            for (key, _), weight in self._found(words(text)).items():
                scores[key] += weight * times  # type: ignore[assignment]  # a Counter of floats
        likely = [key for key, score in scores.items() if score >= ENOUGH]
        likely.sort(key=lambda key: (-scores[key], self._order[key]))
        return likely[:MOST]

    def _found(self, text: list[str]) -> dict[tuple[str, tuple[str, ...]], float]:
        """The phrases that stand in a text, each counted once, by their term."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(text):
            if known := self._known.get(word):
                places.setdefault(known, []).append(place)
        found = {}
        for first in places:
            for key, phrase in self._by_word.get(first, ()):
                if _stands(phrase.words, places):
                    slight = phrase.plural and first in text
                    found[key, phrase.words] = phrase.weight / 2 if slight else phrase.weight
        return found


def _stands(phrase: tuple[str, ...], places: Mapping[str, list[int]]) -> bool:
    """Whether the words of a phrase stand near each other."""
    reach = len(phrase) + SPREAD
    return any(
        all(any(abs(place - start) < reach for place in places.get(word, ())) for word in phrase)
        for start in places[phrase[0]]
    )


def _phrases(term: Term) -> Iterator[_Phrase]:
    for label in term.label.texts.values():
        for part in PARTS.split(label.lower()):
            yield from _phrase(part, SINGLE)
    for name in (term.key, *term.map.values()):
        for part in re.split("--", name):
            yield from _phrase(re.sub("[-_]", " ", part), SINGLE)
    for hint in term.hint.texts.values():
        for part in PARTS.split(hint.lower()):
            yield from _phrase(part, SINGLE if len(part.strip()) >= LONG else SLIGHT)


def _phrase(text: str, single: float) -> Iterator[_Phrase]:
    written = [word for word in words(text) if word not in SMALL]
    found = tuple(map(singular, written))
    if len(found) > 1:
        yield _Phrase(found, WHOLE)
    elif found and len(found[0]) > 2:
        plural = written[0] != found[0] and len(written[0]) < LONG
        yield _Phrase(found, SLIGHT / 2 if VERB.match(found[0]) else single, plural)


def _heads(phrases: Iterable[_Phrase], bearers: Mapping[str, int]) -> Iterator[_Phrase]:
    """The words that several phrases of one term turn around, and no other term has."""
    phrases = list(phrases)
    inside = Counter(word for phrase in phrases for word in set(phrase.words))
    for phrase in phrases:
        if phrase.plural:
            del inside[phrase.words[0]]
    for word, count in inside.items():
        if count > 1 and bearers[word] == 1 and not VERB.match(word):
            yield _Phrase((word,), SINGLE)
