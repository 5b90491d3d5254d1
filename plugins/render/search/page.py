"""The page where one looks for words: its form, all that narrows what was found, and what was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from plugins.render.glossary import VOCABULARY, glossary_href
from plugins.render.narrowing import FacetShown
from plugins.render.rows import Row, rows
from plugins.render.search.looking import MOST, Asked, look
from plugins.render.search.records import FACETS, KIND, Record, part_kind, records
from plugins.render.shown import Setting, TermShown
from plugins.render.theme import SEARCH, Theme, menu
from plugins.render.typography import typeset
from plugins.render.words import words
from plugins.schema import Index, Schema, derived

FOLDER = "pagefind"
"""Where the files stand in which a browser searches; they may be missing."""
WORKER = "pagefind-worker.js"
"""Of these, the one that runs beside the page, under a policy of its own."""
NO_SEARCH = "La recherche n’a pas pu être construite ; le reste du site l’est. "
"""How a build begins to say why they are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: how many, and the first of them, each with the name of its kind."""

    total: int
    rows: tuple[tuple[str, Row], ...]


def search_page(theme: Theme, index: Index, lang: str, asked: Asked | None = None) -> str:
    """`asked`: what is looked for, where the page is made for it; None where only a script can."""
    setting = Setting(index, theme.site, lang)
    found = look(asked, index) if asked else records(index)
    narrowed = look(replace(asked, chosen={}), index) if asked and asked.chosen else found
    return theme.render(
        "search.html",
        lang,
        SEARCH,
        asked=asked,
        answer=_answer(found, theme, index, lang) if asked else None,
        facets=tuple(facets(narrowed, setting)),
        folder=f"{FOLDER}/",
        glossary_href=glossary_href(setting),
    )


def _answer(found: Sequence[Record], theme: Theme, index: Index, lang: str) -> Answer:
    names = {one.key: one.hint for one in _kinds(index.schema, lang)}
    shown = tuple((names[one.kind], _row(one, theme, index, lang)) for one in found[:MOST])
    return Answer(len(found), shown)


def _row(record: Record, theme: Theme, index: Index, lang: str) -> Row:
    if entry := index.part(record.ref) or index.get(record.ref):
        return rows([entry], theme, index, lang)[0]
    href = theme.site.href(record.url, lang)
    return Row(record.title, href, record.lang, record.text, None, (), record.demo, to_check=False)


def facets(found: Sequence[Record], setting: Setting) -> Iterator[FacetShown]:
    """The kinds of all that can be found, then its terms; each with its number in `found`."""
    everything = _everything(setting.index)
    counts = everything if found is records(setting.index) else _counts(found)
    say, lang, vocabularies = words(setting.lang).gettext, setting.lang, setting.index.vocabularies
    kinds = (one for one in _kinds(setting.index.schema, lang) if everything[KIND, one.key])
    yield FacetShown(KIND, say("What"), tuple((one, counts[KIND, one.key]) for one in kinds))
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
            if everything[name, term.key]
        )
        if shown:
            yield FacetShown(name, typeset(vocabularies[name].label.get(lang), lang), shown)


@derived
def _everything(index: Index) -> Counter[tuple[str, str]]:
    return _counts(records(index))


def _counts(found: Sequence[Record]) -> Counter[tuple[str, str]]:
    """By kind, and by term of each vocabulary: how many have it."""
    counts = Counter((KIND, record.kind) for record in found)
    counts.update(
        (name, key) for record in found for name, keys in record.terms.items() for key in keys
    )
    return counts


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
