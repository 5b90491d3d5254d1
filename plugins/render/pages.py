"""The site's pages: one document, one page of a list, the home page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from markupsafe import Markup

from plugins.observation.findings import SYNTHESIS, cited
from plugins.render import evidence, facts, hearing
from plugins.render.agenda import add_href, agenda_ways
from plugins.render.atlas import map_href, whereabouts
from plugins.render.directory import columns, directory_href
from plugins.render.figures import Figure, figures, figures_path
from plugins.render.glossary import glossary_href, words_shown
from plugins.render.health import told, without_health
from plugins.render.linked_data import linked_data
from plugins.render.listing import Facet, Listing, listing, newest, parted
from plugins.render.narrowing import FacetShown, facets_shown
from plugins.render.observing import figures_href
from plugins.render.outlooks import OutcomeLink, outcome_links
from plugins.render.rows import Rows, row
from plugins.render.shown import LinkShown, Section, Setting, TermShown
from plugins.render.states import with_days
from plugins.render.surroundings import Surroundings, surroundings
from plugins.render.theme import Theme
from plugins.render.unanswered import unanswered_href
from plugins.render.values import document_link, shown_term
from plugins.schema import ContentType, Document, Index, Schema, withhold, write

HOME_ROWS = {"initiative": 5, "need": 4, "synthesis": 3, "event": 3}
HOME_FACET = "initiative"


def document_page(
    theme: Theme,
    document: Document,
    index: Index,
    lang: str = "fr",
    *,
    banner: Markup | None = None,
    foot: Markup | None = None,
) -> str:
    """The page of a document.

    A preview is the same with a `banner` at the top of its body and a `foot` under it, and without
    the ways on from a published page (to its forms, its past, its other language): at its address
    there may be nothing yet, or another page.
    """
    setting = Setting(index, theme.site, lang, document.lang)
    around = surroundings(document, theme, index, lang, setting)
    shown = withhold(document, theme.site.built)
    return theme.render(
        "document.html",
        lang,
        None if banner else document.url,
        banner=banner,
        foot=foot,
        document=shown,
        digest=digest(document),
        doubt=None if around.kept else facts.doubt(document, theme.site.built),
        marks=facts.marks(shown, setting),
        sections=_sections(document, shown, setting, around),
        around=around,
        withdrawn=evidence.withdrawn_on(document),
        figures=_own_figures(document, setting),
        figures_path=figures_path(document),
        health=told(shown, index, lang),
        glossary_href=glossary_href(setting),
        dictionary=words_shown(document, setting),
        linked_data="" if banner else linked_data(shown, setting),
        add_href="" if banner else add_href(document, theme.site),
    )


def _sections(
    document: Document, shown: Document, setting: Setting, around: Surroundings
) -> tuple[Section, ...]:
    """What it says, with what follows from it; `shown` is the document without what is withheld."""
    found = facts.sections(without_health(shown), setting, around.gathered)
    found = with_days(found, document, setting)
    found = evidence.with_findings(found, document, setting)
    return hearing.with_hearing(found, document, setting)


def _own_figures(document: Document, setting: Setting) -> tuple[Figure, ...]:
    """The figures of the observations that a synthesis cites."""
    if document.type.name != SYNTHESIS:
        return ()
    return figures(cited(document, setting.index), setting)


def digest(document: Document) -> str:
    """Tells two states of a document apart: 16 hexadecimal digits of its file's SHA-256."""
    return hashlib.sha256(write(document).encode()).hexdigest()[:16]


class Common:
    """What all lists of a type have in one language: its rows, the ways to narrow them, its map."""

    def __init__(self, content_type: ContentType, theme: Theme, index: Index, lang: str) -> None:
        self.rows = Rows(theme, index, lang)
        self.facets = facets_shown(content_type, theme, index, lang)
        self.map_href = map_href(theme, content_type, self.facets, lang)


def list_page(
    theme: Theme,
    content_type: ContentType,
    index: Index,
    lang: str = "fr",
    number: int = 1,
    *,
    facet: Facet | None = None,
    common: Common | None = None,
) -> str:
    """One page of a type's list. Raises `LookupError` when there is no such page.

    `common`: what all lists of the type have, where it was made for another of them.
    """
    common = common or Common(content_type, theme, index, lang)
    today = theme.site.built
    page = listing(content_type, index, number, facet, today=today)
    coming, past = parted(page.entries, today)
    return theme.render(
        "list.html",
        lang,
        page.path,
        listing=page,
        chosen=_chosen_term(page, theme, index, lang),
        rows=common.rows.of(coming),
        past=common.rows.of(past),
        facets=common.facets,
        whereabouts=whereabouts(page, theme, common.facets),
        map_href=common.map_href,
        legend=_legend(content_type, theme, index, lang),
        columns=columns(content_type, lang),
        directory_href=directory_href(content_type, theme.site),
        forms=_forms(content_type, theme.schema),
        outcomes=_ways_on(page, theme, index, lang),
        figures_href=figures_href(index, theme.site, lang, content_type),
        unanswered_href=unanswered_href(index, theme.site, lang, content_type),
        agenda=agenda_ways(index, theme.site, lang, content_type, facet),
    )


def _forms(content_type: ContentType, schema: Schema) -> tuple[ContentType, ...]:
    """The types whose forms a list offers: its own first."""
    own = (content_type,) if content_type.contribute else ()
    return (*own, *(schema.types[name] for name in content_type.invites))


def _ways_on(page: Listing, theme: Theme, index: Index, lang: str) -> tuple[OutcomeLink, ...]:
    """What the first page of all syntheses leads to."""
    if page.facet or page.number > 1:
        return ()
    return outcome_links(index, Setting(index, theme.site, lang), page.content_type)


def _chosen_term(page: Listing, theme: Theme, index: Index, lang: str) -> TermShown | None:
    if page.facet is None:
        return None
    field = page.content_type.facets[page.facet.field]
    return shown_term(field, page.facet.term, Setting(index, theme.site, lang))


def _legend(
    content_type: ContentType, theme: Theme, index: Index, lang: str
) -> tuple[TermShown, ...]:
    """The marks that the rows of a list carry, so that they can be read."""
    setting = Setting(index, theme.site, lang)
    for name in content_type.list:
        field = content_type.fields[name]
        if field.kind.name != "choice":
            continue
        terms = index.vocabularies[getattr(field.kind, "vocabulary", "")].terms
        shown = tuple(shown_term(field, key, setting, content_type) for key in terms)
        if any(term.mark for term in shown):
            return shown
    return ()


def home_page(theme: Theme, index: Index, lang: str = "fr") -> str:
    """The front page: what this place is, what is new, how to find and how to contribute."""
    latest = {
        name: tuple(
            row(d, theme, index, lang)
            for d in parted(newest(index.listed(name)), theme.site.built)[0][:count]
        )
        for name, count in HOME_ROWS.items()
        if name in index.schema.types
    }
    ways: tuple[FacetShown, ...] = ()
    if HOME_FACET in index.schema.types:
        ways = facets_shown(index.schema.types[HOME_FACET], theme, index, lang)
    return theme.render(
        "home.html",
        lang,
        "",
        latest=latest,
        digest=_latest_digest(theme, index, lang),
        outcomes=outcome_links(index, Setting(index, theme.site, lang)),
        unanswered_href=unanswered_href(index, theme.site, lang),
        ways={way.field: way for way in ways},
    )


@dataclass(frozen=True, slots=True)
class DigestShown:
    """The last issue of the watch: its link, date and first items."""

    link: LinkShown
    document: Document
    items: tuple[LinkShown, ...]


def _latest_digest(theme: Theme, index: Index, lang: str) -> DigestShown | None:
    if not (documents := newest(index.of("digest"))):
        return None
    latest = documents[0]
    setting = Setting(index, theme.site, lang, latest.lang)
    shown = [f for section in facts.sections(latest, setting) for f in section.long]
    items = next((f.value for f in shown if f.shape == "items"), ())
    page = document_link(latest, setting)
    lines = tuple(
        LinkShown(item.title, f"{page.href}#{item.id}", lang=page.lang) for item in items[:4]
    )
    return DigestShown(page, latest, lines)
