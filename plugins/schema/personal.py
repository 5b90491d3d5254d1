"""Words in a text that tell of a person: a name, an address, a telephone, a number of theirs.

What is found is a reason to look, never a verdict: many names are in no list. Numbers with check
digits are only found when these are right (ISO 13616 for an IBAN; INSEE's key for a social security
number), so that neither a SIRET nor a year nor a postal code is one; what stands inside a web
address is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from plugins.schema.names import CALLED_AFTER, FIRST_NAMES

_SPACE = "[ \u00a0\u202f]?"
_URL = re.compile(r"(?:https?://|\bwww\.)[^\s<>()\[\]\"']+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+@/-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# A number that begins with 08 is a service's.
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)33[ .\u00a0\u202f-]?(?:\(0\)[ .\u00a0\u202f-]?)?|0)[1-79]"
    r"(?P<gap>[ .\u00a0\u202f-]?)\d\d(?:(?P=gap)\d\d){3}(?!\w)"
)
_IBAN = re.compile(
    rf"(?<!\w)[A-Z]{{2}}\d\d(?:{_SPACE}[A-Z0-9]{{4}}){{2,7}}(?:{_SPACE}[A-Z0-9]{{1,3}})?(?!\w)"
)
_SOCIAL_SECURITY = re.compile(
    rf"(?<!\w)[12]{_SPACE}\d\d{_SPACE}(?:0[1-9]|1[0-2]|[2-9]\d){_SPACE}(?:\d\d|2[ABab])"
    rf"{_SPACE}\d{{3}}{_SPACE}\d{{3}}{_SPACE}\d\d(?!\w)"
)
_GROUP = re.compile(r"[^ \u00a0\u202f]+")
_PROPER = r"[A-ZÀ-ÖØ-Þ][\w’'-]{1,40}"
_OF = r"(?:(?:de|du|des|la|le|les)[ \u00a0\u202f]|[dl][’'])"
_STREET = re.compile(
    r"(?<![\w’'-])(?:\d{1,4}[ \u00a0\u202f]?(?:bis|ter|quater)?,?[ \u00a0\u202f]"
    r"(?:rue|avenue|av\.|boulevard|bd|all[ée]e|impasse|place|chemin|quai|route|cours|square|mail)"
    rf"|(?:rue|avenue|boulevard|allée|impasse|quai|square))[ \u00a0\u202f]{_OF}{{0,2}}{_PROPER}"
    rf"(?:[ \u00a0\u202f]{_OF}{{0,2}}{_PROPER}){{0,3}}",
)
_TITLED = re.compile(
    r"(?<!\w)(?:MM?\.|Mmes?|Mlles?|Monsieur|Madame|Mademoiselle|Docteur|Dr)[ \u00a0\u202f]"
    rf"{_PROPER}(?:[ \u00a0\u202f]{_PROPER}){{0,2}}"
)
_CALLED = re.compile(rf"(?<![\w’'-]){_PROPER}(?:[ \u00a0\u202f]{_PROPER}){{0,2}}")


class Personal(StrEnum):
    """What a word may tell; a name or a street is looked for where a text tells of people."""

    NAME = "name"
    STREET = "street"
    EMAIL = "email"
    PHONE = "phone"
    SOCIAL_SECURITY = "social_security"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class Spot:
    """`text[start:end]` is a `what`."""

    start: int
    end: int
    what: Personal


def personal(text: str, *, people: bool = False) -> tuple[Spot, ...]:
    """Everything personal in a text, in its order; no two overlap. `people`: names and streets too,
    which in a text about a place or an organisation are nobody's.
    """
    found: list[Spot] = []
    left = _URL.sub(_blank, text)
    searches = _SEARCHES | _OF_PEOPLE if people else _SEARCHES
    for what, search in searches.items():
        spots = [Spot(start, end, what) for start, end in search(left)]
        left = _without(left, spots)
        found += spots
    return tuple(sorted(found, key=lambda spot: spot.start))


def _without(text: str, spots: list[Spot]) -> str:
    """The same text, of the same length, in which what was found cannot be found again."""
    kept, end = [], 0
    for spot in spots:
        kept += [text[end : spot.start], "\0" * (spot.end - spot.start)]
        end = spot.end
    return "".join((*kept, text[end:]))


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match.group())


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """Those whose check digits are right; the word behind one may look like its last group."""
    for match in _IBAN.finditer(text):
        ends = [group.end() for group in _GROUP.finditer(match.group())]
        for end in reversed(ends):
            if _is_iban(_bare(match.group()[:end])):
                yield match.start(), match.start() + end
                break


def _is_iban(code: str) -> bool:
    turned = code[4:] + code[:4]
    return len(code) >= 15 and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _social_security(text: str) -> Iterator[tuple[int, int]]:
    for match in _SOCIAL_SECURITY.finditer(text):
        code = _bare(match.group()).upper()
        # Corsica's two departments count as 19 and 18.
        number = int(code[:13].replace("2A", "19").replace("2B", "18"))
        if 97 - number % 97 == int(code[13:]):
            yield match.span()


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Whoever has a title, or a first name that stands neither in a longer name nor after one."""
    for match in _CALLED.finditer(text):
        first = match.group().split(maxsplit=1)[0].partition("-")[0]
        if first in FIRST_NAMES and not _is_called(text, match):
            yield match.span()


def _is_called(text: str, match: re.Match[str]) -> bool:
    """Whether it is the name of a school or a street, which is no person."""
    before = text[max(0, match.start() - 24) : match.start()].split()
    return bool(before) and before[-1].lower() in CALLED_AFTER


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In their order, without those that begin inside another."""
    end = 0
    for start, stop in sorted(spans):
        if start >= end:
            yield start, stop
            end = stop


def _bare(code: str) -> str:
    return "".join(_GROUP.findall(code))


def _all(pattern: re.Pattern[str]) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


_SEARCHES: dict[Personal, Callable[[str], Iterator[tuple[int, int]]]] = {
    Personal.IBAN: _ibans,
    Personal.SOCIAL_SECURITY: _social_security,
    Personal.PHONE: _all(_PHONE),
    Personal.EMAIL: _all(_EMAIL),
}
_OF_PEOPLE: dict[Personal, Callable[[str], Iterator[tuple[int, int]]]] = {
    Personal.STREET: _all(_STREET),
    Personal.NAME: lambda text: _apart((*_all(_TITLED)(text), *_names(text))),
}
