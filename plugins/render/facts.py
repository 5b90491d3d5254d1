"""What a document says, field by field, in the order of its type: private fields never."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from plugins.render.shown import Fact, LinkShown, Section, Setting
from plugins.render.typography import typeset
from plugins.render.values import document_link, fact, prose
from plugins.schema import ContentType, Document, Field

APART = ("verified", "demo")


def sections(document: Document, setting: Setting) -> tuple[Section, ...]:
    """A document's facts, grouped by the sections of its type; the first is always there.

    What no section claims stands in the first, as the body does.
    """
    declared = document.type.sections
    keys = list(declared) or [""]
    groups: dict[str, list[Fact]] = {key: [] for key in keys}
    for field in own_fields(document.type):
        if field.name in ("title", document.type.summary):
            continue
        found = fact(field, document.data.get(field.name), setting, document.type)
        if found and not found.marked:
            groups[field.section if field.section in groups else keys[0]].append(found)
    body_at = document.type.body.section if document.type.body else ""
    body_at = body_at if body_at in groups else keys[0]
    built = []
    for key, group in groups.items():
        body = Markup("")
        if document.body and key == body_at:
            body = prose(document.body, setting, 2 if key == keys[0] else 3)
        label = typeset(declared[key].get(setting.lang), setting.lang) if key else ""
        short = tuple(f for f in group if not f.long)
        built.append(Section(key, label, short, tuple(f for f in group if f.long), body))
    return (built[0], *(section for section in built[1:] if section))


def own_fields(content_type: ContentType) -> tuple[Field, ...]:
    """The fields a page tells of, in order.

    Not the private and managed ones, nor those that every page shows apart, nor a number that only
    serves to sort the list.
    """
    order = content_type.order.removeprefix("-")
    return tuple(
        f
        for f in content_type.public_fields()
        if not f.managed
        and f.name not in APART
        and not (f.name == order and f.kind.name == "integer")
    )


def marks(document: Document, setting: Setting) -> tuple[Fact, ...]:
    """The marked facts of a document, in order."""
    shown = (
        fact(f, document.data.get(f.name), setting, document.type)
        for f in own_fields(document.type)
    )
    return tuple(f for f in shown if f and f.marked)


def row_facts(document: Document, setting: Setting) -> tuple[Fact, ...]:
    """What a list row shows of a document, as its type's `list:` says."""
    fields = document.type.fields
    shown = (
        fact(fields[name], document.data.get(name), setting, document.type)
        for name in document.type.list
        if not fields[name].private and name not in ("title", document.type.summary)
    )
    return tuple(f for f in shown if f)


def related(
    documents: Iterable[Document], setting: Setting
) -> Iterator[tuple[str, tuple[LinkShown, ...]]]:
    """Documents by type: (name of the type, plural when several, links)."""
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(document.type.name, []).append(document)
    for group in groups.values():
        label = group[0].type.plural if len(group) > 1 else group[0].type.label
        yield label.get(setting.lang), tuple(document_link(d, setting) for d in group)
