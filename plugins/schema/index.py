"""All documents of one state of the content, to look things up in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from unidecode import unidecode

from plugins.schema.documents import Document
from plugins.schema.schema import Schema
from plugins.schema.vocabularies import Vocabulary


class Index:
    """Documents by reference and id, what refers to what, and what chooses which term; read-only.

    Documents of one type come in the order its file declares.
    """

    def __init__(self, schema: Schema, documents: Iterable[Document]) -> None:
        self.schema = schema
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
        for name in schema.types:
            for document in self._by_type[name]:
                self._enter(document)

    def _enter(self, document: Document) -> None:
        for name in (document.slug, *document.aliases):
            self._named.setdefault(f"{document.type.name}/{name}", []).append(document)
        for reference in dict.fromkeys(document.references()):
            self._mentions.setdefault(reference, []).append(document)
        for name, value in document.data.items():
            field = document.type.fields.get(name)
            for term in dict.fromkeys(field.kind.terms(value)) if field else ():
                self._by_term.setdefault((document.type.name, name, term), []).append(document)

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
        return self._by_type[type_name]

    def refers(self, reference: str) -> bool:
        return reference in self._by_ref

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
        return tuple(d for d in found if document.ref in kind.references(d.data.get(field_name)))

    def references(self, document: Document) -> tuple[Document, ...]:
        """The documents that this one refers to, each once, in its order."""
        found = (self._by_ref.get(ref) for ref in dict.fromkeys(document.references()))
        return tuple(d for d in found if d is not None and d.ref != document.ref)

    def with_term(self, type_name: str, field_name: str, *terms: str) -> tuple[Document, ...]:
        """The documents that choose any of these terms, in the order of their type."""
        lists = [self._by_term.get((type_name, field_name, term), []) for term in terms]
        found = {document.ref: document for entries in lists for document in entries}
        if sum(map(len, lists[1:])) == 0:
            return tuple(found.values())
        return tuple(sorted(found.values(), key=lambda document: self._rank[document.ref]))

    def terms(self, type_name: str, field_name: str) -> dict[str, int]:
        """How many documents of a type choose each term of a field, in the vocabulary's order."""
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
