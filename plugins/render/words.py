"""The interface's words in each language: msgids are English, the rest is in `.po` files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[2] / "theme" / "locale"


def N_(text: str) -> str:  # noqa: N802 — gettext's usual name for "translated when it is shown"
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """Translations of one language; a word without translation stays English."""

    lang: str
    catalog: Catalog

    def gettext(self, text: str) -> str:
        message = self.catalog.get(text)
        return str(message.string) if message and message.string else text

    def ngettext(self, one: str, many: str, number: int) -> str:
        message = self.catalog.get(one)
        forms = message.string if message and isinstance(message.string, tuple | list) else ()
        if not any(forms):
            return one if number == 1 else many
        return str(forms[plural_form(self.lang, number)])


def plural_form(lang: str, number: int) -> int:
    """Which plural form: in French zero is singular."""
    return int(number > 1) if lang == "fr" else int(number != 1)


@cache
def words(lang: str) -> Words:
    """The words of `lang`, read once from the theme."""
    path = LOCALE / lang / "LC_MESSAGES" / "vigie.po"
    if not path.exists():
        return Words(lang, Catalog(locale=lang))
    with path.open("rb") as file:
        return Words(lang, read_po(file, locale=lang))
