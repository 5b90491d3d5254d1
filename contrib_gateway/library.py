"""The content of the forge's main, read and indexed, kept until main moves."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from contrib_gateway.errors import GatewayError
from contrib_gateway.forge import Forge
from plugins.check import Content, check_document
from plugins.schema import (
    Document,
    Index,
    Problem,
    Schema,
    SchemaError,
    is_schema_file,
    parse_schema,
    read_document,
)

ROOT = "content/"
log = logging.getLogger(__name__)


class ContentBroken(GatewayError):
    """Main's types or vocabularies cannot be read, and no earlier state is known."""

    status = 503


@dataclass(frozen=True)
class Shelf:
    """One state of main: its commit, its content, and each document file's blob."""

    commit: str
    content: Content
    schema_blobs: Mapping[str, str]
    found: Mapping[str, tuple[str, Document | Problem]]


class Library:
    """Main's content. Reading again after main moved costs only the files that changed."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._lock = Lock()
        self._shelf: Shelf | None = None

    @property
    def content(self) -> Content:
        """The content of main now. Raises `ContentBroken`, or what the forge raises."""
        return self._current().content

    @property
    def index(self) -> Index:
        return self.content.index

    @property
    def schema(self) -> Schema:
        return self.index.schema

    def _current(self) -> Shelf:
        commit = self._forge.head()
        with self._lock:
            shelf = self._shelf
            if shelf is not None and shelf.commit == commit:
                return shelf
            try:
                self._shelf = self._read(commit, self._forge.files(commit), shelf)
            except SchemaError as error:
                log.error("main cannot be read: %s", error)
                if shelf is None:
                    raise ContentBroken(str(error)) from error
                return shelf
            return self._shelf

    def faults_after(self, files: Mapping[str, str], changed: Iterable[str]) -> list[Problem]:
        """The faults that a tree (path → blob) would have in the documents at `changed`."""
        content = self._read("", files, self._current()).content
        paths = {path.removeprefix(ROOT) for path in changed}
        documents = [d for d in content.index.documents if d.path in paths]
        problems = [problem for problem in content.unread if problem.path in paths]
        for document in documents:
            problems += check_document(document, content.index, content.images)
        return problems

    def _read(self, commit: str, files: Mapping[str, str], before: Shelf | None) -> Shelf:
        inside = {path.removeprefix(ROOT): blob for path, blob in files.items()}
        schema_blobs = {path: blob for path, blob in inside.items() if is_schema_file(path)}
        if before is not None and before.schema_blobs == schema_blobs:
            schema, known = before.content.index.schema, before.found
        else:
            read = self._forge.read
            schema = parse_schema({path: read(blob) for path, blob in schema_blobs.items()})
            known = {}
        found: dict[str, tuple[str, Document | Problem]] = {}
        for path, blob in inside.items():
            if path.endswith(".md"):
                kept = known.get(path)
                if kept is None or kept[0] != blob:
                    kept = (blob, read_document(schema, path, self._forge.read(blob)))
                found[path] = kept
        return Shelf(commit, _content(schema, inside, found), schema_blobs, found)


def _content(
    schema: Schema, inside: Mapping[str, str], found: Mapping[str, tuple[str, Document | Problem]]
) -> Content:
    documents = [entry for _, entry in found.values() if isinstance(entry, Document)]
    unread = tuple(entry for _, entry in found.values() if isinstance(entry, Problem))
    images = frozenset(p.removeprefix("images/") for p in inside if p.startswith("images/"))
    return Content(Index(schema, documents), images, unread)
