"""What an editor reads of a submission before deciding: the page as it would be, and its faults."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from contrib_gateway.errors import ForgeUnavailable, NotFound, Refused
from contrib_gateway.forge import Forge, Opened
from contrib_gateway.history import past
from contrib_gateway.library import ROOT, Library
from contrib_gateway.manuscript import document_of
from contrib_gateway.revision import Revision
from contrib_gateway.store import RELAY, UNDECIDED, State, Store, Submission
from plugins.check import check_document
from plugins.render.values import fallback_of
from plugins.schema import (
    Document,
    Index,
    Problem,
    Schema,
    in_current_terms,
    read_document,
    write,
)


@dataclass(frozen=True)
class Review:
    """Everything an editor needs to decide on one submission.

    `others` are the files, besides the page's, that its proposal touches by somebody's hand;
    `clashes` the fields that somebody else changed too, otherwise, since it was written: there,
    `document` says what its contributor wrote, `seen` what stood before, `before` what stands now.
    `amended`: its contributor changed it, and the forge does not know yet. `mark` tells what is
    read here from anything else; `forge_url` is its page on the forge, "" if there is none.

    Of what is published, `before` and `document` are the page before and after that; of what is
    not to be, `before` is what its contributor saw.
    """

    submission: Submission
    document: Document
    before: Document | None
    seen: Document | None
    problems: tuple[Problem, ...]
    others: tuple[str, ...]
    clashes: tuple[str, ...]
    amended: bool
    mark: str
    forge_url: str

    @property
    def is_change(self) -> bool:
        """Whether it is of a page that is there already, or was then."""
        return bool(self.submission.page) or self.before is not None


class Reviews:
    """Reads submissions as they are now, here and on the forge."""

    def __init__(self, store: Store, forge: Forge, library: Library) -> None:
        self._store = store
        self._forge = forge
        self._library = library

    def of(self, submission: Submission) -> Review:
        """Raises `NotFound` if its type is gone."""
        content = self._library.content
        opened, amended = self.opened(submission), self._store.is_amended(submission.id)
        theirs = self.document(submission, opened)
        pictures = {f"{ROOT}images/{file}" for file in pictures_of(theirs)}
        there = content.index.by_id(theirs.id)
        seen = self._base(submission, opened, theirs, there)
        if submission.state in UNDECIDED:
            document, clashes = _combined(seen, theirs, there, content.index)
        else:
            there, document, clashes = *self._decided(submission, theirs, seen, there), ()
        images = content.images | {path.removeprefix(f"{ROOT}images/") for path in pictures}
        return Review(
            submission=submission,
            document=document,
            before=there,
            seen=seen,
            problems=tuple(check_document(document, content.index.replacing(document), images)),
            others=tuple(_others(opened, theirs)) if opened else (),
            clashes=clashes,
            amended=amended,
            mark=self.mark(submission, opened),
            forge_url=opened.url if opened else "",
        )

    def _decided(
        self,
        submission: Submission,
        theirs: Document,
        seen: Document | None,
        there: Document | None,
    ) -> tuple[Document | None, Document]:
        """The page before and after it was published; or what was seen, and what was proposed."""
        if submission.state is State.PUBLISHED:
            with suppress(ForgeUnavailable, Refused):
                steps = past(there or theirs, self._forge, self._library.schema).steps
                for step in steps:
                    if step.version.id == submission.id and not step.version.undo and step.after:
                        return step.before, step.after
        return seen, theirs

    def opened(self, submission: Submission) -> Opened | None:
        """Its proposal on the forge, if it waits there and the forge answers."""
        if submission.state in (State.QUEUED, State.PROPOSED):
            with suppress(ForgeUnavailable, Refused):
                return self._forge.opened(submission.id)
        return None

    def mark(self, submission: Submission, opened: Opened | None) -> str:
        """The same while the same is to be read, whether it is on the forge by now or not: the
        page, what else somebody put into its proposal, and where letters would go. "" while the
        forge does not answer: what is there cannot be known.
        """
        amended = self._store.is_amended(submission.id)
        if opened is None and submission.state is State.PROPOSED and not amended:
            return ""
        theirs = self.document(submission, opened)
        read = [write(theirs), str(submission.private.get(RELAY, ""))]
        if opened and not amended:
            read += [f"{path} {_digest(opened.files[path])}" for path in _others(opened, theirs)]
        return _digest("\0".join(read).encode())

    def document(self, submission: Submission, opened: Opened | None) -> Document:
        """As the forge has it, where somebody may have pushed to the branch; as it was sent where
        the forge has nothing, or not yet what its contributor thought of since. Raises `NotFound`
        if its type is gone.
        """
        schema = self._library.schema
        if submission.type not in schema.types:
            raise NotFound(f"{submission.id} is of a type that is gone")
        sent = document_of(submission, schema)
        if opened is None or self._store.is_amended(submission.id):
            return sent
        return proposed(sent, opened, schema) or sent

    def combined(
        self,
        submission: Submission,
        opened: Opened | None,
        theirs: Document,
        there: Document | None,
    ) -> tuple[Document, tuple[str, ...]]:
        """The page as it would be, and what clashes: a change is put on the page as it is now."""
        seen = self._base(submission, opened, theirs, there)
        return _combined(seen, theirs, there, self._library.index)

    def _base(
        self,
        submission: Submission,
        opened: Opened | None,
        theirs: Document,
        there: Document | None,
    ) -> Document | None:
        """The page that its contributor saw, under the name it then had."""
        base, at = opened.base if opened else submission.base, self._library.document_at
        return at(base, theirs.path) or at(base, there.path) if there and base else None


def _combined(
    seen: Document | None, theirs: Document, there: Document | None, index: Index
) -> tuple[Document, tuple[str, ...]]:
    if there is None or seen is None:
        return theirs, ()
    document, clashes = Revision(seen, there, index).combined(theirs)
    return document, tuple(dict.fromkeys(clash.field.partition(".")[0] for clash in clashes))


def proposed(sent: Document, opened: Opened, schema: Schema) -> Document | None:
    """The document as its proposal has it; None if it cannot be read there."""
    data = opened.files.get(ROOT + sent.path)
    found = read_document(schema, sent.path, data) if data is not None else None
    return in_current_terms(found, schema) if isinstance(found, Document) else None


def _others(opened: Opened, document: Document) -> list[str]:
    """The files that a proposal touches besides the page and its pictures."""
    own = {ROOT + document.path, *(f"{ROOT}images/{file}" for file in pictures_of(document))}
    return sorted(path for path in opened.files if path not in own)


def _digest(data: bytes | None) -> str:
    return hashlib.sha256(data).hexdigest() if data is not None else "gone"


def pictures_of(document: Document) -> set[str]:
    """The files that its own pictures are made of, here or on the forge already."""
    return {file for name in document.files() for file in (name, fallback_of(name)) if file}
