"""What a proposal changes, field by field, as the desk shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from plugins.render.prose import paragraphs
from plugins.render.shown import Fact, Setting
from plugins.render.site import Site
from plugins.render.typography import typeset
from plugins.render.values import fact
from plugins.render.wording import Part, Versions, compared, listed
from plugins.schema import Document, Field, Index, Value

BODY = "body"
WRITTEN = frozenset({"text", "paragraph", "markdown"})  # kinds whose words are compared
SETS = frozenset({"choices", "references"})
ENTRIES = frozenset({"items", "notes", "words"})  # shapes


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after; None where it had or has no value.

    `was` and `now` are the same in parts, marked, where both have a value and something in common:
    stretches of the text as it was written, or the terms, links or entries of the list. `same`:
    nothing changed.
    """

    name: str
    label: str
    before: Fact | None
    after: Fact | None
    was: tuple[Part, ...] = ()
    now: tuple[Part, ...] = ()
    same: bool = False


def changes(
    before: Document | None,
    after: Document | None,
    index: Index,
    site: Site,
    lang: str,
    *,
    also: Collection[str] = (),
) -> tuple[Change, ...]:
    """The fields whose values differ, in the type's order, the body last.

    `before` is None for a new document, `after` for one that is withdrawn. Fields that Vigie
    writes itself (dates, ids) say nothing to an editor and are left out. `also` names fields that
    are told even if they are the same.
    """
    known = after or before
    if known is None:
        return ()
    setting = Setting(index, site, lang, known.lang)
    found = []
    for field in known.type.public_fields():
        old = before.data.get(field.name) if before else None
        new = after.data.get(field.name) if after else None
        if not field.managed and (old != new or field.name in also):
            found.append(_change(field, old, new, setting))
    old_body, new_body = (before.body if before else ""), (after.body if after else "")
    if known.type.body and (old_body != new_body or BODY in also):
        label = known.type.body.label.get(lang)
        found.append(_change_of_body(label, old_body, new_body))
    return tuple(found)


def _change(field: Field, old: Value, new: Value, setting: Setting) -> Change:
    before, after = fact(field, old, setting), fact(field, new, setting)
    versions = Versions()
    if before and after and old != new and before.shape == after.shape:
        if field.kind.name in WRITTEN and isinstance(old, str) and isinstance(new, str):
            written = "" if field.kind.name == "markdown" else setting.written
            versions = _written(old, new, written)
        elif field.kind.name in SETS and isinstance(before.value, tuple):
            versions = listed(before, after)
        elif before.shape in ENTRIES:
            versions = listed(before, after, fold=True)
    label = field.label.get(setting.lang)
    return Change(
        field.name, label, before, after, versions.before, versions.after, same=old == new
    )


def _change_of_body(label: str, old: str, new: str) -> Change:
    before, after = _source(old, label), _source(new, label)
    versions = _written(old, new, "") if before and after and old != new else Versions()
    return Change(BODY, label, before, after, versions.before, versions.after, same=old == new)


def _written(old: str, new: str, lang: str) -> Versions:
    """Two texts as their reader sees them; as they are where that is no difference."""
    seen = typeset(old, lang), typeset(new, lang)
    versions = compared(*seen) if seen[0] != seen[1] else compared(old, new)
    return versions if versions.alike else Versions()


def _source(body: str, label: str) -> Fact | None:
    """A body as it was written, Markdown signs and all: the page itself is shown beside."""
    return Fact(BODY, label, "prose", paragraphs(body, ""), True) if body else None
