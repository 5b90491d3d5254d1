"""Open data: a type's documents as plain rows."""

from __future__ import annotations

from typing import Any

from plugins.render.site import Site
from plugins.schema import ContentType, Index, withhold


def data(content_type: ContentType, index: Index, site: Site) -> list[dict[str, Any]]:
    """One row a document: `type`, `slug`, `page` (its address), every public field, `body`.

    A field without value is None, so that every row has the same columns. So are the contacts of a
    stale page: whoever reuses them would show what the page itself does not, and `verified` tells
    why. `page` is not called `url`, which is a field of many types.
    """
    names = [field.name for field in content_type.public_fields()]
    rows = []
    for document in index.of(content_type.name):
        page = site.absolute(document.url) if document.url else None
        shown = withhold(document, site.built)
        head = {"type": content_type.name, "slug": document.slug, "page": page}
        rows.append(head | {name: shown.data.get(name) for name in names})
        rows[-1]["body"] = document.body or None
    return rows
