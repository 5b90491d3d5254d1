"""Kinds that hold words: text, paragraph, markdown, url, email, phone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from plugins.schema.kind import Kind, Scope, Value, option, shape_problem
from plugins.schema.problems import Problem
from plugins.schema.source import Source

BODY_REFERENCE = re.compile(r"\]\(([a-z][a-z0-9_]*/[a-z0-9]+(?:-[a-z0-9]+)*(?:#[^\s)]+)?)#?\)")
"""A link to a document inside Markdown, or to a part of one: `[its name](need/some-slug)`."""

EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
PHONE = re.compile(r"\+?[0-9](?:[ .\-/()\u00a0\u202f]*[0-9]){2,14}")
NATIONAL = re.compile(r"0[^0-9]*[1-9]")
LOCAL_PHONE = re.compile(r"0(?:[ .\-/()\u00a0\u202f]*[0-9]){9}")
BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)


DECOMPOSED = 4  # code points that one character of a living language takes, at most
SHORTEST_LIMIT = 1000  # characters that are always normalised, whatever the question's `max`


def normal(text: str, most: int) -> str:
    """Text as it is kept: NFC, one kind of line end, no blank edges.

    Composing takes quadratic time on marks without end, so a text that is refused anyway for
    having far more than `most` characters is left as it was typed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > DECOMPOSED * max(most, SHORTEST_LIMIT):
        return text
    return unicodedata.normalize("NFC", text).strip()


_ENDS_OF_PLANES = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
UNPRINTABLE = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS_OF_PLANES}]")
"""Control characters, lone surrogates and noncharacters: never typed, and YAML refuses some."""


def is_visible(character: str) -> bool:
    """Whether a reader sees something: not a space, not a mark of direction or of width zero."""
    return unicodedata.category(character) not in ("Zs", "Zl", "Zp", "Cc", "Cf")


def _pattern(source: Source) -> str:
    try:
        re.compile(source.text())
    except re.error as error:
        raise source.error(f"{source.text()!r} is no regular expression: {error}") from None
    return source.text()


@dataclass(frozen=True)
class Text(Kind):
    """One line of words, at most `max` characters, that fits the regular expression `pattern`."""

    name = "text"
    max: int = option(Source.integer, 200)
    pattern: str = option(_pattern, "")

    def parse(self, raw: Value) -> Value:
        return normal(raw, self.max) if isinstance(raw, str) else raw

    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield shape_problem(field)
            return
        if len(value) > self.max:
            # Nothing else is worth saying, nor safe to look for, in a text of any length.
            yield Problem("", field, "too_long", {"max": self.max, "length": len(value)})
            return
        if UNPRINTABLE.search(value):
            yield Problem("", field, "unprintable")
        elif not any(map(is_visible, value)):
            yield Problem("", field, "required")
        yield from self.check_words(value, field, scope)

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        if "\n" in value or "\u2028" in value or "\u2029" in value:
            yield Problem("", field, "one_line")
        if self.pattern and not re.fullmatch(self.pattern, value):
            only = "@" in value and re.fullmatch(self.pattern, value.replace("@", ""))
            yield Problem("", field, "email_as_name" if only else "wrong_pattern")


@dataclass(frozen=True)
class Paragraph(Text):
    """Plain words on one or several lines."""

    name = "paragraph"
    max: int = option(Source.integer, 2000)

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        return iter(())


@dataclass(frozen=True)
class Markdown(Paragraph):
    """Words with Markdown; its links to documents count as references."""

    name = "markdown"

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        for reference in dict.fromkeys(self.references(value)):
            if not scope.refers(reference):
                yield Problem("", field, "unknown_reference", {"reference": reference})

    def references(self, value: Value) -> Iterator[str]:
        return iter(BODY_REFERENCE.findall(value) if isinstance(value, str) else ())


@dataclass(frozen=True)
class Url(Text):
    """A web address, http or https. "www.exemple.fr" is understood and completed."""

    name = "url"
    max: int = option(Source.integer, 500)

    def parse(self, raw: Value) -> Value:
        text = super().parse(raw)
        if isinstance(text, str) and BARE_HOST.fullmatch(text):
            return f"https://{text}"
        return text

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
            good = good and parts.username is None and parts.port != 0
        except ValueError:
            good = False
        if not good or re.search(r"[\s<>\"\\^`{|}]", value):
            yield Problem("", field, "not_a_url")


@dataclass(frozen=True)
class Email(Text):
    """An e-mail address (the addr-spec people use, RFC 5321's length)."""

    name = "email"
    contact = True
    max: int = option(Source.integer, 254)

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        if not EMAIL.fullmatch(value):
            yield Problem("", field, "not_an_email")


@dataclass(frozen=True)
class Phone(Text):
    """A telephone number as people write it: 3 to 15 digits (E.164's most), spaces, dots; ten where
    it begins with one 0, as the French numbering plan has it.
    """

    name = "phone"
    contact = True
    max: int = option(Source.integer, 40)

    def check_words(self, value: str, field: str, scope: Scope) -> Iterator[Problem]:
        whole = LOCAL_PHONE.fullmatch(value) if NATIONAL.match(value) else PHONE.fullmatch(value)
        if not whole:
            yield Problem("", field, "not_a_phone")
