"""A need drawn from an observation: what its form begins with, in the words that were heard."""

from __future__ import annotations

import re

from plugins.observation.findings import OBSERVATION
from plugins.observation.hearing import HEARD
from plugins.observation.quoting import plain
from plugins.schema import ContentType, Document, Schema, Value

SAME = ("viewpoint", "themes", "place", "audiences", "difficulties", "group", "demo")
KINDS, NEEDS, WORDS = "kinds", "needs", "needs_text"
_QUOTED = '«»“”" '
_SENTENCE = re.compile(r"(.+?[.!?…])(?:\s|$)", re.DOTALL)


def can_be_drawn(schema: Schema, need: str, type_name: str = OBSERVATION) -> bool:
    """Whether a site's needs say in which observations they were heard."""
    content_type = schema.types.get(need)
    return type_name == OBSERVATION and content_type is not None and HEARD in content_type.fields


def drawn_need(observation: Document, need: ContentType) -> Document:
    """The need that an observation says, as a new page of that type, without what Vigie manages."""
    data: dict[str, Value] = {"title": _title(observation, need), HEARD: [observation.ref]}
    for name, source in (*((name, name) for name in SAME), (KINDS, NEEDS)):
        field, theirs = need.fields.get(name), observation.type.fields.get(source)
        value = observation.data.get(source)
        if field and theirs and value and field.kind.name == theirs.kind.name:
            most = getattr(field.kind, "max", None)
            data[name] = value[:most] if isinstance(value, list) else value
    words = str(observation.data.get(WORDS, ""))
    return Document(need, "", data, "" if _bare(words) == data["title"] else _written(words))


def _written(words: str) -> str:
    """What was typed as it is, a line a paragraph, in a page whose text is Markdown."""
    return "\n\n".join(filter(None, map(plain, words.splitlines())))


def _title(observation: Document, need: ContentType) -> str:
    """The need in the words of those who said it, as far as its first sentence is a title."""
    said = str(observation.data.get(WORDS, ""))
    found = _SENTENCE.match(_bare(said, ""))
    first = _bare(found[1] if found else said)
    most = getattr(need.fields["title"].kind, "max", None) or len(first)
    return first if 0 < len(first) <= most else observation.title


def _bare(said: str, end: str = ".") -> str:
    """On one line, without the quotation marks around it and the full stop: as a title is."""
    return " ".join(said.split()).strip(_QUOTED).rstrip(end + _QUOTED)
