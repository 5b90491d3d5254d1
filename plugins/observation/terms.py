"""The words that observations use most, by how many of them use each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from plugins.observation.passages import texts
from plugins.schema import Document
from plugins.words import SMALL, normal, singular

SHORTEST, LEAST = 3, 2  # letters of a word; observations that use it
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = """
ai ait alors apres aucun aucune aujourd aussi autre autres autour avaient avais avait avant avez
avoir avons beaucoup bien car ceci cela celle celles celui certain certaine certaines certains ceux
chaque choses chose comprend comprends dans dehors deja depuis dernier derniere dire disent dit dits
doit doivent donc donner dont elle encore enfin ensuite eu etait etaient etant ete etre faire
faisait fallait faudrait faut fois hui ici jamais juste la leurs loin longtemps lorsque maintenant
meme memes mieux moins moment ni non nul ou parce parfois parmi passe pendant personne personnes peu
peut peuvent plutot plusieurs pouvait pouvoir pres presque puis puisque quand quelqu quelque
quelques quoi rien savent savoir sera seront seul seule seulement soit sommes sont soudain souvent
suis surtout tandis tant tellement tres trois trop veut veulent viennent vient voila voir voit
voulait vouloir vraiment vu also already always am another any because being both came come comes
could did does doing done each either enough ever every few get gets go goes going gone got had
having here him however if itself just know let like made make makes many may me might much must
neither never nobody none nor nothing often once one ones only other others people person perhaps
quite rather really said same saw say says see seen several shall she should since someone something
sometimes somebody still such take takes themselves then these things thing those though through too
two under until upon used very want wants well went while whom whose within without yet
"""
COMMON = SMALL | frozenset(singular(word) for word in _COMMON.split()) | frozenset(_COMMON.split())
"""Words that tell nothing of what was seen, in French and in English."""


@dataclass(frozen=True, slots=True)
class Used:
    """A word as it is written most often, and how many observations use it, in any number."""

    word: str
    number: int


def terms(observations: Iterable[Document], most: int) -> tuple[Used, ...]:
    """The words that most observations use, the most used first; none that only one uses."""
    written: dict[str, Counter[str]] = {}
    used: Counter[str] = Counter()
    for one in observations:
        for key, word in _words("\n".join((one.title, *texts(one)))).items():
            used[key] += 1
            written.setdefault(key, Counter())[word] += 1
    ordered = sorted(used, key=lambda key: (-used[key], key))
    found = (Used(_usual(written[key]), used[key]) for key in ordered if used[key] >= LEAST)
    return tuple(islice(found, most))


def _usual(written: Counter[str]) -> str:
    return min(written, key=lambda word: (-written[word], word))


@lru_cache(maxsize=4096)  # a page of the desk counts them all again, and they hardly ever change
def _words(text: str) -> Mapping[str, str]:
    """The words of a text as they are compared, each as it is first written."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text.lower()):
        key = _key(word)
        if key:
            found.setdefault(key, word)
    return MappingProxyType(found)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """A word without accents and plural; "" for one that tells nothing."""
    bare = normal(word)
    key = singular(bare)
    return "" if len(key) < SHORTEST or bare in COMMON or key in COMMON else key
