"""Everything the site is made of: each file's path and text, from an Index alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from plugins.observation.findings import OBSERVATION, SYNTHESIS
from plugins.observation.hearing import NEED
from plugins.observation.outcomes import Outcome
from plugins.render import (
    LANGUAGES,
    Channel,
    Theme,
    atom,
    channel,
    data,
    document_page,
    facets_of,
    home_page,
    json_feed,
    list_page,
    listings,
    parts_channel,
)
from plugins.render.accessibility import PATH as ACCESSIBILITY
from plugins.render.agenda import month_pages
from plugins.render.agenda.calendars import calendars
from plugins.render.atlas import map_pages
from plugins.render.directory import directory, directory_path, has_directory
from plugins.render.following import LIST, following_page
from plugins.render.health import health
from plugins.render.mailing import PAGE, TEXT, mail_page, mail_text
from plugins.render.observing import FIGURES, figure_files, figures_page
from plugins.render.opendata.columns import columns
from plugins.render.opendata.downloads import DATA, data_page
from plugins.render.opendata.exports import as_csv, as_geojson, as_json
from plugins.render.outlooks import outcome_channel, outcome_pages
from plugins.render.pages import Common
from plugins.render.search.page import search_page
from plugins.render.sitemap import ROBOTS, robots, sitemaps
from plugins.render.theme import FOLLOWING, SEARCH, SHEET
from plugins.render.unanswered import unanswered_channel, unanswered_pages
from plugins.schema import ContentType, Document, Index
from plugins.subscriptions import PATH as SUBSCRIPTIONS
from plugins.subscriptions import own_feeds, subscriptions

BATCH = 50  # documents whose pages are made in one go

File = tuple[str, str]
"""A path inside the output folder ("initiatives/x/index.html") and the file's text."""


Work = Callable[[], Iterator[File]]
"""Makes some of the files, and needs none of the others."""


def publication(theme: Theme, index: Index) -> Iterator[File]:
    """Every file of the site but the theme's static ones and the pictures."""
    for work in works(theme, index):
        yield from work()


def works(theme: Theme, index: Index) -> Iterator[Work]:
    """What is to be done for it, that several can share; the longest of a type come first."""
    yield partial(_front, theme, index)
    yield partial(_observation, theme, index)
    yield partial(_agenda, theme, index)
    for content_type in index.schema.types.values():
        yield partial(_lists, theme, content_type, index)
        yield partial(_data, theme, content_type, index)
        for documents in batched(index.of(content_type.name)):
            yield partial(_documents, theme, documents, index)


def batched(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), BATCH):
        yield documents[start : start + BATCH]


def _front(theme: Theme, index: Index) -> Iterator[File]:
    """The home page, the pages about all types, and the feeds of everything."""
    yield f"theme/{SHEET}", theme.sheet
    for lang in LANGUAGES:
        yield _file("", lang), home_page(theme, index, lang)
        yield _file(DATA, lang), data_page(theme, index, lang)
        yield _file(FOLLOWING, lang), following_page(theme, index, lang)
        yield _file(ACCESSIBILITY, lang), theme.render("accessibility.html", lang, ACCESSIBILITY)
        yield _file(SEARCH, lang), search_page(theme, index, lang)
    fronts = ("", DATA, FOLLOWING, ACCESSIBILITY)
    yield from sitemaps(theme.site, index, fronts)
    yield ROBOTS, robots(theme.site)
    yield LIST, own_feeds(theme, index)
    yield from _feed(theme, channel(theme, None, index))
    if found := health(theme, index):
        yield from _feed(theme, found)
    if opml := subscriptions(theme, index):
        yield SUBSCRIPTIONS, opml


def _agenda(theme: Theme, index: Index) -> Iterator[File]:
    yield from calendars(theme, index)
    for path, lang, html in month_pages(theme, index):
        yield _file(path, lang), html


def _observation(theme: Theme, index: Index) -> Iterator[File]:
    """The figures of observations, what the syntheses call for, and the needs without answer."""
    seen, understood = (index.schema.types.get(name) for name in (OBSERVATION, SYNTHESIS))
    needs = index.schema.types.get(NEED)
    if needs and needs.list_url:
        for lang in LANGUAGES:
            for path, html in unanswered_pages(theme, index, lang):
                yield _file(path, lang), html
        yield from _feed(theme, unanswered_channel(theme, index))
    if seen and seen.list_url:
        for lang in LANGUAGES:
            yield _file(f"{seen.list_url}{FIGURES}", lang), figures_page(theme, index, lang)
        yield from figure_files(theme, index)
    if understood and understood.list_url:
        for outcome in Outcome:
            for lang in LANGUAGES:
                for path, html in outcome_pages(theme, index, outcome, lang):
                    yield _file(path, lang), html
            yield from _feed(theme, outcome_channel(theme, index, outcome))


def _file(path: str, lang: str) -> str:
    return f"{_prefix(lang)}{path}index.html"


def _prefix(lang: str) -> str:
    return "" if lang == LANGUAGES[0] else f"{lang}/"


def _lists(theme: Theme, content_type: ContentType, index: Index) -> Iterator[File]:
    if content_type.list_url is None:
        return
    if has_directory(content_type):
        yield directory_path(content_type), directory(content_type, index, theme.site)
    common = {lang: Common(content_type, theme, index, lang) for lang in LANGUAGES}
    for listing in listings(content_type, index):
        for lang in LANGUAGES:
            number, facet = listing.number, listing.facet
            html = list_page(
                theme, content_type, index, lang, number, facet=facet, common=common[lang]
            )
            yield _file(listing.path, lang), html
    for lang in LANGUAGES:
        for path, html in map_pages(theme, content_type, index, lang, common[lang].facets):
            yield _file(path, lang), html
    for facet in (
        None,
        *(facet for found in facets_of(content_type, index).values() for facet, _ in found),
    ):
        yield from _feed(theme, channel(theme, content_type, index, facet))
    if content_type.parts:
        yield from _feed(theme, parts_channel(theme, content_type, index))


def _feed(theme: Theme, channel: Channel) -> Iterator[File]:
    yield f"{channel.stem}.atom", atom(theme, channel)
    yield f"{channel.stem}.json", json_feed(theme, channel)


def _data(theme: Theme, content_type: ContentType, index: Index) -> Iterator[File]:
    rows, stem = data(content_type, index, theme.site), f"data/{content_type.folder}"
    names = [column.name for column in columns(content_type, index.schema, LANGUAGES[0])]
    yield f"{stem}.json", as_json(rows)
    yield f"{stem}.csv", as_csv(rows, content_type, names)
    yield f"{stem}.geojson", as_geojson(rows, content_type, index.schema)


def _documents(theme: Theme, documents: Sequence[Document], index: Index) -> Iterator[File]:
    for document in documents:
        yield from _pages(theme, document, index)


def _pages(theme: Theme, document: Document, index: Index) -> Iterator[File]:
    """The document's page in each language, and a redirection at each of its old addresses."""
    if document.url is None or document.type.url is None:
        return
    for lang in LANGUAGES:
        yield _file(document.url, lang), document_page(theme, document, index, lang)
        if document.type.parts:
            yield _file(f"{document.url}{PAGE}", lang), mail_page(document, theme, index, lang)
            text = mail_text(document, theme, index, lang)
            yield f"{_prefix(lang)}{document.url}{TEXT}", text
        for name in document.aliases:
            old = document.type.url.replace("{slug}", name)
            to = theme.site.href(document.url, lang)
            yield _file(old, lang), theme.render("redirect.html", lang, document.url, to=to)
