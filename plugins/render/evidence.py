"""How findings show: their standing, the observations on each side, what an observation changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from plugins.observation.findings import (
    FINDINGS,
    OBSERVATION,
    SYNTHESIS,
    VIEWPOINT,
    WITHDRAWALS,
    Finding,
    Standing,
    citations,
    citing,
    findings_of,
    viewpoints,
)
from plugins.observation.outcomes import Outcome
from plugins.render.dates import in_words
from plugins.render.prose import Notes, paragraphs
from plugins.render.shown import DateShown, Fact, LinkShown, Section, Setting, TermShown
from plugins.render.typography import typeset
from plugins.render.values import document_link, shown_term
from plugins.render.words import Words, words
from plugins.schema import Document, Index


@dataclass(frozen=True, slots=True)
class ObservationShown:
    """An observation as it is cited: never anything finer than its place and its month."""

    link: LinkShown
    viewpoint: TermShown
    place: str
    month: DateShown

    @property
    def source(self) -> str:
        """From where it was seen, in words: for a note."""
        return ", ".join(filter(None, (self.viewpoint.label, self.place, self.month.words)))


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note at the foot of a text: its `number`, and how many `calls` of it there are."""

    number: int
    calls: int
    observation: ObservationShown


@dataclass(frozen=True, slots=True)
class Side:
    """The observations for a finding, or against it; how many from each viewpoint, with zeros."""

    observations: tuple[ObservationShown, ...]
    viewpoints: tuple[tuple[TermShown, int], ...]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """`standing` is a value of Standing; `href` leads to it, on the page of its `synthesis`. Its
    claim in `words` is one text, for a link.
    """

    id: str
    href: str
    words: str
    claim: Markup
    standing: str
    supporting: Side
    contradicting: Side
    outcome: TermShown | None
    withdrawn: str
    synthesis: LinkShown

    @property
    def lang(self) -> str:
        """That of its claim, where it is not the interface's."""
        return self.synthesis.lang


@dataclass(frozen=True, slots=True)
class CitationShown:
    finding: FindingShown
    supports: bool


@dataclass(frozen=True, slots=True)
class CitedIn:
    """A synthesis that cites an observation: in findings, or only in its text."""

    synthesis: LinkShown
    synthesis_ref: str
    citations: tuple[CitationShown, ...]


def observation_shown(document: Document, setting: Setting) -> ObservationShown:
    fields = document.type.fields
    place, month = document.data.get("place"), str(document.data.get("date", ""))[:7]
    key = str(place.get("territory", "")) if isinstance(place, dict) else ""
    where = shown_term(fields["place"], key, setting).label if key else ""
    viewpoint = str(document.data.get(VIEWPOINT, ""))
    return ObservationShown(
        document_link(document, setting),
        shown_term(fields[VIEWPOINT], viewpoint, setting),
        where,
        DateShown(month, in_words(month, setting.lang)),
    )


def notes(document: Document, setting: Setting) -> Notes:
    """What the text of a synthesis cites in notes: observations. Other texts have none."""
    in_notes = (OBSERVATION,) if document.type.name == SYNTHESIS else ()

    def told(one: Document) -> str | None:
        return observation_shown(one, setting).source if one.type.name in in_notes else None

    return Notes(told)


def notes_shown(cited: Notes, setting: Setting) -> tuple[NoteShown, ...]:
    found = ((setting.index.get(ref), calls) for ref, calls in cited.calls.items())
    return tuple(
        NoteShown(number, calls, observation_shown(one, setting))
        for number, (one, calls) in enumerate(found, 1)
        if one is not None
    )


def finding_shown(finding: Finding, synthesis: Document, setting: Setting) -> FindingShown:
    link = document_link(synthesis, setting)
    return FindingShown(
        id=finding.id,
        href=f"{link.href}#{finding.id}",
        words=typeset(finding.claim, synthesis.lang),
        claim=paragraphs(finding.claim, synthesis.lang),
        standing=str(finding.standing),
        supporting=_side(finding.supporting, setting),
        contradicting=_side(finding.contradicting, setting),
        outcome=outcome_term(finding.outcome, setting),
        withdrawn=finding.withdrawn,
        synthesis=link,
    )


def _side(documents: Sequence[Document], setting: Setting) -> Side:
    shown = tuple(observation_shown(one, setting) for one in documents)
    declared = setting.index.schema.types[OBSERVATION].fields[VIEWPOINT]
    counts = viewpoints(documents)
    terms = setting.index.vocabularies["viewpoints"].terms
    return Side(
        shown, tuple((shown_term(declared, key, setting), counts.get(key, 0)) for key in terms)
    )


def outcome_term(key: str, setting: Setting) -> TermShown | None:
    """An outcome, leading to its list where it is one of the three; None for none."""
    if not key:
        return None
    rows = setting.index.schema.types[SYNTHESIS].fields[FINDINGS].kind
    term = shown_term(getattr(rows, "fields", {})["outcome"], key, setting)
    if all(outcome.term != key for outcome in Outcome):
        return term
    return replace(term, href=setting.site.href(outcome_path(key, setting.index), setting.lang))


def outcome_path(term: str, index: Index) -> str:
    """Where the list of an outcome stands: "syntheses/a-essaimer/"; such words are no slugs."""
    return f"{index.schema.types[SYNTHESIS].list_url or ''}a-{term}/"


def with_findings(
    sections: tuple[Section, ...], document: Document, setting: Setting
) -> tuple[Section, ...]:
    """The sections of a synthesis, its findings as what they rest on; of any other as they are."""
    if document.type.name != SYNTHESIS:
        return sections
    found = findings_of(document, setting.index)
    shown = tuple(finding_shown(one, document, setting) for one in found)

    def told(fact: Fact) -> Fact:
        same = fact.name == FINDINGS and fact.shape == "items"
        return replace(fact, shape="findings", value=shown) if same else fact

    return tuple(replace(s, long=tuple(told(fact) for fact in s.long)) for s in sections)


def standings(document: Document, setting: Setting) -> tuple[Fact, ...]:
    """What a list says of a synthesis: how many of its findings stand how."""
    if document.type.name != SYNTHESIS:
        return ()
    say = words(setting.lang)
    found = [finding.standing for finding in findings_of(document, setting.index)]
    told = [_so_many(one, found.count(one), say) for one in Standing if one in found]
    return (Fact("standings", say.gettext("Findings"), "text", ", ".join(told)),) if told else ()


def _so_many(standing: Standing, number: int, say: Words) -> str:
    match standing:
        case Standing.CROSSED:
            said = say.ngettext("%(num)s crossed finding", "%(num)s crossed findings", number)
        case Standing.DIVERGENT:
            said = say.ngettext("%(num)s divergent finding", "%(num)s divergent findings", number)
        case Standing.ISOLATED:
            said = say.ngettext("%(num)s isolated finding", "%(num)s isolated findings", number)
        case Standing.WITHDRAWN:
            said = say.ngettext("%(num)s withdrawn finding", "%(num)s withdrawn findings", number)
    return said % {"num": number}


def withdrawn_on(document: Document) -> tuple[str, ...]:
    """The days on which an observation that a document cited was withdrawn, the first first."""
    rows = document.data.get(WITHDRAWALS)
    days = (
        (row.get("on") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    )
    return tuple(sorted(day for day in days if isinstance(day, str)))


def cited_in(document: Document, setting: Setting) -> tuple[CitedIn, ...]:
    """The syntheses that cite an observation, and what each makes of it."""
    found = tuple(citations(document, setting.index))
    return tuple(
        CitedIn(
            document_link(synthesis, setting),
            synthesis.ref,
            tuple(
                CitationShown(finding_shown(one.finding, synthesis, setting), one.supports)
                for one in found
                if one.synthesis.ref == synthesis.ref
            ),
        )
        for synthesis in citing(document, setting.index)
    )
