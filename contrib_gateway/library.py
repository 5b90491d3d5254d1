"""The content of the forge's main, read and indexed, kept until main moves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from contrib_gateway.errors import Conflict, ForgeUnavailable, GatewayError, NotFound
from contrib_gateway.forge import Forge
from plugins.check import Content, check, check_document, strays
from plugins.schema import (
    Document,
    Index,
    Problem,
    Schema,
    SchemaError,
    in_current_terms,
    is_schema_file,
    merge,
    parse_schema,
    read_document,
    write,
)

ROOT = "content/"
log = logging.getLogger(__name__)


class Faulty(GatewayError):
    """Publishing this would leave main with faults; `problems` tells which."""

    status = 409

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} faults would reach main")
        self.problems = problems


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

    def __init__(self, forge: Forge, spare: Callable[[], str] = str) -> None:
        """`spare` names a commit of main that was good ("" if none ever was), to start from when
        main cannot be read.
        """
        self._forge = forge
        self._spare = spare
        self._lock = Lock()
        self._shelf: Shelf | None = None
        self._broken = ""

    @property
    def state(self) -> tuple[str, Content]:
        """Main's commit as last seen, and its content."""
        shelf = self._current()
        return shelf.commit, shelf.content

    def document_at(self, commit: str, path: str) -> Document | None:
        """A document (of this path inside `content/`) as main had it at a commit, by today's types
        and terms; None if it had none that can be read.
        """
        try:
            blob = self._forge.files(commit).get(ROOT + path)
            data = None if blob is None else self._forge.read(blob)
        except NotFound:
            return None
        schema = self.schema
        found = None if data is None else read_document(schema, path, data)
        return in_current_terms(found, schema) if isinstance(found, Document) else None

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
        try:
            return self._at(self._forge.head())
        except ForgeUnavailable:
            if self._shelf is None:
                raise
            return self._shelf  # what was last read serves until the forge answers again

    def _at(self, commit: str) -> Shelf:
        with self._lock:
            shelf = self._shelf
            if shelf is not None and commit in (shelf.commit, self._broken):
                return shelf
            try:
                self._shelf = self._read(commit, self._forge.files(commit), shelf)
            except SchemaError as error:
                log.error("main cannot be read", extra={"commit": commit}, exc_info=error)
                self._broken = commit  # read in vain once is enough
                self._shelf = shelf or self._earlier(error)
            return self._shelf

    def _earlier(self, broken: SchemaError) -> Shelf:
        """What a process starts from when somebody has pushed a type that cannot be read."""
        commit = self._spare()
        if not commit:
            raise ContentBroken(str(broken)) from broken
        try:
            return self._read(commit, self._forge.files(commit), None)
        except (SchemaError, NotFound) as error:
            raise ContentBroken(str(error)) from broken

    @property
    def last_schema(self) -> Schema | None:
        """The schema now or, when that fails, as it was last read; for the pages that say so."""
        try:
            return self.schema
        except GatewayError:
            return self._shelf.content.index.schema if self._shelf else None

    # The rules by which the forge merges

    def combine(
        self, path: str, base: bytes | None, main: bytes | None, proposed: bytes | None
    ) -> bytes | None:
        """A document merged field by field. Raises `Conflict`, naming the fields both changed."""
        before, ours, theirs = (self._version(path, data) for data in (base, main, proposed))
        if not path.endswith(".md") or ours is None or theirs is None:
            raise Conflict([path])
        merged = merge(before, ours, theirs)
        if merged.clashes:
            raise Conflict([path], {path: [clash.field for clash in merged.clashes]})
        return write(merged.document).encode()

    def _version(self, path: str, data: bytes | None) -> Document | None:
        if data is None or not path.endswith(".md"):
            return None
        found = read_document(self.schema, path.removeprefix(ROOT), data)
        if isinstance(found, Problem):
            raise Conflict([path])
        return in_current_terms(found, self.schema)

    def check(self, files: Mapping[str, str]) -> None:
        """Main never moves to a tree with faults that it does not have already: `Faulty`."""
        if faults := self.faults_after(files):
            raise Faulty(faults)

    def faults_after(self, files: Mapping[str, str]) -> list[Problem]:
        """The faults that main would get with this tree (path → blob) and does not have now."""
        before = self._current()
        try:
            after = self._read("", files, before)
        except SchemaError as error:
            return [Problem(error.file, "", "broken_schema", {"detail": str(error)})]
        content = after.content
        problems = list(content.unread)
        for document in _touched(before, after):
            problems += check_document(document, content.index, content.images)
            problems += _replacing(document, before.content.index)
        had = check(before.content) if problems else []
        return [problem for problem in problems if problem not in had]

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


def _touched(before: Shelf, after: Shelf) -> Iterable[Document]:
    """The documents of `after` that may have got a fault: changed, or mentioning what changed."""
    old, new = before.content.index, after.content.index
    if old.schema is not new.schema or before.content.images - after.content.images:
        return new.documents
    paths = {p for p, found in after.found.items() if before.found.get(p) is not found}
    gone = [d for d in old.documents if after.found.get(d.path) is not before.found[d.path]]
    paths |= {mention.path for document in gone for mention in old.mentions(document)}
    return [document for document in new.documents if document.path in paths]


def _replacing(document: Document, index: Index) -> Iterator[Problem]:
    """A page is known by its id for ever: another one does not take its place under its name."""
    there = index.get(document.ref)
    if there is not None and there.id != document.id:
        yield Problem(document.path, "id", "replaced", {"title": there.title})


def _content(
    schema: Schema, inside: Mapping[str, str], found: Mapping[str, tuple[str, Document | Problem]]
) -> Content:
    documents = [entry for _, entry in found.values() if isinstance(entry, Document)]
    unread = (*(e for _, e in found.values() if isinstance(e, Problem)), *strays(inside))
    images = frozenset(p.removeprefix("images/") for p in inside if p.startswith("images/"))
    return Content(Index(schema, documents), images, unread)
