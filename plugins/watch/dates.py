"""When an entry was published, as far as what its feed says can be believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from feedparser.datetimes import _parse_date as parsed

FIRST, LAST = 1990, 2100  # years; what says it is older or later is a mistake
MONTHS: Mapping[str, str] = MappingProxyType(
    {
        "janv": "jan",
        "fevr": "feb",
        "fév": "feb",
        "mars": "mar",
        "avr": "apr",
        "mai": "may",
        "juin": "jun",
        "juil": "jul",
        "août": "aug",
        "aout": "aug",
        "déc": "dec",
    }
)
"""What French months begin with where English ones begin otherwise."""
FRENCH_DAY = re.compile(r"^(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?,?\s+", re.IGNORECASE)


def moment(text: str) -> datetime | None:
    """The moment that a text in any of the usual ways to write it names, in UTC."""
    written = text.strip()[:100]
    return believable(parsed(written)) or believable(parsed(_in_english(written)))


def believable(nine: Any) -> datetime | None:
    """The moment of feedparser's nine numbers, None for one that cannot be."""
    try:
        year, month, day, hour, minute, second = nine[:6]
        found = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if FIRST <= found.year < LAST else None


def _in_english(text: str) -> str:
    words = FRENCH_DAY.sub("", text.lower()).replace("1er", "1").split()
    for place, word in enumerate(words):
        for french, english in MONTHS.items():
            if word.startswith(french):
                words[place] = english
    return " ".join(words)
