"""What a site is made of, in one digest, and what came of it: the same is not built again."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import date
from importlib import metadata
from pathlib import Path

from contrib_gateway.settings import Settings

MADE_WITH = ("plugins", "theme", "pelicanconf.py")
_NAME = re.compile(r"[\w.-]+")


def recipe(project: Path, settings: Settings, commit: str, day: date) -> str:
    """Of the site of one commit, on one day: its content, addresses, theme, code and libraries."""
    digest = hashlib.sha256()
    addresses = (settings.public_url, settings.gateway_url)
    moment = os.environ.get("SOURCE_DATE_EPOCH", "")
    search = str(settings.search)
    for part in (commit, day.isoformat(), moment, search, *addresses, *_libraries()):
        digest.update(f"{part}\0".encode())
    for file in _files(project):
        digest.update(f"{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def weight(site: Path) -> str:
    """Of a built site: how many files it has, and their bytes. A power cut may leave fewer."""
    sizes = [file.stat().st_size for file in site.rglob("*") if file.is_file()]
    return f"{len(sizes)} {sum(sizes)}"


def _files(project: Path) -> Iterator[Path]:
    for name in MADE_WITH:
        place = project / name
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (file for file in found if file.is_file() and file.suffix != ".pyc")


def _libraries() -> list[str]:
    """Those that Vigie names, and their versions."""
    names = {found[0] for line in metadata.requires("vigie") or () if (found := _NAME.match(line))}
    return [f"{name} {metadata.version(name)}" for name in sorted(names) if _is_here(name)]


def _is_here(name: str) -> bool:
    """Those for development only need not be."""
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
