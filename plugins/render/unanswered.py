"""The pages of the needs without answer, by theme and territory, and their feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from plugins.observation.hearing import NEED
from plugins.observation.unanswered import grouped, unanswered
from plugins.render.channels import ENTRIES, LANG, Channel, channel_of
from plugins.render.leaves import Leaf, leaves
from plugins.render.listing import feed_stem
from plugins.render.rows import rows
from plugins.render.shown import LinkShown, Setting, TermShown
from plugins.render.site import Site
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import document_link, shown_term
from plugins.render.words import words
from plugins.schema import ContentType, Document, Index

UNANSWERED = "sans-reponse"  # below the list of needs; no slug
WAYS = ("themes", "place")


@dataclass(frozen=True, slots=True)
class WayShown:
    """The needs by the terms of one field."""

    label: str
    terms: tuple[tuple[TermShown, tuple[LinkShown, ...]], ...]


def unanswered_pages(theme: Theme, index: Index, lang: str) -> Iterator[tuple[str, str]]:
    """Each page of the list, with its site path."""
    content_type = index.schema.types[NEED]
    for leaf in leaves(unanswered(index), f"{content_type.list_url}{UNANSWERED}/"):
        yield leaf.path, _page(leaf, theme, index, lang)


def _page(leaf: Leaf[Document], theme: Theme, index: Index, lang: str) -> str:
    content_type = index.schema.types[NEED]
    setting, needs = Setting(index, theme.site, lang), tuple(leaf.entries)
    found = (_way(name, needs, setting) for name in WAYS)
    return theme.render(
        "unanswered.html",
        lang,
        leaf.path,
        type=content_type,
        leaf=leaf,
        rows=tuple(
            replace(shown, helped=need.slug)
            for need, shown in zip(needs, rows(needs, theme, index, lang), strict=True)
        ),
        ways=tuple(way for way in found if way.terms),
        feed=_stem(content_type),
    )


def _way(name: str, needs: tuple[Document, ...], setting: Setting) -> WayShown:
    content_type = setting.index.schema.types[NEED]
    field = content_type.fields.get(name)
    if field is None:
        return WayShown("", ())
    groups = grouped(needs, name, setting.index)
    return WayShown(
        typeset(field.heading.get(setting.lang), setting.lang),
        tuple(
            (
                shown_term(field, group.term, setting, content_type),
                tuple(document_link(need, setting) for need in group.needs),
            )
            for group in groups
        ),
    )


def unanswered_href(
    index: Index, site: Site, lang: str, content_type: ContentType | None = None
) -> str:
    """Where the list of needs leads to those without answer; "" from other lists, and of none."""
    needs = content_type or index.schema.types.get(NEED)
    if needs is None or needs.name != NEED or not unanswered(index):
        return ""
    return site.href(f"{needs.list_url}{UNANSWERED}/", lang)


def unanswered_channel(theme: Theme, index: Index) -> Channel:
    """The last changed first, as in all feeds."""
    content_type = index.schema.types[NEED]
    needs = sorted(unanswered(index), key=lambda need: (need.updated, need.ref), reverse=True)
    title = f"{words(LANG).gettext('Needs without answer')} – {theme.schema.site.name.get(LANG)}"
    page = f"{content_type.list_url}{UNANSWERED}/"
    return channel_of(theme, _stem(content_type), title, page, tuple(needs[:ENTRIES]))


def _stem(content_type: ContentType) -> str:
    return f"{feed_stem(content_type)}/{UNANSWERED}"
