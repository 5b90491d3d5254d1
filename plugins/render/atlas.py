"""Lists on the map: which types have one, its page, and where a territory's own list stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.render.directory import columns, directory_href
from plugins.render.listing import Listing, listing
from plugins.render.narrowing import FacetShown, facets_shown
from plugins.render.shown import TermShown
from plugins.render.theme import Theme
from plugins.schema import ContentType, Document, Index
from plugins.schema.kinds.composed import TERRITORIES

MAP = "carte/"  # no slug
Counted = tuple[TermShown, int]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a list of a territory is: `here` is the one that is drawn ("" for the whole map), those
    `beside` it and what is `wider`, each with its number.
    """

    way: FacetShown
    here: str
    beside: tuple[Counted, ...]
    wider: tuple[Counted, ...]


def way_by_place(theme: Theme, facets: tuple[FacetShown, ...]) -> FacetShown | None:
    """The facet that can be drawn; None where there is none, or no ground to draw it on."""
    of_places = (way for way in facets if way.terms[0][0].vocabulary == TERRITORIES)
    return next(of_places, None) if theme.ground else None


def map_path(content_type: ContentType) -> str:
    return f"{content_type.list_url}{MAP}"


def map_href(
    theme: Theme, content_type: ContentType, facets: tuple[FacetShown, ...], lang: str
) -> str:
    """Where a type's map is; "" where it has none."""
    has_map = way_by_place(theme, facets) is not None
    return theme.site.href(map_path(content_type), lang) if has_map else ""


def map_pages(
    theme: Theme,
    content_type: ContentType,
    index: Index,
    lang: str,
    facets: tuple[FacetShown, ...] | None = None,
) -> Iterator[tuple[str, str]]:
    """The path and the page of a type's map, if it has one. `facets`: where they are known."""
    if facets is None:
        facets = facets_shown(content_type, theme, index, lang)
    way = way_by_place(theme, facets)
    if way is None:
        return
    whole = listing(content_type, index)
    path = map_path(content_type)
    yield (
        path,
        theme.render(
            "map.html",
            lang,
            path,
            listing=whole,
            way=way,
            places=tuple(_nested(way, theme)),
            others=tuple(one for one in facets if one != way),
            nowhere=_nowhere(whole, way, index),
            columns=columns(content_type, lang),
            directory_href=directory_href(content_type, theme.site),
            map_href=theme.site.href(path, lang),
            has_parts=way.field in content_type.part_fields,
        ),
    )


def _nested(way: FacetShown, theme: Theme) -> Iterator[tuple[TermShown, int, bool]]:
    """Territories in their order, each followed by those within it, of which this is said."""
    within = {term.key: theme.schema.territories[term.key].within for term, _ in way.terms}
    for outer, count in way.terms:
        if within[outer.key] not in within:
            yield outer, count, False
            for inner, number in way.terms:
                if inner != outer and inner.key in theme.schema.places.inside(outer.key):
                    yield inner, number, True


def _nowhere(whole: Listing, way: FacetShown, index: Index) -> int:
    """How many documents say no place at all; where parts of them are counted, this is not told."""
    content_type = whole.content_type
    if way.field in content_type.part_fields:
        return 0
    kind = content_type.fields[way.field].kind
    listed = index.listed(content_type.name)
    return sum(
        isinstance(one, Document) and not kind.terms(one.data.get(way.field)) for one in listed
    )


def whereabouts(page: Listing, theme: Theme, facets: tuple[FacetShown, ...]) -> Whereabouts | None:
    """For the first page of a territory's list."""
    way = way_by_place(theme, facets)
    if not (way and theme.ground and page.facet and page.facet.field == way.field):
        return None
    if page.number > 1:
        return None
    places, counted = theme.schema.places, {one[0].key: one for one in way.terms}
    shapes = {shape.key: shape for shape in theme.ground.shapes}
    around = (term.key for term in places.around(page.facet.term))
    here = next((key for key in around if key in shapes), "")
    beside = shapes[here].beside if here else ()
    wider = [term.key for term in places.wider(page.facet.term)]
    near, far = (tuple(counted[key] for key in keys if key in counted) for keys in (beside, wider))
    return Whereabouts(way, here, near, far)
