"""The feed that a web page announces."""

from __future__ import annotations

from html.parser import HTMLParser

from plugins.watch.address import linkable

LONGEST = 300_000  # characters: heads are at the beginning
TYPES = ("application/atom+xml", "application/rss+xml", "application/rdf+xml")
JSON = ("application/feed+json", "application/json")


def announced(page: str, address: str) -> str:
    """The absolute address of a page's feed, "" if it announces none but itself."""
    links = _Links()
    links.feed(page[:LONGEST])
    base = linkable(links.base, address) or address
    found = [
        (type_ in JSON, "comment" in (title + href).lower(), place, linkable(href, base))
        for place, (type_, title, href) in enumerate(links.found)
    ]
    return next((url for *_, url in sorted(found) if url and url != address), "")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = given.get("href", "")
        if tag == "link" and "alternate" in given.get("rel", "").lower().split():
            type_ = given.get("type", "").partition(";")[0].strip().lower()
            if type_ in TYPES + JSON and given.get("href"):
                self.found.append((type_, given.get("title", ""), given["href"]))
