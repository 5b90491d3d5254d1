"""Commits as the repository's pages show them: with accounts, and with what they changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pygit2
from pygit2.enums import DeltaStatus

from tests.github.objects import git, people
from tests.github.objects.links import Links
from tests.github.state import State

Json = dict[str, Any]

_STATUS = {
    DeltaStatus.ADDED: "added",
    DeltaStatus.DELETED: "removed",
    DeltaStatus.MODIFIED: "modified",
    DeltaStatus.RENAMED: "renamed",
    DeltaStatus.COPIED: "copied",
    DeltaStatus.TYPECHANGE: "changed",
}


def commit(state: State, links: Links, one: pygit2.Commit) -> Json:
    sha = str(one.id)
    api = f"{links.repository}/commits/{sha}"
    inner = git.commit(links, one)
    return {
        "sha": sha,
        "node_id": inner["node_id"],
        "commit": {
            key: inner[key]
            for key in ("author", "committer", "message", "tree", "url", "verification")
        }
        | {"comment_count": 0},
        "url": api,
        "html_url": inner["html_url"],
        "comments_url": f"{api}/comments",
        "author": people.maybe_user(links, state.known_author(one.author)),
        "committer": people.maybe_user(links, state.known_author(one.committer)),
        "parents": [
            parent | {"url": f"{links.repository}/commits/{parent['sha']}"}
            for parent in inner["parents"]
        ],
    }


def whole(state: State, links: Links, one: pygit2.Commit) -> Json:
    """With its files, compared to the first parent."""
    parent = str(one.parent_ids[0]) if one.parent_ids else None
    changed = files(links, state.repository.diff(parent, str(one.id)), str(one.id))
    additions = sum(file["additions"] for file in changed)
    deletions = sum(file["deletions"] for file in changed)
    stats = {"total": additions + deletions, "additions": additions, "deletions": deletions}
    return {**commit(state, links, one), "stats": stats, "files": changed}


def files(links: Links, diff: pygit2.Diff, commit: str) -> list[Json]:
    return [_file(links, patch, commit) for patch in diff if patch]


def _file(links: Links, patch: pygit2.Patch, commit: str) -> Json:
    delta = patch.delta
    _, additions, deletions = patch.line_stats
    removed = delta.status == DeltaStatus.DELETED
    side = delta.old_file if removed else delta.new_file
    path = quote(side.path, safe="")
    shown = {
        "sha": str(side.id),
        "filename": side.path,
        "status": _STATUS[DeltaStatus(delta.status)],
        "additions": additions,
        "deletions": deletions,
        "changes": additions + deletions,
        "blob_url": f"{links.page}/blob/{commit}/{path}",
        "raw_url": f"{links.page}/raw/{commit}/{path}",
        "contents_url": f"{links.repository}/contents/{path}?ref={commit}",
    }
    if hunks := _hunks(patch):
        shown["patch"] = hunks
    if delta.status in (DeltaStatus.RENAMED, DeltaStatus.COPIED):
        shown["previous_filename"] = delta.old_file.path
    return shown


def _hunks(patch: pygit2.Patch) -> str:
    """The diff without its header; nothing for what is binary, and for a mere rename."""
    text = (patch.data or b"").decode("utf-8", "replace")
    start = text.find("\n@@ ")
    return text[start + 1 :].rstrip("\n") if start >= 0 else ""
