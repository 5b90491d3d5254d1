"""Pelican's reader of documents: Markdown files read by the schema, not by their look."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.readers import BaseReader, Readers

from plugins.schema import Schema, load_schema, read_document


class DocumentReader(BaseReader):  # type: ignore[misc]  # Pelican has no types
    """Hands on a Document, or the Problem that keeps it from being read, as `found`."""

    enabled = True
    file_extensions = ("md",)

    @cached_property
    def _root(self) -> Path:
        return Path(self.settings["PATH"])

    @cached_property
    def _schema(self) -> Schema:
        return load_schema(self._root)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        file = Path(source_path)
        path = file.relative_to(self._root).as_posix()
        return "", {"found": read_document(self._schema, path, file.read_bytes())}


def add_reader(readers: Readers) -> None:
    for extension in DocumentReader.file_extensions:
        readers.reader_classes[extension] = DocumentReader


def register() -> None:
    signals.readers_init.connect(add_reader)
