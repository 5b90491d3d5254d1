"""What strangers' feeds write, as plain text: no markup, no control characters, bounded."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

SLACK = 20  # characters of markup read for each one that is kept
NO_TAGS: set[str] = set()
BLOCKS = re.compile(
    r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|hr|blockquote|pre|figcaption|dd|dt)\b)",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
UNSEEN = re.compile(  # what turns a line around, marks no letter, or is no character at all
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
LONE = re.compile("[\ud800-\udfff]")  # half of a character, which JSON can hold
MAIL = re.compile(r"(?<![^\s()<>,;:])[^\s()<>,;:@]+@[^\s()<>,;:]+")


def plain(markup: str, most: int) -> str:
    """The text of a piece of HTML, or of text, or of HTML that was escaped once too often."""
    text = LONE.sub("", markup[: most * SLACK])
    for _ in range(2):
        if "<" in text or "&" in text:
            text = html.unescape(nh3.clean(BLOCKS.sub(" <", text), tags=NO_TAGS, link_rel=None))
        if not ENTITY.search(text) and not re.search(r"</?[a-zA-Z][^<>]*>", text):
            break
    return shortened(tidy(text), most)


def tidy(text: str) -> str:
    """One line in composed characters."""
    line = BLANKS.sub(" ", UNSEEN.sub("", text)).strip()
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut at a word, with "…" where something was cut."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > most // 2 else cut).rstrip(" ,;:.–-") + "…"


def signature(name: str, most: int) -> str:
    """A person's name, without the address that often stands beside it."""
    bare = plain(MAIL.sub(" ", name[: most * SLACK]), most)
    return tidy(MAIL.sub(" ", bare)).strip(" ()<>,;:")  # what was an entity is one by now


def language(tag: str) -> str:
    """The language of a tag such as "fr-FR": "fr"; "" for what names none."""
    first = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    return first if re.fullmatch("[a-z]{2,3}", first) else ""
