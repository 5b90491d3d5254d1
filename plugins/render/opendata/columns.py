"""What the columns of the open data are, in words: what each type says of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from plugins.observation.findings import FINDINGS, SYNTHESIS
from plugins.observation.hearing import NEED
from plugins.render.typography import typeset
from plugins.render.words import N_, words
from plugins.schema import ContentType, Field, Schema

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": N_("text"),
        "paragraph": N_("text, on several lines"),
        "markdown": N_("text in Markdown"),
        "choice": N_("a key"),
        "choices": N_("keys"),
        "date": N_("a day (2026-11-23)"),
        "month": N_("a month (2026-11)"),
        "moment": N_("a day and its local time (2026-11-23T18:30)"),
        "url": N_("a web address"),
        "email": N_("an e-mail address"),
        "hours": N_("opening hours, as OpenStreetMap writes them"),
        "phone": N_("a telephone number"),
        "integer": N_("a whole number"),
        "boolean": N_("true or false"),
        "place": N_("a place"),
        "image": N_("a picture"),
        "references": N_("pages, as “type/slug”"),
        "items": N_("entries"),
        "numbers": N_("a number for each key"),
    }
)
HEAD = (
    ("type", "text", N_("Type of the page")),
    ("slug", "text", N_("Name of the page in its address; it may change")),
    ("page", "url", N_("Address of the page, where it has one")),
)
MERGED = ("merged_into", "references", N_("The page that now stands for this one"))
HEARD = (
    ("heard_times", "integer", N_("How many times the need was heard")),
    ("heard_viewpoints", "numbers", N_("From which viewpoints it was heard")),
)
ENTRY = ("id", "text", N_("Identifier"))
STANDING = (
    ("standing", "text", N_("What its citations make of it")),
    ("supporting_viewpoints", "numbers", N_("Observations that support it, by viewpoint")),
    ("contradicting_viewpoints", "numbers", N_("Observations that contradict it, by viewpoint")),
)
Told = tuple[str, str, str]
"""The name, kind and label of a column that no field declares: `records` makes it."""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` in words; `vocabulary` names the list its keys are from; `types` are the names of the
    types it refers to; `inside` are the columns of each of its entries, or of what it is made of.
    """

    name: str
    label: str
    kind: str
    vocabulary: str = ""
    types: tuple[str, ...] = ()
    inside: tuple[Column, ...] = ()


def columns(content_type: ContentType, schema: Schema, lang: str) -> tuple[Column, ...]:
    """In the order of the rows."""
    own = (_column(field, schema, lang) for field in content_type.public_fields())
    if content_type.name == SYNTHESIS:
        own = (_with_standing(one, lang) if one.name == FINDINGS else one for one in own)
    return (
        *_made(HEAD, lang),
        *own,
        _body(content_type, lang),
        *_made((MERGED,) if content_type.merges else (), lang),
        *_made(HEARD if content_type.name == NEED else (), lang),
    )


def _made(told: tuple[Told, ...], lang: str) -> tuple[Column, ...]:
    say = words(lang).gettext
    return tuple(
        Column(name, typeset(say(label), lang), typeset(say(KINDS[kind]), lang))
        for name, kind, label in told
    )


def _with_standing(findings: Column, lang: str) -> Column:
    return replace(findings, inside=(*findings.inside, *_made(STANDING, lang)))


def vocabularies(found: tuple[Column, ...]) -> Iterator[str]:
    """The names of the lists of keys that columns need."""
    for column in found:
        if column.vocabulary:
            yield column.vocabulary
        yield from vocabularies(column.inside)


def _column(field: Field, schema: Schema, lang: str) -> Column:
    kind, say = field.kind, words(lang).gettext
    inside: Mapping[str, Field] = getattr(kind, "fields", {})
    return Column(
        field.name,
        typeset(field.heading.get(lang), lang),
        typeset(say(KINDS[_kind_name(field)]), lang),
        str(getattr(kind, "vocabulary", "")),
        tuple(schema.type_label(name, lang) for name in getattr(kind, "to", ())),
        (
            *_made((ENTRY,) if inside else (), lang),
            *(_column(sub, schema, lang) for sub in inside.values()),
        ),
    )


def _kind_name(field: Field) -> str:
    if getattr(field.kind, "time", False):
        return "moment"
    if getattr(field.kind, "precision", "") == "month":
        return "month"
    return field.kind.name


def _body(content_type: ContentType, lang: str) -> Column:
    say = words(lang).gettext
    label = content_type.body.heading.get(lang) if content_type.body else say("Text")
    kind = KINDS["markdown"]
    return Column("body", typeset(label, lang), say(kind))
