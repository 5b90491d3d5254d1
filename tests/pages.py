"""Pages as a browser takes them apart: elements, links, and whatever in them could run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
RUNS = frozenset("object embed applet base frame frameset template noscript".split())  # noqa: SIM905
OUR_TEMPLATE = "row-pattern"  # the row that a list's script fills in: nothing of it is written
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href")


@dataclass
class Element:
    """One element, what stands in it, and where it stands."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    content: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = (part if isinstance(part, str) else part.text for part in self.content)
        return "".join(parts)

    def __iter__(self) -> Iterator[Element]:
        """Every element inside, in the order of the page."""
        for part in self.content:
            if isinstance(part, Element):
                yield part
                yield from part

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        return [
            found
            for found in self
            if tag in ("", found.tag)
            and all(found.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert found, f"no <{tag}> {attributes}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {name: value or "" for name, value in reversed(attrs)}, self.here)
        self.here.content.append(found)
        if tag not in VOID:
            self.here = found

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        at: Element | None = self.here
        while at is not None and at.tag != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            self.here = at.parent

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)


@lru_cache(8)  # an answer is looked at for dangers, then read: nobody changes what was found
def parse(html: str) -> Element:
    """The root of a page; `.one("title").text`, `.all("a")`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def words(html: str) -> str:
    """The text a reader sees in the page's main part, spaces made plain and single."""
    return " ".join(parse(html).one("main").text.split())


def dangers(page: str | Element, nonce: bool = False) -> list[str]:
    """What in a page could run, or reach another host by itself; `nonce`: a style may have one."""
    root = parse(page) if isinstance(page, str) else page
    return [f"<{e.tag}>: {why}" for e in root for why in _dangers_of(e, nonce)]


def _is_our_script(element: Element) -> bool:
    """A file of the theme, on this host, with nothing written between its tags."""
    source = element.attributes.get("src", "")
    return (
        element.tag == "script"
        and bool(re.fullmatch(r"/(?!/)[^\\?#]*theme/js/[a-z]+\.js\?v=[0-9a-f]+", source))
        and not (element.text.strip())
    )


def _is_data(element: Element) -> bool:
    """What nobody runs: what the page is about, for machines, in characters that cannot end it."""
    typed = element.attributes == {"type": "application/ld+json"}
    return element.tag == "script" and typed and not set("<>&") & set(element.text)


def _dangers_of(element: Element, nonce: bool) -> Iterator[str]:
    ours = _is_our_script(element) or _is_data(element)
    ours |= element.attributes.get("id") == OUR_TEMPLATE
    if element.tag in {*RUNS, "script"} and not ours:
        yield "this element runs"
    if element.tag == "style" and not (nonce and element.attributes.get("nonce")):
        yield "a style nobody signed"
    for name, value in element.attributes.items():
        bare = re.sub(r"[\x00-\x20]", "", value).lower()
        if name.startswith("on") or name in ("style", "srcdoc"):
            yield f"{name}={value[:40]!r}"
        if name in ADDRESSES and re.match(r"[a-z0-9+.-]*script:|data:", bare):
            yield f"{name}={value[:40]!r}"
        if name == "http-equiv" and bare == "refresh":
            where = element.attributes.get("content", "").partition("url=")[2]
            if not where.startswith("/") or where.startswith("//"):
                yield f"refresh to {where[:40]!r}"
    fetched = element.attributes.get("src", "")
    if element.tag == "link" and element.attributes.get("rel") in ("stylesheet", "icon"):
        fetched = element.attributes.get("href", "")
    if re.match(r"//|\\|[a-z]+:", fetched):
        yield f"fetches {fetched[:60]!r}"
