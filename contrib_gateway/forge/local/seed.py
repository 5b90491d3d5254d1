"""The first commit of an embedded repository, made once from a folder."""

import os
import shutil
from pathlib import Path

import pygit2

from contrib_gateway.errors import ForgeError
from contrib_gateway.forge import CONTENT
from contrib_gateway.forge.local.history import MAIN
from contrib_gateway.forge.tree import with_changes


def plant(path: Path, seed: Path, author: pygit2.Signature) -> None:
    """Make the bare repository `path`, whose main holds the files of `seed` as `content/`.

    It is built beside and renamed when whole, so that `path` never is half a repository.
    """
    draft = path.with_name(path.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    repository = pygit2.init_repository(draft, bare=True, initial_head="main")
    repository.config["receive.fsckObjects"] = True
    # Main is the record of what was decided: a push may add to it, never rewrite it.
    repository.config["receive.denyNonFastForwards"] = True
    blobs = {
        f"{CONTENT}/{file.relative_to(seed).as_posix()}": repository.create_blob(file.read_bytes())
        for file in _files(seed)
    }
    if not blobs:
        raise ForgeError(f"{seed} has no file to begin with")
    tree = with_changes(repository, None, blobs)
    commit = repository.create_commit(None, author, author, "Seed the content\n", tree, [])
    repository.references.create(MAIN, commit)
    repository.free()
    draft.rename(path)
    _sync(path.parent)


def _files(seed: Path) -> list[Path]:
    """What is in `seed`, without the hidden files that editors and systems leave behind."""
    return [
        file
        for file in sorted(seed.rglob("*"))
        if file.is_file() and not any(p.startswith(".") for p in file.relative_to(seed).parts)
    ]


def _sync(folder: Path) -> None:
    """Make the names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
