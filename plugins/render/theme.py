"""The theme bound to one site and one schema: templates that speak each language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, MutableMapping
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.runtime import Macro

from plugins import typeface
from plugins.render import accessibility, conditions, forms, territory
from plugins.render.dates import in_words, moment_in_words
from plugins.render.figures import table
from plugins.render.glossary import Acronyms
from plugins.render.ground import Ground, ground
from plugins.render.guarding import guarded, guarded_words
from plugins.render.hours import spoken
from plugins.render.listing import feed_stem, parts_stem
from plugins.render.shown import TermShown
from plugins.render.site import LANGUAGES, Site
from plugins.render.typography import typeset
from plugins.render.words import words
from plugins.schema import ContentType, Schema
from plugins.seeking import GROUPS

ROOT = Path(__file__).parents[2] / "theme"
MENU = (
    "initiative",
    "actor",
    "resource",
    "need",
    "observation",
    "synthesis",
    "digest",
    "source",
    "event",
    "group",
)
SHEETS = ("ground", "frame", "atlas", "reading", "evidence", "forms")
PRINTED = "print"  # the sheet that is for paper
SHEET = "css/site.css"
"""The style sheets that every page has, as one file: each more would be one more request."""
UNSAID = re.compile(r"/\*.*?\*/\s*|^[ \t]+", re.DOTALL | re.MULTILINE)  # comments, indents
KEPT = 1024  # pieces of a language that a theme remembers: a few megabytes
FOLLOWING = "a-propos/suivre/"  # where feeds are explained; no slug
SEARCH = "recherche/"
APART = ("page",)  # pages about the site itself stand in the footer


class Theme:
    """Renders the theme's templates for one site and one schema."""

    def __init__(self, site: Site, schema: Schema) -> None:
        self.site = site
        self.schema = schema
        typeface.cut(ROOT / "static")
        self._assets = asset_versions(ROOT / "static")
        self.sheet = _joined(f"{typeface.NAME}?v={self._assets[typeface.NAME]}")
        self._assets[SHEET] = version(self.sheet.encode())
        self._environments = {lang: self._environment(lang) for lang in LANGUAGES}

    def render(self, template: str, lang: str, path: str | None, **values: object) -> str:
        """A whole page.

        `path` is the site path without language ("contribuer/"), for the canonical address and the
        language switch; None for a page that has no address. Raises jinja2's `UndefinedError` when
        a name that the template's opening comment asks for is missing.
        """
        page = self._environments[lang].get_template(template)
        return page.render({"path": path, **values}) + "\n"

    def _environment(self, lang: str) -> Environment:
        environment = Speech(
            loader=FileSystemLoader(ROOT / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=compiled(),
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        speech = words(lang)
        install = environment.install_gettext_callables  # type: ignore[attr-defined]
        install(speech.gettext, speech.ngettext, newstyle=True)
        environment.filters |= {
            "typeset": _typeset(lang),
            "date": partial(in_words, lang=lang),
            "moment": partial(moment_in_words, lang=lang),
            "anchor": forms.anchor,
            "guarded": guarded,
            "guarded_words": guarded_words,
            "spoken": partial(spoken, lang=lang),
        }
        environment.globals |= self._globals(lang)
        return environment

    def _globals(self, lang: str) -> dict[str, Any]:
        """What every template may use without being given it."""
        return {
            "lang": lang,
            "languages": LANGUAGES,
            "site": self.site,
            "schema": self.schema,
            "asset": self._asset,
            "menu": menu(self.schema),
            "offered": offered(self.schema),
            "about": [self.schema.types[name] for name in APART if name in self.schema.types],
            "feed_stem": feed_stem,
            "parts_stem": parts_stem,
            "following_path": FOLLOWING,
            "accessibility": accessibility.declaration(),
            "accessibility_path": accessibility.PATH,
            "search_path": SEARCH,
            "form_sections": forms.form_sections,
            "when_words": forms.when_words,
            "options": forms.options,
            "sought": GROUPS,
            "row_title": forms.row_title,
            "row_is_open": forms.row_is_open,
            "explained": Acronyms(self.schema, lang).explained,
            "conditions": conditions.stylesheet,
            "drawn_territory": lru_cache(KEPT)(partial(self._drawn, lang)),
            "figure_table": table,
            "remembered": lru_cache(KEPT)(_rendered),
        }

    @cached_property
    def ground(self) -> Ground | None:
        """What all maps are drawn on; None where no territory says where it is."""
        return ground(self.schema)

    def _drawn(
        self, lang: str, counted: tuple[tuple[TermShown, int], ...]
    ) -> territory.Drawing | None:
        return territory.drawn(self.schema, self.ground, lang, counted) if self.ground else None

    def _asset(self, name: str) -> str:
        """The address of a static file; it changes with the content and may be kept for ever."""
        return f"{self.site.href('theme/' + name)}?v={self._assets[name]}"


class Speech(Environment):
    """Templates in one language, whose globals are all there before the first is loaded."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dict: Jinja's chain of two, made to be changed later, is gone through again
        each time that a template imports a macro.
        """
        return {**self.globals, **(d or {})}


def _joined(face: str) -> str:
    """The text of `SHEET`; `face` is the address of the typeface, as `asset` gives it."""
    parts = [(ROOT / "static" / "css" / f"{name}.css").read_text("utf-8") for name in SHEETS]
    printed = (ROOT / "static" / "css" / f"{PRINTED}.css").read_text("utf-8")
    whole = "\n".join((*parts, "@media print {", printed, "}"))
    return UNSAID.sub("", whole).replace(typeface.NAME, face)


def asset_versions(folder: Path) -> dict[str, str]:
    """Each static file with a digest of its content."""
    return {
        file.relative_to(folder).as_posix(): version(file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def version(data: bytes) -> str:
    """Of a static file, as its address bears it."""
    return hashlib.sha256(data).hexdigest()[:10]


def _rendered(macro: Macro, *values: Hashable) -> str:
    """What a macro makes of values. `remembered` in a template keeps it: many pages have the same
    piece, such as all the ways to narrow a list, and it is made of nothing but these values.
    """
    return macro(*values)


def _typeset(lang: str) -> Callable[..., str]:
    """Typesets words in the interface's language, or in the one that a template names."""

    def in_language(text: object, written: str = lang) -> str:
        return typeset(str(text), written)

    return in_language


def compiled() -> FileSystemBytecodeCache | None:
    """Where templates stay compiled from one start to the next: a folder that is this user's own,
    among the temporary ones. None where there can be none.
    """
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):  # none can be made, or somebody else made it
        return None


def offered(schema: Schema) -> list[ContentType]:
    """The types that anyone may propose: those of the menu, then those that have no pages."""
    listed = menu(schema)
    others = [one for one in schema.types.values() if one not in listed]
    return [one for one in (*listed, *others) if one.contribute]


def menu(schema: Schema) -> list[ContentType]:
    """The types that have lists: those the theme knows in its order, then any other."""
    listed = [t for name, t in schema.types.items() if t.list_url and name not in APART]
    order = {name: place for place, name in enumerate(MENU)}
    return sorted(listed, key=lambda t: (order.get(t.name, len(MENU)), t.name))
