"""What other documents add to a page: those that name it, as its type says, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from plugins.render.listing import newest, parted
from plugins.render.rows import Row, row
from plugins.render.theme import Theme
from plugins.schema import Document, Index


@dataclass(frozen=True, slots=True)
class Gathered:
    """Documents of one type: all in `rows`, or, if `dated`, those to come there and the others in
    `past`. `refs` are their references ("need/le-bus").
    """

    label: str
    dated: bool
    rows: tuple[Row, ...]
    past: tuple[Row, ...]
    refs: tuple[str, ...]


def gathered(
    document: Document, theme: Theme, index: Index, lang: str
) -> Mapping[str, tuple[Gathered, ...]]:
    """By section of its page; only sections and types that have any."""

    def shown(other: Document, notes: tuple[str, ...]) -> Row:
        line = row(other, theme, index, lang, notes)
        # Where the page says of itself that it is invented, its lines need not say it again.
        return replace(line, demo=line.demo and not document.demo)

    found: dict[str, tuple[Gathered, ...]] = {}
    for gathering in document.type.gathers:
        naming = index.naming(document, gathering.type, gathering.by)
        documents = newest(tuple(one for one in naming if index.is_kept(one)))
        if not documents:
            continue
        coming, past = parted(documents, theme.site.built)
        content_type = documents[0].type
        label = content_type.plural if len(documents) > 1 else content_type.label
        group = Gathered(
            label.get(lang),
            content_type.upcoming is not None,
            tuple(shown(one, gathering.notes) for one in coming),
            tuple(shown(one, gathering.notes) for one in past),
            tuple(one.ref for one in documents),
        )
        found[gathering.section] = (*found.get(gathering.section, ()), group)
    return found
