"""The page that offers all that is published as files, and explains what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.render.opendata.columns import Column, columns, vocabularies
from plugins.render.theme import Theme, menu
from plugins.render.typography import typeset
from plugins.schema import ContentType, Index, Schema

DATA = "data/"
FORMATS = ("json", "csv", "geojson")


@dataclass(frozen=True, slots=True)
class Download:
    """A type's files: `stem` and one of `FORMATS`. `placed` when its documents are somewhere."""

    type: ContentType
    stem: str
    number: int
    updated: str
    columns: tuple[Column, ...]
    placed: bool


@dataclass(frozen=True, slots=True)
class KeysShown:
    """A list of choices: each key with its words."""

    name: str
    label: str
    terms: tuple[tuple[str, str], ...]


def data_page(theme: Theme, index: Index, lang: str) -> str:
    found = tuple(_download(one, index, lang) for one in _in_order(index.schema))
    return theme.render(
        "data.html",
        lang,
        DATA,
        downloads=found,
        formats=FORMATS,
        updated=max((one.updated for one in found), default=""),
        lists=tuple(_lists((one.columns for one in found), index.schema, lang)),
        sources="source" in index.schema.types,
        example=next((one for one in found if one.placed), None),
    )


def _in_order(schema: Schema) -> list[ContentType]:
    """As in the menu, then those that have no lists."""
    listed = menu(schema)
    return [*listed, *(one for one in schema.types.values() if one not in listed)]


def _download(content_type: ContentType, index: Index, lang: str) -> Download:
    documents = index.of(content_type.name)
    return Download(
        content_type,
        f"{DATA}{content_type.folder}.",
        len(documents),
        max((document.updated for document in documents), default=""),
        columns(content_type, index.schema, lang),
        any(field.kind.name == "place" for field in content_type.public_fields()),
    )


def _lists(found: Iterable[tuple[Column, ...]], schema: Schema, lang: str) -> list[KeysShown]:
    """Those that the columns need, each once, by name."""
    names = {name for columns_of in found for name in vocabularies(columns_of)}
    shown = (schema.vocabularies[name] for name in sorted(names & schema.vocabularies.keys()))
    return [
        KeysShown(
            one.name,
            typeset(one.label.get(lang), lang),
            tuple((key, typeset(term.label.get(lang), lang)) for key, term in one.terms.items()),
        )
        for one in shown
    ]
