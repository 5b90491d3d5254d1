"""The trail of parts, both ways: where a page was told of, what it drew on, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugins.render.rows import Row, part_row
from plugins.render.shown import LinkShown, Setting
from plugins.render.theme import Theme
from plugins.render.values import document_link, part_link
from plugins.schema import Document, Index, Part, parts_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document that cites parts of another, and which."""

    page: LinkShown
    parts: tuple[LinkShown, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """`cited`: parts that the page refers to; `about`: the others that name it. Of its own parts,
    `led_to` has the documents that cite each, by its id, and `outcomes` all of them. `refs` are the
    documents that need not be told of a second time.
    """

    cited: tuple[Row, ...] = ()
    about: tuple[Row, ...] = ()
    led_to: Mapping[str, tuple[LinkShown, ...]] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    refs: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.cited or self.about)


def trail(document: Document, theme: Theme, index: Index, lang: str) -> Trail:
    """What the index knows of it."""
    setting = Setting(index, theme.site, lang, document.lang)
    cited = index.cited(document)
    about = tuple(part for part in index.about(document) if part not in cited)
    citing = {part: found for part in parts_of(document) if (found := index.citing(part))}
    outcomes: dict[str, tuple[Document, list[Part]]] = {}
    for part, found in citing.items():
        for one in found:
            outcomes.setdefault(one.ref, (one, []))[1].append(part)
    told = {part.document.ref for part in (*cited, *about)}
    return Trail(
        tuple(part_row(part, theme, index, lang) for part in cited),
        tuple(part_row(part, theme, index, lang) for part in about),
        {p.id: tuple(document_link(d, setting) for d in found) for p, found in citing.items()},
        tuple(
            Outcome(document_link(one, setting), tuple(part_link(p, setting) for p in parts))
            for one, parts in outcomes.values()
        ),
        frozenset(told | outcomes.keys()),
    )
