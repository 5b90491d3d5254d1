"""An observation withdrawn from Vigie: the syntheses that cited it say so, and never which one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from plugins.observation.findings import (
    FINDINGS,
    OBSERVATION,
    SUPPORTING,
    SYNTHESIS,
    WITHDRAWALS,
    WITHDRAWN,
)
from plugins.observation.quoting import without
from plugins.schema import Document, Index, Rewriting, Value, normal_body, unpublished
from plugins.schema.replacement import Replacement


def taken_off(index: Index, document: Document, today: datetime.date, id: str) -> Rewriting:
    """A document of the index unpublished; if it is an observation, the syntheses that cited it
    tell on which day one was withdrawn, mark the findings that nothing supports any more, and
    quote its words no more.

    `id` is a new id, for the row. A repository forgets nothing: neither what it said nor its name
    is kept in theirs.
    """
    if document.type.name != OBSERVATION:
        return unpublished(index, document)
    day = today.isoformat()

    def said(pair: tuple[Document, Document]) -> Document:
        if pair[0].type.name != SYNTHESIS:
            return pair[1]
        return replace(_marked(*pair, day, id), body=_unquoted(pair[0].body, document.ref))

    return unpublished(index, document, said)


def told_again(document: Document, index: Index) -> Document:
    """What a page said once, for readers of today: of observations that the index has no more,
    neither the words nor the names.
    """
    named = {reference.partition("#")[0] for reference in document.references()}
    cited = {reference for reference in named if reference.startswith(f"{OBSERVATION}/")}
    gone = [reference for reference in cited if not index.named(*reference.split("/", 1))]
    for reference in gone:
        document = replace(document, body=_unquoted(document.body, reference))
    return Replacement(references=dict.fromkeys(gone)).document(document)


def _unquoted(body: str, reference: str) -> str:
    """A text without an observation's words; of a link that only names it the words stay."""
    return normal_body(Replacement(references={reference: None}).words(without(body, reference)))


def _marked(before: Document, after: Document, day: str, id: str) -> Document:
    """A synthesis that cited it, with its mark and those of its findings."""
    data = dict(after.data)
    rows, old = data.get(FINDINGS), before.data.get(FINDINGS)
    if isinstance(rows, list) and isinstance(old, list) and len(rows) == len(old):
        marked = [_finding(*pair, day) for pair in zip(old, rows, strict=True)]
        data[FINDINGS] = marked
    if WITHDRAWALS in after.type.fields:
        known = data.get(WITHDRAWALS)
        data[WITHDRAWALS] = [*(known if isinstance(known, list) else ()), {"id": id, "on": day}]
    return replace(after, data=data)


def _finding(before: Value, after: Value, day: str) -> Value:
    """A row of findings, marked if it is its last support that went."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return after
    lost = bool(before.get(SUPPORTING)) and not after.get(SUPPORTING)
    return {**after, WITHDRAWN: day} if lost else after
