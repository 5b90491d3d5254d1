"""What can be quoted of an observation: its sentences and the words heard, each under a key.

A key says which words of which observation it stands for, and holds none of them: once they are
changed or withdrawn it leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2s

from plugins.schema import Document, Index

SEEN, QUOTES, UNDERSTOOD, WORKS, NEEDED = "seen", "quotes", "understood", "works", "needs_text"
PARTS = (SEEN, QUOTES, UNDERSTOOD, WORKS, NEEDED)  # fields of an observation, facts first
MOST = 60  # sentences of one field; what is beyond is the last one
_END = re.compile(
    r"(?<=[.!?…])(?P<closing>[ \u00a0\u202f]?[»”\")])?\s+(?=[«“\"(–—-]?\s?[^\W_a-zà-öø-ÿ])|\n\s*"
)
_INITIAL = re.compile(r"(?:^|\W)\w\.$")  # "M. ", "p. ": no sentence ends there


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one field (`part`) of an observation, exactly as they stand there, on one line."""

    key: str
    part: str
    text: str


def passages(observation: Document) -> tuple[Passage, ...]:
    """All that can be quoted, each once, in the order of PARTS and of the text."""
    found: dict[str, Passage] = {}
    for part in PARTS:
        for text in _texts(observation, part):
            for said in sentences(text):
                key = f"{observation.id}-{_digest(part, said)}"
                found.setdefault(key, Passage(key, part, said))
    return tuple(found.values())


def of_key(key: str, index: Index) -> tuple[Document, Passage] | None:
    """The observation and the words that a key stands for; None when they are not there now."""
    observation = index.by_id(key.rpartition("-")[0])
    if observation is None:
        return None
    found = (one for one in passages(observation) if one.key == key)
    passage = next(found, None)
    return (observation, passage) if passage else None


def sentences(text: str) -> list[str]:
    """The sentences of a text in their order. One that opens a quotation reaches to its end."""
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text):
        if len(found) == MOST - 1:
            break
        end = mark.end("closing") if mark["closing"] else mark.start()
        said = text[start:end].strip()
        is_within = _INITIAL.search(said[-3:]) or said.count("«") > said.count("»")
        if mark[0].startswith("\n") or not is_within:
            found.append(said)
            start = mark.end()
    return [said for said in (*found, text[start:].strip()) if said]


def texts(observation: Document) -> Iterator[str]:
    """All the words of an observation that can be quoted."""
    for part in PARTS:
        yield from _texts(observation, part)


def _texts(observation: Document, part: str) -> Iterator[str]:
    value = observation.data.get(part)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        rows = (row.get("text") for row in value if isinstance(row, dict))
        yield from (text for text in rows if isinstance(text, str))


def _digest(part: str, text: str) -> str:
    return blake2s(f"{part}\0{text}".encode(), digest_size=6).hexdigest()
