"""Everything the site is made of: each file's path and text, from an Index alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

from plugins.render import (
    LANGUAGES,
    Theme,
    atom,
    data,
    document_page,
    home_page,
    list_page,
    listings,
)
from plugins.render.listing import facets_of, feed_path
from plugins.render.pages import facets_shown
from plugins.schema import ContentType, Document, Index

File = tuple[str, str]
"""A path inside the output folder ("initiatives/x/index.html") and the file's text."""


def publication(theme: Theme, index: Index) -> Iterator[File]:
    """Every file of the site but the theme's static ones and the pictures."""
    for lang in LANGUAGES:
        yield _file("", lang), home_page(theme, index, lang)
    yield feed_path(None), atom(theme, None, index)
    for content_type in index.schema.types.values():
        yield from _lists(theme, content_type, index)
        yield from _data(theme, content_type, index)
        for document in index.of(content_type.name):
            yield from _pages(theme, document, index)


def _file(path: str, lang: str) -> str:
    prefix = "" if lang == LANGUAGES[0] else f"{lang}/"
    return f"{prefix}{path}index.html"


def _lists(theme: Theme, content_type: ContentType, index: Index) -> Iterator[File]:
    if content_type.list_url is None:
        return
    facets = {lang: facets_shown(content_type, theme, index, lang) for lang in LANGUAGES}
    for listing in listings(content_type, index):
        for lang in LANGUAGES:
            number, facet = listing.number, listing.facet
            html = list_page(
                theme, content_type, index, lang, number, facet=facet, facets=facets[lang]
            )
            yield _file(listing.path, lang), html
    yield feed_path(content_type), atom(theme, content_type, index)
    for counted in facets_of(content_type, index).values():
        for facet, _ in counted:
            yield feed_path(content_type, facet), atom(theme, content_type, index, facet)


def _data(theme: Theme, content_type: ContentType, index: Index) -> Iterator[File]:
    rows = data(content_type, index, theme.site)
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)
    yield f"data/{content_type.folder}.json", f"{text}\n"


def _pages(theme: Theme, document: Document, index: Index) -> Iterator[File]:
    """The document's page in each language, and a redirection at each of its old addresses."""
    if document.url is None or document.type.url is None:
        return
    for lang in LANGUAGES:
        yield _file(document.url, lang), document_page(theme, document, index, lang)
        for name in document.aliases:
            old = document.type.url.replace("{slug}", name)
            to = theme.site.href(document.url, lang)
            yield _file(old, lang), theme.render("redirect.html", lang, document.url, to=to)
