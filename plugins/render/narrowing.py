"""The ways to narrow a list: the terms of each facet with their words and their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.render.listing import facets_of
from plugins.render.shown import Setting, TermShown
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import shown_term
from plugins.schema import ContentType, Index


@dataclass(frozen=True, slots=True)
class FacetShown:
    """One way to narrow a list: the field's name and its terms, each with its number."""

    field: str
    label: str
    terms: tuple[tuple[TermShown, int], ...]


def facets_shown(
    content_type: ContentType, theme: Theme, index: Index, lang: str
) -> tuple[FacetShown, ...]:
    setting = Setting(index, theme.site, lang)
    shown = []
    for name, counted in facets_of(content_type, index).items():
        field = content_type.facets[name]
        label = typeset(field.heading.get(lang), lang)
        terms = tuple(
            (shown_term(field, facet.term, setting, content_type), count)
            for facet, count in counted
        )
        shown.append(FacetShown(name, label, terms))
    return tuple(shown)
