"""What renaming, shortening or unpublishing a document does to all that refer to it, in one
proposal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from plugins.schema.documents import Document, write
from plugins.schema.index import Index
from plugins.schema.kind import Scope, Value
from plugins.schema.parts import parts_of
from plugins.schema.problems import Problem
from plugins.schema.replacement import Replacement
from plugins.schema.slugs import is_slug
from plugins.schema.types import Audience
from plugins.schema.validation import validate
from plugins.schema.vocabularies import Vocabulary


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What would change in the content: all of it is done at once, or nothing.

    `documents` and the texts of `vocabularies` are written, `gone` are files that are no more, all
    by their path inside `content/`. Each of `problems` is a fault that the content would have and
    does not have now, or the reason why nothing can be written: with one, it must not be done.
    """

    documents: Mapping[str, Document] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    vocabularies: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def files(self) -> dict[str, str | None]:
        """The text of every file that changes, by its path; None for one that is no more."""
        written = {path: write(document) for path, document in self.documents.items()}
        return {**dict.fromkeys(self.gone), **written, **self.vocabularies}

    @property
    def counts(self) -> Mapping[str, int]:
        """How many documents of each type are written."""
        return Counter(document.type.name for document in self.documents.values())


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What documents are checked against when it is done.

    It costs nothing to make: to index ten thousand documents again takes longer than a rename.
    """

    index: Index
    vocabularies: Mapping[str, Vocabulary]
    come: str = ""
    gone: str = ""

    def refers(self, reference: str) -> bool:
        of, hash, part = reference.partition("#")
        if of == self.come:
            return self.index.refers(f"{self.gone}{hash}{part}")
        return of != self.gone and self.index.refers(reference)


def renamed(index: Index, document: Document, slug: str, id_of_alias: str) -> Rewriting:
    """A document of the index under another slug, and all that refer to it with its new name.

    Its old name becomes an alias, so that its address leads to the new one; a name that it takes
    again is no alias any more. `id_of_alias` is a new id, for the row. Nothing is written when the
    slug is none ("bad_slug"), or names another document or did so once ("taken").
    """
    if slug == document.slug:
        return Rewriting()
    if not is_slug(slug):
        return Rewriting(problems=(Problem(document.path, "slug", "bad_slug", {"slug": slug}),))
    if any(other.ref != document.ref for other in index.named(document.type.name, slug)):
        return Rewriting(problems=(Problem(document.path, "slug", "taken", {"value": slug}),))
    reference = f"{document.type.name}/{slug}"
    by = Replacement(references={document.ref: reference})
    moved = by.document(document)
    aliases = _aliases(document, slug, id_of_alias)
    moved = replace(moved, slug=slug, data={**moved.data, "aliases": aliases})
    scope = Afterwards(index, index.vocabularies, come=reference, gone=document.ref)
    pairs = [(document, moved), *rewritten(index.mentions(document), by)]
    return rewriting(index, pairs, scope, gone=frozenset({document.path}))


def _aliases(document: Document, slug: str, id: str) -> list[Value]:
    rows = document.data.get("aliases", [])
    names = (slug, document.slug)
    kept = [
        row
        for row in (rows if isinstance(rows, list) else [rows])
        if not (isinstance(row, dict) and row.get("name") in names)
    ]
    return [*kept, {"id": id, "name": document.slug}]


Pair = tuple[Document, Document]
"""A document before and after."""


def _as_it_is(pair: Pair) -> Document:
    return pair[1]


def unpublished(
    index: Index, document: Document, said: Callable[[Pair], Document] = _as_it_is
) -> Rewriting:
    """A document of the index gone, and nothing that refers to it: of links their text stays.

    `said` may have those that referred to it say something of that: it is given each of them before
    and after, and returns what it is to be.
    Who needs it is among the problems: a document whose required references it was the last of, or
    the site itself, when it is where the notice on personal data stands.
    """
    by = Replacement(references={document.ref: None})
    scope = Afterwards(index, index.vocabularies, gone=document.ref)
    pairs = [(pair[0], said(pair)) for pair in rewritten(index.mentions(document), by)]
    found = rewriting(index, pairs, scope, gone=frozenset({document.path}))
    if document.url not in index.schema.site.privacy.texts.values():
        return found
    needed = Problem("site.yaml", "privacy", "needed_by_site", {"value": document.url})
    return replace(found, problems=(needed, *found.problems))


def shortened(index: Index, document: Document) -> Rewriting:
    """What refers to parts that a document of the index has no more when it says this; without
    them. The document itself is not among what is written.
    """
    there = index.get(document.ref)
    if there is None or not document.type.parts:
        return Rewriting()
    gone = {part.ref for part in parts_of(there)} - {part.ref for part in parts_of(document)}
    if not any(index.citing(part) for part in parts_of(there) if part.ref in gone):
        return Rewriting()
    pairs = rewritten(index.mentions(there), Replacement(references=dict.fromkeys(gone)))
    return rewriting(index, pairs, index.replacing(document))


def rewritten(documents: Iterable[Document], by: Replacement) -> Iterator[Pair]:
    """The documents that a replacement changes.

    `updated` stays: it tells readers when there was last something new to read, and puts that at
    the top of lists; here only names changed, and nobody looked whether the rest still holds.
    """
    for document in documents:
        after = by.document(document)
        if after is not document:
            yield document, after


def rewriting(
    index: Index, pairs: Iterable[Pair], scope: Scope, gone: frozenset[str] = frozenset()
) -> Rewriting:
    """The rewriting that puts the second of each pair in the place of the first."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for before, after in pairs:
        documents[after.path] = after
        found = _faults(after, scope)
        known = _faults(before, index) if found else []
        problems += [replace(fault, path=after.path) for fault in found if fault not in known]
    return Rewriting(documents, gone, problems=tuple(problems))


def _faults(document: Document, scope: Scope) -> list[Problem]:
    return validate(document.type, document.data, document.body, scope, Audience.FILE)
