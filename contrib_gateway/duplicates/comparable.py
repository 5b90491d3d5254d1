"""What is compared of a document: names, addresses and signs, however people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from unidecode import unidecode

from plugins.schema import Document, Term, Value

LONGEST = 200  # characters of a name or a street that are compared
SHORTEST_PHONE = 9  # digits, without the first 0: 3949 is everybody's

_STOP = "a l d la le les un une de du des et en au aux pour sur dans the of and"
_GENERIC = """
asso association assoc epn espace public numerique numeriques centre social sociaux sociale
socioculturel socioculturelle socio culturel culturelle cs csc maison quartier quartiers municipal
municipale antenne agence site structure collectif
"""
STOP = frozenset(_STOP.split())
GENERIC = frozenset(_GENERIC.split())
"""Words that are in the names of many places, whatever stands beside them."""
STREETS: Mapping[str, str] = MappingProxyType(
    {
        short: whole
        for whole, shorts in {
            "allee": "all alee allees",
            "avenue": "av ave",
            "boulevard": "bd bld bvd blvd boul",
            "chemin": "ch che chem",
            "cours": "crs",
            "esplanade": "espl",
            "impasse": "imp",
            "mail": "",
            "passage": "pass",
            "place": "pl",
            "quai": "",
            "route": "rte",
            "rue": "r",
            "square": "sq",
        }.items()
        for short in (whole, *shorts.split())
    }
)
"""What the name of a street begins with, by the ways to write it."""
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "cdt": "commandant",
        "col": "colonel",
        "dr": "docteur",
        "gal": "general",
        "gen": "general",
        "mal": "marechal",
        "pdt": "president",
        "pr": "professeur",
        "st": "saint",
        "ste": "sainte",
    }
)
PLATFORMS = re.compile(r"(?:.+\.)?(?:facebook|instagram|linkedin|twitter|youtube|x)\.com")
"""Where everybody has a page: there the first part of the path tells whose it is."""

_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"0*(\d{1,4})(?:bis|ter|quater|[a-z])?")
_COMMA_AFTER_NUMBER = re.compile(r"(\d(?: ?(?:bis|ter|quater|[a-d]))?) ?,")
_PART = re.compile(r"[,;()/]|\s-+\s")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document made comparable; "" and None for what it does not say.

    `title` is all its words, `name` those that are not small ones or its commune's; `point` degrees
    in WGS 84; `signs` the e-mail addresses, telephone numbers and hosts it gives.
    """

    document: Document
    commune: str
    title: str
    name: str
    number: str
    street: str
    point: tuple[float, float] | None
    signs: frozenset[str]


def entry(document: Document, territories: Mapping[str, Term]) -> Entry:
    """The entry of a document, even of one that would not pass the check."""
    place = document.data.get("place")
    place = place if isinstance(place, dict) else {}
    commune = commune_of(place.get("territory"), territories)
    here = _words(territories[commune].label.get("fr")) if commune in territories else []
    words = _words(document.title)
    number, street = read_street(place.get("street"))
    return Entry(
        document=document,
        commune=commune,
        title=" ".join(words),
        name=" ".join([w for w in words if w not in STOP and w not in here] or words),
        number=number,
        street=street,
        point=_point(place.get("lat"), place.get("lon")),
        signs=frozenset(_signs(document)),
    )


def commune_of(territory: Value, territories: Mapping[str, Term]) -> str:
    """The widest term that a territory lies within: a quarter's commune; "" for none."""
    key = territory if isinstance(territory, str) else ""
    for _ in territories:  # not for ever, should two lie within each other
        if key not in territories or not territories[key].within:
            break
        key = territories[key].within
    return key


def read_street(address: Value) -> tuple[str, str]:
    """The number and the name of the street of an address: ("38", "avenue pasteur")."""
    plain = _COMMA_AFTER_NUMBER.sub(r"\1 ", _plain(address))
    parts = [words for part in _PART.split(plain) if (words := _WORD.findall(part))]
    for words in parts:
        for place, word in enumerate(words[:-1]):
            if word in STREETS:
                numbers = [found[1] for w in words[:place] if (found := _NUMBER.fullmatch(w))]
                named = [TITLES.get(w, w) for w in words[place + 1 :] if w not in STOP]
                return "".join(numbers[:1]), " ".join([STREETS[word], *named])
    return "", " ".join(w for words in parts[:1] for w in words if w not in STOP)


def _words(text: Value) -> list[str]:
    """Small letters without accents, and digits; initials in one word: "M.J.C." is "MJC"."""
    return _WORD.findall(_INITIALS.sub(lambda found: found[0].replace(".", "") + " ", _plain(text)))


def _plain(text: Value) -> str:
    return unidecode(text[:LONGEST]).lower() if isinstance(text, str) else ""


def _point(lat: Value, lon: Value) -> tuple[float, float] | None:
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) else None


def _signs(document: Document) -> Iterator[str]:
    for name, value in document.data.items():
        field = document.type.fields.get(name)
        if field is None or not isinstance(value, str):
            continue
        if field.kind.name == "email":
            yield value.lower()
        elif field.kind.name == "phone":
            digits = re.sub(r"\D", "", re.sub(r"^(?:\+|00)33", "", value)).lstrip("0")
            if len(digits) >= SHORTEST_PHONE:
                yield digits
        elif field.kind.name == "url" and (host := _host(value)):
            yield host


def _host(url: str) -> str:
    try:
        parts = urlsplit(url.lower())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    first = parts.path.strip("/").partition("/")[0]
    return f"{host}/{first}" if PLATFORMS.fullmatch(host) else host
