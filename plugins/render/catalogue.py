"""Which of the interface's words have no translation yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir

from plugins.render.theme import ROOT as THEME
from plugins.render.words import words

PROJECT = THEME.parent
KEYWORDS: dict[str, Any] = {"gettext": None, "ngettext": (1, 2), "_": None, "N_": None, "say": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {
    "**.html": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.do",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}
SOURCES = ("theme/templates", "plugins", "contrib_gateway")


def messages(project: Path = PROJECT) -> Iterator[tuple[str, ...]]:
    """Every msgid (with its plural, if it has one) of the templates and of the Python code."""
    for source in SOURCES:
        if (project / source).is_dir():
            found = extract_from_dir(
                project / source, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True
            )
            for _, _, message, _, _ in found:
                yield message if isinstance(message, tuple) else (message,)


def missing(lang: str, project: Path = PROJECT) -> list[str]:
    """The msgids that `lang` does not translate (in every plural form), sorted."""
    catalog = words(lang).catalog
    lacking = set()
    for message in messages(project):
        known = catalog.get(message[0])
        string = known.string if known else ""
        forms = list(string) if isinstance(string, tuple | list) else [string]
        if not known or known.fuzzy or not all(forms) or (len(message) > 1) != (len(forms) > 1):
            lacking.add(message[0])
    return sorted(lacking)
