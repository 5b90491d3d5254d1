"""A plan: a rewriting that an editor reads before it is done, and what main it was made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from contrib_gateway.library import ROOT
from contrib_gateway.store import Act
from plugins.schema import Document, Rewriting

LAND = "land"  # the errand of a plan that was begun: all of it is published, or nothing
TOLD = "told"  # why it is tried again: its editor knows that it was not done


@dataclass(frozen=True)
class Subject:
    """What a plan is about. `type` and `slug` name its branch, `ref` names it in the journal."""

    type: str
    slug: str
    title: str
    ref: str

    @classmethod
    def of(cls, document: Document) -> Self:
        return cls(document.type.name, document.slug, document.title, document.ref)


@dataclass(frozen=True)
class Plan:
    """`what` is done to its subject, as the journal says it; `base` is the commit of main that the
    rewriting was made from, `before` the text of the list that it changes ("": of none).
    """

    what: Act
    subject: Subject
    base: str
    rewriting: Rewriting
    before: str = ""

    @property
    def files(self) -> dict[str, bytes | None]:
        return {
            ROOT + path: None if text is None else text.encode()
            for path, text in self.rewriting.files.items()
        }

    @property
    def mark(self) -> str:
        """The same while it changes the same pages, and the same text of a list into the same."""
        read = [self.before, *sorted(self.files), *self.rewriting.vocabularies.values()]
        return hashlib.sha256("\0".join(read).encode()).hexdigest()
