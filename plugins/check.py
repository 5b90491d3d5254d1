"""The whole content tree, checked: what `vigie check`, the build and each merge rely on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from plugins.render import sentence
from plugins.render.values import fallback_of
from plugins.render.words import N_, words
from plugins.schema import (
    Audience,
    ContentType,
    Document,
    Field,
    Index,
    Problem,
    Schema,
    Value,
    is_schema_file,
    is_slug,
    load_documents,
    load_schema,
    merger_faults,
    validate,
)
from plugins.schema.kinds import Items


@dataclass(frozen=True)
class Content:
    """A content tree as it was read: its index, its pictures, and what could not be read."""

    index: Index
    images: frozenset[str]
    unread: tuple[Problem, ...] = ()


def load(folder: Path) -> Content:
    """Everything under a content folder. Raises `SchemaError`."""
    schema = load_schema(folder)
    documents, problems = load_documents(folder, schema)
    images = frozenset(file.name for file in (folder / "images").glob("*") if file.is_file())
    return Content(Index(schema, documents), images, (*problems, *misplaced(folder)))


def misplaced(folder: Path) -> Iterator[Problem]:
    """Files of a content folder that nothing reads, and links, which lead out of it."""
    yield from strays(files_under(folder))
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            yield Problem(path.relative_to(folder).as_posix(), "", "link")


def strays(paths: Iterable[str]) -> Iterator[Problem]:
    """Files that nothing would ever read: a typing mistake in a name, most often."""
    for path in sorted(paths):
        name = path.rpartition("/")[2]
        known = is_schema_file(path) or path.startswith("images/") or name.endswith(".md")
        if not known and not name.startswith("."):
            yield Problem(path, "", "stray_file")


def files_under(folder: Path) -> list[str]:
    """The paths, inside a content folder, of all its files."""
    return [f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()]


def check(content: Content) -> list[Problem]:
    """All faults of a content tree, each with its path; [] when it may be published."""
    problems = list(content.unread)
    for document in content.index.documents:
        problems += check_document(document, content.index, content.images)
    problems += _doubles(content.index.documents)
    return sorted(problems, key=lambda problem: problem.path)


def check_document(document: Document, index: Index, images: frozenset[str]) -> list[Problem]:
    """The faults of one document's file, given all the others."""
    found = validate(document.type, document.data, document.body, index, Audience.FILE)
    found += _missing_images(document.type.fields, document.data, images)
    found += _wrong_aliases(document, index)
    found += merger_faults(document, index)
    return [replace(problem, path=document.path) for problem in found]


def _missing_images(
    fields: Mapping[str, Field], data: Mapping[str, Value], images: frozenset[str], within: str = ""
) -> Iterator[Problem]:
    for name, field in fields.items():
        value = data.get(name)
        if field.kind.name == "image" and isinstance(value, dict):
            file = str(value.get("file", ""))
            fallback = fallback_of(file)
            if file not in images:
                yield Problem("", f"{within}{name}.file", "missing_image", {"file": file})
            elif fallback and fallback not in images:
                yield Problem("", f"{within}{name}.file", "missing_fallback", {"file": fallback})
        if isinstance(field.kind, Items) and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    at = f"{within}{name}.{number}."
                    yield from _missing_images(field.kind.fields, row, images, at)


def _wrong_aliases(document: Document, index: Index) -> Iterator[Problem]:
    """Former names that are no name of a page, or that another page has: one would hide it."""
    for number, name in enumerate(document.aliases):
        at = f"aliases.{number}.name"
        if not is_slug(name):
            yield Problem("", at, "bad_slug", {"slug": name})
        elif len(index.named(document.type.name, name)) > 1:
            yield Problem("", at, "taken", {"value": name})


def _doubles(documents: Iterable[Document]) -> Iterator[Problem]:
    """Two documents with one id: the second is a copy whose `id` was left in."""
    counts = Counter(document.id for document in documents)
    for document in documents:
        if document.id and counts[document.id] > 1:
            yield Problem(document.path, "id", "taken", {"value": document.id})


def describe(problem: Problem, schema: Schema, lang: str) -> str:
    """One line for a person: where, which field, what is wrong, what to do."""
    content_type = schema.by_folder(problem.path.partition("/")[0])
    parts = [f"content/{problem.path}"] if problem.path else []
    if problem.field:
        parts.append(problem.field)
    said = f"{' — '.join(parts)} : {sentence(problem, content_type, lang)}"
    if problem.code == "unknown_term" and (name := _vocabulary(problem.field, content_type)):
        said += " " + words(lang).gettext(CHOICES) % {"name": name}
    return said


# Whoever fills in a form sees the choices; whoever edits a file has to know where they are.
CHOICES = N_("The list is in content/vocabularies/%(name)s.yaml.")


def _vocabulary(path: str, content_type: ContentType | None) -> str:
    """The vocabulary that a dotted field chooses from; "" when it chooses from none."""
    fields = content_type.fields if content_type else {}
    name = ""
    for part in path.split("."):
        if part in fields:
            kind = fields[part].kind
            name = getattr(kind, "vocabulary", "")
            fields = getattr(kind, "fields", {})
    return name
