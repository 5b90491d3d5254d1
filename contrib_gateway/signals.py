"""What makes a text look like spam. It is a reason for an editor to look first, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from rapidfuzz import fuzz

from contrib_gateway.forms import BODY, Answers
from plugins.schema import ContentType, Field, Value

LINKS = "links"
OWN_WORDS = ("text", "paragraph", "markdown", "hours")  # kinds of questions
MOST_LINKS = 3  # people who tell of what they do give the address of their site, or two
SHORTEST = 80  # characters: shorter texts are alike by chance
ALIKE = 90  # of 100
COMPARED = 2000  # characters of each text: enough, and LATELY of them take thirty milliseconds
LATELY = 200
LONGEST = 100_000

_LINK = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|\bwww\.\w", re.IGNORECASE)
# "[url](https://…)" is a link in Markdown, which the forms take.
_MARKUP = re.compile(
    r"<a\s[^<>]{0,200}?href|\[(?:url|link)=|\[url\](?!\()|\[/(?:url|link)\]", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W_]+")


def free_texts(
    content_type: ContentType, answers: Answers, altered: Iterable[str] | None = None
) -> list[str]:
    """What somebody wrote in their own words, the title first; of a change, what they altered.

    The address of a site, given where a question asks for one, is no words.
    """
    fields = content_type.fields
    names = (*fields, BODY) if altered is None else tuple(altered)
    asked = [name for name in names if name in fields and name != "title"]
    said = [text for name in asked for text in words_of(fields[name], answers.data.get(name))]
    title = str(answers.data.get("title", "")) if "title" in names else ""
    return [title, *said, *([answers.body] if BODY in names else [])]


def words_of(field: Field, value: Value) -> list[str]:
    """What a question was answered in the writer's own words, in items too."""
    if field.kind.name in OWN_WORDS:
        return [value] if isinstance(value, str) else []
    inner: Mapping[str, Field] = getattr(field.kind, "fields", {})
    rows = value if inner and isinstance(value, list) else []
    return [text for row in rows for name in inner for text in words_of(inner[name], row.get(name))]


def suspicions(texts: Iterable[str], lately: Iterable[str]) -> tuple[str, ...]:
    """What is suspicious about the free texts of a form, of which the first is the title.

    "links": more than MOST_LINKS of them, one in the title, or one written as HTML or BBCode, which
    no form here asks for. "repeated": their gist is nearly the same as one of `lately`, those of
    what others sent; only the first LATELY are compared.
    """
    said = [text[:LONGEST] for text in texts]
    found = []
    if _is_full_of_links(said):
        found.append(LINKS)
    if _is_repeated(gist(said), lately):
        found.append("repeated")
    return tuple(found)


def _is_full_of_links(texts: list[str]) -> bool:
    if texts and _ADDRESS.search(texts[0]):
        return True
    links = (link for text in texts for link in _LINK.finditer(text))
    too_many = len(list(islice(links, MOST_LINKS + 1))) > MOST_LINKS
    return too_many or any(_MARKUP.search(text) for text in texts)


def gist(texts: Iterable[str]) -> str:
    """What is compared of texts: the words of the longest, so that neither case nor punctuation nor
    spaces make another text of it.
    """
    longest = max(texts, key=len, default="")
    return " ".join(_WORDS.findall(longest[:COMPARED].casefold()))


def _is_repeated(words: str, lately: Iterable[str]) -> bool:
    if len(words) < SHORTEST:
        return False
    return any(fuzz.ratio(words, other, score_cutoff=ALIKE) for other in islice(lately, LATELY))
