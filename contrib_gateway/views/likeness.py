"""What may be about the same thing as a proposal: pages, and others that wait, beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contrib_gateway.gateway import Gateway
from contrib_gateway.manuscript import document_of
from contrib_gateway.review import Review
from contrib_gateway.store import UNDECIDED
from contrib_gateway.views.gate import Gate
from plugins.observation.kinship import akin, shared
from plugins.render import Pair, paired
from plugins.render.typography import typeset
from plugins.schema import Document


@dataclass(frozen=True)
class Like:
    """A page, or another proposal (`waits`), compared with one fact by fact: the one's is `one`.

    `href` leads to it; `correct_href` to the form that corrects a page, for editors.
    """

    title: str
    href: str
    pairs: tuple[Pair, ...]
    waits: bool = False
    correct_href: str | None = None

    @property
    def same(self) -> int:
        """How many facts are the same."""
        return sum(pair.same for pair in self.pairs)


class Likeness:
    """Finds them for the proposal of a new page, in one language."""

    def __init__(self, gateway: Gateway, lang: str, gate: Gate) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = gate

    def of(self, review: Review) -> tuple[Like, ...]:
        """Pages first, the likeliest first; then what waits. None for a change, or once decided."""
        if review.is_change or review.submission.state not in UNDECIDED:
            return ()
        return (*self._pages(review.document), *self._waiting(review))

    def _pages(self, document: Document) -> Iterator[Like]:
        site, index = self._gateway.site, self._gateway.library.index
        for likely in self._gateway.duplicates.likely(document, index):
            page = likely.document
            form = self._gate.address(f"fiches/{page.ref}/")
            href = site.href(page.url, self._lang) if page.url else form
            yield Like(page.title, href, self._paired(document, page), correct_href=form)

    def _waiting(self, review: Review) -> Iterator[Like]:
        schema = self._gateway.library.schema
        for id in sorted(self._gateway.flags.alike(review.submission.id)):
            other = self._gateway.store.find(id)
            if other and other.state in UNDECIDED and other.type == review.submission.type:
                page = document_of(other, schema)
                pairs, href = self._paired(review.document, page), self._gate.address(f"{id}/")
                yield Like(page.title, href, pairs, waits=True)

    def _paired(self, one: Document, other: Document) -> tuple[Pair, ...]:
        return paired(one, other, self._gateway.library.index, self._gateway.site, self._lang)


def akin_pages(gateway: Gateway, document: Document, most: int) -> tuple[Document, ...]:
    """The pages that may be the same as one: those called alike, then those about the same."""
    index = gateway.library.index
    called = [likely.document for likely in gateway.duplicates.likely(document, index)]
    found = {one.ref: one for one in (*called, *akin(document, index, most))}
    found.pop(document.ref, None)
    return tuple(found.values())[:most]


def in_common(one: Document, other: Document, lang: str) -> tuple[str, ...]:
    """In what two pages have an answer in common, as their type calls it."""
    fields = one.type.fields
    return tuple(typeset(fields[name].heading.get(lang), lang) for name in shared(one, other))
