"""What a page weighs on its way to a phone: kilobytes compressed, and how many requests it takes.

A kilobyte is 1000 bytes; compressed is as the gateway answers.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.territory import TODAY, seed
from contrib_gateway.compression import LEVEL
from plugins.check import load
from plugins.render import Site, Theme, list_page
from plugins.render.atlas import map_pages
from plugins.render.directory import directory, directory_path, has_directory
from tests.site.built import PUBLIC, Built
from tests.site.page import Fault, read

KB = 1000
PROFILE, LIST, INDEX, FONT = 30 * KB, 60 * KB, 250 * KB, 40 * KB
REQUESTS = 5
MANY = 10_000  # profiles, of which lists are to stay light
FONTS = ("woff2", "woff", "ttf", "otf")


@dataclass(frozen=True)
class Weight:
    """Of the heaviest of some pages."""

    what: str
    page: str
    bytes: int
    limit: int
    requests: int = 1

    def __str__(self) -> str:
        asked = f", {self.requests} requests" if self.requests > 1 else ""
        kept = f"{self.bytes / KB:.1f} kB of {self.limit / KB:.0f}"
        return f"{self.what}: {kept}{asked} ({self.page})"

    def fault(self) -> Fault | None:
        if self.bytes > self.limit:
            return Fault(self.page, 1, f"too heavy, {self}")
        if self.requests > REQUESTS:
            return Fault(self.page, 1, f"more than {REQUESTS} requests, {self}")
        return None


def compressed(data: bytes) -> int:
    return len(gzip.compress(data, LEVEL))


class Scale:
    """Weighs pages; what several of them fetch is weighed once."""

    def __init__(self, site: Built) -> None:
        self._site = site
        self._known: dict[str, int] = {}
        self.fonts = [name for name in site.files if name.rpartition(".")[2] in FONTS]

    def page(self, what: str, name: str, html: bytes, limit: int) -> Weight:
        """A page with what it fetches, pictures and fonts left aside; each font is one request."""
        page, total = read(html.decode()), compressed(html)
        fetched = {
            self._site.inside(name, address)
            for kind, addresses in page.fetched.items()
            for _, address in addresses
            if kind != "picture"
        }
        files = {found[0] for found in fetched if found and found[0] in self._site.files}
        files -= {*self.fonts}
        total += sum(self._file(file) for file in files)
        return Weight(what, name, total, limit, 1 + len(files) + len(self.fonts))

    def _file(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = compressed(self._site.bytes(name))
        return self._known[name]

    def heaviest(self, what: str, names: list[str], limit: int) -> Weight:
        weighed = [self.page(what, name, self._site.bytes(name), limit) for name in names]
        return max(weighed, key=lambda one: (one.requests > REQUESTS, one.bytes))


def weights(site: Built) -> Iterator[Weight]:
    """Of the site as it is, and of the lists that it would have at 10 000 profiles."""
    scale = Scale(site)
    yield scale.heaviest("profile", profiles(site), PROFILE)
    for font in scale.fonts:
        yield Weight("font", font, len(site.bytes(font)), FONT)
    yield from _at_scale(scale)


def profiles(site: Built) -> list[str]:
    """The pages of documents, in each language."""
    return [f"{to}index.html" for to in sorted(site.documents) if f"{to}index.html" in site.files]


def _at_scale(scale: Scale) -> Iterator[Weight]:
    """The first page of each list, and the index its script asks for."""
    with TemporaryDirectory() as folder:
        seed(Path(folder) / "content", MANY)
        index = load(Path(folder) / "content").index
    theme = Theme(Site(PUBLIC, PUBLIC, TODAY), index.schema)
    for kind in index.schema.types.values():
        if kind.list_url is None:
            continue
        html = list_page(theme, kind, index, "fr", 1).encode()
        yield scale.page(
            f"list of {kind.plural.get('en')}", f"{kind.list_url}index.html", html, LIST
        )
        for path, drawn in map_pages(theme, kind, index, "fr"):
            what = f"map of {kind.plural.get('en')}"
            yield scale.page(what, f"{path}index.html", drawn.encode(), LIST)
        if has_directory(kind):
            data = directory(kind, index, theme.site).encode()
            what, path = f"index of {kind.plural.get('en')}", directory_path(kind)
            yield Weight(what, path, compressed(data), INDEX)
