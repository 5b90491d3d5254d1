"""A built page as it is verified: its addresses, anchors, headings and what a browser fetches."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

KINDS = {"script": "script", "img": "picture", "iframe": "frame", "object": "object"}
FETCHED = ("stylesheet", "icon", "preload", "modulepreload", "manifest")


class Fault(NamedTuple):
    """One thing that is wrong; `page` is a path inside the site."""

    page: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.words}"


class Address(NamedTuple):
    line: int
    written: str


@dataclass
class Heading:
    line: int
    level: int
    words: str = ""


@dataclass
class Page:
    """What a page says of itself. `fetched`: by its kind ("script", "style", "picture"), what a
    browser asks for before anybody touches the page.
    """

    lang: str = ""
    moves: bool = False
    links: list[Address] = field(default_factory=list)
    fetched: dict[str, list[Address]] = field(default_factory=dict)
    anchors: set[str] = field(default_factory=set)
    headings: list[Heading] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads a page once, from its beginning to its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._aside = 0  # inside how many <template>
        self._heading: Heading | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self._aside += tag == "template"
        if tag == "html":
            self.page.lang = given.get("lang", "")
        if given.get("http-equiv") == "refresh":
            self.page.moves = True
        if "id" in given:
            self.page.anchors.add(given["id"])
        if self._aside:
            return
        self._address(tag, given, line)
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = Heading(line, int(tag[1]))
            self.page.headings.append(self._heading)
        elif tag == "img" and self._heading:
            self._heading.words += given.get("alt", "")

    def _address(self, tag: str, given: dict[str, str], line: int) -> None:
        rel = given.get("rel", "").split()
        kind = KINDS.get(tag)
        if tag == "link" and (found := [each for each in rel if each in FETCHED]):
            kind = "style" if found[0] == "stylesheet" else found[0]
        address = given.get("href") or given.get("src") or given.get("data", "")
        if tag == "form":
            address = given.get("action", "")
        if address and kind:
            self.page.fetched.setdefault(kind, []).append(Address(line, address))
        if address:
            self.page.links.append(Address(line, address))
        for candidate in given.get("srcset", "").split(","):
            if candidate.strip():
                self.page.links.append(Address(line, candidate.split()[0]))

    def handle_endtag(self, tag: str) -> None:
        self._aside -= tag == "template"
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = None

    def handle_data(self, data: str) -> None:
        if self._heading:
            self._heading.words += data


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
