"""Other references and terms in the place of those a document holds, wherever it holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from plugins.schema.documents import Document, normal_body
from plugins.schema.kind import Kind, Value, is_empty
from plugins.schema.kinds import Choice, Choices, Items, Markdown, Place, References
from plugins.schema.kinds.text import BODY_REFERENCE

_LINK = BODY_REFERENCE.pattern
_MARK = re.compile(
    rf"(?P<link>{_LINK})|(?P<escaped>\\(?!{_LINK})[\[\]\\])|(?P<open>(?:(?<!\\)!)?\[)|(?P<close>\])"
)
"""What decides, in Markdown, which words belong to a link; an image is one that begins with "!"."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands instead of references ("type/slug", or a part of it, "type/slug#id") and of terms
    ((vocabulary, key)).

    A reference that is replaced by None is dropped: of a link its own text stays.
    """

    references: Mapping[str, str | None] = field(default_factory=dict)
    terms: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def document(self, document: Document) -> Document:
        """The document with everything replaced; itself when there is nothing to replace."""
        changed: dict[str, Value] = {}
        for name, value in document.data.items():
            kind = document.type.fields[name].kind if name in document.type.fields else None
            new = value if kind is None else self.value(kind, value)
            # Parsed again: what became twice the same is once, what became empty is no answer.
            changed[name] = new if kind is None or new == value else kind.parse(new)
        body = self.words(document.body)
        if changed == document.data and body == document.body:
            return document
        data = {
            name: value
            for name, value in changed.items()
            if value == document.data[name] or not is_empty(value)
        }
        return Document(document.type, document.slug, data, normal_body(body))

    def value(self, kind: Kind, value: Value) -> Value:
        """A value of a kind with everything replaced; what has not the kind's shape as it is."""
        match kind, value:
            case Items(), list():
                return [self._row(kind, row) if isinstance(row, dict) else row for row in value]
            case References(), list():
                found = (self._reference(entry) for entry in value)
                return [entry for entry in found if entry is not None]
            case Choices(), list():
                return [self._term(kind.vocabulary, entry) for entry in value]
            case Choice(), str():
                return self._term(kind.vocabulary, value)
            case Place(), {"territory": territory, **rest}:
                return {"territory": self._term(kind.vocabulary, territory), **rest}
            case Markdown(), str():
                return self.words(value)
        return value

    def _row(self, kind: Items, row: Mapping[str, Value]) -> dict[str, Value]:
        return {
            name: self.value(kind.fields[name].kind, value) if name in kind.fields else value
            for name, value in row.items()
        }

    def _reference(self, entry: Value) -> Value:
        return self._other(entry) if isinstance(entry, str) else entry

    def _other(self, reference: str) -> str | None:
        """What stands instead of a reference. A part goes where its document goes."""
        of, hash, part = reference.partition("#")
        if reference in self.references or of not in self.references:
            return self.references.get(reference, reference)
        new = self.references[of]
        return None if new is None else f"{new}{hash}{part}"

    def _term(self, vocabulary: str, entry: Value) -> Value:
        return self.terms.get((vocabulary, entry), entry) if isinstance(entry, str) else entry

    def words(self, text: str) -> str:
        """Markdown with its links replaced."""
        if not any(reference in text for reference in self.references):
            return text
        pieces: list[str | None] = []  # None where something was dropped
        opened: list[int] = []
        at = 0
        for mark in _MARK.finditer(text):
            pieces += (text[at : mark.start()], mark[0])
            at = mark.end()
            if mark.lastgroup == "open":
                opened.append(len(pieces) - 1)
            elif mark.lastgroup in ("link", "close"):
                beginning = opened.pop() if opened else None
                if mark.lastgroup == "link":
                    pieces[-1] = self._link(mark[0])
                    if pieces[-1] is None and beginning is not None:
                        pieces[beginning] = None
        return _joined((*pieces, text[at:]))

    def _link(self, link: str) -> str | None:
        reference = BODY_REFERENCE.findall(link)[0]
        new = self._other(reference)
        return None if new is None else link.replace(f"({reference}", f"({new}", 1)


def _joined(pieces: Iterable[str | None]) -> str:
    """The pieces as one text, in which no "]" meets a "(" because of what was between them."""
    kept: list[str] = []
    is_apart = True
    for piece in pieces:
        if piece is None:
            is_apart = False
        elif piece:
            if not is_apart and kept and kept[-1].endswith("]") and piece.startswith("("):
                kept.append(" ")
            kept.append(piece)
            is_apart = True
    return "".join(kept)
