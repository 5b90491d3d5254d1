"""What can be found: a record for each page, each part that is read by itself, each word.

Made of the Index, not of the pages: it is faster, and nothing is found that only surrounds a text
(menus, the titles of related pages). Contacts are left out: they are shown, not gathered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from plugins.render.glossary import ANCHOR, VOCABULARY, glossary_page
from plugins.render.site import FIRST_LANGUAGE
from plugins.render.typography import typeset
from plugins.schema import Document, Field, Index, Part, Value, Vocabulary, derived, is_empty

FACETS = ("themes", "territories", "audiences", "stages", "viewpoints")
"""The vocabularies by whose terms what was found is narrowed, whatever the fields are called."""
KIND = "type"
TOLD = frozenset({"text", "paragraph"})
NAMED = frozenset({"choice", "choices", "place"})
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_BEGINNING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d+[.)][ \t]+)+", re.MULTILINE)
_MARK = re.compile(r"(?<!\\)[*`]+|(?<![\w\\])_+|(?<![\\_])_+(?!\w)|^[-=| :]{3,}$", re.MULTILINE)
_BLOCKS = re.compile(r"\n\s*\n")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")


@dataclass(frozen=True, slots=True)
class Record:
    """`url` is a site path without language, with an anchor for what is inside a page. `kind` is
    the name of a type, of its parts ("digest.items") or of the glossary, whose words have no `ref`;
    `terms` are keys by vocabulary, each followed by what it lies within; `within` is the title of a
    part's page.
    """

    ref: str
    url: str
    kind: str
    title: str
    text: str
    lang: str
    terms: Mapping[str, tuple[str, ...]]
    date: str = ""
    within: str = ""
    demo: bool = False


@derived
def records(index: Index) -> tuple[Record, ...]:
    """Everything that a list has, in the order of types, then the words of the glossary."""
    return tuple(_records(index))


def _records(index: Index) -> Iterator[Record]:
    for content_type in index.schema.types.values():
        for document in index.listed(content_type.name):
            if document.url is not None:
                yield _of_document(document, index)
        for part in index.parts(content_type.name):
            if part.url is not None:
                yield _of_part(part, index)
    yield from _words(index)


def part_kind(type_name: str, parts: str) -> str:
    return f"{type_name}.{parts}"


def _of_document(document: Document, index: Index) -> Record:
    declared = document.type
    apart = ("title", declared.summary, declared.parts)
    fields = [f for f in declared.public_fields() if f.name not in apart and not f.managed]
    told = (document.summary, *_told(fields, document.data), _bare(document.body))
    return Record(
        ref=document.ref,
        url=document.url or "",
        kind=declared.name,
        title=typeset(document.title, document.lang),
        text=_joined((*told, *_named(fields, document.data, index))),
        lang=document.lang,
        terms=_terms(fields, document.data, index),
        date=str(document.data.get(declared.upcoming or "", "")),
        demo=document.demo,
    )


def _of_part(part: Part, index: Index) -> Record:
    fields = [f for f in part.fields.values() if part.row.get(f.name) != part.title]
    return Record(
        ref=part.ref,
        url=part.url or "",
        kind=part_kind(part.type.name, part.type.parts or ""),
        title=typeset(part.title, part.lang),
        text=_joined((*_told(fields, part.row), *_named(fields, part.row, index))),
        lang=part.lang,
        terms=_terms(fields, part.row, index),
        date=part.date,
        within=typeset(part.document.title, part.lang),
        demo=part.document.demo,
    )


def _words(index: Index) -> Iterator[Record]:
    page = glossary_page(index, FIRST_LANGUAGE)
    vocabulary = index.vocabularies.get(VOCABULARY)
    if page is None or page.url is None or vocabulary is None:
        return
    for term in vocabulary.terms.values():
        title, text = term.label.get(FIRST_LANGUAGE), term.hint.get(FIRST_LANGUAGE)
        url = f"{page.url}#{ANCHOR}{term.key}"
        yield Record("", url, VOCABULARY, title, text, FIRST_LANGUAGE, {})


def _told(fields: Iterable[Field], data: Mapping[str, Value]) -> Iterator[str]:
    """What people wrote, in whole sentences or not."""
    for field in fields:
        value: Value = data.get(field.name)
        kind = field.kind.name
        if is_empty(value) or field.contact:
            continue
        if kind in TOLD:
            yield str(value)
        elif kind == "markdown":
            yield _bare(str(value))
        elif kind == "image":
            yield str(value.get("alt", ""))
        elif kind == "items":
            for row in value:
                yield from _told(_inner(field), row)


def _named(fields: Iterable[Field], data: Mapping[str, Value], index: Index) -> Iterator[str]:
    """What was chosen and what is referred to, by their names."""
    for field in fields:
        value: Value = data.get(field.name)
        kind = field.kind.name
        if is_empty(value):
            continue
        if kind in NAMED:
            yield ", ".join(_labels(field, value, index))
        elif kind == "references":
            found = (index.part(reference) or index.get(reference) for reference in value)
            yield from (one.title for one in found if one)
        elif kind == "items":
            for row in value:
                yield from _named(_inner(field), row, index)


def _inner(field: Field) -> Iterable[Field]:
    fields: Mapping[str, Field] = getattr(field.kind, "fields", {})
    return fields.values()


def _labels(field: Field, value: Value, index: Index) -> Iterator[str]:
    vocabulary = _vocabulary(field, index)
    if field.kind.name == "place" and value.get("street"):
        yield str(value["street"])
    for key in field.kind.terms(value):
        for term in vocabulary.around(key) if vocabulary else ():
            yield term.label.get(FIRST_LANGUAGE)


def _terms(
    fields: Iterable[Field], data: Mapping[str, Value], index: Index
) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for field in fields:
        vocabulary = _vocabulary(field, index) if field.facet else None
        if vocabulary is None or vocabulary.name not in FACETS or field.name not in data:
            continue
        for key in field.kind.terms(data[field.name]):
            around = dict.fromkeys(term.key for term in vocabulary.around(key))
            found.setdefault(vocabulary.name, {}).update(around)
    return {name: tuple(keys) for name, keys in found.items()}


def _vocabulary(field: Field, index: Index) -> Vocabulary | None:
    return index.vocabularies.get(getattr(field.kind, "vocabulary", ""))


def _bare(markdown: str) -> str:
    """The words of a Markdown text, without its marks and without where its links lead."""
    text = _MARK.sub("", _BEGINNING.sub("", _LINK.sub(r"\1", markdown)))
    return unescape(_ESCAPE.sub(r"\1", text))


def _joined(said: Iterable[str]) -> str:
    """On one line; a paragraph that does not end as a sentence is ended, to be read in excerpts."""
    blocks = (" ".join(block.split()) for one in said for block in _BLOCKS.split(one))
    return " ".join(one if one[-1] in ".!?…»" else f"{one}." for one in blocks if one)
