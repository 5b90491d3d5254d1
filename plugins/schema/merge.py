"""`merge`: two changes of one document brought together by field, as git cannot do by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugins.schema.documents import Document
from plugins.schema.kind import Clash, Value, merge_whole
from plugins.schema.kinds.merging import merge_answers

DAYS = ("updated", "state_since")  # written by Vigie with a change: nobody can decide between two


@dataclass(frozen=True, slots=True)
class Merged:
    """What two changes give together. What clashes has base's value in `document`.

    Without a clash, and if all three documents were good, `document` is good as well.
    """

    document: Document
    clashes: tuple[Clash, ...] = ()


def merge(base: Document | None, ours: Document, theirs: Document) -> Merged:
    """Both changes of `base`, which are of one type; None when both sides made it anew.

    What one side changed is so in the result; what both changed is merged as the field's kind
    does it, and clashes where it cannot. Of DAYS, the later of two new ones stays. To swap ours
    and theirs swaps them in the clashes and changes nothing else. Ill-shaped values are merged
    whole.
    """
    if base is None:
        base = Document(ours.type, "", {})
    if theirs in (base, ours):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    slug, renamed = merge_whole(base.slug, ours.slug, theirs.slug, "slug")
    body, rewritten = merge_whole(base.body, ours.body, theirs.body, "body")
    sides = _with_later_date(base.data, ours.data, theirs.data)
    data, clashes = merge_answers(ours.type.fields, base.data, *sides)
    return Merged(Document(ours.type, slug, data, body), renamed + clashes + rewritten)


def _with_later_date(
    base: Mapping[str, Value], ours: Mapping[str, Value], theirs: Mapping[str, Value]
) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    """Both sides, agreeing on the days of DAYS of which each has a new one."""
    for name in DAYS:
        left, right = ours.get(name), theirs.get(name)
        if base.get(name) not in (left, right) and isinstance(left, str) and isinstance(right, str):
            later = {name: max(left, right)}
            ours, theirs = {**ours, **later}, {**theirs, **later}
    return ours, theirs
