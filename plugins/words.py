"""The words of a title or a summary, as they are compared: small letters, no accents, no plural."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\w+")
ACCENTS = re.compile("[\u0300-\u036f]")
LETTERS = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("’", "'"), ("ø", "o"), ("ł", "l"))
_SMALL = """
a au aux avec c ce ces cet cette chez comme comment contre d dans de depuis des deux dont du elle
elles en encore entre es est et etre eux fait font il ils j je jusqu l la le les leur leurs lors
lorsqu lui m ma mais me mes mon n ne ni nos notre nous on ont ou par pas plus pour pourquoi qu
quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sous sur t ta te tes
toi ton tous tout toute toutes tu un une va vers via vos votre vous y
about after all an and any are as at be been before but by can do for from has have her his how
i in into is it its more most my new no not of off on or our out over so some than that the
their them they this to up us was we were what when where which who why will with you your
der die das und ein eine im mit von zu zum zur fur el los las un una y del con para por il lo
gli di da per che het van een
"""
SMALL = frozenset(_SMALL.split())
"""Words too small to tell one story from another, in the languages that are watched most."""


def normal(text: str) -> str:
    """A text in small letters without accents."""
    lower = text.lower()
    if lower.isascii():
        return lower
    for letter, spelt in LETTERS:  # replaced one by one: `translate` takes five times as long
        lower = lower.replace(letter, spelt)
    return ACCENTS.sub("", unicodedata.normalize("NFKD", lower))


def words(text: str) -> list[str]:
    """All its words, in order."""
    return WORD.findall(normal(text))


def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def telling(text: str) -> list[str]:
    """The words that tell what it is about, in order, in the singular."""
    return [singular(word) for word in words(text) if word not in SMALL]
