"""What a submission would put on main: its document, and the files that its proposal has."""

from __future__ import annotations

from contrib_gateway.album import Album
from contrib_gateway.library import ROOT
from contrib_gateway.store import Submission
from plugins.schema import Document, Schema, in_current_terms, write


def document_of(submission: Submission, schema: Schema) -> Document:
    """The document that a submission would publish, with the keys that its terms have by now."""
    content_type = schema.types[submission.type]
    sent = Document(content_type, submission.slug, submission.data, submission.body)
    return in_current_terms(sent, schema)


def files_of(document: Document, album: Album) -> dict[str, bytes | None]:
    """A page, by construction inside its type's folder, and those of its pictures that wait."""
    files: dict[str, bytes | None] = {ROOT + document.path: write(document).encode()}
    for name in document.files():
        files |= {f"{ROOT}images/{file}": data for file, data in album.files(name).items()}
    return files
