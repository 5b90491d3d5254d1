"""Needs that may be the same one: about a same theme or place, those that share most first."""

from __future__ import annotations

from plugins.schema import Document, Index

NEAR = ("themes", "place")  # one of these is to be shared
ALSO = ("kinds", "audiences", "difficulties")
Terms = frozenset[tuple[str, str]]


def akin(document: Document, index: Index, most: int) -> tuple[Document, ...]:
    """The pages of its type that stand in lists, and are neither the document itself nor the one
    that stands for it.
    """
    wanted, own = _terms(document), {document.ref, index.kept(document).ref}
    found = []
    for other in index.listed(document.type.name):
        shared = wanted & _terms(other)
        if other.ref not in own and any(name in NEAR for name, _ in shared):
            found.append((-len(shared), other.ref, other))
    return tuple(other for *_, other in sorted(found, key=lambda one: one[:2])[:most])


def shared(one: Document, other: Document) -> tuple[str, ...]:
    """The questions to which two pages have an answer in common."""
    names = {name for name, _ in _terms(one) & _terms(other)}
    return tuple(name for name in (*NEAR, *ALSO) if name in names)


def _terms(document: Document) -> Terms:
    """What is chosen, by question."""
    fields, data = document.type.fields, document.data
    return frozenset(
        (name, term)
        for name in (*NEAR, *ALSO)
        if name in fields
        for term in fields[name].kind.terms(data.get(name))
    )
