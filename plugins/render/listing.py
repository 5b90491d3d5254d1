"""Which lists a type has, what stands on each page of them, and where."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from unidecode import unidecode

from plugins.schema import ContentType, Document, Index, Term

PAGE_SIZE = 50


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
    """One page of a list: its documents, and the numbers around it."""

    content_type: ContentType
    facet: Facet | None
    number: int
    pages: int
    total: int
    documents: tuple[Document, ...]

    def path_of(self, number: int) -> str:
        """The site path of another page of the same list."""
        base = (self.content_type.list_url or "") + (self.facet.path if self.facet else "")
        return base if number == 1 else f"{base}page/{number}/"

    @property
    def path(self) -> str:
        return self.path_of(self.number)

    @property
    def feed(self) -> str:
        return feed_path(self.content_type, self.facet)


def feed_path(content_type: ContentType | None, facet: Facet | None = None) -> str:
    """Where the Atom feed of a type, of one term of it, or of everything stands."""
    if content_type is None:
        return "feeds/tout.atom"
    narrowed = f"/{facet.field}/{facet.term}" if facet else ""
    return f"feeds/{content_type.folder}{narrowed}.atom"


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
    documents = chosen(content_type, index, facet)
    if today:
        coming, past = parted(documents, today)
        documents = coming + past
    pages = max(1, -(-len(documents) // PAGE_SIZE))
    if not 1 <= number <= pages:
        raise LookupError(f"{content_type.name}: no page {number} of {pages}")
    shown = documents[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Listing(content_type, facet, number, pages, len(documents), shown)


def parted(
    documents: tuple[Document, ...], today: datetime.date
) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """What is to come, the next first, and what is past, the last first; or all, and nothing."""
    by = documents[0].type.upcoming if documents else None
    if by is None:
        return documents, ()

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


def chosen(content_type: ContentType, index: Index, facet: Facet | None) -> tuple[Document, ...]:
    """The documents of a list. A territory's list has those of the territories within it too."""
    if facet is None:
        return index.of(content_type.name)
    keys = _with_children(content_type, index, facet)
    return index.with_term(content_type.name, facet.field, *keys)


def facet_of(content_type: ContentType, index: Index, field: str, term: str) -> Facet | None:
    """The facet of an address, or None when the type has no such field or term."""
    declared = content_type.fields.get(field)
    if declared is None or not declared.facet or term not in _terms(content_type, index, field):
        return None
    return Facet(field, term)


def facets_of(content_type: ContentType, index: Index) -> dict[str, list[tuple[Facet, int]]]:
    """For each facet field, its terms that have documents, with their number."""
    found: dict[str, list[tuple[Facet, int]]] = {}
    for field in content_type.public_fields():
        if not field.facet or content_type.list_url is None:
            continue
        facets = (Facet(field.name, key) for key in _terms(content_type, index, field.name))
        counted = [(facet, len(chosen(content_type, index, facet))) for facet in facets]
        if with_documents := [(facet, count) for facet, count in counted if count]:
            found[field.name] = with_documents
    return found


def _terms(content_type: ContentType, index: Index, field: str) -> dict[str, Term]:
    vocabulary = getattr(content_type.fields[field].kind, "vocabulary", "")
    return dict(index.vocabularies[vocabulary].terms) if vocabulary in index.vocabularies else {}


def _with_children(content_type: ContentType, index: Index, facet: Facet) -> set[str]:
    terms = _terms(content_type, index, facet.field)
    keys = {facet.term}
    while more := {key for key, term in terms.items() if term.within in keys} - keys:
        keys |= more
    return keys
