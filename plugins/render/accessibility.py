"""What is known of the site's accessibility, and what may therefore be declared of it.

The facts are in `theme/accessibility.yaml`; the standings and their words are those of decree
2019-768 and of RGAA 4.1.2. A criterion that nobody verified counts as one that is not met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from plugins.render.words import N_
from plugins.schema.labels import Label

FACTS = Path(__file__).parents[2] / "theme" / "accessibility.yaml"
PATH = "accessibilite/"  # where French law and habit look for it; no slug
HALF = 50  # per cent of criteria, from which a site may be called partly conforming


class State(StrEnum):
    """How a criterion stands."""

    TESTED = "tested"
    LOOKED = "looked"
    UNVERIFIED = "unverified"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Way:
    """What verifies criteria: its number on the page, its id for pytest or the command that runs
    it, what it does.
    """

    number: int
    test: str
    label: Label


@dataclass(frozen=True, slots=True)
class Criterion:
    """`ways` is empty unless it is tested; `looked` is a day (ISO), or ""."""

    number: str
    label: Label
    state: State
    ways: tuple[Way, ...]
    looked: str


@dataclass(frozen=True, slots=True)
class Topic:
    label: Label
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Declaration:
    """`verified`: the day (ISO) of which the facts are; `additions`: what WCAG 2.2 asks beside."""

    verified: str
    ways: tuple[Way, ...]
    themes: tuple[Topic, ...]
    additions: tuple[Criterion, ...]

    def _all(self) -> Iterator[Criterion]:
        return (criterion for theme in self.themes for criterion in theme.criteria)

    def count(self, *states: str) -> int:
        return sum(criterion.state in states for criterion in self._all())

    @property
    def total(self) -> int:
        return self.count(*State)

    @property
    def applicable(self) -> int:
        return self.count(State.TESTED, State.LOOKED, State.UNVERIFIED)

    @property
    def met(self) -> int:
        return self.count(State.TESTED, State.LOOKED)

    @property
    def rate(self) -> int:
        """Criteria that are verified and met, per cent of those that concern the site."""
        return 100 * self.met // self.applicable

    @property
    def unverified(self) -> tuple[Criterion, ...]:
        return tuple(one for one in self._all() if one.state is State.UNVERIFIED)

    @property
    def standing(self) -> str:
        """The word that the law asks for, as a msgid."""
        if self.met == self.applicable:
            return N_("totally conforming")
        return N_("partly conforming") if self.rate >= HALF else N_("not conforming")


@cache
def declaration() -> Declaration:
    """The facts of this version, read once. Raises KeyError for a way that is not declared."""
    facts = yaml.load(FACTS.read_text("utf-8"), Loader=yaml.CSafeLoader)
    ways = {
        name: Way(number, given["test"], _label(given))
        for number, (name, given) in enumerate(facts["ways"].items(), 1)
    }
    themes = tuple(Topic(_label(one), _criteria(one["criteria"], ways)) for one in facts["themes"])
    verified = facts["verified"].isoformat()
    return Declaration(verified, tuple(ways.values()), themes, _criteria(facts["additions"], ways))


def _label(given: Mapping[str, Any]) -> Label:
    return Label({lang: given[lang] for lang in ("fr", "en")})


def _criteria(given: Mapping[str, Any], ways: Mapping[str, Way]) -> tuple[Criterion, ...]:
    return tuple(_criterion(number, one, ways) for number, one in given.items())


def _criterion(number: str, given: Mapping[str, Any], ways: Mapping[str, Way]) -> Criterion:
    state = State.UNVERIFIED
    if "by" in given:
        state = State.TESTED
    elif "looked" in given:
        state = State.LOOKED
    elif given.get("absent"):
        state = State.ABSENT
    looked = given["looked"].isoformat() if "looked" in given else ""
    used = tuple(ways[name] for name in given.get("by", ()))
    return Criterion(number, _label(given), state, used, looked)
