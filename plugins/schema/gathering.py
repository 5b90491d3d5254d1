"""What a type gathers on its pages: the documents that name one of them in a field of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plugins.schema.kind import Field
from plugins.schema.labels import Label
from plugins.schema.source import Source


@dataclass(frozen=True, slots=True)
class Gathering:
    """Documents of `type` whose reference field `by` names the page; they stand in its `section`.

    `notes` are fields of theirs that can be read there too.
    """

    type: str
    by: str
    section: str
    notes: tuple[str, ...] = ()


def declare_gatherings(source: Source, sections: Mapping[str, Label]) -> tuple[Gathering, ...]:
    """The `gathers:` of a type, {type: {by, section, notes?}}. Raises `SchemaError`."""
    found = []
    for name, entry in source.entries():
        given = entry.record("by", "section", "notes")
        for key in ("by", "section"):
            if key not in given:
                raise entry.error(f"what gathers {name!r} needs `{key}:`")
        section = given["section"].text()
        if section not in sections:
            raise given["section"].error(f"there is no section {section!r}")
        notes = given["notes"].texts() if "notes" in given else ()
        found.append(Gathering(name, given["by"].text(), section, notes))
    return tuple(found)


def check_gatherings(owner: str, source: Source, types: Mapping[str, Mapping[str, Field]]) -> None:
    """What the type `owner` gathers can be: `types` are all types' fields. Raises `SchemaError`."""
    for name, entry in _gathers(source):
        if name not in types:
            raise entry.error(f"there is no type {name!r}")
        given, fields = entry.record("by", "section", "notes"), types[name]
        by = fields.get(given["by"].text())
        if by is None or owner not in getattr(by.kind, "to", ()):
            raise given["by"].error(f"no field of {name!r} so named refers to {owner!r}")
        for note in given["notes"].sequence() if "notes" in given else ():
            if note.text() not in fields or fields[note.text()].private:
                raise note.error(f"{note.text()!r} is no public field of {name!r}")


def _gathers(source: Source) -> Iterator[tuple[str, Source]]:
    for key, value in source.entries():
        if key == "gathers" and not value.is_null():
            yield from value.entries()
