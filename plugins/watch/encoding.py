"""The bytes of an XML feed as UTF-8, whatever they were."""

from __future__ import annotations

import codecs
import re

from feedparser.encodings import convert_to_utf8, parse_content_type

DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""")
UTF_8 = (b"", b"utf-8", b"utf8", b"us-ascii", b"ascii")
OVERRULED = ("CharacterEncodingOverride", "CharacterEncodingUnknown")


def in_utf8(data: bytes, content_type: str, faults: list[str]) -> bytes:
    """What feedparser makes of the encodings that a feed is said to be in; says "encoding" in
    `faults` if it is in none of them.
    """
    declared = DECLARED.match(data)
    if (declared[1].lower() if declared else b"") in UTF_8 and (mended := _mostly_utf8(data)):
        faults.append("encoding")
        return mended
    # Only what it says of the encoding: an old rule makes ASCII of any other text/xml.
    _, charset = parse_content_type(content_type)
    headers = {"content-type": "application/xml" + (f"; charset={charset}" if _is(charset) else "")}
    found: dict[str, object] = {}
    try:
        text: bytes = convert_to_utf8(headers, data, found)
    except ValueError:  # what it declares is no name at all
        text, found = data.decode(errors="replace").encode(), {}
    if type(found.get("bozo_exception")).__name__ in OVERRULED:
        faults.append("encoding")
    return text


def _is(charset: str) -> bool:
    try:
        codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return True


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
