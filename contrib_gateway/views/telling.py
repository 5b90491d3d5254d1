"""Sentences about words that tell of a person: to whoever wrote them before they are sent, and to
the editors before they are published.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contrib_gateway.flags import spotted
from plugins.render import Site, plain
from plugins.render.shown import Setting
from plugins.render.values import fact
from plugins.render.words import N_, words
from plugins.schema import Document, Index, Personal, personal

PERSONAL: Mapping[Personal, str] = MappingProxyType(
    {
        Personal.NAME: N_("“%s” looks like a person’s name: may everybody read it?"),
        Personal.STREET: N_("“%s” looks like a street: may everybody know where it was?"),
        Personal.EMAIL: N_("“%s” looks like an e-mail address: may everybody read it?"),
        Personal.PHONE: N_("“%s” looks like a telephone number: may everybody read it?"),
        Personal.SOCIAL_SECURITY: N_(
            "“%s” looks like a social security number: nobody should read it."
        ),
        Personal.IBAN: N_("“%s” looks like a bank account’s number: nobody should read it."),
    }
)


def said_plainly(document: Document, index: Index, site: Site, lang: str) -> tuple[str, ...]:
    """Each of its facts in a few words, in order."""
    setting = Setting(index, site, lang)
    named = ((document.type.fields[name], value) for name, value in document.data.items())
    shown = (fact(field, value, setting, document.type) for field, value in named)
    return tuple(", ".join(plain(one, lang).splitlines()) for one in shown if one)


def told_of(document: Document, lang: str, before: Document | None = None) -> dict[str, list[str]]:
    """What tells of a person where the page `before` does not say it already: sentences that quote
    it, by field ("body" for the body).
    """
    say, told = words(lang).gettext, dict[str, list[str]]()
    for name, found in spotted(document, before).items():
        said = (_said(word) for word in dict.fromkeys(found))
        told[name] = [say(sentence) % word for word, sentence in said if sentence]
    return told


def _said(word: str) -> tuple[str, str]:
    """A word that was spotted, and the sentence for it; "" if alone it would not be."""
    return word, next((PERSONAL[spot.what] for spot in personal(word, people=True)), "")
