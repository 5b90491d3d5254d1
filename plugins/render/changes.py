"""What a proposal changes, field by field, as the desk shows it."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.render.prose import paragraphs
from plugins.render.shown import Fact, Setting
from plugins.render.site import Site
from plugins.render.values import fact
from plugins.schema import Document, Index


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after; None where it had or has no value."""

    name: str
    label: str
    before: Fact | None
    after: Fact | None


def changes(
    before: Document | None, after: Document | None, index: Index, site: Site, lang: str
) -> tuple[Change, ...]:
    """The fields whose values differ, in the type's order, the body last.

    `before` is None for a new document, `after` for one that is withdrawn. Fields that Vigie
    writes itself (dates, ids) say nothing to an editor and are left out.
    """
    known = after or before
    if known is None:
        return ()
    setting = Setting(index, site, lang, known.lang)
    found = []
    for field in known.type.public_fields():
        old = before.data.get(field.name) if before else None
        new = after.data.get(field.name) if after else None
        if field.managed or old == new:
            continue
        old_shown, new_shown = fact(field, old, setting), fact(field, new, setting)
        found.append(Change(field.name, field.label.get(lang), old_shown, new_shown))
    old_body, new_body = (before.body if before else ""), (after.body if after else "")
    if old_body != new_body and known.type.body:
        label = known.type.body.label.get(lang)
        found.append(Change("body", label, _source(old_body, label), _source(new_body, label)))
    return tuple(found)


def _source(body: str, label: str) -> Fact | None:
    """A body as it was written, Markdown signs and all: the page itself is shown beside."""
    return Fact("body", label, "prose", paragraphs(body, ""), True) if body else None
