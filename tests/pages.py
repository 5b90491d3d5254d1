"""Pages as a browser takes them apart: elements, links, and whatever in them could run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

RUNS = frozenset(
    "script object embed applet base frame frameset template noscript".split()  # noqa: SIM905
)
UNSEEN = re.compile(r"[\x00-\x20]")
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
        waiting = self.content[::-1]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Element):
                yield part
                waiting += part.content[::-1]

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


def _read(nodes: Iterable[LexborNode], parent: Element) -> None:
    """Put these nodes, with all that stands in them, into `parent`."""
    for node in nodes:
        if node.is_text_node:
            parent.content.append(node.text_content or "")
        elif node.is_element_node:
            attributes = {name: value or "" for name, value in node.attributes.items()}
            found = Element(node.tag or "", attributes, parent)
            parent.content.append(found)
            _read(_inside(node), found)


def _inside(node: LexborNode | None) -> Iterator[LexborNode]:
    if node is None:
        return
    if node.tag == "template":  # what a browser keeps apart
        for kept in node.template_fragments():
            yield from _inside(kept)
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


@lru_cache(8)  # an answer is looked at for dangers, then read: nobody changes what was found
def parse(html: str) -> Element:
    """The root of a page, or of a part of one; `.one("title").text`, `.all("a")`."""
    root, page = Element("", {}), LexborHTMLParser(html)
    # A browser puts a page around a part of one.
    parts = [page.root] if "<html" in html else [*_inside(page.head), *_inside(page.body)]
    _read(filter(None, parts), root)
    return root


def words(html: str) -> str:
    """The text a reader sees in the page's main part, spaces made plain and single."""
    return " ".join(parse(html).one("main").text.split())


def dangers(page: str | Element, nonce: bool = False) -> list[str]:
    """What in a page could run, or reach another host by itself; `nonce`: a style may have one."""
    root = parse(page) if isinstance(page, str) else page
    return [f"<{e.tag}>: {why}" for e in root for why in _dangers_of(e, nonce)]


def _is_ours(element: Element) -> bool:
    known = element.attributes.get("id") == OUR_TEMPLATE
    return known or _is_our_script(element) or _is_data(element)


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
    if element.tag in RUNS and not _is_ours(element):
        yield "this element runs"
    if element.tag == "style" and not (nonce and element.attributes.get("nonce")):
        yield "a style nobody signed"
    for name, value in element.attributes.items():
        bare = UNSEEN.sub("", value).lower()
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
