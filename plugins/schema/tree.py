"""The documents of a content folder, read from disk or from anywhere that has paths and bytes."""

from __future__ import annotations

from pathlib import Path

from plugins.schema.documents import Document, FrontMatterError, read
from plugins.schema.problems import Problem
from plugins.schema.schema import Schema
from plugins.schema.slugs import is_slug


def read_document(schema: Schema, path: str, data: bytes) -> Document | Problem:
    """The document at `path` ("needs/wifi.md"), or the Problem that keeps it from being read."""
    folder, _, name = path.rpartition("/")
    content_type = schema.by_folder(folder)
    slug = name.removesuffix(".md")
    if content_type is None:
        return Problem(path, "", "unknown_folder", {"folder": folder})
    if not is_slug(slug):
        return Problem(path, "", "bad_slug", {"slug": slug})
    try:
        return read(content_type, slug, data.decode())
    except UnicodeDecodeError:
        return Problem(path, "", "not_utf8")
    except FrontMatterError as error:
        return Problem(path, "", error.code, {"line": error.line, "detail": error.detail})


def load_documents(content: Path, schema: Schema) -> tuple[list[Document], list[Problem]]:
    """Every Markdown file under `content`: the documents, and what could not be read."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in sorted(found for found in content.rglob("*.md") if found.is_file()):
        path = file.relative_to(content).as_posix()
        found = read_document(schema, path, file.read_bytes())
        if isinstance(found, Document):
            documents.append(found)
        else:
            problems.append(found)
    return documents, problems
