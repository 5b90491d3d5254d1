"""Pictures that come with a form: made safe at once, then carried by their name like any answer."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Request
from werkzeug.datastructures import MultiDict

from contrib_gateway.album import Album
from contrib_gateway.errors import BadPicture
from contrib_gateway.forms import UPLOAD, Answers, picture_fields
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket, client_key
from contrib_gateway.pictures import LARGEST
from plugins.schema import ContentType, Problem

MOST_KEPT = 500 * 1024 * 1024  # bytes of pictures that nobody has sent yet
LARGEST_FORM = 2 * 1024 * 1024


def expect_pictures(request: Request, content_type: ContentType) -> None:
    """Let a form with pictures be as large as they may be. Before anything of it is read."""
    if number := len(picture_fields(content_type)):
        # A little more, so that who sends too large a picture keeps what they typed.
        request.max_content_length = number * 2 * LARGEST + LARGEST_FORM


def take_pictures(
    request: Request,
    content_type: ContentType,
    sent: MultiDict[str, str],
    ticket: Ticket | None,
    gateway: Gateway,
) -> list[Problem]:
    """Keep the pictures that were sent; `sent` then has their names. Those that cannot be taken
    are told, and the one there was before stays.

    Only who was given the form, however long ago, has a `ticket`, and is given room for pictures.
    """
    problems = []
    for name in picture_fields(content_type):
        upload = request.files.get(f"{name}-{UPLOAD}")
        if upload is None or not upload.filename:
            continue
        try:
            if ticket is None:
                raise BadPicture("unasked")
            _admit(request.remote_addr or "", gateway)
            picture = gateway.darkroom.develop(upload.stream.read(LARGEST + 1))
        except BadPicture as error:
            problems.append(Problem("", f"{name}.file", f"picture_{error.code}"))
            continue
        gateway.album.keep(picture)
        sent[f"{name}-file"] = picture.name
        sent.poplist(f"{name}-remove")
    return problems


def _admit(address: str, gateway: Gateway) -> None:
    """Raises `BadPicture` for who has sent many already, and for all when there is no more room."""
    client = client_key(gateway.settings.secret_key, address, gateway.clock())
    if gateway.uploads and not gateway.uploads.spend(client):
        raise BadPicture("often")
    if gateway.album.size(but=gateway.housekeeper.awaited()) >= MOST_KEPT:
        raise BadPicture("busy")


def missing_pictures(
    content_type: ContentType, answers: Answers, images: frozenset[str], album: Album
) -> Iterator[Problem]:
    """Pictures that were kept for a while and are not any more, or that never were."""
    named = {
        name: file
        for name in picture_fields(content_type)
        for file in content_type.fields[name].kind.files(answers.data.get(name))
        if file not in images
    }
    kept = album.has(named.values()) if named else set()
    for name, file in named.items():
        if file not in kept:
            yield Problem("", f"{name}.file", "picture_gone")
