"""Published pages that an editor looks for by words of their titles."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.schema import Document, slugify


def titled(documents: Iterable[Document], wanted: str) -> list[Document]:
    """Those whose titles have a word that begins with each of the wanted ones, in any order and
    however they are accented; all of them when none is wanted.
    """
    asked = [word for word in slugify(wanted, "").split("-") if word]
    named = ((f"-{slugify(one.title, '')}", one) for one in documents)
    return [one for title, one in named if all(f"-{word}" in title for word in asked)]
