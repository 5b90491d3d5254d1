"""E-mail addresses as pages carry them: each letter by its number, which browsers show as it is.

People read, hear, copy and press them as any other, without a script; programs that only look for
an @ in the source find none. One that reads pages as a browser does finds them all the same, and so
does who downloads the open data: these are addresses of organisations, published to be used.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(
    r"(?<![\w.+-])(?:mailto:)?[\w.!#$%'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}"
)
"""What looks like an address, in a text of any length: bounded, and begun nowhere but at a word."""


def guarded(text: str) -> Markup:
    """The text, for an attribute or between tags."""
    return Markup("".join(f"&#{ord(character)};" for character in text))  # noqa: S704 — numbers


def guarded_words(text: str) -> Markup:
    """A text with the addresses in it guarded, between tags."""
    return guarded_html(str(escape(text)))


def guarded_html(html: str) -> Markup:
    """Safe `html` with the addresses in it guarded, where they are read and where they lead."""
    found = html if "@" not in html else ADDRESS.sub(lambda match: guarded(match[0]), html)
    return Markup(found)  # noqa: S704 — it was safe, and the rest are numbers
