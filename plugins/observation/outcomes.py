"""What the syntheses call for: what to spread, what to strengthen, what to build."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from plugins.observation.findings import Finding, findings_of, syntheses
from plugins.schema import Document, Index


class Outcome(Enum):
    """The three outcomes of the founding paper: a term of "outcomes", and the synthesis's field
    that names what it is about.
    """

    SPREAD = ("essaimer", "to_spread")
    STRENGTHEN = ("renforcer", "to_strengthen")
    BUILD = ("construire", "to_build")

    @property
    def term(self) -> str:
        return self.value[0]

    @property
    def field(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Called:
    """A finding that calls for an outcome, with the synthesis it stands in."""

    synthesis: Document
    finding: Finding


@dataclass(frozen=True, slots=True)
class Entry:
    """An initiative or a need on one of the lists: the syntheses that put it there and, of their
    findings with this outcome, those that an observation ties to it.
    """

    document: Document
    syntheses: tuple[Document, ...]
    findings: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """One of the three lists: what it is about, and every finding that calls for it."""

    outcome: Outcome
    entries: tuple[Entry, ...]
    findings: tuple[Called, ...]

    def __bool__(self) -> bool:
        return bool(self.entries or self.findings)


def outlook(outcome: Outcome, index: Index) -> Outlook:
    """What the syntheses call for of one kind, what most of them name first.

    A finding that nothing supports any more calls for nothing.
    """
    called = tuple(
        Called(synthesis, finding)
        for synthesis in syntheses(index)
        for finding in findings_of(synthesis, index)
        if finding.outcome == outcome.term and finding.stands
    )
    naming: dict[str, list[Document]] = {}
    for synthesis in syntheses(index):
        for reference in _named(synthesis, outcome):
            naming.setdefault(reference, []).append(synthesis)
    entries = [
        Entry(document, tuple(found), _tied(document, found, called, index))
        for reference, found in naming.items()
        if (document := index.get(reference)) is not None
    ]
    entries.sort(key=lambda entry: -len(entry.syntheses))
    return Outlook(outcome, tuple(entries), called)


def _named(synthesis: Document, outcome: Outcome) -> tuple[str, ...]:
    field = synthesis.type.fields.get(outcome.field)
    value = synthesis.data.get(outcome.field)
    return tuple(dict.fromkeys(field.kind.references(value))) if field else ()


def _tied(
    document: Document, naming: list[Document], called: tuple[Called, ...], index: Index
) -> tuple[Called, ...]:
    """The findings whose supporting observations name the document, or are named by it."""
    near = {one.ref for one in (*index.mentions(document), *index.references(document))}
    return tuple(
        one
        for one in called
        if one.synthesis in naming and any(o.ref in near for o in one.finding.supporting)
    )
