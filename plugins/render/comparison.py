"""Two pages side by side, by the facts that tell whether they are about the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.render.shown import Fact, Setting
from plugins.render.site import Site
from plugins.render.values import fact
from plugins.schema import Document, Field, Index, Value

TELLING = frozenset({"place", "url", "email", "phone", "date"})  # kinds


@dataclass(frozen=True, slots=True)
class Pair:
    """One fact of two pages, None where a page does not tell it; `same` if both say the same."""

    name: str
    label: str
    one: Fact | None
    other: Fact | None
    same: bool


def paired(one: Document, other: Document, index: Index, site: Site, lang: str) -> tuple[Pair, ...]:
    """Who, what, where, when and how to be reached: what either of two pages of a type says."""
    return tuple(_pairs(one, other, index, site, lang))


def _pairs(one: Document, other: Document, index: Index, site: Site, lang: str) -> Iterator[Pair]:
    mine, theirs = (Setting(index, site, lang, page.lang) for page in (one, other))
    kind = one.type
    for field in kind.public_fields():
        tells = field.required or field.kind.name in TELLING or field.name == kind.summary
        if field.managed or field.editors_only or not (tells or field.name in kind.list):
            continue
        values = one.data.get(field.name), other.data.get(field.name)
        shown = fact(field, values[0], mine), fact(field, values[1], theirs)
        if any(shown):
            same = all(shown) and _is_same(field, *values)
            yield Pair(field.name, field.heading.get(lang), *shown, same)


def _is_same(field: Field, one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        one, other = (text.casefold().strip(" /.") for text in (one, other))
    elif isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return field.kind.same(one, other)
