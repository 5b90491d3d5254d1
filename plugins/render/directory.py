"""What a script needs to narrow a list by several facets at once: a file beside the list.

All of a type's entries in the order of the list, column by column, so that 10 000 of them stay
within 250 kB compressed: names repeat within a column, and gzip finds that.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from dataclasses import dataclass

from plugins.render.facts import doubt
from plugins.render.listing import Facet, chosen, facets_of, parted
from plugins.render.plain import plain as said
from plugins.render.shown import Setting
from plugins.render.site import FIRST_LANGUAGE, LANGUAGES, Site
from plugins.render.typography import typeset
from plugins.render.values import fact
from plugins.schema import ContentType, Document, Index
from plugins.schema.kinds.composed import TERRITORIES

FIRST = 0x30  # "0": the code of a field's first term; the others follow it
ENTRY = "\n"
FEW = 1000  # entries whose summaries come along: about 60 kB compressed


def has_directory(content_type: ContentType) -> bool:
    """Whether its list narrows by script: it lists documents, not their parts."""
    own = set(content_type.facets) - set(content_type.part_fields)
    return bool(content_type.list_url and own)


def directory_path(content_type: ContentType) -> str:
    return f"{content_type.list_url}index.json"


def directory_href(content_type: ContentType, site: Site) -> str:
    """Where it stands; "" where there is none."""
    return site.href(directory_path(content_type)) if has_directory(content_type) else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A field that rows made by the script show, under its `name` in the directory: by its terms
    where it is a `facet`, else in `words`.
    """

    name: str
    label: str
    several: bool
    facet: bool
    own: bool
    """Whether its words are in the language of the entry."""


def columns(content_type: ContentType, lang: str) -> tuple[Column, ...]:
    """What the script can show of each entry: what the list shows, without ways to reach anybody,
    which a page that is not fresh must not give.
    """
    fields = (content_type.fields[name] for name in content_type.list)
    return tuple(
        Column(
            one.name,
            typeset(one.heading.get(lang), lang),
            one.kind.name == "choices",
            one.facet,
            one.kind.name == "text",
        )
        for one in fields
        if one.facet or not (one.contact or one.private)
    )


def plain(title: str) -> str:
    """The words of a title without accents, as the script makes them too: most slugs are that."""
    letters = unicodedata.normalize("NFD", title).lower()
    bare = "".join(one for one in letters if not unicodedata.category(one).startswith("M"))
    return "-".join(re.findall("[a-z0-9]+", bare))


def directory(content_type: ContentType, index: Index, site: Site) -> str:
    """By script, what the list shows and by what it is narrowed.

    `titles` and `slugs`: a line an entry, without a slug where it is the title's `plain`. `notes`:
    "d" for an invented example, "c" for a page to be checked, "o" for what is over; "1" for what is
    written in the second of LANGUAGES. `summaries`:
    none in a long list. `words`: by field and language, a line an entry; in a long list, of what
    goes by the clock only. `facets`:
    by field, the keys of its `terms`, and `of`, a line an entry: a character for each term that it
    chose, then for each that holds one of these (a commune holds its quarters), "0" being the first
    of `terms`, "1" the second and so on by code point; `wider`: by the key of a territory, those
    that cover it.
    """
    listed = tuple(one for one in chosen(content_type, index, None) if isinstance(one, Document))
    coming, past = parted(listed, site.built)
    entries = [*coming, *past]
    columns = {
        "titles": ENTRY.join(_line(one.title, one.lang) for one in entries),
        "slugs": ENTRY.join("" if one.slug == plain(one.title) else one.slug for one in entries),
        "notes": ENTRY.join(
            _notes(one, site.built) + "o" * (number >= len(coming))
            for number, one in enumerate(entries)
        ),
        "summaries": _summaries(entries),
        "words": _words(content_type, entries, index, site),
        "facets": {
            name: _column(entries, content_type, index, [facet for facet, _ in found])
            | _wider(content_type, index, [facet for facet, _ in found])
            for name, found in facets_of(content_type, index).items()
            if name in content_type.fields
        },
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")) + "\n"


def _words(
    content_type: ContentType, entries: list[Document], index: Index, site: Site
) -> dict[str, dict[str, str]]:
    """By field that rows show in words and by language, those words, a line an entry."""
    if len(entries) > FEW and not content_type.upcoming:
        return {}
    told: dict[str, dict[str, str]] = {}
    for column in columns(content_type, FIRST_LANGUAGE):
        if not column.facet:
            field = content_type.fields[column.name]
            for lang in LANGUAGES:
                setting = Setting(index, site, lang)
                found = (fact(field, one.data.get(field.name), setting) for one in entries)
                lines = (" ".join(said(one, lang).split("\n")) if one else "" for one in found)
                told.setdefault(field.name, {})[lang] = ENTRY.join(lines)
    return told


def _notes(document: Document, today: datetime.date) -> str:
    written = LANGUAGES.index(document.lang)
    marks = "d" * document.demo + "c" * (doubt(document, today) is not None)
    return marks + str(written or "")


def _line(text: str, lang: str) -> str:
    """As rows show it, on one line."""
    return typeset(" ".join(text.split()), lang)


def _summaries(entries: list[Document]) -> str:
    """Each on a line; "" for all where they would weigh more than all the rest."""
    words = (_line(one.summary, one.lang) for one in entries)
    return ENTRY.join(words) if len(entries) <= FEW else ""


def _column(
    entries: list[Document], content_type: ContentType, index: Index, facets: list[Facet]
) -> dict[str, object]:
    """What one facet's field says of each entry."""
    codes = {facet.term: chr(FIRST + number) for number, facet in enumerate(facets)}
    within: dict[str, list[str]] = {one.ref: [] for one in entries}
    for facet in facets:
        for one in chosen(content_type, index, facet):
            within[one.ref].append(facet.term)
    lines = []
    for one in entries:
        field = content_type.fields[facets[0].field]
        own = dict.fromkeys(field.kind.terms(one.data.get(field.name)))
        lines.append("".join(codes[term] for term in dict.fromkeys([*own, *within[one.ref]])))
    return {"terms": list(codes), "of": ENTRY.join(lines)}


def _wider(content_type: ContentType, index: Index, facets: list[Facet]) -> dict[str, object]:
    """Beside which territories others are to be offered."""
    if getattr(content_type.fields[facets[0].field].kind, "vocabulary", "") != TERRITORIES:
        return {}
    keys = [facet.term for facet in facets]
    covering = {
        key: [term.key for term in index.schema.places.wider(key) if term.key in keys]
        for key in keys
    }
    return {"wider": {key: found for key, found in covering.items() if found}}
