"""What renaming and merging the terms of a vocabulary does to its file and to all documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from plugins.schema.documents import Document
from plugins.schema.index import Index
from plugins.schema.kind import Field, Value
from plugins.schema.kinds import Items, Text
from plugins.schema.labels import Label
from plugins.schema.problems import Problem, SchemaError
from plugins.schema.replacement import Replacement
from plugins.schema.rewriting import Afterwards, Rewriting, rewriting, rewritten
from plugins.schema.schema import Schema
from plugins.schema.vocabularies import TERM_KEY, Term, Vocabulary
from plugins.schema.vocabulary_text import (
    merged,
    read_vocabulary,
    rekeyed,
    relabelled,
    vocabulary_path,
)

Fields = Mapping[str, Field]


def count_uses(index: Index, vocabulary: str) -> dict[str, Counter[str]]:
    """How many documents of each type choose each term, in any field or item; a term that is not
    chosen counts none.
    """
    uses: dict[str, Counter[str]] = {key: Counter() for key in index.vocabularies[vocabulary].terms}
    for document in _choosing(index, vocabulary):
        for key in set(_terms(document.type.fields, document.data, vocabulary)) & uses.keys():
            uses[key][document.type.name] += 1
    return uses


def term_renamed(index: Index, name: str, text: str, key: str, label: Label) -> Rewriting:
    """A term with another label, in the file of the vocabulary `name`, whose text is given: that
    of the same state of the content as the index. No document changes.
    """
    before = read_vocabulary(name, text)
    label = Label({language: Text().parse(words) for language, words in label.texts.items()})
    problems = [*_unknown(before, key), *_bad_words(index, name, key, label)]
    if problems:
        return Rewriting(problems=tuple(problems))
    terms = {**before.terms, key: replace(before.terms[key], label=label)}
    return _of_file(text, relabelled(text, key, label), replace(before, terms=terms))


def term_rekeyed(index: Index, name: str, text: str, key: str, new: str) -> Rewriting:
    """A term under another key, in the vocabulary's file and in every document that chooses it."""
    before = read_vocabulary(name, text)
    problems = list(_unknown(before, key))
    path = vocabulary_path(name)
    if not TERM_KEY.fullmatch(new):
        problems.append(Problem(path, new, "bad_key", {"value": new}))
    elif new in before.terms and new != key:
        problems.append(Problem(path, new, "taken_key", {"value": new}))
    if problems:
        return Rewriting(problems=tuple(problems))
    return _moved(index, before, text, key, new)


def terms_merged(index: Index, name: str, text: str, kept: str, gone: str) -> Rewriting:
    """One term instead of two, in the vocabulary's file and in every document that chooses it."""
    before = read_vocabulary(name, text)
    problems = [*_unknown(before, kept), *_unknown(before, gone)]
    if not problems and gone in _ancestors(before, kept):
        where = vocabulary_path(name)
        problems.append(Problem(where, kept, "inner_term", {"term": kept, "value": gone}))
    if problems:
        return Rewriting(problems=tuple(problems))
    return _moved(index, before, text, gone, kept)


def _moved(index: Index, before: Vocabulary, text: str, old: str, new: str) -> Rewriting:
    """A term replaced by another, new or not, unless its key is tied."""
    if old == new:
        return Rewriting()
    if ties := tuple(_ties(index.schema, before.name, old, new)):
        return Rewriting(problems=ties)
    edit = merged(text, new, old) if new in before.terms else rekeyed(text, old, new)
    after = _replaced(before, old, new)
    file = _of_file(text, edit, after)
    scope = Afterwards(index, {**index.vocabularies, before.name: after})
    by = Replacement(terms={(before.name, old): new})
    done = rewriting(index, rewritten(_choosing(index, before.name), by), scope)
    return replace(done, vocabularies=file.vocabularies, problems=(*file.problems, *done.problems))


def _of_file(text: str, edited: str, meant: Vocabulary) -> Rewriting:
    """The changed file of a vocabulary, if it says what is meant: it is read again.

    An anchor or a layout that nobody foresaw is left to a person.
    """
    path = vocabulary_path(meant.name)
    said: Vocabulary | None = None
    with suppress(SchemaError):
        said = read_vocabulary(meant.name, edited)
    if said is None or said != meant or list(said.terms) != list(meant.terms):
        return Rewriting(problems=(Problem(path, "", "by_hand"),))
    return Rewriting(vocabularies={} if edited == text else {path: edited})


def _replaced(vocabulary: Vocabulary, old: str, new: str) -> Vocabulary:
    """A term with another key; without it when there is a term with that key."""

    def moved(term: Term) -> Term:
        key = new if term.key == old else term.key
        return replace(term, key=key, within=new if term.within == old else term.within)

    is_merged = new in vocabulary.terms
    kept = [moved(t) for t in vocabulary.terms.values() if not (is_merged and t.key == old)]
    return replace(vocabulary, terms={term.key: term for term in kept})


def _unknown(vocabulary: Vocabulary, key: str) -> Iterator[Problem]:
    if key not in vocabulary.terms:
        yield Problem(vocabulary_path(vocabulary.name), key, "unknown_term", {"term": key})


def _bad_words(index: Index, name: str, key: str, label: Label) -> Iterator[Problem]:
    path = vocabulary_path(name)
    if not label.texts:
        yield Problem(path, f"{key}.label", "required")
    for language, words in label.texts.items():
        faults = Text().check(words, f"{key}.label.{language}".rstrip("."), index)
        yield from (replace(fault, path=path) for fault in faults)


def _ancestors(vocabulary: Vocabulary, key: str) -> set[str]:
    """The terms that a term is within, however deep."""
    found: set[str] = set()
    while (key := vocabulary.terms[key].within) and key not in found:
        found.add(key)
    return found


def _ties(schema: Schema, vocabulary: str, old: str, new: str) -> Iterator[Problem]:
    """Where a term's key is more than a choice: Vigie writes it, or a type's questions hang on it.

    Type files belong to whoever makes the site's questions; no editor's deed changes them.
    """
    levels = [(name, fields) for name, t in schema.types.items() for fields in _levels(t.fields)]
    if any(f.managed and _chooses(f, vocabulary) for _, fields in levels for f in fields.values()):
        yield Problem(vocabulary_path(vocabulary), old, "managed_term", {"term": old})
    for name, fields in levels:
        for field in fields.values():
            if any(
                old in wanted and new not in wanted and _chooses(fields[other], vocabulary)
                for other, wanted in field.when.items()
            ):
                yield Problem(f"types/{name}.yaml", field.name, "tied_term", {"term": old})


def _chooses(field: Field, vocabulary: str) -> bool:
    return vocabulary == getattr(field.kind, "vocabulary", None)


def _levels(fields: Fields) -> Iterator[Fields]:
    """The fields of a type, and those of each of its items."""
    yield fields
    for field in fields.values():
        if isinstance(field.kind, Items):
            yield from _levels(field.kind.fields)


def _choosing(index: Index, vocabulary: str) -> Iterator[Document]:
    """The documents of the types that choose from a vocabulary anywhere."""
    for name, content_type in index.schema.types.items():
        levels = _levels(content_type.fields)
        if any(_chooses(field, vocabulary) for fields in levels for field in fields.values()):
            yield from index.of(name)


def _terms(fields: Fields, answers: Mapping[str, Value], vocabulary: str) -> Iterator[str]:
    """The terms of a vocabulary that answers choose, also inside items."""
    for name, field in fields.items():
        value = answers.get(name)
        if isinstance(field.kind, Items) and isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from _terms(field.kind.fields, row, vocabulary)
        elif _chooses(field, vocabulary):
            yield from field.kind.terms(value)
