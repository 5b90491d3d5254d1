"""French typography: narrow spaces that keep signs with their words, and its own apostrophe."""

from __future__ import annotations

import re

NARROW = "\u202f"
_BEFORE = re.compile(r"[ \u00a0](?=[:;!?»%€])")
_AFTER = re.compile(r"(?<=«)[ \u00a0]")
_TYPED = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")  # between letters, as a keyboard has it
_TAG = re.compile(r"(<[^>]*>)")
_KEPT = ("code", "pre")


def typeset(text: str, lang: str) -> str:
    """`text` with the narrow no-break spaces and the apostrophes that French wants; other languages
    unchanged.
    """
    if lang != "fr":
        return text
    if "'" in text:
        text = _TYPED.sub("’", text)
    return _AFTER.sub(NARROW, _BEFORE.sub(NARROW, text))


def typeset_html(html: str, lang: str) -> str:
    """The same between the tags of well-formed `html`, code left as it is."""
    parts, depth = [], 0
    for part in _TAG.split(html):
        if part.startswith("<"):
            name = part.strip("</>").split(" ")[0]
            depth += (name in _KEPT) * (-1 if part.startswith("</") else 1)
            parts.append(part)
        else:
            parts.append(part if depth else typeset(part, lang))
    return "".join(parts)
