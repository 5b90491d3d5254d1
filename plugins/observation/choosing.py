"""Which observations are read together: by theme, territory and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugins.observation.findings import OBSERVATION
from plugins.observation.tallies import DATE, PLACE, THEMES, observations
from plugins.schema import Document, Field, Index, Problem


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked: any of the `themes`; a `territory` with what lies within it; from the month
    `first` to the month `last` ("2026-11"). What is empty asks nothing.
    """

    themes: tuple[str, ...] = ()
    territory: str = ""
    first: str = ""
    last: str = ""

    def problems(self, index: Index) -> list[Problem]:
        """What cannot be understood of it; such a month asks nothing."""
        asked = _fields(index)
        return [
            problem
            for name in ("first", "last")
            if (month := getattr(self, name))
            for problem in asked[DATE].kind.check(month, name, index)
        ]


def read_choice(
    themes: tuple[str, ...], territory: str, first: str, last: str, index: Index
) -> Choice:
    """A choice as it was typed; a term that there is not, is not asked."""
    asked = _fields(index)
    known = index.vocabularies[getattr(asked[THEMES].kind, "vocabulary", "")].terms
    return Choice(
        tuple(key for key in dict.fromkeys(themes) if key in known),
        territory if territory in index.schema.territories else "",
        str(asked[DATE].kind.parse(first) or ""),
        str(asked[DATE].kind.parse(last) or ""),
    )


def chosen(choice: Choice, index: Index) -> tuple[Document, ...]:
    """The published observations that fit, the latest first."""
    found = observations(index)
    if choice.themes:
        found = index.with_term(OBSERVATION, THEMES, *choice.themes)
    if choice.territory:
        name = getattr(_fields(index)[PLACE].kind, "vocabulary", "")
        keys = index.vocabularies[name].inside(choice.territory)
        there = {one.ref for one in index.with_term(OBSERVATION, PLACE, *keys)}
        found = tuple(one for one in found if one.ref in there)
    wrong = {problem.field for problem in choice.problems(index)}
    first = "" if "first" in wrong else choice.first
    last = "" if "last" in wrong else choice.last
    return tuple(
        one
        for one in found
        if (not first or month(one) >= first) and (not last or "" < month(one) <= last)
    )


def month(observation: Document) -> str:
    """ "2026-11"; "" when it does not say."""
    return str(observation.data.get(DATE, ""))[:7]


def _fields(index: Index) -> Mapping[str, Field]:
    return index.schema.types[OBSERVATION].fields
