"""A site built from a content as the gateway builds it, with the gateway to ask for its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from flask import Flask

from contrib_gateway.app import create_app
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from plugins.schema import Index
from tests.site.page import Page, read

PUBLIC = "https://vigie.example/tours/"
"""Below a path of its host: a link that forgets it leads nowhere."""


@dataclass(frozen=True)
class Built:
    """The files of a site, whom to ask for what is no file, where its documents' pages are, and the
    proper names on them: places and streets.
    """

    folder: Path
    gateway: Flask
    documents: frozenset[str]
    names: frozenset[str] = frozenset()

    @cached_property
    def pages(self) -> dict[str, Page]:
        """By path inside the site ("initiatives/x/index.html")."""
        files = sorted(self.folder.rglob("*.html"))
        return {self.name(file): read(file.read_text("utf-8")) for file in files}

    def name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()

    def bytes(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    @cached_property
    def files(self) -> frozenset[str]:
        return frozenset(self.name(file) for file in self.folder.rglob("*") if file.is_file())

    def inside(self, page: str, address: str) -> tuple[str, str] | None:
        """The file that an address on a page leads to, and its anchor; None if it leads elsewhere.

        A page of the gateway is told by its path too: "contribuer/need/".
        """
        whole, anchor = urldefrag(urljoin(PUBLIC + page, address))
        if urlsplit(whole).scheme not in ("http", "https") or not same_host(whole):
            return None
        path = unquote(whole.partition("?")[0])
        if not path.startswith(PUBLIC):
            return "/" + path.split("/", 3)[-1], anchor  # this host, but above the site
        path = path.removeprefix(PUBLIC)
        return (path + "index.html" if path.endswith("/") or not path else path), unquote(anchor)


def same_host(address: str) -> bool:
    return urlsplit(address).netloc == urlsplit(PUBLIC).netloc


@contextmanager
def built(content: Path) -> Iterator[Built]:
    """The site of a content folder, in a place that is removed afterwards.

    Raises RuntimeError with Pelican's words if it cannot be built.
    """
    with TemporaryDirectory() as folder:
        state = Path(folder)
        LocalForge.open(state / "forge.git", content)
        settings: dict[str, Any] = {
            "VIGIE_STATE": str(state),
            "VIGIE_PUBLIC_URL": PUBLIC,
            "VIGIE_RATE_LIMIT": "off",
        }
        gateway = assemble(Settings.from_environ(settings))
        if not gateway.builder.build():
            raise RuntimeError(str(gateway.store.last_build()))
        index = gateway.library.index
        pages = frozenset(
            f"{before}{document.url}"
            for name in index.schema.types
            for document in index.of(name)
            for before in ("", "en/")
            if document.url
        )
        site, app = gateway.builder.places.site.resolve(), create_app(gateway)
        yield Built(site, app, pages, proper_names(index))


def proper_names(index: Index) -> frozenset[str]:
    """What is called the same in every language: places and streets."""
    found = {term.label.get("en") for term in index.schema.territories.values()}
    for name in index.schema.types:
        for document in index.of(name):
            place = document.data.get("place")
            found.add(str(place.get("street", "")) if isinstance(place, dict) else "")
    return frozenset(found - {""})
