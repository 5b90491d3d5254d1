"""A proposal brought to what main is now: the keys that its terms have, the name of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contrib_gateway.errors import Conflict
from contrib_gateway.forge import Forge, Opened
from contrib_gateway.library import ROOT, Library
from contrib_gateway.review import Reviews
from contrib_gateway.store import Submission
from plugins.schema import (
    Document,
    Schema,
    former_keys,
    in_current_terms,
    read_document,
    write,
)


class Alignment:
    """Amends a proposal on the forge where main has gone on without it."""

    def __init__(self, forge: Forge, library: Library, reviews: Reviews) -> None:
        self._forge = forge
        self._library = library
        self._reviews = reviews

    def of(self, submission: Submission, by: str, head: str) -> str:
        """The proposal's head once it is aligned; `head` is the one that was read. Raises
        `Conflict`.
        """
        return self._followed(submission, by, self._in_current_terms(submission.id, by, head))

    def _in_current_terms(self, id: str, by: str, head: str) -> str:
        """Some of its terms were renamed or merged since it was written."""
        schema = self._library.schema
        opened = self._forge.opened(id) if former_keys(schema) else None
        if opened is None or head not in ("", opened.head):
            return head
        rewritten = _rewritten(opened, schema)
        if not rewritten:
            return head
        self._forge.amend(id, {**opened.files, **rewritten}, by)
        return self._head(id, head)

    def _followed(self, submission: Submission, by: str, head: str) -> str:
        """The page that it changes was renamed since."""
        opened = self._reviews.opened(submission) if submission.page else None
        there = self._library.index.by_id(submission.page) if opened else None
        if opened is None or there is None or head != opened.head:
            return head
        theirs = self._reviews.document(submission, opened)
        if theirs.path == there.path or ROOT + theirs.path not in opened.files:
            return head
        document, clashes = self._reviews.combined(submission, opened, theirs, there)
        path, old = ROOT + there.path, ROOT + theirs.path
        if clashes:
            raise Conflict([path], {path: clashes})
        files = {name: data for name, data in opened.files.items() if name != old}
        files[path] = write(replace(document, slug=there.slug)).encode()
        self._forge.amend(submission.id, files, by, onto=self._library.state[0])
        return self._head(submission.id, head)

    def _head(self, id: str, before: str) -> str:
        now = self._forge.opened(id)
        return now.head if now else before


def _rewritten(opened: Opened, schema: Schema) -> Mapping[str, bytes | None]:
    """Those of its pages that say something else with the keys of now."""
    found: dict[str, bytes | None] = {}
    for path, data in opened.files.items():
        if path.endswith(".md") and data is not None:
            page = read_document(schema, path.removeprefix(ROOT), data)
            now = in_current_terms(page, schema) if isinstance(page, Document) else page
            if isinstance(now, Document) and now is not page:
                found[path] = write(now).encode()
    return found
