"""The site's words: acronyms explained where they come first on a page, and the list of them all.

A `title` shows on no phone and is read aloud by few programs: what an acronym stands for is written
after it, once a page, as WCAG asks (technique G97). It is the site that speaks there, so it looks
apart from what people wrote, and the acronym leads to the glossary. It is put into the page that is
made, not into each text: only then is it known what comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape
from unidecode import unidecode

from plugins.render.shown import Setting
from plugins.render.typography import typeset
from plugins.schema import Document, Index, Schema

VOCABULARY = "glossary"
ANCHOR = "mot-"
ACRONYM = re.compile(r"[A-Z][A-Z0-9]+")
BEFORE = re.compile(r"(?<![\w.@-])(?<![a-z0-9.:/]/)")
AFTER = re.compile(r"(?![\w@-]|\.\w|/[a-z0-9])")
"""What is beside a word that is not inside another, an address, or a file's name."""
STANDS_FOR = re.compile(r"([^.:;]{3,90}?)[ \u00a0\u202f]*(?::|\.?$)")
"""What a hint says before its colon, or all of it when it is one short sentence."""
CLOSED = re.compile(
    r"<(a|abbr|button|code|dt|h[1-6]|pre|summary|svg|time)(?=[ >])[^>]*>"
    r"[^<]*(?:<(?!/\1>)[^<]*)*</\1>"
    r"|<([a-z]+) class=\"sr\"[^>]*>[^<]*(?:<(?!/\2>)[^<]*)*</\2>"
)
"""Where nothing is explained: in links and headings, in what is no sentence, in names of fields, in
what is only read aloud. None of these stands inside another of its name.
"""
NEAR = 24  # characters, of tags too, between an acronym and what it stands for


@dataclass(frozen=True, slots=True)
class WordShown:
    """A word of the glossary; `id` is its anchor."""

    id: str
    word: str
    meaning: str


class Acronyms:
    """The acronyms of a schema, in a language, as they are explained on pages."""

    def __init__(self, schema: Schema, lang: str) -> None:
        vocabulary = schema.vocabularies.get(VOCABULARY)
        words = {t.label.get(lang): t for t in vocabulary.terms.values()} if vocabulary else {}
        self.terms = {word: term for word, term in words.items() if ACRONYM.fullmatch(word)}
        self.lang = lang
        longest = sorted(self.terms, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest)))

    def explained(self, html: str, page: str) -> Markup:
        """`html`, whose elements are well-formed and safe, with each acronym explained once; `page`
        is the address of the glossary, or "".
        """
        found = set(self.pattern.findall(html)) if self.terms else set()
        parts = self._parts(html, found, page) if found else (html,)
        return Markup("".join(parts))  # noqa: S704 - it was safe, and what is added is escaped

    def _parts(self, html: str, left: set[str], page: str) -> Iterator[str]:
        """As far as there is something left to explain. One that its author explained needs no
        more, wherever that is.
        """
        closed, at = Passed(html), 0
        for match in self.pattern.finditer(html):
            word, alone = match[0], BEFORE.match(html, match.start())
            if word not in left or not alone or not AFTER.match(html, match.end()):
                continue
            full = self._full(word)
            told = bool(full) and _is_told(match, full)
            if closed.holds(match.start()):
                left -= {word} if told else set()
                continue
            yield html[at : match.start()]
            yield self._explanation(word, "" if told else full, page)
            at = match.end()
            left.discard(word)
            if not left:
                break
        yield html[at:]

    def _explanation(self, word: str, full: str, page: str) -> Markup:
        said = Markup("<abbr>{}</abbr>").format(word)
        if page:
            href = f"{page}#{ANCHOR}{self.terms[word].key}"
            said = Markup('<a class="word" href="{}">{}</a>').format(href, said)
        if not full:
            return said
        written = Markup(' <span class="word-full" lang="{}">({})</span>')
        return said + written.format(self.lang, typeset(full, self.lang))

    def _full(self, word: str) -> str:
        """What it stands for, "" where that is not known."""
        found = STANDS_FOR.match(self.terms[word].hint.get(self.lang))
        return found[1] if found else ""


class Passed:
    """Goes along a page, from one place in it to the next, to tell what is closed."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._elements = CLOSED.finditer(html)
        self._span = (0, 0)

    def holds(self, place: int) -> bool:
        """Whether a place, after those that were asked for, is in a closed element or in a tag."""
        while self._span[1] <= place:
            element = next(self._elements, None)
            self._span = element.span() if element else (len(self._html), len(self._html) + 1)
        in_tag = self._html.rfind("<", 0, place) > self._html.rfind(">", 0, place)
        return in_tag or self._span[0] <= place


def _is_told(match: re.Match[str], full: str) -> bool:
    """Whether what it stands for is written just before or after it."""
    wanted = str(escape(full)).casefold()
    reach = len(wanted) + NEAR
    around = match.string[max(0, match.start() - reach) : match.end() + reach]
    return wanted in around.casefold()


def glossary_href(setting: Setting) -> str:
    """Where the glossary stands; "" on a site that has none."""
    page = glossary_page(setting.index, setting.lang)
    return setting.site.href(page.url, setting.lang) if page and page.url else ""


def words_shown(document: Document, setting: Setting) -> tuple[WordShown, ...]:
    """All words, in the order of a dictionary, on the glossary's page; none on another."""
    vocabulary = setting.index.vocabularies.get(VOCABULARY)
    page = glossary_page(setting.index, setting.lang)
    if vocabulary is None or page is None or page.ref != document.ref:
        return ()
    lang = setting.lang
    shown = (
        WordShown(
            f"{ANCHOR}{term.key}",
            typeset(term.label.get(lang), lang),
            typeset(_capitalised(term.hint.get(lang)), lang),
        )
        for term in vocabulary.terms.values()
    )
    return tuple(sorted(shown, key=lambda one: unidecode(one.word).lower()))


def glossary_page(index: Index, lang: str) -> Document | None:
    """The glossary's page, by the name it has or had."""
    type_name, _, slug = index.schema.site.glossary.get(lang).partition("/")
    return next(iter(index.named(type_name, slug)), None)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
