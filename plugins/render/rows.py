"""A document, or a part of one, as one line of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugins.render import evidence, facts, hearing
from plugins.render.shown import Fact, Setting, TermShown
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import fact
from plugins.schema import Document, Index, Part, withhold


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `mark` is the first marked term of a document, if any.

    `notes` are what can be read there without opening its page; `helped` is the slug of a need that
    one may help with from there, "" elsewhere.
    """

    title: str
    href: str
    lang: str
    summary: str
    mark: TermShown | None
    facts: tuple[Fact, ...]
    demo: bool
    to_check: bool
    notes: tuple[Fact, ...] = ()
    helped: str = ""


def row(
    document: Document, theme: Theme, index: Index, lang: str, notes: Iterable[str] = ()
) -> Row:
    """`notes` names the fields to be read there."""
    setting = Setting(index, theme.site, lang, document.lang)
    today = theme.site.built
    told = withhold(document, today)
    shown = facts.row_facts(told, setting)
    fields = document.type.fields
    noted = (fact(fields[name], told.data.get(name), setting) for name in notes)
    return Row(
        title=typeset(document.title, document.lang),
        href=theme.site.href(document.url, lang) if document.url else "",
        lang=document.lang,
        summary=typeset(document.summary, document.lang),
        mark=next((f.value[0] for f in shown if f.marked), None),
        facts=(
            *shown,
            *evidence.standings(document, setting),
            *hearing.heard_in_row(document, setting),
        ),
        demo=document.demo,
        to_check=facts.doubt(document, today) is not None,
        notes=tuple(filter(None, noted)),
    )


def part_row(part: Part, theme: Theme, index: Index, lang: str) -> Row:
    """With the day of its document, what makes lists of parts, and the way to what it tells of."""
    setting = Setting(index, theme.site, lang, part.lang)
    document = part.document
    order = document.type.fields[document.type.order.removeprefix("-")]
    shown = (
        [fact(order, document.data.get(order.name), setting)] if order.kind.name == "date" else []
    )
    shown += [
        fact(field, part.row.get(name), setting, part.type)
        for name, field in part.fields.items()
        if field.facet
    ]
    notes = (
        fact(field, part.row.get(name), setting)
        for name, field in part.fields.items()
        if field.kind.name == "url"
    )
    return Row(
        title=typeset(part.title, part.lang),
        href=theme.site.href(part.url, lang) if part.url else "",
        lang=part.lang,
        summary=typeset(part.summary, part.lang),
        mark=None,
        facts=tuple(filter(None, shown)),
        demo=document.demo,
        to_check=False,
        notes=tuple(filter(None, notes)),
    )


def rows(
    entries: Iterable[Document | Part], theme: Theme, index: Index, lang: str
) -> tuple[Row, ...]:
    return Rows(theme, index, lang).of(entries)


class Rows:
    """The rows of one index in one language, each made once: an entry stands in many lists."""

    def __init__(self, theme: Theme, index: Index, lang: str) -> None:
        self._theme = theme
        self._index = index
        self._lang = lang
        self._made: dict[str, Row] = {}

    def of(self, entries: Iterable[Document | Part]) -> tuple[Row, ...]:
        return tuple(self._made.get(one.ref) or self._make(one) for one in entries)

    def _make(self, entry: Document | Part) -> Row:
        setting = self._theme, self._index, self._lang
        made = part_row(entry, *setting) if isinstance(entry, Part) else row(entry, *setting)
        self._made[entry.ref] = made
        return made
