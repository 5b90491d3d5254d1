"""Which lists a type has, what stands on each page of them, and where."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

from unidecode import unidecode

from plugins.render.leaves import leaf, numbered
from plugins.schema import ContentType, Document, Index, Readable, Term

Found = TypeVar("Found", bound=Readable)


@dataclass(frozen=True, slots=True)
class Facet:
    """A list narrowed to one term of one field."""

    field: str
    term: str

    @property
    def path(self) -> str:
        return f"par/{self.field}/{self.term}/"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: what stands there, and the numbers around it."""

    content_type: ContentType
    facet: Facet | None
    number: int
    pages: int
    total: int
    entries: tuple[Readable, ...]

    @property
    def has_parts(self) -> bool:
        """Whether it lists parts of documents rather than documents."""
        return self.facet is not None and self.facet.field in self.content_type.part_fields

    def path_of(self, number: int) -> str:
        """The site path of another page of the same list."""
        base = (self.content_type.list_url or "") + (self.facet.path if self.facet else "")
        return numbered(base, number)

    @property
    def path(self) -> str:
        return self.path_of(self.number)

    @property
    def feed(self) -> str:
        """Without its ending."""
        return feed_stem(self.content_type, self.facet)


def feed_stem(content_type: ContentType | None, facet: Facet | None = None) -> str:
    """Where the feeds of a type, of one term of it, or of everything stand: with ".atom", ".json"
    behind.
    """
    if content_type is None:
        return "feeds/tout"
    narrowed = f"/{facet.field}/{facet.term}" if facet else ""
    return f"feeds/{content_type.folder}{narrowed}"


def parts_stem(content_type: ContentType) -> str:
    """Where the feeds of a type's parts stand."""
    return f"{feed_stem(content_type)}/{content_type.parts}"


def listing(
    content_type: ContentType,
    index: Index,
    number: int = 1,
    facet: Facet | None = None,
    *,
    today: datetime.date | None = None,
) -> Listing:
    """One page of a list; where it begins with what is to come, that is from `today` on.

    Raises `LookupError` when the list has no such page.
    """
    entries = chosen(content_type, index, facet)
    if today:
        coming, past = parted(entries, today)
        entries = coming + past
    page = leaf(entries, content_type.list_url or "", number)
    return Listing(content_type, facet, number, page.pages, page.total, tuple(page.entries))


def parted(
    entries: tuple[Found, ...], today: datetime.date
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What is to come, the next first, and what is past, the last first; or all, and nothing."""
    documents = tuple(entry for entry in entries if isinstance(entry, Document))
    by = documents[0].type.upcoming if documents else None
    if by is None:
        return entries, ()

    def when(document: Document) -> str:
        return str(document.data.get(by, ""))

    ordered = sorted(documents, key=when)
    coming = [document for document in ordered if when(document)[:10] >= today.isoformat()]
    return tuple(coming), tuple(d for d in reversed(ordered) if d not in coming)


def newest(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """A type's documents, the last first: by the date that its lists go by, else as they came."""
    order = documents[0].type.order if documents else ""
    if order.startswith("-") and order != "-updated":
        return documents
    by_title = sorted(documents, key=lambda d: unidecode(d.title).lower())
    return tuple(sorted(by_title, key=lambda d: str(d.data.get("created", "")), reverse=True))


def listings(content_type: ContentType, index: Index) -> Iterator[Listing]:
    """Every page of every list of a type, the narrowed ones too: what the site publishes."""
    facets = [facet for found in facets_of(content_type, index).values() for facet, _ in found]
    for facet in (None, *facets):
        first = listing(content_type, index, 1, facet)
        yield first
        for number in range(2, first.pages + 1):
            yield listing(content_type, index, number, facet)


def chosen(content_type: ContentType, index: Index, facet: Facet | None) -> tuple[Readable, ...]:
    """What stands in a list. A territory's list has what is in the territories within it too."""
    if facet is None:
        return index.listed(content_type.name)
    keys = _with_children(content_type, index, facet)
    if facet.field in content_type.part_fields:
        return index.parts_with_term(content_type.name, facet.field, *keys)
    return index.with_term(content_type.name, facet.field, *keys)


def facet_of(content_type: ContentType, index: Index, field: str, term: str) -> Facet | None:
    """The facet of an address, or None when the type has no such field or term."""
    if field not in content_type.facets or term not in _terms(content_type, index, field):
        return None
    return Facet(field, term)


def facets_of(content_type: ContentType, index: Index) -> dict[str, list[tuple[Facet, int]]]:
    """For each facet field, its terms that are chosen, with how often."""
    found: dict[str, list[tuple[Facet, int]]] = {}
    for name in content_type.facets if content_type.list_url else ():
        facets = (Facet(name, key) for key in _terms(content_type, index, name))
        counted = [(facet, len(chosen(content_type, index, facet))) for facet in facets]
        if used := [(facet, count) for facet, count in counted if count]:
            found[name] = used
    return found


def facet_label(content_type: ContentType, index: Index, facet: Facet, lang: str) -> str:
    """How the term of a facet is called."""
    return _terms(content_type, index, facet.field)[facet.term].label.get(lang)


def _terms(content_type: ContentType, index: Index, field: str) -> dict[str, Term]:
    vocabulary = getattr(content_type.facets[field].kind, "vocabulary", "")
    return dict(index.vocabularies[vocabulary].terms) if vocabulary in index.vocabularies else {}


def _with_children(content_type: ContentType, index: Index, facet: Facet) -> Collection[str]:
    name = getattr(content_type.facets[facet.field].kind, "vocabulary", "")
    vocabulary = index.vocabularies.get(name)
    return vocabulary.inside(facet.term) if vocabulary else (facet.term,)
