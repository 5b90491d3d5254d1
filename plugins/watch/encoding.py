"""The bytes of an XML feed as UTF-8 that declares no entity, whatever they were."""

from __future__ import annotations

import re

from feedparser.encodings import convert_to_utf8

DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""")
DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
UTF_8 = (b"", b"utf-8", b"utf8", b"us-ascii", b"ascii")


def in_utf8(data: bytes, content_type: str, faults: list[str]) -> bytes:
    """What feedparser makes of the encodings that a feed is said to be in; says "encoding" in
    `faults` if none is right.
    """
    declared = DECLARED.match(data)
    said = declared[1].lower() if declared else b""
    if said in UTF_8 and (mended := _mostly_utf8(data)):
        faults.append("encoding")
        return mended
    found: dict[str, object] = {}
    headers = {"content-type": content_type or "application/xml"}
    text: bytes = convert_to_utf8(headers, data, found)
    error = found.get("bozo_exception")
    if type(error).__name__ in ("CharacterEncodingOverride", "CharacterEncodingUnknown"):
        known = content_type.startswith("text/") and "charset" not in content_type
        if not known:  # nobody means the ASCII that an old rule makes of text/xml
            faults.append("encoding")
    return text


def without_entities(data: bytes, faults: list[str]) -> bytes:
    """Feeds need no entities of their own; what grows a thousandfold or reads files does."""
    if b"<!ENTITY" not in data:
        return data
    bare = DOCTYPE.sub(b"", data)
    if bare != data:
        faults.append("entities")
    return bare


def _mostly_utf8(data: bytes) -> bytes:
    """The same in UTF-8 with marks where a byte is wrong; b"" if it is right, or another one."""
    try:
        data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        wrong = text.count("\ufffd")
        right = sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) - wrong
        return text.encode() if right > wrong else b""
    return b""
