"""How fresh a page is on a day, and what of it may be shown then; all by its type's intervals."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum

from plugins.schema.documents import Document
from plugins.schema.kind import Field, Value
from plugins.schema.kinds import Items, first_day

VERIFIED, CREATED = "verified", "created"


class Freshness(Enum):
    """Whether what a page says can be believed: yes; only with care; not even its contacts."""

    FRESH = "fresh"
    OVERDUE = "overdue"
    STALE = "stale"


def freshness(document: Document, today: datetime.date) -> Freshness | None:
    """How fresh a page is; None for types whose pages do not age: what was seen stays seen.

    A page whose dates cannot be read, such as one that is being written, is fresh.
    """
    intervals = document.type.freshness
    if intervals is None:
        return None
    since = confirmed_on(document)
    age = _months(since, today) if since else 0
    if intervals.stale is not None and age >= intervals.stale:
        return Freshness.STALE
    return Freshness.OVERDUE if age >= intervals.overdue else Freshness.FRESH


def confirmed_on(document: Document) -> datetime.date | None:
    """When somebody last stood for all that a page says: it was verified, or else written.

    Never since `updated`: who changes one answer has not said that the others still hold.
    """
    return _date(document.data.get(VERIFIED)) or _date(document.data.get(CREATED))


def confirmed(document: Document, today: datetime.date) -> Document:
    """The same page, of which somebody said today that it still holds; `updated` stays."""
    data = document.type.stamped(document.data, {VERIFIED: today.isoformat()})
    return replace(document, data=data)


def overdue(documents: Iterable[Document], today: datetime.date) -> tuple[Document, ...]:
    """Those that somebody should confirm, the stale ones too, the longest unconfirmed first."""
    aged = (d for d in documents if freshness(d, today) in (Freshness.OVERDUE, Freshness.STALE))
    return tuple(sorted(aged, key=lambda d: (confirmed_on(d) or today, d.ref)))


def withhold(document: Document, today: datetime.date) -> Document:
    """What of a page may be shown on a day: all of it, but for the contacts of a stale one."""
    if freshness(document, today) is not Freshness.STALE:
        return document
    return replace(document, data=_without_contacts(document.type.fields, document.data))


def _without_contacts(fields: Mapping[str, Field], data: Mapping[str, Value]) -> dict[str, Value]:
    kept: dict[str, Value] = {}
    for name, value in data.items():
        field = fields.get(name)
        if field and field.contact:
            continue
        if field and isinstance(field.kind, Items) and isinstance(value, list):
            inner = field.kind.fields
            kept[name] = [_without_contacts(inner, r) if isinstance(r, dict) else r for r in value]
        else:
            kept[name] = value
    return kept


def _date(value: Value) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(first_day(str(value)))
    except ValueError:
        return None


def _months(since: datetime.date, today: datetime.date) -> int:
    """Whole months from one day to another."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return months - (today.day < since.day)
