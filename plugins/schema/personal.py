"""Words in a text that tell of a person: an address, a telephone, a number that only they have.

What is found is a reason to look, never a verdict. Numbers with check digits are only found when
these are right (ISO 13616 for an IBAN; INSEE's key for a social security number), so that neither a
SIRET nor a year nor a postal code is one; what stands inside a web address is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

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


class Personal(StrEnum):
    """What a word may tell."""

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


def personal(text: str) -> tuple[Spot, ...]:
    """Everything personal in a text, in its order; no two overlap."""
    found: list[Spot] = []
    left = _URL.sub(_blank, text)
    for what, search in _SEARCHES.items():
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
