"""What the syntheses call for: what to spread, what to strengthen, what to build."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from plugins.observation.findings import Finding, findings_of, syntheses
from plugins.observation.hearing import hearing
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
    named: dict[str, Document] = {}
    naming: dict[str, list[Document]] = {}
    for synthesis in syntheses(index):
        for document in _named(synthesis, outcome, index):
            named[document.ref] = document
            naming.setdefault(document.ref, []).append(synthesis)
    entries = [
        Entry(document, tuple(naming[ref]), _tied(document, naming[ref], called, index))
        for ref, document in named.items()
    ]
    entries.sort(key=lambda entry: -len(entry.syntheses))
    return Outlook(outcome, tuple(entries), called)


def _named(synthesis: Document, outcome: Outcome, index: Index) -> tuple[Document, ...]:
    """What a synthesis names for it, each once: what was brought together, where it is kept."""
    field = synthesis.type.fields.get(outcome.field)
    references = field.kind.references(synthesis.data.get(outcome.field)) if field else ()
    found = (index.kept(one) for one in map(index.get, references) if one is not None)
    return tuple({one.ref: one for one in found}.values())


def _tied(
    document: Document, naming: list[Document], called: tuple[Called, ...], index: Index
) -> tuple[Called, ...]:
    """The findings whose supporting observations name the document, or are named by it."""
    own = hearing(document, index).needs
    near = {one.ref for need in own for one in (*index.mentions(need), *index.references(need))}
    return tuple(
        one
        for one in called
        if one.synthesis in naming and any(o.ref in near for o in one.finding.supporting)
    )
