"""The page where one looks for words: its form, and all by which what was found is narrowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from plugins.render.glossary import VOCABULARY, glossary_href
from plugins.render.pages import FacetShown
from plugins.render.search.records import FACETS, KIND, Record, part_kind, records
from plugins.render.shown import Setting, TermShown
from plugins.render.theme import SEARCH, Theme, menu
from plugins.render.typography import typeset
from plugins.render.words import words
from plugins.schema import Index, Schema

FOLDER = "pagefind"
"""Where the files stand in which a browser searches; they may be missing."""
NO_SEARCH = "La recherche n’a pas pu être construite ; le reste du site l’est. "
"""How a build begins to say why they are."""


def search_page(theme: Theme, index: Index, lang: str) -> str:
    setting = Setting(index, theme.site, lang)
    return theme.render(
        "search.html",
        lang,
        SEARCH,
        facets=tuple(facets(records(index), setting)),
        folder=f"{FOLDER}/",
        glossary_href=glossary_href(setting),
    )


def facets(found: Iterable[Record], setting: Setting) -> Iterator[FacetShown]:
    """The kinds of what can be found, then the terms it has; each with its number."""
    counts: Counter[tuple[str, str]] = Counter()
    for record in found:
        counts[KIND, record.kind] += 1
        counts.update((name, key) for name, keys in record.terms.items() for key in keys)
    say, lang, vocabularies = words(setting.lang).gettext, setting.lang, setting.index.vocabularies
    kinds = ((one, counts[KIND, one.key]) for one in _kinds(setting.index.schema, lang))
    yield FacetShown(KIND, say("What"), tuple((one, count) for one, count in kinds if count))
    for name in FACETS:
        terms = vocabularies[name].terms.values() if name in vocabularies else ()
        shown = tuple(
            (
                TermShown(
                    term.key, name, typeset(term.label.get(lang), lang), mark=term.mark, edge=n % 6
                ),
                counts[name, term.key],
            )
            for n, term in enumerate(terms)
            if counts[name, term.key]
        )
        if shown:
            yield FacetShown(name, typeset(vocabularies[name].label.get(lang), lang), shown)


def _kinds(schema: Schema, lang: str) -> Iterator[TermShown]:
    """In the order of the menu; the `hint` is how one of them is called."""
    say = words(lang).gettext
    listed = menu(schema)
    for one in (*listed, *(t for t in schema.types.values() if t not in listed)):
        yield TermShown(one.name, KIND, one.plural.get(lang), one.label.get(lang))
        if one.parts:
            label = typeset(one.fields[one.parts].heading.get(lang), lang)
            yield TermShown(part_kind(one.name, one.parts), KIND, label, say("Item of the watch"))
    if vocabulary := schema.vocabularies.get(VOCABULARY):
        yield TermShown(VOCABULARY, KIND, vocabulary.label.get(lang), say("Word"))
