"""Finding by words without a script: the same records, looked through one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugins.render.search.records import FACETS, KIND, Record, records
from plugins.schema import Index, derived
from plugins.words import telling, words

MOST = 50  # rows of an answer
MOST_WORDS = 12  # that are looked for; each is looked for in all there is
LONGEST = 200  # characters that are looked for


@dataclass(frozen=True)
class Asked:
    """What is looked for: words, and by each of KIND and FACETS what may be chosen of it."""

    words: str
    chosen: Mapping[str, frozenset[str]]

    def __bool__(self) -> bool:
        return bool(self.words or self.chosen)


def asked_of(inputs: Iterable[tuple[str, str]]) -> Asked:
    """Read an address: a field may stand there several times, or once with commas."""
    said, chosen = "", dict[str, set[str]]()
    for name, value in inputs:
        if name == "q":
            said = " ".join(value[:LONGEST].split())
        elif name in (KIND, *FACETS):
            chosen.setdefault(name, set()).update(filter(None, value[:LONGEST].split(",")))
    return Asked(said, {name: frozenset(keys) for name, keys in chosen.items() if keys})


def look(asked: Asked, index: Index) -> tuple[Record, ...]:
    """What has all the words, or words that begin so, and one of each field's choices; what has
    them in its title comes first. Accents, capitals, plurals and small words do not matter;
    signs alone find nothing.
    """
    told = telling(asked.words) or words(asked.words)
    sought = [f" {word}" for word in list(dict.fromkeys(told))[:MOST_WORDS]]
    if asked.words and not sought:
        return ()
    if not asked:
        return records(index)
    found = list(zip(_folded(index), records(index), strict=True))
    for word in sought:
        found = [one for one in found if word in one[0][1]]
    if asked.chosen:
        found = [one for one in found if _is_chosen(one[1], asked)]
    found.sort(key=lambda one: -sum(word in one[0][0] for word in sought))
    return tuple(record for _, record in found)


def _is_chosen(record: Record, asked: Asked) -> bool:
    own = {KIND: (record.kind,), **record.terms}
    return all(not keys.isdisjoint(own.get(name, ())) for name, keys in asked.chosen.items())


@derived
def _folded(index: Index) -> tuple[tuple[str, str], ...]:
    """The words of each record's title, and all its words, without accents, each after a space."""
    titles = ((_spaced(record.title), record) for record in records(index))
    return tuple((title, title + _spaced(record.text)) for title, record in titles)


def _spaced(text: str) -> str:
    return f" {' '.join(words(text))}"
