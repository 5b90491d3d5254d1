"""The words in which people say days and hours, in French or in English, as patterns.

They are of small letters without accents: what `plain` makes of a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from plugins.schema.hours import WEEK, Span

WEEKDAYS: Mapping[str, str] = MappingProxyType(
    {
        r"lundis?|lun\b\.?|mondays?|mon": "Mo",
        r"mardis?|mar\b\.?|tuesdays?|tues?": "Tu",
        r"mercredis?|mer\b\.?|wednesdays?|wed": "We",
        r"jeudis?|jeu\b\.?|thursdays?|thurs?|thu": "Th",
        r"vendredis?|ven\b\.?|fridays?|fri": "Fr",
        r"samedis?|sam\b\.?|saturdays?|sat": "Sa",
        r"dimanches?|dim\b\.?|sundays?|sun": "Su",
    }
)
SEVERAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "jours? feries?|(?:public|bank) holidays?": ("PH",),
        "vacances(?: scolaires)?|school holidays?": ("SH",),
        "tous les jours|chaque jour|7 ?j ?/ ?7|every ?day|daily": WEEK,
        "(?:en )?semaine|weekdays?": WEEK[:5],
        "week-?ends?": WEEK[5:],
    }
)
"""How days are called."""
NAMED = tuple(
    (re.compile(rf"(?:{names})(?<=[a-z7.])(?![a-z])"), days)
    for names, days in (*((n, (day,)) for n, day in WEEKDAYS.items()), *SEVERAL.items())
)
WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})(?![a-z])")
_THE = r"du|de|le|les|pendant les|tous les(?! jours)|chaque(?! jour)|from|on|every(?! ?day)"
ARTICLE = rf"(?:(?:{_THE})\s+)?"
TO = re.compile(rf"\s*(?:\bau\b|\ba\b|\bjusqu'au\b|\bto\b|\bthrough\b|-)\s*{ARTICLE}")
AND = re.compile(  # so many spaces, at most: any number of them would be tried in every way
    rf"\s{{0,9}}(?:,|\bet\b|\band\b|\bou\b|&|/|\+|\s)\s{{0,9}}(?:et\s+|and\s+)?{ARTICLE}"
)
LEAD = re.compile(rf"[\s,.;:]*(?:et\s+|and\s+)?{ARTICLE}")
CLOSED = re.compile(r"(?:ferme(?:e|s|es|ture)?|closed)\b")
HALVES: Mapping[str, Span] = MappingProxyType(
    {
        "matins?|mornings?": ("00:00", "12:00"),
        "apres-midis?|afternoons?": ("14:00", "18:00"),
        "soirs?|evenings?": ("19:00", "24:00"),
    }
)
"""The parts of a day, and when each is surely meant: an afternoon may begin late."""
HALF = rf"(?:{'|'.join(HALVES)})\b"
HALF_DAY = re.compile(rf"[\s,]*{ARTICLE}(?:l')?({HALF})\s*:?\s*")
OPEN = re.compile(r"(?:ouvert(?:e|s|es|ure)?|horaires?(?: d'ouverture)?|open(?:ing hours)?)\b")
TELLS_HOURS = re.compile(r"\d\s*[h:]|\d\s*-\s*\d|\b\d+\s*[ap]m\b")
ASIDE = re.compile(r"\s*\(((?:[^()]|\([^()]*\))*)\)\s*\.?$")
EDGES = " \t,.;:-()"


def plain(text: str) -> str:
    """One letter for one."""
    return "".join(map(_letter, text))


def _letter(character: str) -> str:
    if character in "‐‑‒–—−":
        return "-"
    if character in "’ʼ":
        return "'"
    letter = unicodedata.normalize("NFKD", character)[:1].lower()
    if letter.isdecimal():  # of another script, say: hours are written in these
        return str(int(letter))
    return letter if len(letter) == 1 else " "
