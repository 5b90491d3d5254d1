"""Trees: a folder's files, and a new state of them."""

from __future__ import annotations

from typing import Any

import pygit2
from pygit2.enums import FileMode, ObjectType

from tests.github.exchange import Answer, Call, Refused, not_found
from tests.github.objects import git
from tests.github.repository import Repository
from tests.github.routes.site import REPOSITORY, Route, Site

_MODES = {
    "100644": FileMode.BLOB,
    "100755": FileMode.BLOB_EXECUTABLE,
    "120000": FileMode.LINK,
    "040000": FileMode.TREE,
    "160000": FileMode.COMMIT,
}
_KINDS = {FileMode.TREE: ObjectType.TREE, FileMode.COMMIT: ObjectType.COMMIT}
_Change = tuple[str, FileMode] | None  # None deletes
_Folder = dict[str, Any]  # a name's change, or the folder of that name


def get_tree(site: Site, call: Call) -> Answer:
    repository = site.state.repository
    tree = _tree(repository.resolve(call.parts["tree_sha"]))
    if tree is None:
        raise not_found()
    # Any value asks for everything, "0" and "false" too.
    recursive = "recursive" in call.query
    limit = site.state.tree_limit
    return Answer(200, git.tree(site.links, repository, tree, recursive, limit))


def _tree(found: pygit2.Object | None) -> pygit2.Tree | None:
    if isinstance(found, pygit2.Commit):
        return found.tree
    return found if isinstance(found, pygit2.Tree) else None


def create_tree(site: Site, call: Call) -> Answer:
    call.user  # noqa: B018 - refuses nobody
    repository = site.state.repository
    base = None
    if name := call.data.get("base_tree"):
        base = _tree(repository.get(name))
        if base is None:
            raise Refused(422, "base_tree is not a valid tree oid")
    entries = call.data["tree"]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused(422, "Invalid tree info")
    changes: _Folder = {}
    for entry in entries:
        _place(changes, _path(entry), _change(repository, entry))
    new = _apply(repository, base, changes)
    tree = repository.git[new or repository.git.TreeBuilder().write()].peel(pygit2.Tree)
    return Answer(201, git.tree(site.links, repository, tree, False, site.state.tree_limit))


def _path(entry: dict[str, Any]) -> list[str]:
    parts = str(entry.get("path") or "").split("/")
    if any(part.lower() in ("", ".", "..", ".git") or "\0" in part for part in parts):
        raise Refused(422, "tree.path contains a malformed path component")
    return parts


def _change(repository: Repository, entry: dict[str, Any]) -> _Change:
    mode = _MODES.get(entry.get("mode") or "")
    if mode is None:
        raise Refused(422, f"tree.mode {entry.get('mode')} is not valid")
    if "sha" in entry and "content" in entry:
        raise Refused(422, "Must supply either tree.sha or tree.content, but not both")
    if "content" in entry:
        return str(repository.git.create_blob(entry["content"].encode())), mode
    if "sha" not in entry:
        raise Refused(422, "Must supply either tree.sha or tree.content")
    if entry["sha"] is None:
        return None
    found = repository.get(entry["sha"])
    kind = _KINDS.get(mode, ObjectType.BLOB)
    if found is None or found.type != kind:
        raise Refused(422, f"tree.sha {entry['sha']} is not a valid {kind.name.lower()}")
    return entry["sha"], mode


def _place(changes: _Folder, path: list[str], change: _Change) -> None:
    *folders, name = path
    for folder in folders:
        changes = changes.setdefault(folder, {})
        if not isinstance(changes, dict):
            raise Refused(422, "tree.path is both a file and a folder")
    changes[name] = change


def _apply(repository: Repository, base: pygit2.Tree | None, changes: _Folder) -> pygit2.Oid | None:
    """The new tree; None when nothing is left in it."""
    builder = repository.git.TreeBuilder(base) if base else repository.git.TreeBuilder()
    for name, change in changes.items():
        old = base[name] if base is not None and name in base else None
        if isinstance(change, dict):
            folder = _apply(repository, old if isinstance(old, pygit2.Tree) else None, change)
            change = (folder, FileMode.TREE) if folder else None  # noqa: PLW2901 - one of both
        elif change is None and old is None:
            raise Refused(422, "GitRPC::BadObjectState")
        if change is not None:
            builder.insert(name, change[0], change[1])
        elif old is not None:
            builder.remove(name)
    return builder.write() if len(builder) else None


ROUTES = (
    Route("POST", f"{REPOSITORY}/git/trees", create_tree),
    Route("GET", f"{REPOSITORY}/git/trees/{{tree_sha}}", get_tree),
)
