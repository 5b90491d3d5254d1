"""All documents of one state of the content, to look things up in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from unidecode import unidecode

from plugins.schema.documents import Document
from plugins.schema.parts import Part, Readable, parts_of, whole
from plugins.schema.schema import Schema
from plugins.schema.vocabularies import Vocabulary

Found = TypeVar("Found", bound=Readable)


class Index:
    """Documents by reference and id, their parts, what refers to what, what chooses which term, and
    which pages are brought together; read-only.

    Documents of one type come in the order its file declares, parts in that of their documents.
    """

    def __init__(self, schema: Schema, documents: Iterable[Document]) -> None:
        self.schema = schema
        self.derived: dict[object, tuple[object, object]] = {}  # see derived.py
        self._by_ref = {document.ref: document for document in documents}
        self._by_id = {d.id: d for d in self._by_ref.values() if d.id}
        self._by_type = {
            name: _ordered(d for d in self._by_ref.values() if d.type.name == name)
            for name in schema.types
        }
        self._rank = {d.ref: n for found in self._by_type.values() for n, d in enumerate(found)}
        self._mentions: dict[str, list[Document]] = {}
        self._named: dict[str, list[Document]] = {}
        self._by_term: dict[tuple[str, str, str], list[Document]] = {}
        self._parts: dict[str, Part] = {}
        self._parts_by_term: dict[tuple[str, str, str], list[Part]] = {}
        self._about: dict[str, list[Part]] = {}
        self._into: dict[str, str] = {}
        for document in self._by_ref.values():
            for reference in document.merges:
                if reference != document.ref and reference in self._by_ref:
                    self._into.setdefault(reference, document.ref)
        for name in schema.types:
            for document in self._by_type[name]:
                self._enter(document)

    def _enter(self, document: Document) -> None:
        for name in (document.slug, *document.aliases):
            self._named.setdefault(f"{document.type.name}/{name}", []).append(document)
        named = tuple(document.references())
        for reference in dict.fromkeys((*named, *map(whole, named))):
            self._mentions.setdefault(reference, []).append(document)
        if self.is_kept(document):
            self._enter_terms(document)
        for part in parts_of(document):
            self._enter_part(part)

    def _enter_terms(self, document: Document) -> None:
        for name, value in document.data.items():
            field = document.type.fields.get(name)
            for term in dict.fromkeys(field.kind.terms(value)) if field else ():
                self._by_term.setdefault((document.type.name, name, term), []).append(document)

    def _enter_part(self, part: Part) -> None:
        self._parts.setdefault(part.ref, part)
        self._rank.setdefault(part.ref, len(self._rank))
        for reference in dict.fromkeys(map(whole, part.references())):
            self._about.setdefault(reference, []).append(part)
        for name, field in part.fields.items():
            for term in dict.fromkeys(field.kind.terms(part.row.get(name))):
                self._parts_by_term.setdefault((part.type.name, name, term), []).append(part)

    @property
    def vocabularies(self) -> Mapping[str, Vocabulary]:
        return self.schema.vocabularies

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._by_ref.values())

    def get(self, ref: str) -> Document | None:
        """The document that "type/slug" names."""
        return self._by_ref.get(ref)

    def by_id(self, id: str) -> Document | None:
        return self._by_id.get(id)

    def of(self, type_name: str) -> tuple[Document, ...]:
        """All of a type; none where a site has done without it."""
        return self._by_type.get(type_name, ())

    def listed(self, type_name: str) -> tuple[Document, ...]:
        """Those of a type that have a place of their own in lists: all but the merged ones."""
        found = self.of(type_name)
        return found if not self._into else tuple(d for d in found if self.is_kept(d))

    def kept(self, document: Document) -> Document:
        """The page on which a document is brought together with others, at the end of the chain;
        itself if it is not, or if the chain is a ring, which the check refuses.
        """
        reference, seen = document.ref, {""}
        while reference in self._into and reference not in seen:
            seen.add(reference)
            reference = self._into[reference]
        is_itself = reference == document.ref or reference in seen
        return document if is_itself else self._by_ref[reference]

    def is_kept(self, document: Document) -> bool:
        """Whether it is no page that another one brings together."""
        return document.ref not in self._into or self.kept(document) is document

    def part(self, reference: str) -> Part | None:
        """The part that "type/slug#id" names."""
        return self._parts.get(reference)

    def parts(self, type_name: str) -> tuple[Part, ...]:
        """All parts of a type's documents."""
        return tuple(part for document in self.of(type_name) for part in parts_of(document))

    def about(self, document: Document) -> tuple[Part, ...]:
        """The parts of other documents that name this one."""
        return tuple(p for p in self._about.get(document.ref, ()) if p.document.ref != document.ref)

    def citing(self, part: Part) -> tuple[Document, ...]:
        """The documents that refer to a part of another one."""
        found = self._mentions.get(part.ref, ())
        return tuple(d for d in found if d.ref != part.document.ref)

    def cited(self, document: Document) -> tuple[Part, ...]:
        """The parts of other documents that this one refers to, each once, in its order."""
        found = (self._parts.get(ref) for ref in dict.fromkeys(document.references()))
        return tuple(p for p in found if p is not None and p.document.ref != document.ref)

    def refers(self, reference: str) -> bool:
        document = self._by_ref.get(whole(reference))
        if document is None or "#" not in reference or not document.type.parts:
            return document is not None
        return reference in self._parts

    def named(self, type_name: str, slug: str) -> tuple[Document, ...]:
        """The documents of a type that have this name, or had it: its address leads to them."""
        return tuple(self._named.get(f"{type_name}/{slug}", ()))

    def mentions(self, document: Document) -> tuple[Document, ...]:
        """The documents that refer to this one, in fields, items or bodies."""
        return tuple(d for d in self._mentions.get(document.ref, ()) if d.ref != document.ref)

    def naming(self, document: Document, type_name: str, field_name: str) -> tuple[Document, ...]:
        """Those of a type that name this one in that field, in the order of their type."""
        kind = self.schema.types[type_name].fields[field_name].kind
        found = (d for d in self.mentions(document) if d.type.name == type_name)
        return tuple(
            d for d in found if document.ref in map(whole, kind.references(d.data.get(field_name)))
        )

    def references(self, document: Document) -> tuple[Document, ...]:
        """The documents that this one refers to, each once, in its order."""
        found = (self._by_ref.get(ref) for ref in dict.fromkeys(map(whole, document.references())))
        return tuple(d for d in found if d is not None and d.ref != document.ref)

    def with_term(self, type_name: str, field_name: str, *terms: str) -> tuple[Document, ...]:
        """The documents of lists that choose any of these terms, in the order of their type."""
        return self._of_any([self._by_term.get((type_name, field_name, t), []) for t in terms])

    def parts_with_term(self, type_name: str, field_name: str, *terms: str) -> tuple[Part, ...]:
        """The parts of a type's documents that choose any of these terms, in their order."""
        lists = [self._parts_by_term.get((type_name, field_name, term), []) for term in terms]
        return self._of_any(lists)

    def _of_any(self, lists: list[list[Found]]) -> tuple[Found, ...]:
        """What stands in any of these lists, once, in order."""
        found = {entry.ref: entry for entries in lists for entry in entries}
        if sum(map(len, lists[1:])) == 0:
            return tuple(found.values())
        return tuple(sorted(found.values(), key=lambda entry: self._rank[entry.ref]))

    def terms(self, type_name: str, field_name: str) -> dict[str, int]:
        """How many documents of a type's lists choose each term, in the vocabulary's order."""
        kind = self.schema.types[type_name].fields[field_name].kind
        vocabulary = self.vocabularies[getattr(kind, "vocabulary", "")]
        counts = {key: len(self.with_term(type_name, field_name, key)) for key in vocabulary.terms}
        return {key: count for key, count in counts.items() if count}

    def replacing(self, *documents: Document) -> Index:
        """A new index in which these documents stand instead of those of the same reference."""
        return Index(self.schema, (self._by_ref | {d.ref: d for d in documents}).values())


def _ordered(documents: Iterable[Document]) -> tuple[Document, ...]:
    """By the field their type's `order` names, those without it last; by slug between equals."""
    found = sorted(documents, key=lambda d: d.slug)
    if not found:
        return ()
    order = found[0].type.order
    name = order.removeprefix("-")
    with_value = [d for d in found if name in d.data]
    with_value.sort(key=lambda d: _sort_key(d.data[name]), reverse=order.startswith("-"))
    return (*with_value, *(d for d in found if name not in d.data))


def _sort_key(value: object) -> tuple[float, str]:
    """Numbers by size; words as a reader looks them up, without accents, case or punctuation."""
    if isinstance(value, int | float):
        return (float(value), "")
    return (0.0, " ".join(re.findall(r"[a-z0-9]+", unidecode(str(value)).lower())))
