"""What of the watch's inbox is asked for: piles, filters, words; as addresses tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode

from contrib_gateway.store import Pile, Sought
from contrib_gateway.views.sieve import Choice, Filter
from plugins.render.words import N_, words
from plugins.schema import Index

PILE, SOURCE, THEME, LANGUAGE, WORDS, PAGE = "etat", "source", "theme", "langue", "q", "page"
TIPS = "signalees"  # the value of `source` for what people sent
SOURCES, THEMES, LANGUAGES = "source", "themes", "languages"  # a type, two vocabularies
LONGEST = 100  # characters of the words that are searched
PILES: Mapping[Pile, tuple[str, str]] = MappingProxyType(
    {
        Pile.INBOX: ("", N_("To sort")),
        Pile.LATER: ("plus-tard", N_("Later")),
        Pile.KEPT: ("gardees", N_("Kept")),
        Pile.DISCARDED: ("ecartees", N_("Discarded")),
    }
)
"""Each pile in an address, and in words."""


@dataclass(frozen=True)
class PileShown:
    """One pile as a tab."""

    label: str
    count: int
    href: str
    is_here: bool


def sought_in(asked: Mapping[str, str], index: Index) -> Sought:
    """What an address asks for; what it says that nobody knows is not asked."""
    pile = next((p for p, (name, _) in PILES.items() if name == asked.get(PILE, "")), Pile.INBOX)
    source = asked.get(SOURCE, "")
    document = index.by_id(source)
    known = document is not None and document.type.name == SOURCES
    return Sought(
        pile=pile,
        source=source if known else "",
        tips=source == TIPS,
        theme=_term(asked.get(THEME, ""), THEMES, index),
        lang=_term(asked.get(LANGUAGE, ""), LANGUAGES, index),
        words=asked.get(WORDS, "").strip()[:LONGEST],
    )


def _term(key: str, vocabulary: str, index: Index) -> str:
    known = index.vocabularies.get(vocabulary)
    return key if known and key in known.terms else ""


def query_of(sought: Sought, page: int = 1) -> str:
    """The same, in an address: "" or "?…"."""
    told = {
        PILE: PILES[sought.pile][0],
        SOURCE: TIPS if sought.tips else sought.source,
        THEME: sought.theme,
        LANGUAGE: sought.lang,
        WORDS: sought.words,
        PAGE: str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in told.items() if value})
    return f"?{query}" if query else ""


def list_address(sought: Sought, page: int, told: Mapping[str, str], story: str = "") -> str:
    """Below /redaction/: the list as it was asked for, told what was done, at a story."""
    query = query_of(sought, page)
    more = urlencode(told)
    joint = "&" if query and more else "?" if more else ""
    return f"veille/{query}{joint}{more}" + (f"#s-{story}" if story else "")


def number_in(typed: str) -> int:
    """A small number that an address or a form holds; 0 of anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 12 else 0


def is_narrowed(sought: Sought) -> bool:
    """Whether more is asked than a pile."""
    return replace(sought, pile=Pile.INBOX) != Sought()


def piles_shown(
    counts: Mapping[Pile, int], sought: Sought, href: str, lang: str
) -> Iterator[PileShown]:
    for pile, (_, label) in PILES.items():
        there = href + query_of(replace(sought, pile=pile))
        yield PileShown(words(lang).gettext(label), counts[pile], there, pile is sought.pile)


def filters(sought: Sought, index: Index, lang: str) -> tuple[Filter, ...]:
    """What a list can be narrowed by. How many each choice would leave is not counted: of fifty
    thousand, that takes longer than anybody waits.
    """
    say = words(lang).gettext
    named = {TIPS: say("Sent by residents"), **{d.id: d.title for d in index.of(SOURCES)}}
    source = TIPS if sought.tips else sought.source
    return (
        _filter(SOURCE, say("Source"), named, source),
        _filter(THEME, say("Theme"), _labels(THEMES, index, lang), sought.theme),
        _filter(LANGUAGE, say("Language"), _labels(LANGUAGES, index, lang), sought.lang),
    )


def _filter(name: str, label: str, values: Mapping[str, str], asked: str) -> Filter:
    choices = (Choice(value, said, None, value == asked) for value, said in values.items())
    return Filter(name, label, tuple(choices))


def _labels(vocabulary: str, index: Index, lang: str) -> Mapping[str, str]:
    known = index.vocabularies.get(vocabulary)
    terms = known.terms if known else {}
    return {key: term.label.get(lang) for key, term in terms.items()}
