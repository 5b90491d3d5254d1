"""A type's documents as plain rows, from which every file of the open data is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.observation.findings import FINDINGS, SYNTHESIS, findings_of, viewpoints
from plugins.observation.hearing import NEED, hearing
from plugins.render.site import Site
from plugins.schema import ContentType, Document, Field, Index, withhold


def data(content_type: ContentType, index: Index, site: Site) -> list[dict[str, Any]]:
    """One row a document: `type`, `slug`, `page` (its address), every public field, `body`; where
    pages may be brought together, `merged_into`: the reference of the one that stands for it.

    A field without value is None, so that every row has the same columns. So are the contacts of a
    stale page: whoever reuses them would show what the page itself does not, and `verified` tells
    why. `page` is not called `url`, which is a field of many types.

    A row keeps its place for ever: the oldest document comes first, whatever it is called by now.
    """
    names = [field.name for field in content_type.public_fields()]
    rows: list[dict[str, Any]] = []
    for document in sorted(index.of(content_type.name), key=_age):
        page = site.absolute(document.url) if document.url else None
        shown = withhold(document, site.built)
        head = {"type": content_type.name, "slug": document.slug, "page": page}
        rows.append(head | {name: shown.data.get(name) for name in names})
        rows[-1]["body"] = document.body or None
        if content_type.merges:
            kept = index.kept(document)
            rows[-1]["merged_into"] = None if kept is document else kept.ref
        if document.type.name == SYNTHESIS:
            rows[-1][FINDINGS] = _findings(document, index)
        if document.type.name == NEED:
            rows[-1] |= _hearing(document, index)
    return rows


def _age(document: Document) -> tuple[str, str, str]:
    return (str(document.data.get("created", "")), document.id, document.slug)


def _hearing(need: Document, index: Index) -> dict[str, Any]:
    """How many times a need was heard, and from each viewpoint that spoke."""
    found = hearing(need, index)
    return {"heard_times": found.times, "heard_viewpoints": dict(found.viewpoints)}


def _findings(synthesis: Document, index: Index) -> list[dict[str, Any]]:
    """The findings as they stand in the file, each with every field, and what its citations make
    of it: `standing` and, for each side, how many observations there are from each viewpoint.
    """
    fields: Mapping[str, Field] = getattr(synthesis.type.fields[FINDINGS].kind, "fields", {})
    given = [row for row in synthesis.data.get(FINDINGS) or () if isinstance(row, dict)]
    return [
        {"id": found.id}
        | {name: row.get(name) for name in fields}
        | {
            "standing": str(found.standing),
            "supporting_viewpoints": dict(viewpoints(found.supporting)),
            "contradicting_viewpoints": dict(viewpoints(found.contradicting)),
        }
        for row, found in zip(given, findings_of(synthesis, index), strict=True)
    ]
