"""Commits and blobs, as objects of git."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

import pygit2

from tests.github.exchange import Answer, Call, Refused, not_found
from tests.github.objects import git
from tests.github.routes.site import REPOSITORY, Route, Site


def get_commit_object(site: Site, call: Call) -> Answer:
    commit = site.state.repository.commit(call.parts["commit_sha"])
    if commit is None:
        raise not_found()
    return Answer(200, git.commit(site.links, commit))


def create_commit(site: Site, call: Call) -> Answer:
    repository, data = site.state.repository, call.data
    if not isinstance(repository.get(data["tree"]), pygit2.Tree):
        raise Refused(422, "Tree SHA does not exist")
    parents = data.get("parents", [])
    if not all(repository.commit(parent) for parent in parents):
        raise Refused(422, "Parent SHA does not exist or is not a commit object")
    bot = site.state.signature(call.user)
    author = _signature(data.get("author"), bot)
    # As the description says: who commits is by default who wrote.
    committer = _signature(data.get("committer"), author)
    sha = repository.write_commit(
        data["message"], data["tree"], parents, author=author, committer=committer
    )
    return Answer(201, git.commit(site.links, repository.git[sha].peel(pygit2.Commit)))


def _signature(given: dict[str, Any] | None, default: pygit2.Signature) -> pygit2.Signature:
    if given is None:
        return default
    if not given.get("name") or not given.get("email"):
        raise Refused(422, 'Invalid request.\n\n"email", "name" weren\'t supplied.')
    seconds, offset = default.time, 0
    if date := given.get("date"):
        try:
            moment = datetime.fromisoformat(date)
        except ValueError as error:
            raise Refused(422, f"Invalid request.\n\n{date} is not a valid date-time.") from error
        seconds = int(moment.timestamp())
        offset = int((moment.utcoffset() or moment - moment).total_seconds() // 60)
    return pygit2.Signature(given["name"], given["email"], seconds, offset)


def get_blob(site: Site, call: Call) -> Answer:
    blob = site.state.repository.get(call.parts["file_sha"])
    if not isinstance(blob, pygit2.Blob):
        raise not_found()
    return Answer(200, git.blob(site.links, blob))


def create_blob(site: Site, call: Call) -> Answer:
    call.user  # noqa: B018 - refuses nobody
    content, encoding = call.data["content"], call.data.get("encoding", "utf-8")
    try:
        data = base64.b64decode(content, validate=True) if encoding == "base64" else None
    except binascii.Error as error:
        raise Refused(422, "Content is not valid base64") from error
    blob = site.state.repository.git.create_blob(content.encode() if data is None else data)
    return Answer(201, git.short_blob(site.links, str(blob)))


ROUTES = (
    Route("GET", f"{REPOSITORY}/git/commits/{{commit_sha}}", get_commit_object),
    Route("POST", f"{REPOSITORY}/git/commits", create_commit),
    Route("GET", f"{REPOSITORY}/git/blobs/{{file_sha}}", get_blob),
    Route("POST", f"{REPOSITORY}/git/blobs", create_blob),
)
