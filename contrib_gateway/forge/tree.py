"""Trees of files: what one holds, what differs between two, one with some files changed."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import PurePosixPath

import pygit2
from pygit2.enums import DeltaStatus, FileMode

from contrib_gateway.errors import Conflict

Changes = Mapping[str, pygit2.Oid | None]


def files_under(tree: pygit2.Tree, folder: str) -> Iterator[tuple[str, str]]:
    """Path and blob of every file below `folder`."""
    below = find(tree, folder)
    return _walk(below, folder + "/") if isinstance(below, pygit2.Tree) else iter(())


def _walk(tree: pygit2.Tree, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif isinstance(entry, pygit2.Blob):
            yield f"{prefix}{entry.name}", str(entry.id)


def find(tree: pygit2.Tree, path: str) -> pygit2.Object | None:
    """What is at `path`, if anything."""
    here: pygit2.Object = tree
    for part in PurePosixPath(path).parts:
        if not isinstance(here, pygit2.Tree) or part not in here:
            return None
        here = here[part]
    return here


def blob_at(tree: pygit2.Tree, path: str) -> pygit2.Oid | None:
    found = find(tree, path)
    return found.id if found else None


def changed(before: pygit2.Tree, after: pygit2.Tree) -> Changes:
    """The files that differ: their blob in `after`, None for those it no longer has."""
    return {
        delta.new_file.path: None if delta.status == DeltaStatus.DELETED else delta.new_file.id
        for delta in before.diff_to_tree(after).deltas
    }


def with_changes(
    repository: pygit2.Repository, tree: pygit2.Tree | None, changes: Changes, within: str = ""
) -> pygit2.Oid:
    """Write `tree`, which stands at `within`, with `changes`; a folder left empty disappears.

    Raises `Conflict` where a file would stand in the place of a folder, or the reverse.
    """
    builder = repository.TreeBuilder(tree) if tree is not None else repository.TreeBuilder()
    by_name = sorted(changes, key=lambda path: path.partition("/"))
    for name, group in groupby(by_name, key=lambda path: path.partition("/")[0]):
        inside = {path.partition("/")[2]: changes[path] for path in group}
        entry = tree[name] if tree is not None and name in tree else None
        is_file = "" in inside
        if (is_file and len(inside) > 1) or _is_other_kind(entry, is_file):
            raise Conflict([within + name])
        new = inside[""] if is_file else _folder(repository, entry, inside, f"{within}{name}/")
        if new is not None:
            builder.insert(name, new, FileMode.BLOB if is_file else FileMode.TREE)
        elif entry is not None:
            builder.remove(name)
    return builder.write()


def _is_other_kind(entry: pygit2.Object | None, is_file: bool) -> bool:
    return entry is not None and isinstance(entry, pygit2.Tree) == is_file


def _folder(
    repository: pygit2.Repository, entry: pygit2.Object | None, inside: Changes, within: str
) -> pygit2.Oid | None:
    """The folder `entry` with the changes `inside` it; None if it is left empty."""
    folder = entry if isinstance(entry, pygit2.Tree) else None
    new = with_changes(repository, folder, inside, within)
    written = repository[new]
    return new if isinstance(written, pygit2.Tree) and len(written) else None
