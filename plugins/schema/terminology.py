"""What adding, renaming, merging and removing terms does to a vocabulary and to all documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from plugins.schema.index import Index
from plugins.schema.kinds import Text
from plugins.schema.labels import Label
from plugins.schema.problems import Problem, SchemaError
from plugins.schema.replacement import Replacement
from plugins.schema.rewriting import Afterwards, Rewriting, rewriting, rewritten
from plugins.schema.schema import Schema
from plugins.schema.uses import able_to_choose, chooses, choosing, levels
from plugins.schema.vocabularies import TERM_KEY, Term, Vocabulary
from plugins.schema.vocabulary_text import (
    added,
    hinted,
    merged,
    read_vocabulary,
    rekeyed,
    relabelled,
    removed,
    vocabulary_path,
)


def term_added(index: Index, name: str, text: str, term: Term) -> Rewriting:
    """One more term at the end of a vocabulary, with its words and national keys; none of those
    that stand for a place on the map can be added so ("needs_place").
    """
    before = read_vocabulary(name, text)
    problems = [*_bad_key(before, term.key), *_bad_words(index, name, term.key, term.label)]
    problems += _bad_words(index, name, f"{term.key}.map", Label(term.map)) if term.map else []
    problems += _bad_hint(index, name, term.key, term.hint)
    if has_places(before):
        problems.append(Problem(vocabulary_path(name), term.key, "needs_place"))
    if problems:
        return Rewriting(problems=tuple(problems))
    after = replace(before, terms={**before.terms, term.key: term})
    return _of_file(text, added(text, term), after)


def term_removed(index: Index, name: str, text: str, key: str) -> Rewriting:
    """A vocabulary without a term that nothing needs."""
    before = read_vocabulary(name, text)
    problems = list(_unknown(before, key))
    if not problems:
        problems += _ties(index.schema, name, key, "")
        path, inner = vocabulary_path(name), [t for t in before.terms.values() if t.within == key]
        if number := len(choosing(index, name, key)):
            problems.append(Problem(path, key, "used_term", {"count": number}))
        if inner:
            problems.append(Problem(path, key, "outer_term", {"value": inner[0].key}))
    if problems:
        return Rewriting(problems=tuple(problems))
    terms = {other: term for other, term in before.terms.items() if other != key}
    return _of_file(text, removed(text, key), replace(before, terms=terms))


def has_places(vocabulary: Vocabulary) -> bool:
    """Whether its terms are shown on a map: each then needs a place there."""
    return any(term.lat is not None for term in vocabulary.terms.values())


def term_renamed(
    index: Index, name: str, text: str, key: str, label: Label, *, hint: Label | None = None
) -> Rewriting:
    """A term with another label, and another hint if one is given (an empty one takes it away), in
    the file of the vocabulary `name`, whose text is given: that of the same state of the content as
    the index. No document changes.
    """
    before = read_vocabulary(name, text)
    label, hint = _parsed(label), _parsed(hint) if hint else hint
    problems = [*_unknown(before, key), *_bad_words(index, name, key, label)]
    problems += _bad_hint(index, name, key, hint) if hint else []
    if problems:
        return Rewriting(problems=tuple(problems))
    edited, term = relabelled(text, key, label), replace(before.terms[key], label=label)
    if hint is not None and hint != term.hint:
        edited, term = hinted(edited, key, hint), replace(term, hint=hint)
    return _of_file(text, edited, replace(before, terms={**before.terms, key: term}))


def _parsed(label: Label) -> Label:
    return Label({language: Text().parse(words) for language, words in label.texts.items()})


def term_rekeyed(index: Index, name: str, text: str, key: str, new: str) -> Rewriting:
    """A term under another key, in the vocabulary's file and in every document that chooses it."""
    before = read_vocabulary(name, text)
    problems = [*_unknown(before, key), *(_bad_key(before, new) if new != key else ())]
    if problems:
        return Rewriting(problems=tuple(problems))
    return _moved(index, before, text, key, new)


def terms_merged(index: Index, name: str, text: str, kept: str, gone: str) -> Rewriting:
    """One term instead of two, in the vocabulary's file and in every document that chooses it."""
    before = read_vocabulary(name, text)
    problems = [*_unknown(before, kept), *_unknown(before, gone)]
    if not problems and gone in {term.key for term in before.around(kept)[1:]}:
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
    after = _replaced(before, old, new)
    edit = merged if new in before.terms else rekeyed
    order = (new, old) if new in before.terms else (old, new)
    edited = edit(text, *order, after.terms[new].formerly)
    file = _of_file(text, edited, after)
    scope = Afterwards(index, {**index.vocabularies, before.name: after})
    by = Replacement(terms={(before.name, old): new})
    done = rewriting(index, rewritten(able_to_choose(index, before.name), by), scope)
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
    """A term with another key; without it when there is a term with that key. Its old key is
    remembered, for what was written before and is read later.
    """
    former = vocabulary.terms[new].formerly if new in vocabulary.terms else ()
    known = dict.fromkeys((*former, *vocabulary.terms[old].formerly, old))
    formerly = tuple(key for key in known if key != new)

    def moved(term: Term) -> Term:
        key = new if term.key == old else term.key
        return replace(term, key=key, within=new if term.within == old else term.within)

    is_merged = new in vocabulary.terms
    kept = [moved(t) for t in vocabulary.terms.values() if not (is_merged and t.key == old)]
    terms = {term.key: term for term in kept}
    return replace(vocabulary, terms=terms | {new: replace(terms[new], formerly=formerly)})


def _unknown(vocabulary: Vocabulary, key: str) -> Iterator[Problem]:
    if key not in vocabulary.terms:
        yield Problem(vocabulary_path(vocabulary.name), key, "unknown_term", {"term": key})


def _bad_key(vocabulary: Vocabulary, key: str) -> Iterator[Problem]:
    """A new key that is none, or that a term has."""
    path = vocabulary_path(vocabulary.name)
    if not TERM_KEY.fullmatch(key):
        yield Problem(path, key, "bad_key", {"value": key})
    elif key in vocabulary.terms:
        yield Problem(path, key, "taken_key", {"value": key})


def _bad_words(index: Index, name: str, key: str, label: Label) -> Iterator[Problem]:
    path = vocabulary_path(name)
    if not label.texts:
        yield Problem(path, f"{key}.label", "required")
    for language, words in label.texts.items():
        faults = Text().check(words, f"{key}.label.{language}".rstrip("."), index)
        yield from (replace(fault, path=path) for fault in faults)


def _bad_hint(index: Index, name: str, key: str, hint: Label) -> Iterator[Problem]:
    said = Label({language: words for language, words in hint.texts.items() if words})
    for fault in _bad_words(index, name, key, said) if said else ():
        yield replace(fault, field=fault.field.replace(f"{key}.label", f"{key}.hint", 1))


def _ties(schema: Schema, vocabulary: str, old: str, new: str) -> Iterator[Problem]:
    """Where a term's key is more than a choice: Vigie writes it, or a type's questions hang on it.

    Type files belong to whoever makes the site's questions; no editor's deed changes them.
    """
    asked = [(name, fields) for name, t in schema.types.items() for fields in levels(t.fields)]
    if any(f.managed and chooses(f, vocabulary) for _, fields in asked for f in fields.values()):
        yield Problem(vocabulary_path(vocabulary), old, "managed_term", {"term": old})
    for name, fields in asked:
        for field in fields.values():
            if any(
                old in wanted and new not in wanted and chooses(fields[other], vocabulary)
                for other, wanted in field.when.items()
            ):
                yield Problem(f"types/{name}.yaml", field.name, "tied_term", {"term": old})
