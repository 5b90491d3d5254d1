"""Which documents choose which terms, and under which key each term is known now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from plugins.schema.documents import Document
from plugins.schema.index import Index
from plugins.schema.kind import Field, Value
from plugins.schema.kinds import Items
from plugins.schema.replacement import Replacement
from plugins.schema.schema import Schema
from plugins.schema.types import ContentType

Fields = Mapping[str, Field]
STAMPS = ("created", "updated")


def count_uses(index: Index, vocabulary: str) -> dict[str, Counter[str]]:
    """How many documents of each type choose each term, in any field or item; a term that is not
    chosen counts none.
    """
    uses: dict[str, Counter[str]] = {key: Counter() for key in index.vocabularies[vocabulary].terms}
    for document in able_to_choose(index, vocabulary):
        for key in set(_terms(document.type.fields, document.data, vocabulary)) & uses.keys():
            uses[key][document.type.name] += 1
    return uses


def choosing(index: Index, vocabulary: str, key: str) -> tuple[Document, ...]:
    """The documents that choose a term, in any field or item."""
    return tuple(
        document
        for document in able_to_choose(index, vocabulary)
        if key in _terms(document.type.fields, document.data, vocabulary)
    )


def uses_of(schema: Schema, vocabulary: str) -> tuple[tuple[ContentType, Field], ...]:
    """Each question whose answers are terms of a vocabulary, in items too, with its type; of the
    questions that every type has, only the first.
    """
    found: list[tuple[ContentType, Field]] = []
    for content_type in schema.types.values():
        for fields in levels(content_type.fields):
            for field in fields.values():
                if chooses(field, vocabulary) and not any(field is f for _, f in found):
                    found.append((content_type, field))
    return tuple(found)


def former_keys(schema: Schema) -> dict[tuple[str, str], str]:
    """Under which key each term is known that had another, by (vocabulary, former key)."""
    return {
        (name, old): term.key
        for name, vocabulary in schema.vocabularies.items()
        for term in vocabulary.terms.values()
        for old in term.formerly
        if old not in vocabulary.terms
    }


def in_current_terms(document: Document, schema: Schema) -> Document:
    """A document written some time ago, with the keys that its terms have now, and the days that
    Vigie wrote into it as fine as its type keeps them by now.
    """
    terms = former_keys(schema)
    current = Replacement(terms=terms).document(document) if terms else document
    days = {name: current.data[name] for name in STAMPS if name in current.data}
    data = current.type.stamped(current.data, days)
    return current if data == current.data else replace(current, data=data)


def chooses(field: Field, vocabulary: str) -> bool:
    """Whether a field's answers are terms of a vocabulary."""
    return vocabulary == getattr(field.kind, "vocabulary", None)


def levels(fields: Fields) -> Iterator[Fields]:
    """The fields of a type, and those of each of its items."""
    yield fields
    for field in fields.values():
        if isinstance(field.kind, Items):
            yield from levels(field.kind.fields)


def able_to_choose(index: Index, vocabulary: str) -> Iterator[Document]:
    """The documents of the types that choose from a vocabulary anywhere."""
    for name, content_type in index.schema.types.items():
        found = (field for fields in levels(content_type.fields) for field in fields.values())
        if any(chooses(field, vocabulary) for field in found):
            yield from index.of(name)


def _terms(fields: Fields, answers: Mapping[str, Value], vocabulary: str) -> Iterator[str]:
    """The terms of a vocabulary that answers choose, also inside items."""
    for name, field in fields.items():
        value = answers.get(name)
        if isinstance(field.kind, Items) and isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from _terms(field.kind.fields, row, vocabulary)
        elif chooses(field, vocabulary):
            yield from field.kind.terms(value)
