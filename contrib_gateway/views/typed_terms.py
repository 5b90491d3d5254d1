"""What administrators typed about a term: its label, its key, its keys in national lists."""

from __future__ import annotations

from collections.abc import Mapping

from plugins.schema import Label, Term, Vocabulary, slugify

LABELLED_IN = ("fr", "en")  # the languages that labels are asked in
MAP = "map-"  # before the name of a national list
HINT = "hint-"  # before the language of a hint


def national(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The national vocabularies that its terms have keys of."""
    return tuple(dict.fromkeys(name for term in vocabulary.terms.values() for name in term.map))


def said(label: Label, language: str) -> str:
    """What a label says in one language; a label without languages is French."""
    plain = label.texts.get("", "") if language == LABELLED_IN[0] else ""
    return label.texts.get(language, plain)


def label_of(sent: Mapping[str, str], before: Label | None) -> Label:
    """The label that was typed; other languages, which were not asked for, stay. What was one text
    for all languages stays one, unless a second was typed.
    """
    typed = {language: sent.get(language, "").strip() for language in LABELLED_IN}
    typed = {language: text for language, text in typed.items() if text}
    old = dict(before.texts) if before else {}
    if "" in old and typed.keys() == {LABELLED_IN[0]}:
        return Label({"": typed[LABELLED_IN[0]]})
    others = {
        language: text for language, text in old.items() if language not in ("", *LABELLED_IN)
    }
    if LABELLED_IN[0] not in typed:  # asked for
        typed = {LABELLED_IN[0]: "", **typed}
    return Label({**typed, **others})


def hint_of(sent: Mapping[str, str], before: Label | None) -> Label | None:
    """The hint that was typed, as a label is; an empty one takes it away, None where none was
    asked for.
    """
    if not any(f"{HINT}{language}" in sent for language in LABELLED_IN):
        return None
    typed = {language: sent.get(f"{HINT}{language}", "").strip() for language in LABELLED_IN}
    return label_of(typed, before or None) if any(typed.values()) else Label()


def key_of(typed: str) -> str:
    """A key out of what was typed; "" of what has neither letter nor figure."""
    return slugify(typed, "cle") if any(map(str.isalnum, typed)) else ""


def new_term(vocabulary: Vocabulary, sent: Mapping[str, str]) -> Term:
    """What was typed as a new term; its key is made of its label."""
    label = label_of(sent, None)
    keys = {name: sent.get(f"{MAP}{name}", "").strip() for name in national(vocabulary)}
    key = key_of(said(label, LABELLED_IN[0]))
    hint = hint_of(sent, None) or Label()
    return Term(key, label, hint, map={name: key for name, key in keys.items() if key})
