"""What GitHub would make of a text, after its documentation, so that tests can ask for nothing.

Stricter than GitHub: what it recognises only beside a space is found anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt

from contrib_gateway.forge.words import JOINER
from tests.pages import Element, parse

# https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/
# autolinked-references-and-urls, and the emoji, mentions and formulas of the pages beside it;
# https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
RECOGNISED = {
    "mention": r"@[a-z0-9_]",
    "issue": r"#[0-9]",
    "issue, GH-": r"gh-[0-9]",
    "commit": r"[0-9a-f]{7}",
    "address": r"(?:https?|ftp)://|www\.",
    "mail": r"[a-z0-9._+-]@[a-z0-9-]+\.[a-z]",
    "emoji": r":[a-z0-9_+-]+:",
    "formula": r"\$[^$]+\$",
    "command": r"\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]",
}
_PATTERNS = {
    name: re.compile(found, re.IGNORECASE | re.ASCII) for name, found in RECOGNISED.items()
}
# Text that is shown as it is, like a title, has no formulas; there `$` need not be told apart.
IN_TITLES = frozenset(RECOGNISED) - {"formula"}

NASTY = (
    *("@everyone", "@octo-org/team", "zoe@example.org", "@a@b", "(@x)", "/@x", "@\u200bx"),
    *("#1", "GH-1", "gh-26", "owner/repo#1", "closes #12", "Fixes GH-12", "resolves a/b#3"),
    *("a5c3785ed8d6a35868bc169f07e40e889087fd2e", "DEADBEEF", "x@a5c3785ed8d6a35868bc169f07e40e88"),
    *("http://evil.example", "HTTPS://evil.example/a?b=c&d", "ftp://evil.example", "://x"),
    *("www.evil.example", "WWW.evil.example", "mailto:a@evil.example", "xmpp:a@evil.example/b"),
    *("<http://evil.example>", "<a@evil.example>", "https://github.com/a/b/issues/1"),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!-- hidden -->",
        "<b>",
        "</td>",
    ),
    *("![x](https://evil.example/y.gif)", "[x](https://evil.example)", "[x][y]", "[x]: //evil"),
    *("`code`", "``` ```", "~~~", "~~gone~~", "**strong**", "__strong__", "*em*", "_em_"),
    *("| a | b |", "|---|---|", "\\|", "\\", "a\\\nb", "# Title", "> [!NOTE]\n> x", "- [ ] x"),
    *("1. x", "- x", "+ x", "* x", "===", "---", "    code", "\tcode", "&lt;b&gt;", "&#64;x"),
    *("$math$", "$$math$$", "$`math`$", "10 $ et 20 $", ":tada:", ":+1:", "10:30:45", "[^1]"),
    *("[^1]: note", "[skip ci]", "[CI skip]", "[no ci]", "[skip actions]", "[actions skip]"),
    *("skip-checks: true", "Co-authored-by: x <x@evil.example>", "Merged-by: x", "/assign x"),
    *(
        "\u202egauche",
        "\u2067x\u2069",
        "zéro\u200blargeur\ufeff",
        "\0",
        "a\0b",
        "\x1b[2J",
        "\u2028",
    ),
    *(
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "عنوان بالعربية",
        "כותרת",
        "日本\u3000語",
        "می\u200cخواهم",
        "ligne\r\nautre\rfin",
    ),
    *("\ue000", "\ufffe", "«\u202fainsi\u202f»", "", " ", "\n\n"),
)


def recognised(text: str, among: frozenset[str] = frozenset(RECOGNISED)) -> list[str]:
    """What of a text GitHub would make something of."""
    return [f"{name}: {m[0]!r}" for name in sorted(among) for m in _PATTERNS[name].finditer(text)]


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("gfm-like", {"html": True})  # the server decides what HTML may stay
    assert parser.linkify
    parser.linkify.set({"fuzzy_link": False})  # GitHub makes no link of evil.example
    return parser


_GITHUB = _markdown()


@dataclass(frozen=True)
class Shown:
    """A text as GitHub shows it: its elements, and the text in them, piece by piece."""

    page: Element

    @classmethod
    def of(cls, markdown: str) -> Shown:
        return cls(parse(_GITHUB.render(markdown)))

    @property
    def tags(self) -> set[str]:
        return {element.tag for element in self.page}

    @property
    def links(self) -> list[str]:
        return [link.attributes["href"] for link in self.page.all("a")]

    @property
    def attributes(self) -> set[str]:
        return {name for element in self.page for name in element.attributes}

    @property
    def recognised(self) -> list[str]:
        """GitHub looks into each piece of text, but not into links."""
        return [found for piece in _pieces(self.page) for found in recognised(piece)]


def _pieces(element: Element) -> list[str]:
    pieces = [""]
    for part in element.content:
        if isinstance(part, str):
            pieces[-1] += part
        elif part.tag != "a":
            pieces += [*_pieces(part), ""]
    return pieces


def letters(text: str) -> str:
    """A text without what is not seen: spaces, joiners, marks of direction."""
    joining = "\u200c\u200d"
    return "".join(
        c for c in text if (c.isprintable() or c in joining) and not c.isspace() and c != JOINER
    )
