"""How a value of each kind shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from plugins.render.dates import in_words
from plugins.render.guarding import guarded_html
from plugins.render.hours import hours_shown
from plugins.render.prose import Notes, markdown_html, paragraphs
from plugins.render.shown import (
    DateShown,
    Fact,
    ImageShown,
    ItemShown,
    LinkShown,
    PlaceShown,
    Setting,
    TermShown,
)
from plugins.render.typography import typeset
from plugins.schema import ContentType, Document, Field, Part, Value, is_empty

RAW: Mapping[str, type] = MappingProxyType(
    {
        **dict.fromkeys(("choices", "references", "items"), list),
        **dict.fromkeys(("place", "image"), Mapping),
        "boolean": bool,
        "integer": int,
    }
)
"""What each kind's value is made of; the others are texts."""
DIRECTIONS = "https://www.openstreetmap.org/directions?to="
LONG = frozenset({"paragraph", "markdown", "items", "image"})
LONG_TEXT = 100  # characters from which a text is read rather than scanned


def fact(
    field: Field, value: Value, setting: Setting, owner: ContentType | None = None
) -> Fact | None:
    """How one value shows, or None when there is none. `owner` has the lists that terms lead to."""
    if is_empty(value):
        return None
    label = typeset(field.heading.get(setting.lang), setting.lang)
    show = SHAPES.get(field.kind.name, _text)
    try:
        if not isinstance(value, RAW.get(field.kind.name, str)):
            raise TypeError
        shape, shown = show(field, value, setting, owner)
    except (AttributeError, KeyError, TypeError, ValueError):
        # A proposal that does not fit its type is still looked at on the desk: as it came.
        return Fact(field.name, label, "text", str(value), kind=field.kind.name)
    long = field.kind.name in LONG or (shape == "text" and len(shown) > LONG_TEXT)
    marked = shape == "terms" and field.kind.name == "choice" and bool(shown[0].mark)
    return Fact(field.name, label, shape, shown, long, marked, field.kind.name)


Shown = tuple[str, Any]


def _text(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "text", typeset(str(value), setting.written)


def _integer(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "text", str(value)


def _paragraph(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "prose", guarded_html(paragraphs(value, setting.written))


def _markdown(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "prose", prose(value, setting, 4)


def prose(text: str, setting: Setting, top: int, notes: Notes | None = None) -> Markup:
    lang, written = setting.lang, setting.written
    html = markdown_html(
        text, setting.index, setting.site, lang, top=top, written=written, notes=notes
    )
    return guarded_html(html)


def _boolean(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "answer", value


def _date(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "date", DateShown(value, in_words(value, setting.lang))


def _url(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "text", value
    words = (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")
    return "links", (LinkShown(words, value),)


def _email(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    safe = "@" in value and not set(value) & set(" ?&<>\"'\n")
    return "links", (LinkShown(value, f"mailto:{value}" if safe else ""),)


def _phone(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    number = "".join(c for c in value if c in "+0123456789")
    spaced = value.replace(" ", "\u00a0")
    return "links", (LinkShown(spaced, f"tel:{number}" if number else ""),)


def _hours(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "hours", hours_shown(value, setting.lang)


def _choice(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "terms", (shown_term(field, value, setting, owner),)


def _choices(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "terms", tuple(shown_term(field, key, setting, owner) for key in value)


def _place(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    key = value.get("territory", "")
    terms = setting.index.schema.territories
    parent = terms.get(terms[key].within) if key in terms and terms[key].within else None
    lat, lon = value.get("lat"), value.get("lon")
    known = isinstance(lat, int | float) and isinstance(lon, int | float)
    point = f"{lat},{lon}" if known else ""
    street, town = str(value.get("street", "")), parent or terms.get(key)
    named = f"{street}, {town.label.get(setting.lang)}" if street and town else ""
    return "place", PlaceShown(
        shown_term(field, key, setting, owner),
        parent.label.get(setting.lang) if parent else "",
        typeset(street, setting.written),
        f"geo:{point}" if point else "",
        f"{DIRECTIONS}{quote(point or named, safe=',')}" if point or named else "",
    )


def _image(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    href = setting.site.href
    file = str(value["file"])
    fallback = fallback_of(file)
    return "image", ImageShown(
        href(f"images/{file}"),
        str(value.get("alt", "")),
        str(value.get("credit", "")),
        href(f"images/{fallback}") if fallback else "",
    )


def fallback_of(file: str) -> str:
    """The JPEG beside a WebP picture, for browsers that cannot read it; "" for other pictures."""
    stem, _, ending = file.rpartition(".")
    return f"{stem}.jpg" if ending == "webp" else ""


def _references(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    return "links", tuple(link(reference, setting) for reference in value)


def _items(field: Field, value: Value, setting: Setting, owner: ContentType | None) -> Shown:
    inner: Mapping[str, Field] = getattr(field.kind, "fields", {})
    shape = "notes"
    if len(inner) == 1:
        shape = "words"
    elif any(sub.kind.name in LONG for sub in inner.values()):
        shape = "items"
    rows = enumerate(value, 1)
    return shape, tuple(_item(field, row, number, setting, owner) for number, row in rows)


def _item(
    field: Field,
    row: Mapping[str, Value],
    number: int,
    setting: Setting,
    owner: ContentType | None,
) -> ItemShown:
    inner: Mapping[str, Field] = getattr(field.kind, "fields", {})
    facts = [f for name, sub in inner.items() if (f := fact(sub, row.get(name), setting, owner))]
    first_text = next((n for n, sub in inner.items() if sub.kind.name == "text"), None)
    title = next((f for f in facts if f.name == first_text), None)
    address = next(
        (f for f in facts if f.shape == "links" and inner[f.name].kind.name == "url"), None
    )
    headed = title is not None and len(inner) > 1
    if headed and title:
        facts = [f for f in facts if f not in (title, address)]
    return ItemShown(
        id=str(row.get("id") or f"{field.name}-{number}"),
        title=str(title.value) if headed and title else "",
        href=address.value[0].href if headed and address else "",
        facts=tuple(facts),
    )


SHAPES: Mapping[str, Callable[[Field, Value, Setting, ContentType | None], Shown]] = (
    MappingProxyType(
        {
            **dict.fromkeys(("text",), _text),
            "paragraph": _paragraph,
            "markdown": _markdown,
            "integer": _integer,
            "boolean": _boolean,
            "date": _date,
            "url": _url,
            "email": _email,
            "phone": _phone,
            "hours": _hours,
            "choice": _choice,
            "choices": _choices,
            "place": _place,
            "image": _image,
            "references": _references,
            "items": _items,
        }
    )
)


def shown_term(
    field: Field, key: str, setting: Setting, owner: ContentType | None = None
) -> TermShown:
    """A term of the field's vocabulary; leads to its list when the field makes such lists."""
    name = str(getattr(field.kind, "vocabulary", ""))
    vocabulary = setting.index.vocabularies[name]
    terms = vocabulary.terms
    if key not in terms:
        return TermShown(key, name, key)
    href = ""
    if owner is not None and owner.list_url and field.facet:
        href = setting.site.href(f"{owner.list_url}par/{field.name}/{key}/", setting.lang)
    term = terms[key]
    return TermShown(
        key,
        name,
        typeset(term.label.get(setting.lang), setting.lang),
        typeset(term.hint.get(setting.lang), setting.lang),
        term.mark,
        href,
        vocabulary.place(key) % 6,
    )


def link(reference: str, setting: Setting) -> LinkShown:
    """A document, or a part of one, by its title; the reference itself if there is none."""
    part = setting.index.part(reference)
    if part is not None:
        return part_link(part, setting)
    document = setting.index.get(reference)
    if document is None:
        return LinkShown(reference)
    return document_link(document, setting)


def part_link(part: Part, setting: Setting) -> LinkShown:
    href = setting.site.href(part.url, setting.lang) if part.url else ""
    title, label = typeset(part.title, part.lang), part.type.label.get(setting.lang)
    return LinkShown(title, href, label, other(part.lang, setting))


def document_link(document: Document, setting: Setting) -> LinkShown:
    href = setting.site.href(document.url, setting.lang) if document.url else ""
    title, label = typeset(document.title, document.lang), document.type.label.get(setting.lang)
    return LinkShown(title, href, label, other(document.lang, setting))


def other(written: str, setting: Setting) -> str:
    """The language of some words, where it is not the interface's."""
    return "" if written == setting.lang else written
