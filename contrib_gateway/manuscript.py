"""What a submission would put on main: its document, and the files that its proposal has."""

from __future__ import annotations

from contrib_gateway.album import Album
from contrib_gateway.library import ROOT
from contrib_gateway.store import Submission
from plugins.schema import Document, Schema, write


def document_of(submission: Submission, schema: Schema) -> Document:
    """The document that a submission would publish."""
    content_type = schema.types[submission.type]
    return Document(content_type, submission.slug, submission.data, submission.body)


def files_of(document: Document, album: Album) -> dict[str, bytes | None]:
    """A page, by construction inside its type's folder, and those of its pictures that wait."""
    files: dict[str, bytes | None] = {ROOT + document.path: write(document).encode()}
    for name in document.files():
        files |= {f"{ROOT}images/{file}": data for file, data in album.files(name).items()}
    return files
