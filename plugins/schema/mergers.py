"""Pages brought together on one of them: what that changes, and where it would make no sense."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from plugins.schema.documents import Document
from plugins.schema.index import Index
from plugins.schema.problems import Problem
from plugins.schema.rewriting import Rewriting, rewriting


def merger_faults(document: Document, index: Index) -> Iterator[Problem]:
    """Why a page cannot bring others together as it says: it would be one of them itself, or one
    is brought together elsewhere already. `index` holds all the others.
    """
    name = document.type.merges or ""
    for reference in document.merges:
        if reference == document.ref:
            yield Problem("", name, "merged_itself")
            continue
        other = index.get(reference)
        if other is None:
            continue
        if _leads_to(other, document.ref, index):
            yield Problem("", name, "merged_ring", {"title": other.title})
        for holder in index.naming(other, document.type.name, name):
            if holder.ref not in (document.ref, other.ref):
                said = {"title": other.title, "other": holder.title}
                yield Problem("", name, "merged_twice", said)


def _leads_to(document: Document, reference: str, index: Index) -> bool:
    """Whether a page brings another together, itself or by those that it brings together."""
    seen, waiting = {document.ref}, [document]
    while waiting:
        merges = waiting.pop().merges
        if reference in merges:
            return True
        found = [one for ref in merges if ref not in seen and (one := index.get(ref))]
        seen |= {one.ref for one in found}
        waiting += found
    return False


def brought_together(
    index: Index, kept: Document, other: Document, today: datetime.date
) -> Rewriting:
    """A page of the index brought together on another one of its type, with all that it brings
    together itself. Only the kept one is written: what it says stays, and what the other one says
    stays on its own page.
    """
    field = kept.type.merges
    if field is None or other.type.name != kept.type.name or other.ref in kept.merges:
        return Rewriting()
    data = {**kept.data, field: [*kept.data.get(field, ()), other.ref]}
    after = replace(kept, data=kept.type.stamped(data, {"updated": today.isoformat()}))
    found = rewriting(index, [(kept, after)], index)
    faults = merger_faults(after, index.replacing(after))
    known = list(merger_faults(kept, index))
    new = [replace(one, path=after.path) for one in faults if one not in known]
    return replace(found, problems=(*found.problems, *new))
