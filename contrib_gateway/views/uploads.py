"""Pictures that come with a form: made safe at once, then carried by their name like any answer."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Request
from werkzeug.datastructures import MultiDict

from contrib_gateway.darkroom import Darkroom
from contrib_gateway.errors import BadPicture
from contrib_gateway.forms import UPLOAD, Answers, picture_fields
from contrib_gateway.store import Store
from plugins.schema import ContentType, Problem

LARGEST_PICTURE = 15 * 1024 * 1024  # bytes
MOST_PICTURES = 1000  # that wait to be published, or for their sender; some 300 kB each
LARGEST_FORM = 2 * 1024 * 1024


def expect_pictures(request: Request, content_type: ContentType) -> None:
    """Let a form with pictures be as large as they may be. Before anything of it is read."""
    if number := len(picture_fields(content_type)):
        # A little more, so that who sends too large a picture keeps what they typed.
        request.max_content_length = number * 2 * LARGEST_PICTURE + LARGEST_FORM


def take_pictures(
    request: Request,
    content_type: ContentType,
    sent: MultiDict[str, str],
    store: Store,
    darkroom: Darkroom,
) -> list[Problem]:
    """Keep the pictures that were sent; `sent` then has their names. Those that cannot be taken
    are told, and the one there was before stays.
    """
    problems = []
    for name in picture_fields(content_type):
        upload = request.files.get(f"{name}-{UPLOAD}")
        if upload is None or not upload.filename:
            continue
        try:
            if store.count_pictures() >= MOST_PICTURES:
                raise BadPicture("busy")
            picture = darkroom.develop(upload.stream.read(LARGEST_PICTURE + 1))
        except BadPicture as error:
            problems.append(Problem("", f"{name}.file", f"picture_{error.code}"))
            continue
        store.keep_picture(picture.name, picture.webp, picture.fallback)
        sent[f"{name}-file"] = picture.name
        sent.poplist(f"{name}-remove")
    return problems


def missing_pictures(
    content_type: ContentType, answers: Answers, images: frozenset[str], store: Store
) -> Iterator[Problem]:
    """Pictures that were kept for a while and are not any more, or that never were."""
    named = {
        name: file
        for name in picture_fields(content_type)
        for file in content_type.fields[name].kind.files(answers.data.get(name))
        if file not in images
    }
    kept = store.has_pictures(named.values()) if named else set()
    for name, file in named.items():
        if file not in kept:
            yield Problem("", f"{name}.file", "picture_gone")
