"""French typography: the narrow spaces that keep signs with their words."""

from __future__ import annotations

import re

NARROW = "\u202f"
_BEFORE = re.compile(r"[ \u00a0](?=[:;!?»%€])")
_AFTER = re.compile(r"(?<=«)[ \u00a0]")
_TAG = re.compile(r"(<[^>]*>)")
_KEPT = ("code", "pre")


def typeset(text: str, lang: str) -> str:
    """`text` with narrow no-break spaces where French wants them; other languages unchanged."""
    if lang != "fr":
        return text
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
