"""References, trees, commits and blobs as git keeps them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pygit2
from pygit2.enums import ObjectType

from tests.github.objects.links import Links, date
from tests.github.repository import Repository

Json = dict[str, Any]

UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}
_KINDS = {
    ObjectType.COMMIT: "commit",
    ObjectType.TREE: "tree",
    ObjectType.BLOB: "blob",
    ObjectType.TAG: "tag",
}


def reference(links: Links, repository: Repository, name: str, target: str) -> Json:
    found = repository.get(target)
    kind = _KINDS[ObjectType(found.type)] if found else "commit"
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": links.git("refs", name.removeprefix("refs/")),
        "object": {"sha": target, "type": kind, "url": links.git(f"{kind}s", target)},
    }


def signature(one: pygit2.Signature) -> Json:
    return {
        "name": one.name,
        "email": one.email,
        "date": date(datetime.fromtimestamp(one.time, UTC)),
    }


def commit(links: Links, one: pygit2.Commit) -> Json:
    sha, tree = str(one.id), str(one.tree_id)
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        "url": links.git("commits", sha),
        "html_url": f"{links.page}/commit/{sha}",
        "author": signature(one.author),
        "committer": signature(one.committer),
        "tree": {"sha": tree, "url": links.git("trees", tree)},
        "message": one.message,
        "parents": [
            {
                "sha": str(parent),
                "url": links.git("commits", str(parent)),
                "html_url": f"{links.page}/commit/{parent}",
            }
            for parent in one.parent_ids
        ],
        "verification": UNSIGNED,
    }


def tree(
    links: Links, repository: Repository, one: pygit2.Tree, recursive: bool, limit: int
) -> Json:
    """At most `limit` entries, as a tree too big for an answer is truncated."""
    entries = list(islice(_entries(links, repository, one, recursive), limit + 1))
    sha = str(one.id)
    return {
        "sha": sha,
        "url": links.git("trees", sha),
        "tree": entries[:limit],
        "truncated": len(entries) > limit,
    }


def _entries(
    links: Links, repository: Repository, folder: pygit2.Tree, recursive: bool, prefix: str = ""
) -> Iterator[Json]:
    for entry in folder:
        sha, kind = str(entry.id), _KINDS[ObjectType(entry.type)]
        path = f"{prefix}{entry.name}"
        item: Json = {
            "path": path,
            "mode": f"{entry.filemode:06o}",
            "type": kind,
            "sha": sha,
            "url": links.git(f"{kind}s", sha),
        }
        if isinstance(entry, pygit2.Blob):
            item["size"] = repository.size(sha)
        yield item
        if recursive and isinstance(entry, pygit2.Tree):
            yield from _entries(links, repository, entry, recursive, f"{path}/")


def blob(links: Links, one: pygit2.Blob) -> Json:
    """Its content is base64 in lines of 60, as GitHub wraps it."""
    text = base64.b64encode(one.data).decode()
    lines = [text[start : start + 60] + "\n" for start in range(0, len(text), 60)]
    return {
        **short_blob(links, str(one.id)),
        "node_id": f"B_{one.id}",
        "size": one.size,
        "content": "".join(lines),
        "encoding": "base64",
    }


def short_blob(links: Links, sha: str) -> Json:
    return {"url": links.git("blobs", sha), "sha": sha}
