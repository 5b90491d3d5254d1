"""The findings of a synthesis, each with the standing that its citations give it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plugins.schema import Document, Index, Value

SYNTHESIS, OBSERVATION = "synthesis", "observation"
FINDINGS, WITHDRAWALS = "findings", "withdrawals"  # fields of a synthesis
SUPPORTING, CONTRADICTING, WITHDRAWN = "supporting", "contradicting", "withdrawn"  # of a finding
VIEWPOINT = "viewpoint"


class Standing(StrEnum):
    """How far a finding can be relied on."""

    CROSSED = "crossed"
    DIVERGENT = "divergent"
    ISOLATED = "isolated"
    WITHDRAWN = "withdrawn"


def standing(supporting: Collection[str], contradicting: Collection[str]) -> Standing:
    """The standing of a finding, from the viewpoints of the observations on each side.

    What nothing supports does not stand, whatever contradicts it; a contradiction outranks any
    number of supporters; two viewpoints that support it cross, however many observations each has.
    """
    if not supporting:
        return Standing.WITHDRAWN
    if contradicting:
        return Standing.DIVERGENT
    return Standing.CROSSED if len(set(supporting)) > 1 else Standing.ISOLATED


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its claim, the observations for and against it that there are, its outcome (a
    term of "outcomes", or "") and the day its last support was withdrawn ("2026-11-30", or "").

    `id` is its anchor on the page of its synthesis.
    """

    id: str
    claim: str
    supporting: tuple[Document, ...] = ()
    contradicting: tuple[Document, ...] = ()
    outcome: str = ""
    withdrawn: str = ""

    @property
    def standing(self) -> Standing:
        return standing(
            [viewpoint(one) for one in self.supporting],
            [viewpoint(one) for one in self.contradicting],
        )

    @property
    def stands(self) -> bool:
        return self.standing is not Standing.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Citation:
    """A finding that an observation supports or contradicts, and the synthesis it stands in."""

    synthesis: Document
    finding: Finding
    supports: bool


def viewpoint(observation: Document) -> str:
    """From where it was seen: a term of "viewpoints"; "" when it does not say."""
    return str(observation.data.get(VIEWPOINT, ""))


def viewpoints(observations: Collection[Document]) -> Mapping[str, int]:
    """How many of the observations were made from each viewpoint; those that none was made from
    are not among them.
    """
    return Counter(viewpoint(one) for one in observations)


def findings_of(synthesis: Document, index: Index) -> tuple[Finding, ...]:
    """The findings of a synthesis in its order. What has not the shape of one is none."""
    rows = synthesis.data.get(FINDINGS)
    found = enumerate(rows if isinstance(rows, list) else (), 1)
    return tuple(_finding(row, number, index) for number, row in found if isinstance(row, dict))


def _finding(row: Mapping[str, Value], number: int, index: Index) -> Finding:
    return Finding(
        id=str(row.get("id") or f"{FINDINGS}-{number}"),
        claim=str(row.get("claim", "")),
        supporting=_observations(row.get(SUPPORTING), index),
        contradicting=_observations(row.get(CONTRADICTING), index),
        outcome=str(row.get("outcome", "")),
        withdrawn=str(row.get(WITHDRAWN, "")),
    )


def _observations(references: Value, index: Index) -> tuple[Document, ...]:
    """Those of the references that are observations of the index, each once."""
    given = references if isinstance(references, list) else []
    texts = dict.fromkeys(entry for entry in given if isinstance(entry, str))
    found = (index.get(reference) for reference in texts)
    return tuple(one for one in found if one is not None and one.type.name == OBSERVATION)


def cited(synthesis: Document, index: Index) -> tuple[Document, ...]:
    """The observations that a synthesis cites anywhere, each once, in its order."""
    return tuple(one for one in index.references(synthesis) if one.type.name == OBSERVATION)


def syntheses(index: Index) -> tuple[Document, ...]:
    """All syntheses, none where a site has no such type."""
    return index.of(SYNTHESIS)


def citing(observation: Document, index: Index) -> tuple[Document, ...]:
    """The syntheses that cite an observation anywhere; none for another document."""
    if observation.type.name != OBSERVATION:
        return ()
    return tuple(one for one in index.mentions(observation) if one.type.name == SYNTHESIS)


def citations(observation: Document, index: Index) -> Iterator[Citation]:
    """Each finding that cites an observation, in the order of the syntheses and of their findings.

    One that cites it on both sides comes twice.
    """
    for synthesis in citing(observation, index):
        for finding in findings_of(synthesis, index):
            for side, supports in ((finding.supporting, True), (finding.contradicting, False)):
                if any(one.ref == observation.ref for one in side):
                    yield Citation(synthesis, finding, supports)
