"""The needs without answer: those said to be, and those that nothing answers yet."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.observation.hearing import NEED, hearing
from plugins.observation.states import ANSWERED
from plugins.schema import Document, Index

STATE, WITHOUT = "state", "sans-reponse"
UNDER_WAY = ("reponse-en-cours", ANSWERED)
ANSWERS_TEXT = "answers_text"
ANSWERS = ("answers", ANSWERS_TEXT)


@dataclass(frozen=True, slots=True)
class Group:
    """The needs that name a term of a field."""

    term: str
    needs: tuple[Document, ...]


def unanswered(index: Index) -> tuple[Document, ...]:
    """Those heard most often first; none where a site has no such type."""
    waiting = [need for need in index.listed(NEED) if _waits(need)]
    return tuple(sorted(waiting, key=lambda need: (-hearing(need, index).times, need.slug)))


def _waits(need: Document) -> bool:
    state = need.data.get(STATE)
    if state == WITHOUT:
        return True
    return state not in UNDER_WAY and not any(need.data.get(name) for name in ANSWERS)


def grouped(needs: tuple[Document, ...], name: str, index: Index) -> tuple[Group, ...]:
    """The needs by the terms of a field, in the order of its vocabulary; one of two terms is under
    both, and a term that none names is left out.
    """
    field = index.schema.types[NEED].fields.get(name)
    if field is None:
        return ()
    terms = index.vocabularies[getattr(field.kind, "vocabulary", "")].terms
    held: dict[str, list[Document]] = {term: [] for term in terms}
    for need in needs:
        for term in dict.fromkeys(field.kind.terms(need.data.get(name))):
            if term in held:
                held[term].append(need)
    return tuple(Group(term, tuple(found)) for term, found in held.items() if found)
