"""An issue to paste into a mail: as plain text, and as HTML that needs nothing from the site."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.render.dates import in_words
from plugins.render.plain import plain
from plugins.render.shown import Fact, ItemShown, Setting
from plugins.render.site import FIRST_LANGUAGE, Site
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import fact
from plugins.render.words import words
from plugins.schema import ContentType, Document, Index

WIDTH = 72  # characters of a line: what mail programs show without breaking it again
PAGE, TEXT = "courriel/", "courriel.txt"
TOLD = ("url", "text")  # kinds of an item's fields that a mail tells beside what is to be read


class Abroad(Site):
    """The same site for readers who are elsewhere: every address has its host."""

    def href(self, path: str, lang: str = FIRST_LANGUAGE) -> str:
        return self.absolute(path, lang)


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a mail says: the issue's own words, its parts, and what of them is told."""

    document: Document
    date: str
    intro: tuple[Fact, ...]
    items: tuple[ItemShown, ...]
    page_url: str


def mailing(document: Document, theme: Theme, index: Index, lang: str) -> Mailing:
    """`document` is of a type with parts."""
    site = Abroad(theme.site.public_url, theme.site.gateway_url, theme.site.built)
    setting = Setting(index, site, lang, document.lang)
    declared = document.type
    order = declared.fields[declared.order.removeprefix("-")]
    date = str(document.data.get(order.name, "")) if order.kind.name == "date" else ""
    items: tuple[ItemShown, ...] = ()
    shown = fact(
        declared.fields[declared.parts or ""], document.data.get(declared.parts or ""), setting
    )
    if shown and shown.shape == "items":
        items = tuple(_told(item, declared) for item in shown.value)
    return Mailing(
        document,
        in_words(date, lang),
        tuple(_intro(document, setting)),
        items,
        theme.site.absolute(document.url or "", lang),
    )


def _told(item: ItemShown, declared: ContentType) -> ItemShown:
    """What is read, and where it comes from; not what only helps to find it on the site."""
    kinds = {name: field.kind.name for name, field in declared.part_fields.items()}
    facts = tuple(f for f in item.facts if f.long or kinds[f.name] in TOLD)
    return ItemShown(item.id, item.title, item.href, facts)


def _intro(document: Document, setting: Setting) -> Iterator[Fact]:
    """What is to be read before the parts."""
    declared = document.type
    for field in declared.public_fields():
        wordy = field.kind.name in ("paragraph", "markdown") and field.name != declared.summary
        if wordy and (found := fact(field, document.data.get(field.name), setting)):
            yield found


def mail_page(document: Document, theme: Theme, index: Index, lang: str) -> str:
    path = f"{document.url}{PAGE}"
    return theme.render("mailing.html", lang, path, mail=mailing(document, theme, index, lang))


def mail_text(document: Document, theme: Theme, index: Index, lang: str) -> str:
    mail = mailing(document, theme, index, lang)
    say = words(lang).gettext
    title = typeset(document.title, document.lang)
    name = theme.schema.site.name.get(lang)
    lines = [title.upper(), " – ".join(filter(None, (name, mail.date))), ""]
    lines += [*_wrapped(typeset(document.summary, document.lang)), ""]
    for found in mail.intro:
        lines += [*_wrapped(plain(found, lang)), ""]
    for number, item in enumerate(mail.items, 1):
        lines += [*_item(item, number, lang), ""]
    lines += [say("Read this issue on the site:"), mail.page_url]
    return "\n".join((*lines, ""))


def _item(item: ItemShown, number: int, lang: str) -> Iterator[str]:
    yield from _wrapped(f"{number}. {item.title}")
    for found in sorted(item.facts, key=lambda one: not one.long):
        said = plain(found, lang)
        label = words(lang).gettext("%(field)s: %(sentence)s")
        said = said if found.long else label % {"field": found.label, "sentence": said}
        yield from _wrapped(said, "   ")
    if item.href:
        yield f"   {item.href}"


def _wrapped(text: str, margin: str = "") -> Iterator[str]:
    """Lines of no more than `WIDTH` characters; an address is never broken."""
    for line in text.splitlines():
        yield from textwrap.wrap(
            line,
            WIDTH,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
