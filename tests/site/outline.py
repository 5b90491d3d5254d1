"""Pages have one title, headings in order and a language."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.render import LANGUAGES
from tests.site.built import Built
from tests.site.page import Fault, Page


def disordered(site: Built) -> Iterator[Fault]:
    for name, page in site.pages.items():
        expected = next((lang for lang in LANGUAGES if name.startswith(f"{lang}/")), LANGUAGES[0])
        if page.lang != expected:
            yield Fault(name, 1, f"the language is {page.lang!r}, not {expected!r}")
        if not page.moves:
            yield from _headings(name, page)


def _headings(name: str, page: Page) -> Iterator[Fault]:
    titles = [heading for heading in page.headings if heading.level == 1]
    if len(titles) != 1:
        yield Fault(name, titles[1].line if titles else 1, f"{len(titles)} titles (h1), not one")
    before = 0
    for heading in page.headings:
        if heading.level > before + 1:
            said = f"h{heading.level} after h{before}: {heading.words.strip()}"
            yield Fault(name, heading.line, said.replace("after h0", "comes first"))
        if not heading.words.strip():
            yield Fault(name, heading.line, "a heading without words")
        before = heading.level
