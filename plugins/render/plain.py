"""A Fact in plain words, for where there is no HTML: a pull request's text, a letter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup

from plugins.render.hours import line_text
from plugins.render.shown import Fact, HoursShown, ImageShown, ItemShown, LinkShown, PlaceShown
from plugins.render.words import words

_LINE_ENDS = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre|tr)>|<br\s*/?>")
_LINK = re.compile(r'<a\b[^>]*\bhref="((?:[a-z]+:|&#)[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
"""A link that leads elsewhere; an e-mail address is written by the numbers of its letters."""


def plain(fact: Fact, lang: str) -> str:
    """What the value says; entries and paragraphs stand each on a line."""
    value = fact.value
    match fact.shape:
        case "prose":
            return _untagged(value)
        case "terms":
            return ", ".join(term.label for term in value)
        case "links":
            return "\n".join(map(_link, value))
        case "date":
            return str(value.words)
        case "hours":
            return _hours(value, lang)
        case "place":
            return _place(value)
        case "image":
            return _image(value)
        case "answer":
            say = words(lang).gettext
            return say("Yes") if value else say("No")
        case "items" | "notes" | "words":
            entry = _quoted if fact.shape == "words" else _item
            return "\n".join(f"• {entry(item, lang)}" for item in value)
        case _:
            return str(value)


def _untagged(html: Markup) -> str:
    """The text, and where its links lead: a reader must not be led astray by their words."""
    told = _LINK.sub(r"\2 (\1)", str(html))
    lines = (Markup(line).striptags() for line in _LINE_ENDS.sub("\n", told).splitlines())  # noqa: S704 — its tags go
    return "\n".join(filter(None, lines))


def _link(link: LinkShown) -> str:
    if not link.href.startswith("http"):
        return link.words
    is_its_name = link.href.rstrip("/").endswith(link.words)
    return link.href if is_its_name else f"{link.words} ({link.href})"


def _hours(hours: HoursShown, lang: str) -> str:
    lines = (line_text(line, lang) for line in hours.lines)
    return "\n".join(filter(None, (*lines, hours.note)))


def _place(place: PlaceShown) -> str:
    where = ", ".join(filter(None, (place.street, place.territory.label, place.parent)))
    return f"{where} ({place.geo})" if place.geo else where


def _image(image: ImageShown) -> str:
    return " – ".join(filter(None, (image.src, image.alt, image.credit)))


def _item(item: ItemShown, lang: str) -> str:
    named = words(lang).gettext("%(field)s: %(sentence)s")
    facts = (named % {"field": f.label, "sentence": _inline([f], lang)} for f in item.facts)
    return " – ".join(filter(None, (item.title, item.href, *facts)))


def _quoted(item: ItemShown, lang: str) -> str:
    return _inline(item.facts, lang)


def _inline(facts: Iterable[Fact], lang: str) -> str:
    """On one line: each entry of a list has one."""
    return " ".join(
        (", " if fact.shape == "links" else " ").join(plain(fact, lang).splitlines())
        for fact in facts
    )
