"""What a document says, field by field, in the order of its type: private fields never."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator

from plugins.render import evidence
from plugins.render.shown import Doubt, Fact, LinkShown, Section, Setting
from plugins.render.site import Site
from plugins.render.typography import typeset
from plugins.render.values import document_link, fact, prose
from plugins.schema import (
    ContentType,
    Document,
    Field,
    Freshness,
    Index,
    confirmed_on,
    freshness,
    withhold,
)

APART = ("verified", "demo")


def sections(
    document: Document, setting: Setting, filled: Collection[str] = ()
) -> tuple[Section, ...]:
    """A document's facts, grouped by the sections of its type; the first is always there, and so
    are those that are `filled` by others.

    What no section claims stands in the first, as the body does; so do the short ones beside a
    contact: how to reach somebody is looked for first. A picture heads the page. References to
    parts are not here: they stand with the rest of their trail.
    """
    declared = document.type.sections
    keys = list(declared) or [""]
    reaching = {field.section for field in document.type.fields.values() if field.contact}
    groups: dict[str, list[Fact]] = {key: [] for key in keys}
    for field in own_fields(document.type):
        if field.name in ("title", document.type.summary) or getattr(field.kind, "parts", False):
            continue
        found = fact(field, document.data.get(field.name), setting, _listing(document, setting))
        if found and not found.marked:
            with_first = field.section not in groups or (
                field.section in reaching and not found.long
            )
            if found.shape == "image":
                groups[keys[0]].insert(0, found)
            else:
                groups[keys[0] if with_first else field.section].append(found)
    first = keys[0]
    body = document.type.body
    body_at = body.section if body and body.section in groups else first
    return tuple(
        section
        for key, group in groups.items()
        if (section := _section(key, group, document, setting, key == body_at))
        or key == first
        or key in filled
    )


def _section(
    key: str, group: list[Fact], document: Document, setting: Setting, with_body: bool
) -> Section:
    """The body ends its section, under its own label when it would else run on from a fact."""
    declared = document.type
    short = tuple(f for f in group if not f.long)
    long = tuple(f for f in group if f.long)
    label = declared.sections[key].get(setting.lang) if key else ""
    is_first = not key or key == next(iter(declared.sections))
    body, body_label, cited = "", "", evidence.notes(document, setting)
    if with_body and document.body:
        if long and declared.body:
            body_label = typeset(declared.body.heading.get(setting.lang), setting.lang)
        body = prose(document.body, setting, 2 + (not is_first) + bool(body_label), cited)
    told = evidence.notes_shown(cited, setting)
    return Section(key, typeset(label, setting.lang), short, long, body_label, body, told)


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
        fact(f, document.data.get(f.name), setting, _listing(document, setting))
        for f in own_fields(document.type)
        if f.kind.name == "choice"  # no other kind is marked
    )
    return tuple(f for f in shown if f and f.marked)


def _listing(document: Document, setting: Setting) -> ContentType | None:
    """Whose lists the terms of a page lead to: none where it stands in none itself."""
    return document.type if setting.index.is_kept(document) else None


def row_facts(document: Document, setting: Setting) -> tuple[Fact, ...]:
    """What a list row shows of a document, as its type's `list:` says."""
    fields = document.type.fields
    shown = (
        fact(fields[name], document.data.get(name), setting, document.type)
        for name in document.type.list
        if not fields[name].private and name not in ("title", document.type.summary)
    )
    return tuple(f for f in shown if f)


def contacts(document: Document, index: Index, site: Site, lang: str) -> tuple[Fact, ...]:
    """How a page says that those it is about can be reached: what it shows today."""
    setting, shown = Setting(index, site, lang), withhold(document, site.built).data
    told = (f for f in own_fields(document.type) if f.contact or f.kind.name == "url")
    return tuple(found for f in told if (found := fact(f, shown.get(f.name), setting)))


def doubt(document: Document, today: datetime.date) -> Doubt | None:
    """Why a page is to be checked, or None when it is fresh, or of a type that does not age."""
    since = confirmed_on(document)
    if since is None or freshness(document, today) in (None, Freshness.FRESH):
        return None
    hidden = withhold(document, today).data != document.data
    return Doubt(f"{since:%Y-%m}", hidden)


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
