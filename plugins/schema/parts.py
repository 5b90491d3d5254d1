"""Parts: the entries of a document that are read by themselves, each at an address of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plugins.schema.documents import Document
from plugins.schema.kind import Field, Value
from plugins.schema.types import ContentType


@dataclass(frozen=True, eq=False)
class Part:
    """One entry of what its document's type declares as `parts`; `id` is its anchor there."""

    document: Document
    id: str
    row: Mapping[str, Value]

    @property
    def type(self) -> ContentType:
        return self.document.type

    @property
    def fields(self) -> Mapping[str, Field]:
        return self.type.part_fields

    @property
    def ref(self) -> str:
        """What refers to it writes "type/slug#id"."""
        return f"{self.document.ref}#{self.id}"

    @property
    def url(self) -> str | None:
        return f"{self.document.url}#{self.id}" if self.document.url else None

    @property
    def title(self) -> str:
        """Its first text."""
        return self._first("text") or self.document.title

    @property
    def summary(self) -> str:
        """Its first paragraph."""
        return self._first("paragraph")

    @property
    def address(self) -> str:
        """Where what it tells of stands, on another site: its first web address, "" if none."""
        found = self._first("url")
        return found if found.startswith(("http://", "https://")) else ""

    @property
    def lang(self) -> str:
        return self.document.lang

    @property
    def date(self) -> str:
        """The day it was published: that of its document, where the type has one."""
        data, order = self.document.data, self.type.order.removeprefix("-")
        kind = self.type.fields[order].kind.name
        return str((data.get(order) if kind == "date" else "") or data.get("created") or "")

    def references(self) -> Iterator[str]:
        """The documents that it is about, or that it comes from."""
        for name, field in self.fields.items():
            yield from field.kind.references(self.row.get(name))

    def _first(self, kind: str) -> str:
        found = (self.row.get(f.name) for f in self.fields.values() if f.kind.name == kind)
        return str(next(found, None) or "")


Readable = Document | Part
"""What stands in a list or a feed, and has an address."""


def parts_of(document: Document) -> tuple[Part, ...]:
    """The parts of a document, in its order; none where its type has none."""
    field = document.type.parts
    rows = document.data.get(field) if field else None
    if not isinstance(rows, list):
        return ()
    return tuple(
        Part(document, str(row.get("id") or f"{field}-{number}"), row)
        for number, row in enumerate(rows, 1)
        if isinstance(row, dict)
    )


def whole(reference: str) -> str:
    """The document that a reference names: "type/slug" of "type/slug#id"."""
    return reference.partition("#")[0]
