"""Pages of the observation beside those of its documents: figures, and the three outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.observation.findings import OBSERVATION, SYNTHESIS, cited, syntheses
from plugins.observation.outcomes import Called, Entry, Outcome, outlook
from plugins.observation.tallies import observations
from plugins.render.evidence import FindingShown, finding_shown, outcome_path, outcome_term
from plugins.render.figures import Figure, csv_text, figures, figures_path
from plugins.render.rows import Row, row
from plugins.render.shown import LinkShown, Setting, TermShown
from plugins.render.site import FIRST_LANGUAGE, LANGUAGES, Site
from plugins.render.theme import Theme
from plugins.render.values import document_link
from plugins.render.words import words
from plugins.schema import ContentType, Index

FIGURES = "chiffres/"  # below the list of observations; no slug


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


def observing(theme: Theme, index: Index) -> Iterator[tuple[str, str, str]]:
    """Those pages and files: (path without language, language, text); "" for what has none."""
    types = index.schema.types
    if OBSERVATION in types and types[OBSERVATION].list_url:
        for lang in LANGUAGES:
            yield f"{types[OBSERVATION].list_url}{FIGURES}", lang, figures_page(theme, index, lang)
        yield from _files(theme, index)
    if SYNTHESIS in types and types[SYNTHESIS].list_url:
        for lang in LANGUAGES:
            for outcome in Outcome:
                setting = Setting(index, theme.site, lang)
                path = outcome_path(outcome.term, setting)
                yield path, lang, outcome_page(theme, index, outcome, lang)


def _files(theme: Theme, index: Index) -> Iterator[tuple[str, str, str]]:
    setting = Setting(index, theme.site, FIRST_LANGUAGE)
    total = words(FIRST_LANGUAGE).gettext("Observations")
    found = [(figures_path(), observations(index))]
    found += [(figures_path(one), cited(one, index)) for one in syntheses(index)]
    for folder, documents in found:
        for figure in figures(documents, setting):
            yield f"{folder}{figure.name}.csv", "", csv_text(figure, total)


def figures_page(theme: Theme, index: Index, lang: str) -> str:
    content_type = index.schema.types[OBSERVATION]
    setting = Setting(index, theme.site, lang)
    drawn: tuple[Figure, ...] = figures(observations(index), setting, content_type)
    return theme.render(
        "figures.html",
        lang,
        f"{content_type.list_url}{FIGURES}",
        type=content_type,
        figures=drawn,
        figures_path=figures_path(),
        total=len(observations(index)),
    )


def outcome_page(theme: Theme, index: Index, outcome: Outcome, lang: str) -> str:
    setting = Setting(index, theme.site, lang)
    found = outlook(outcome, index)
    return theme.render(
        "outcome.html",
        lang,
        outcome_path(outcome.term, setting),
        type=index.schema.types[SYNTHESIS],
        outcome=outcome_term(outcome.term, setting),
        entries=tuple(_entry(entry, theme, index, lang) for entry in found.entries),
        findings=tuple(_finding(called, setting) for called in found.findings),
        others=tuple(one for one in outcome_links(index, setting) if one.term.key != outcome.term),
    )


def figures_href(index: Index, site: Site, lang: str, content_type: ContentType) -> str:
    """Where the list of observations leads to their figures; "" from other lists, and of none."""
    if content_type.name != OBSERVATION or not observations(index):
        return ""
    return site.href(f"{content_type.list_url}{FIGURES}", lang)


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
