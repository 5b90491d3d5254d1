"""Quotations in the text of a synthesis: each with the observation it is from, and gone with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plugins.schema import Document
from plugins.schema.kinds.text import BODY_REFERENCE

# What a backslash takes the meaning from; the others need an entity: of "\](need/x)" the end would
# still be counted as a reference.
_MARKS = re.compile(r"[\\`*_#|]")
_OTHERS = re.compile(r"[&<>\[\]]")
_BEGINNING = re.compile(r"^(\d*)([-+=:.)])")  # a list, or the rule under a title
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|\Z))+", re.MULTILINE)


def plain(text: str) -> str:
    """Text that anybody wrote as Markdown, on one line, that shows it and means nothing else."""
    line = _SPACES.sub(" ", text).strip()
    line = _OTHERS.sub(lambda mark: f"&#{ord(mark[0])};", line)
    line = _MARKS.sub(r"\\\g<0>", line)
    return _BEGINNING.sub(lambda mark: f"{mark[1]}&#{ord(mark[2])};", line)


def quotation(said: Sequence[str], observation: Document, before: Sequence[str] = ()) -> str:
    """Words of an observation as a quotation, a sentence a paragraph, and the link that cites it
    with what is told `before` that.
    """
    link = f"[{plain(observation.title)}]({observation.ref})"
    source = f"— {', '.join((*map(plain, before), link))}"
    return "\n>\n".join(f"> {line}" for line in (*map(plain, said), source))


def without(body: str, reference: str) -> str:
    """Markdown without the quotations that cite an observation."""
    if reference not in body:
        return body

    def kept(block: re.Match[str]) -> str:
        return "" if reference in BODY_REFERENCE.findall(block[0]) else block[0]

    return _QUOTED.sub(kept, body)
