"""Markdown written by anybody, as HTML that is safe to publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import accumulate
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

import nh3
from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from plugins.render.site import Site
from plugins.render.typography import typeset_html
from plugins.schema import Document, Index

REFERENCE = re.compile(r"([a-z][a-z0-9_]*)/([a-z0-9-]+)(#[A-Za-z0-9_-]+)?")
SCHEMES = frozenset({"http", "https", "mailto"})
DEEP = 20
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAGS = frozenset(("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "a", "img"))
TAGS |= {"ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"}
TAGS |= {"h2", "h3", "h4", "h5", "h6", "sup"}
ATTRIBUTES = {
    "a": {"href", "title", "rel", "id", "role", "aria-label"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
}


class Notes:
    """The documents that a text cites in notes, and how often each, in the order of their numbers.

    Filled while the text is rendered: what looks like a link, but is none, is cited nowhere. `told`
    says of a document in one line where it comes from, or None of one that is linked as any other.
    """

    def __init__(self, told: Callable[[Document], str | None]) -> None:
        self.told = told
        self.calls: dict[str, int] = {}

    def call(self, document: Document) -> tuple[int, int]:
        """The number of its note, and of this call of it."""
        self.calls[document.ref] = self.calls.get(document.ref, 0) + 1
        return list(self.calls).index(document.ref) + 1, self.calls[document.ref]


def markdown_html(
    text: str,
    index: Index,
    site: Site,
    lang: str,
    *,
    top: int = 2,
    written: str = "",
    notes: Notes | None = None,
) -> Markup:
    """`text` as sanitised HTML.

    Raw HTML shows as it was typed. `[text](type/slug)` leads to that document's page, or is plain
    text when it has none. `lang` is the reader's language, `written` the text's own (default: the
    same). `top` is the level of the highest heading. Of what is cited in `notes` the words stay,
    with the number of its note (#note-1), which can lead back to #call-1-1. Links to other hosts
    carry `rel="nofollow ugc"`: being quoted here must not be worth money to a spammer.
    """
    parser = Markdown(extensions=["tables", "sane_lists"], output_format="html")
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    parser.inlinePatterns.deregister("automail")  # it hides addresses behind entities
    parser.parser.blockprocessors.register(_Quotations(parser.parser), "quote", 20)
    parser.treeprocessors.register(_Links(index, site, lang, notes), "links", -10)
    parser.treeprocessors.register(_Headings(top), "headings", -20)
    try:
        html = parser.convert(_tame(text))
    except RecursionError:  # thousands of nested quotes: nobody's text, but it must not break
        html = f"<p>{escape(text)}</p>"
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None
    )
    return Markup(typeset_html(clean, written or lang))  # noqa: S704 - nh3 has just cleaned it


def _tame(text: str) -> str:
    """Takes the meaning from brackets that open too deep.

    The parser looks for the end of each bracket from its start: a page of "[" would hold it for
    minutes. Nobody opens twenty brackets in a paragraph, nor would the result be a link.
    """
    return "".join(
        block.replace("[", "&#91;")
        if max(_depth(block, "[]"), _depth(block, "()")) > DEEP
        else block
        for block in re.split(r"(\n[ \t]*\n)", text)
    )


def _depth(block: str, pair: str) -> int:
    """How many brackets of one kind are open at once, at most."""
    steps = ((character == pair[0]) - (character == pair[1]) for character in block)
    return max(accumulate(steps), default=0)


class _Quotations(BlockQuoteProcessor):
    """Quotations that an empty line parts are several, as CommonMark has it: of two sources."""

    def lastChild(self, parent: Element) -> None:  # noqa: N802 - the name that is asked for
        return None


class _Links(Treeprocessor):
    """Decides where every link and picture leads; one that leads nowhere becomes its text."""

    def __init__(self, index: Index, site: Site, lang: str, notes: Notes | None) -> None:
        super().__init__()
        self.index, self.site, self.lang, self.notes = index, site, lang, notes

    def run(self, root: Element) -> None:
        for link in list(root.iter("a")):
            if not self._note(link):
                self._link(link)
        for picture in root.iter("img"):
            self._picture(picture)

    def _note(self, link: Element) -> bool:
        """Makes the call of a note from a link to what is cited in notes."""
        reference = REFERENCE.fullmatch(link.get("href", ""))
        cited = self.index.get(f"{reference[1]}/{reference[2]}") if reference else None
        told = self.notes.told(cited) if self.notes and cited else None
        if self.notes is None or cited is None or told is None:
            return False
        number, call = self.notes.call(cited)
        link.tag = "span"  # not an allowed tag: only what is in it stays
        link.attrib.clear()
        mark = SubElement(SubElement(link, "sup"), "a")
        mark.text = str(number)
        mark.set("href", f"#note-{number}")
        mark.set("id", f"call-{number}-{call}")
        mark.set("role", "doc-noteref")
        mark.set("aria-label", f"{number}, {told}")
        return True

    def _link(self, link: Element) -> None:
        target = self._target(link.get("href", ""))
        if target is None:
            link.tag = "span"  # not an allowed tag: only its text stays
            link.attrib.clear()
            return
        link.set("href", target)
        if urlsplit(target).scheme in ("http", "https"):
            link.set("rel", "nofollow ugc")

    def _target(self, href: str) -> str | None:
        if reference := REFERENCE.fullmatch(href):
            document = self.index.get(f"{reference[1]}/{reference[2]}")
            url = document.url if document else None
            return self.site.href(url + (reference[3] or ""), self.lang) if url else None
        if href.startswith("#"):
            return href
        if href.startswith("/") and not href.startswith(("//", "/\\")):
            return self.site.href(href, self.lang)
        try:
            return href if urlsplit(href).scheme in SCHEMES else None
        except ValueError:
            return None

    def _picture(self, picture: Element) -> None:
        name = re.fullmatch(r"/?images/([A-Za-z0-9._-]+)", picture.get("src", ""))
        if name is None:  # a picture elsewhere would tell another host who reads this page
            picture.tag, picture.text = "span", picture.get("alt", "")
            picture.attrib.clear()
            return
        picture.set("src", self.site.href(f"images/{name[1]}"))
        picture.set("loading", "lazy")


class _Headings(Treeprocessor):
    """Moves headings under the page's own, without skipping a level."""

    def __init__(self, top: int) -> None:
        super().__init__()
        self.top = top

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if element.tag in HEADINGS]
        for element, level in zip(headings, self._levels(headings), strict=True):
            element.tag = HEADINGS[min(level, 6) - 1]

    def _levels(self, headings: Iterable[Element]) -> list[int]:
        open_levels: list[int] = []
        levels = []
        for element in headings:
            written = HEADINGS.index(element.tag)
            while open_levels and open_levels[-1] >= written:
                open_levels.pop()
            open_levels.append(written)
            levels.append(self.top + len(open_levels) - 1)
        return levels


def paragraphs(text: str, lang: str) -> Markup:
    """Plain text as paragraphs: an empty line parts two, a line break stays one."""
    html = Markup("")
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = Markup("<br>").join(block.split("\n"))
        html += Markup("<p>{}</p>\n").format(lines)
    return Markup(typeset_html(html, lang))  # noqa: S704 - made of escaped text
