"""What the syntheses call for: the pages and the feed of each of the three outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.observation.findings import SYNTHESIS, syntheses
from plugins.observation.outcomes import Called, Entry, Outcome, Outlook, outlook
from plugins.render import channels
from plugins.render.channels import LANG, Channel, built, moment, xml_text
from plugins.render.evidence import FindingShown, finding_shown, outcome_path, outcome_term
from plugins.render.leaves import Leaf, leaves
from plugins.render.rows import Row, row
from plugins.render.shown import LinkShown, Setting, TermShown
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import document_link
from plugins.schema import ContentType, Document, Index


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An initiative or a need on a list, and what put it there."""

    row: Row
    syntheses: tuple[LinkShown, ...]
    findings: tuple[FindingShown, ...]


@dataclass(frozen=True, slots=True)
class OutcomeLink:
    """One of the three lists, with the number of its entries and of its findings."""

    term: TermShown
    entries: int
    findings: int


def outcome_pages(
    theme: Theme, index: Index, outcome: Outcome, lang: str
) -> Iterator[tuple[str, str]]:
    """Each page of the list, with its site path: what is named, then the findings."""
    found = outlook(outcome, index)
    entries: tuple[Entry | Called, ...] = (*found.entries, *found.findings)
    for leaf in leaves(entries, outcome_path(outcome.term, index)):
        yield leaf.path, _page(found, leaf, theme, index, lang)


def _page(found: Outlook, leaf: Leaf[Entry | Called], theme: Theme, index: Index, lang: str) -> str:
    setting, outcome = Setting(index, theme.site, lang), found.outcome
    others = (one for one in outcome_links(index, setting) if one.term.key != outcome.term)
    return theme.render(
        "outcome.html",
        lang,
        leaf.path,
        leaf=leaf,
        type=index.schema.types[SYNTHESIS],
        outcome=outcome_term(outcome.term, setting),
        entries=tuple(
            _entry(one, theme, index, lang) for one in leaf.entries if isinstance(one, Entry)
        ),
        findings=tuple(_finding(one, setting) for one in leaf.entries if isinstance(one, Called)),
        called=len(found.findings),
        others=tuple(others),
        feed=outcome_stem(outcome, index),
    )


def outcome_links(
    index: Index, setting: Setting, content_type: ContentType | None = None
) -> tuple[OutcomeLink, ...]:
    """The three lists; none where a site has no syntheses, nor on the list of another type."""
    if not syntheses(index) or (content_type and content_type.name != SYNTHESIS):
        return ()
    found = ((outcome_term(one.term, setting), outlook(one, index)) for one in Outcome)
    return tuple(
        OutcomeLink(term, len(held.entries), len(held.findings)) for term, held in found if term
    )


def _entry(entry: Entry, theme: Theme, index: Index, lang: str) -> EntryShown:
    setting = Setting(index, theme.site, lang)
    return EntryShown(
        row(entry.document, theme, index, lang),
        tuple(document_link(one, setting) for one in entry.syntheses),
        tuple(_finding(called, setting) for called in entry.findings),
    )


def _finding(called: Called, setting: Setting) -> FindingShown:
    return finding_shown(called.finding, called.synthesis, setting)


def outcome_stem(outcome: Outcome, index: Index) -> str:
    return f"feeds/{index.schema.types[SYNTHESIS].folder}/a-{outcome.term}"


def outcome_channel(theme: Theme, index: Index, outcome: Outcome) -> Channel:
    """The feed of an outcome: what is on its list, then the findings, as old as the synthesis that
    put them there; the last first.
    """
    setting = Setting(index, theme.site, LANG)
    term = outcome_term(outcome.term, setting)
    label = term.label if term else outcome.term
    entries = sorted(
        _entries(theme, outlook(outcome, index), label, setting),
        key=lambda entry: (entry.updated, entry.id),
        reverse=True,
    )
    return Channel(
        outcome_stem(outcome, index),
        xml_text(f"{label} – {theme.schema.site.name.get(LANG)}"),
        outcome_path(outcome.term, index),
        tuple(entries[: channels.ENTRIES]),
    )


def _entries(
    theme: Theme, found: Outlook, label: str, setting: Setting
) -> Iterator[channels.Entry]:
    term = found.outcome.term
    for entry in found.entries:
        first, document = entry.syntheses[-1], entry.document
        id = f"{term}-{document.id or document.ref}"
        url = theme.site.absolute(document.url or "")
        yield _told(theme, id, document.title, url, by=first, label=label)
    for called in found.findings:
        synthesis, finding = called.synthesis, called.finding
        id = f"{term}-{synthesis.id or synthesis.ref}-{finding.id}"
        url = theme.site.absolute(f"{synthesis.url or ''}#{finding.id}")
        yield _told(theme, id, finding.claim, url, by=synthesis, label=label)


def _told(
    theme: Theme, id: str, words: str, url: str, *, by: Document, label: str
) -> channels.Entry:
    """An entry that a synthesis made: it is as old as that."""
    when = moment(str(by.data.get("date", ""))) or built(theme)
    return channels.Entry(
        id=theme.site.tag(id),
        title=xml_text(typeset(words, by.lang)),
        url=url,
        summary=xml_text(typeset(by.title, by.lang)),
        lang=by.lang,
        published=when,
        updated=when,
        tags=(xml_text(label),),
    )
