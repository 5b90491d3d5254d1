"""What search engines are told of: every page, its translation and its last change (protocol 0.9 of
sitemaps.org), and where that list is (robots.txt, RFC 9309).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from plugins.render.site import LANGUAGES, Site
from plugins.schema import Index

PATH, ROBOTS = "sitemap.xml", "robots.txt"
MOST = 50_000  # addresses in one list, by the protocol
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LINKS = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Address:
    """A page's path on the site, and the day of its last change ("" where none is known)."""

    path: str
    changed: str = ""


def addresses(index: Index, fronts: tuple[str, ...]) -> Iterator[Address]:
    """The pages at the `fronts`, the types' lists, and each document's page."""
    yield from map(Address, fronts)
    for content_type in index.schema.types.values():
        if content_type.list_url is not None:
            yield Address(content_type.list_url)
        for document in index.of(content_type.name):
            if document.url is not None:
                yield Address(document.url, str(document.data.get("updated", "")))


def sitemaps(site: Site, index: Index, fronts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The files by their paths: one list, or a list of lists where one cannot hold all."""
    told = [_entry(site, one, lang) for one in addresses(index, fronts) for lang in LANGUAGES]
    parts = ["".join(told[first : first + MOST]) for first in range(0, len(told), MOST)]
    lists = [f"{HEAD}<urlset {SPACES} {LINKS}>\n{part}</urlset>\n" for part in parts]
    if len(lists) == 1:
        yield PATH, lists[0]
        return
    names = [PATH.replace(".", f"-{number}.") for number in range(1, len(lists) + 1)]
    yield from zip(names, lists, strict=True)
    places = (escape(site.absolute(name)) for name in names)
    told = [f"<sitemap><loc>{place}</loc></sitemap>\n" for place in places]
    yield PATH, f"{HEAD}<sitemapindex {SPACES}>\n{''.join(told)}</sitemapindex>\n"


def robots(site: Site) -> str:
    """Everything may be read: what is not to be found says so itself."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {site.absolute(PATH)}\n"


def _entry(site: Site, address: Address, lang: str) -> str:
    where = escape(site.absolute(address.path, lang))
    when = f"<lastmod>{escape(address.changed)}</lastmod>" if address.changed else ""
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{one}" href="{_quoted(site, address, one)}"/>'
        for one in LANGUAGES
    )
    return f"<url><loc>{where}</loc>{when}{others}</url>\n"


def _quoted(site: Site, address: Address, lang: str) -> str:
    return escape(site.absolute(address.path, lang), {'"': "&quot;"})
