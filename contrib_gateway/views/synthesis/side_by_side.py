"""Observations side by side: a column for each viewpoint, with the words and terms it uses most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contrib_gateway.synthesis import counted
from plugins.observation.findings import OBSERVATION, VIEWPOINT
from plugins.observation.passages import PARTS, QUOTES, UNDERSTOOD, Passage, passages
from plugins.observation.tallies import (
    DIFFICULTIES,
    NEEDS,
    PRACTICES,
    Count,
    by_number,
    by_viewpoint,
)
from plugins.observation.terms import Used, terms
from plugins.render.evidence import ObservationShown, observation_shown
from plugins.render.shown import Setting, TermShown
from plugins.render.values import shown_term
from plugins.schema import Document

PER_PAGE = 8  # observations of a column; their sentences are boxes, which a form has a limit of
WORDS, TERMS = 12, 6  # that a column counts
TALLIED = (DIFFICULTIES, NEEDS, PRACTICES)


@dataclass(frozen=True)
class Told:
    """What one question of an observation was answered. `apart`: what somebody makes of it."""

    label: str
    apart: bool
    quoted: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Read:
    """One observation, to be picked from. `terms`: (question, its answers in words)."""

    id: str
    shown: ObservationShown
    told: tuple[Told, ...]
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """All that was seen from one viewpoint, counted, and its part of this page."""

    viewpoint: TermShown
    number: int
    words: tuple[Used, ...]
    counts: tuple[tuple[str, str], ...]
    observations: tuple[Read, ...]


@dataclass(frozen=True)
class Spread:
    """One page of columns, and how many there are."""

    columns: tuple[Column, ...]
    number: int
    pages: int


def spread(found: Sequence[Document], number: int, setting: Setting) -> Spread:
    """The page of that number, or the nearest there is. Viewpoints that nobody spoke from have
    their column too: who is absent is part of what is seen.
    """
    counts = by_viewpoint(found, setting.index).counts
    pages = max(1, *(-(-count.number // PER_PAGE) for count in counts)) if counts else 1
    number = min(max(number, 1), pages)
    return Spread(tuple(_column(count, number, setting) for count in counts), number, pages)


def _column(count: Count, number: int, setting: Setting) -> Column:
    index, declared = setting.index, setting.index.schema.types[OBSERVATION]
    tallied = []
    for name in TALLIED:
        if name in declared.fields and (found := by_number(name, count.documents, index).counts):
            label = declared.fields[name].heading.get(setting.lang)
            tallied.append((label, counted(name, found[:TERMS], index, setting.lang)))
    shown = count.documents[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Column(
        shown_term(declared.fields[VIEWPOINT], count.key, setting),
        count.number,
        terms(count.documents, WORDS),
        tuple(tallied),
        tuple(_read(one, setting) for one in shown),
    )


def _read(observation: Document, setting: Setting) -> Read:
    fields, found = observation.type.fields, passages(observation)
    told = (
        Told(
            fields[part].heading.get(setting.lang),
            part == UNDERSTOOD,
            part == QUOTES,
            tuple(one for one in found if one.part == part),
        )
        for part in PARTS
        if part in fields
    )
    answered = [
        (fields[name].heading.get(setting.lang), by_number(name, (observation,), setting.index))
        for name in (DIFFICULTIES, NEEDS)
        if name in fields
    ]
    named = (
        (label, ", ".join(_label(name.name, count.key, setting) for count in name.counts))
        for label, name in answered
    )
    return Read(
        observation.id,
        observation_shown(observation, setting),
        tuple(one for one in told if one.passages),
        tuple((label, said) for label, said in named if said),
    )


def _label(name: str, key: str, setting: Setting) -> str:
    return shown_term(setting.index.schema.types[OBSERVATION].fields[name], key, setting).label
