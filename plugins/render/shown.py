"""The shapes in which values are shown; templates read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plugins.render.site import Site
from plugins.schema import Index


@dataclass(frozen=True, slots=True)
class Setting:
    """What showing a value needs beside the value.

    `lang` is the reader's language, `written` the one in which the document is written.
    """

    index: Index
    site: Site
    lang: str
    written: str = "fr"


@dataclass(frozen=True, slots=True)
class TermShown:
    """A term with its words; `href` leads to the list it filters, `edge` (0–5) is its colour."""

    key: str
    vocabulary: str
    label: str
    hint: str = ""
    mark: str = ""
    href: str = ""
    edge: int = 0


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """`parent` is the commune of a quarter; `geo` a `geo:` link when coordinates are known; `way`
    leads to OpenStreetMap's directions when the door is known, by its point or its address.
    """

    territory: TermShown
    parent: str = ""
    street: str = ""
    geo: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link, with the words it carries; no `href`: only words. `lang` is that of the words, where
    it is not the interface's.
    """

    words: str
    href: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class DateShown:
    iso: str
    words: str


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Some days, what is so then (hours, or that it is closed) and what is said beside it."""

    days: str
    times: str
    note: str


@dataclass(frozen=True, slots=True)
class HoursShown:
    """A week's opening hours, and what holds otherwise or is all that is known."""

    lines: tuple[HoursLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImageShown:
    """A picture; `fallback` is the same one for old browsers, "" when all can read `src`."""

    src: str
    alt: str
    credit: str
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One entry: `id` is its anchor, `title` and `href` its headline when it has one."""

    id: str
    title: str
    href: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One answered field. `shape` names what `value` holds, and so the macro that shows it:

    text (str) · prose (Markup) · terms, links (tuples) · date · hours · place · image · answer
    (bool) · and tuples of entries: items (with something to read), notes (a line each), words (a
    text each).

    `kind` is the field's. `long` ones are read, the others scanned; a `marked` one is a single
    term with a glyph (a stage, a viewpoint), shown beside the title.
    """

    name: str
    label: str
    shape: str
    value: Any
    long: bool = False
    marked: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a page is to be checked: nobody has confirmed it since `month` ("2020-07").

    `hidden` when it has contacts that are not shown for that.
    """

    month: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One section: `short` facts to scan, `long` ones to read, the body when it belongs here, with
    its `notes` (tuple[NoteShown] of `evidence`).
    """

    key: str
    label: str
    short: tuple[Fact, ...] = ()
    long: tuple[Fact, ...] = ()
    body_label: str = ""
    body: str = ""
    notes: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.short or self.long or self.body)
