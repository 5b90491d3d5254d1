"""Content types as `content/types/*.yaml` declares them: read, and found sound or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from plugins.schema.gathering import declare_gatherings
from plugins.schema.intervals import Intervals
from plugins.schema.kind import ANY, Field, Known
from plugins.schema.kinds import KINDS, Date, Items, References
from plugins.schema.labels import NO_LABEL, Label
from plugins.schema.source import Source
from plugins.schema.types import Body, ContentType

NAME = re.compile(r"[a-z][a-z0-9_]*")
FOLDER = re.compile(r"[a-z][a-z0-9-]*")
URL = re.compile(r"((?:[a-z0-9-]+/)+)\{slug\}/")
ROW_FLAGS = ("required", "facet")
NOT_FIELDS = ("body", "type", "slug", "page")  # columns that the open data have of their own
FLAGS = ("required", "private", "editors_only", "managed", "facet", "shared")
TYPE_KEYS = (
    *("folder", "url", "label", "plural", "intro", "action", "contribute", "screening"),
    *("freshness", "order", "upcoming", "summary", "list", "sections", "fields", "body"),
    *("gathers", "parts", "invites", "dates", "merges"),
)


def declare_row(source: Source, known: Known) -> dict[str, Field]:
    """The `fields:` of items: plain ones, since a row is shown and kept as a whole; those of parts
    may make lists. Raises `SchemaError`.
    """
    declared = declare_fields(source, known, {})
    for name, value in source.entries():
        field = declared[name]
        if name == "id" or any(getattr(field, flag) for flag in FLAGS if flag not in ROW_FLAGS):
            raise value.error(f"{name!r}: a field of items is public, and never called `id`")
        _check_when(name, declared, value)
    return declared


def declare_fields(source: Source, known: Known, sections: Mapping[str, Label]) -> dict[str, Field]:
    """The `fields:` of a type or of items. Raises `SchemaError`."""
    declared = {}
    for name, value in source.entries():
        if not NAME.fullmatch(name) or name in NOT_FIELDS:
            raise value.error(f"{name!r} cannot name a field")
        declared[name] = _declare_field(name, value, known, sections)
    return declared


def _declare_field(name: str, source: Source, known: Known, sections: Mapping[str, Label]) -> Field:
    kind_name = next((value for key, value in source.entries() if key == "kind"), None)
    if kind_name is None or kind_name.text() not in KINDS:
        raise (kind_name or source).error(f"field {name!r} needs a kind among {', '.join(KINDS)}")
    kind = KINDS[kind_name.text()]
    words = ("label", "hint", "shown", "section", "when", "unless")
    given = source.record("kind", *words, "contact", *FLAGS, *kind.option_names())
    if "label" not in given:
        raise source.error(f"field {name!r} has no label")
    if "section" in given and given["section"].text() not in sections:
        raise given["section"].error(f"there is no section {given['section'].text()!r}")
    return Field(
        name=name,
        kind=kind.declare(given, known),
        label=given["label"].label(),
        hint=given["hint"].label() if "hint" in given else NO_LABEL,
        shown=given["shown"].label() if "shown" in given else NO_LABEL,
        section=given["section"].text() if "section" in given else "",
        when=_declare_when(given["when"]) if "when" in given else {},
        unless=given["unless"].text() if "unless" in given else "",
        contact=given["contact"].boolean() if "contact" in given else kind.contact,
        **{flag: given[flag].boolean() if flag in given else False for flag in FLAGS},
    )


def _declare_when(source: Source) -> dict[str, tuple[str, ...]]:
    """{field: values}; "any" (or *) for any value."""
    return {
        name: (ANY,) if value.texts() in (("any",), (ANY,)) else value.texts()
        for name, value in source.entries()
    }


def declare_type(
    name: str, source: Source, known: Known, common: Mapping[str, Field]
) -> ContentType:
    """One type file. Raises `SchemaError`."""
    given = _keys_of_type(source)
    sections = {k: v.label() for k, v in given["sections"].entries()} if "sections" in given else {}
    fields = declare_fields(given["fields"], known, sections)
    common = _coarse(common) if "dates" in given else common
    fields |= {key: value for key, value in common.items() if key not in fields}
    if "title" not in fields:
        raise given["fields"].error("every type has a field `title`")
    _check_names(given, fields)
    _check_merges(name, given, fields)
    if "contribute" in given and given["contribute"].boolean():
        _check_askable(given["fields"], fields)
    label = given["label"].label()
    return ContentType(
        name=name,
        folder=given["folder"].text(),
        url=given["url"].text() if "url" in given else None,
        label=label,
        plural=given["plural"].label() if "plural" in given else label,
        intro=given["intro"].label() if "intro" in given else NO_LABEL,
        action=given["action"].label() if "action" in given else label,
        contribute="contribute" in given and given["contribute"].boolean(),
        screening=given["screening"].text() if "screening" in given else "after",
        freshness=Intervals.declare(given["freshness"]) if "freshness" in given else None,
        order=given["order"].text() if "order" in given else "title",
        upcoming=given["upcoming"].text() if "upcoming" in given else None,
        summary=given["summary"].text() if "summary" in given else None,
        list=given["list"].texts() if "list" in given else (),
        sections=sections,
        fields=fields,
        body=_declare_body(given["body"], sections) if "body" in given else None,
        gathers=declare_gatherings(given["gathers"], sections) if "gathers" in given else (),
        parts=given["parts"].text() if "parts" in given else None,
        invites=given["invites"].texts() if "invites" in given else (),
        merges=given["merges"].text() if "merges" in given else None,
    )


def _keys_of_type(source: Source) -> Mapping[str, Source]:
    """What a type file says, by key; those that stand for themselves are sound."""
    given = source.record(*TYPE_KEYS)
    for key in ("folder", "label", "fields"):
        if key not in given:
            raise source.error(f"a type needs `{key}:`")
    if not FOLDER.fullmatch(given["folder"].text()):
        raise given["folder"].error(f"{given['folder'].text()!r} cannot name a folder")
    if "url" in given and not URL.fullmatch(given["url"].text()):
        raise given["url"].error("an url reads `something/{slug}/`")
    if "screening" in given and given["screening"].text() not in ("before", "after"):
        raise given["screening"].error("screening is `before` or `after`")
    if "dates" in given and given["dates"].text() != "month":
        raise given["dates"].error("`dates` can only be `month`")
    return given


def _coarse(common: Mapping[str, Field]) -> dict[str, Field]:
    """The fields that every type has, their dates as months: `dates: month`."""
    return {
        name: replace(field, kind=replace(field.kind, precision="month"))
        if isinstance(field.kind, Date)
        else field
        for name, field in common.items()
    }


def _check_names(given: Mapping[str, Source], fields: Mapping[str, Field]) -> None:
    """What `order`, `upcoming`, `summary`, `list`, `when` and `unless` name are fields."""
    for key in ("order", "upcoming", "summary", "list"):
        for entry in given[key].sequence() if key in given else ():
            if entry.text().removeprefix("-") not in fields:
                raise entry.error(f"`{key}` names {entry.text()!r}, which is no field")
    for name, entry in given["fields"].entries():
        _check_when(name, fields, entry)
        _check_shared(fields[name], entry)
    _check_parts(given, fields)


def _check_parts(given: Mapping[str, Source], fields: Mapping[str, Field]) -> None:
    """`parts` names items that have words, and only those make lists, under names of their own."""
    parts = given["parts"].text() if "parts" in given else None
    kind = fields[parts].kind if parts and parts in fields else None
    if parts and not (isinstance(kind, Items) and _has_title(kind)):
        raise given["parts"].error(f"`parts` names {parts!r}, which are no items with a text")
    for name, entry in given["fields"].entries():
        for row in _facets_inside(fields[name]):
            if name != parts:
                raise entry.error(f"{row!r}: only items that are `parts` of the type make lists")
            if row in fields and fields[row].facet:
                raise entry.error(f"{row!r} makes lists of documents already")


def _check_merges(name: str, given: Mapping[str, Source], fields: Mapping[str, Field]) -> None:
    """`merges` names references to pages of the type itself."""
    if "merges" in given:
        field = fields.get(given["merges"].text())
        if field is None or not isinstance(field.kind, References) or field.kind.to != (name,):
            raise given["merges"].error(
                f"`merges` names {given['merges'].text()!r}: no references to {name!r} alone"
            )


def _has_title(kind: Items) -> bool:
    return any(field.kind.name == "text" for field in kind.fields.values())


def _facets_inside(field: Field) -> list[str]:
    inner = field.kind.fields if isinstance(field.kind, Items) else {}
    return [name for name, field in inner.items() if field.facet]


def _check_askable(source: Source, fields: Mapping[str, Field]) -> None:
    """A page that anybody may propose can be complete without the editors."""
    for name, entry in source.entries():
        if fields[name].required and fields[name].editors_only:
            raise entry.error(f"{name!r} is required, but the public is not asked for it")


def _check_shared(field: Field, source: Source) -> None:
    """What a workshop answers for all is published, asked of everybody, and asks for no file."""
    told = field.private or field.editors_only or field.managed or field.contact
    if field.shared and (told or field.when or field.kind.name in ("image", "items")):
        raise source.error(f"{field.name!r} cannot be shared: it is not a public, simple question")


def _check_when(name: str, fields: Mapping[str, Field], source: Source) -> None:
    unless = fields[name].unless
    for key, others in (("when", fields[name].when), ("unless", (unless,) if unless else ())):
        for other in others:
            if other not in fields or other == name:
                raise source.error(f"`{key}` of {name!r} names {other!r}, which is no other field")


def _declare_body(source: Source, sections: Mapping[str, Label]) -> Body | None:
    given = source.record("max", "label", "hint", "shown", "required", "section")
    body = Body(
        max=given["max"].integer() if "max" in given else 6000,
        label=given["label"].label() if "label" in given else Label({"fr": "Texte", "en": "Text"}),
        hint=given["hint"].label() if "hint" in given else NO_LABEL,
        shown=given["shown"].label() if "shown" in given else NO_LABEL,
        required="required" in given and given["required"].boolean(),
        section=given["section"].text() if "section" in given else "",
    )
    if body.section and body.section not in sections:
        raise given["section"].error(f"there is no section {body.section!r}")
    return body if body.max else None
