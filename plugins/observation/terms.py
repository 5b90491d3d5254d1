"""The words that observations use most, by how many of them use each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from types import MappingProxyType

from plugins.observation.passages import texts
from plugins.schema import Document
from plugins.words import SMALL, normal, singular

SHORTEST, LEAST = 3, 2  # letters of a word; observations that use it
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = """
ai ait alors already also always am an annee annees another ans any apres aucun aucune aujourd aussi
autour autre autres avaient avais avait avant avez avoir avons beaucoup because being bien bon bonne
bonnes bons both came car ceci cela celle celles celui cent certain certaine certaines certains ceux
chaque chose choses cinq come comes comprend comprends could dans day days dehors deja demi depuis
dernier derniere deux did dimanche dire disait disent dit dits dix does doing doit doivent donc done
donner dont each eight either elle encore enfin enough ensuite etaient etait etant ete etre eu ever
every faire faisait fait faite faites fallait faudrait faut few five fois four friday get gets go
goes going gone got grand grande had having here heure heures him hour hours however hui huit ici if
itself jamais jeudi jour jours just juste know la let leurs like loin longtemps lorsque lundi made
maintenant make makes mal many mardi may me meme memes mercredi met mettre mieux might minute
minutes mis mise moi moins mois moment monday month months much must neither neuf never ni nine
nobody non none nor nothing nouveau nouvelle nul often once one ones only other others ou parce
parfois parmi passe pendant people perhaps person personne personnes petit petite peu peut peuvent
plusieurs plutot pouvait pouvoir prend prendre pres presque pris puis puisque quand quatre quelqu
quelque quelques quite quoi rather really rien said sait same samedi saturday savait savent savoir
saw say says see seen semaine semaines sept sera seront seul seule seulement seven several shall she
should since soi soit somebody someone something sometimes sommes sont soudain souvent still such
suis suite sunday surtout take takes tandis tant tellement ten themselves then these thing things
those though three through thursday toi too tres trois trop tuesday two un under until upon used
vendredi vers very veulent veut viennent vient voila voir voit voulait vouloir vraiment vu want
wants wednesday week weeks well went while whom whose within without year years yet
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
    used: Counter[str] = Counter()
    told = [_words("\n".join((one.title, *texts(one)))) for one in observations]
    for words in told:
        used.update(words.keys())
    ordered = nsmallest(most, used, key=lambda key: (-used[key], key))
    return tuple(
        Used(_usual(Counter(words[key] for words in told if key in words)), used[key])
        for key in ordered
        if used[key] >= LEAST
    )


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
