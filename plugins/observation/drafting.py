"""A synthesis drafted from a sketch: its answers, and its text, in which nothing is quoted without
the observation it is from.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plugins.observation.choosing import chosen, month
from plugins.observation.findings import CONTRADICTING, FINDINGS, SUPPORTING, SYNTHESIS
from plugins.observation.passages import SEEN, Passage, of_key
from plugins.observation.quoting import plain, quotation
from plugins.observation.sketch import ASKED, Claim, Sketch
from plugins.observation.tallies import PLACE, THEMES, by_number
from plugins.schema import Document, Index, Value


@dataclass(frozen=True, slots=True)
class Speech:
    """What a text says of quotations: `against` of what contradicts, `named` of what was not merely
    seen ("%s" is the name of its question).
    """

    against: str
    named: str


@dataclass(frozen=True, slots=True)
class Said:
    """A picked passage that is still there, and the observation it stands in."""

    observation: Document
    passage: Passage
    supports: bool


def said(claim: Claim, index: Index) -> tuple[Said, ...]:
    """What was picked for a claim, without what was changed or withdrawn since."""
    found = ((of_key(pick.key, index), pick.supports) for pick in claim.picks)
    return tuple(Said(*there, supports) for there, supports in found if there)


def cited(sketch: Sketch, index: Index) -> tuple[Document, ...]:
    """The observations that its claims cite, each once."""
    found = (one.observation for claim in sketch.claims for one in said(claim, index))
    return tuple({one.ref: one for one in found}.values())


def drafted(sketch: Sketch, index: Index, today: str) -> dict[str, Value]:
    """What a synthesis made of it answers; what is missing or too long is left for `validate`."""
    declared, sources = index.schema.types[SYNTHESIS], cited(sketch, index)
    start, end = period(sketch, index)
    data: dict[str, Value] = {
        **{name: sketch.typed.get(name, "") for name in ASKED},
        "date": today,
        "period_start": start,
        "period_end": end,
        "places": [count.key for count in by_number(PLACE, sources, index).counts],
        THEMES: _themes(sketch, sources, index),
        FINDINGS: [_finding(claim, index) for claim in sketch.claims],
    }
    parsed = declared.parse(data)
    return {name: parsed[name] for name in declared.fields if name in parsed}


def period(sketch: Sketch, index: Index) -> tuple[str, str]:
    """The first day and the last of the months in which its observations were made; "" for none."""
    months = sorted(filter(None, map(month, chosen(sketch.choice, index))))
    if not months:
        return "", ""
    year, number = map(int, months[-1].split("-"))
    return f"{months[0]}-01", f"{months[-1]}-{monthrange(year, number)[1]}"


def body(sketch: Sketch, index: Index, speech: Speech) -> str:
    """Under each claim the words that were picked for it, then those against it."""
    blocks = (_blocks(claim, index, sketch.lang, speech) for claim in sketch.claims)
    return "\n\n".join(block for found in blocks for block in found)


def _blocks(claim: Claim, index: Index, lang: str, speech: Speech) -> Iterator[str]:
    picked = sorted(said(claim, index), key=lambda one: not one.supports)
    groups: dict[tuple[bool, str, str], list[Said]] = {}
    for one in picked:
        group = (one.supports, one.observation.ref, one.passage.part)
        groups.setdefault(group, []).append(one)
    yield f"## {plain(claim.words)}"
    for (supports, _, part), found in groups.items():
        source = found[0].observation
        question = speech.named % source.type.fields[part].heading.get(lang)
        before = ((speech.against, not supports), (question, part != SEEN))
        told = [words for words, is_so in before if is_so]
        yield quotation([one.passage.text for one in found], source, told)


def _finding(claim: Claim, index: Index) -> dict[str, Value]:
    found = said(claim, index)
    return {
        "id": claim.id,
        "claim": claim.words,
        SUPPORTING: _references(one.observation for one in found if one.supports),
        CONTRADICTING: _references(one.observation for one in found if not one.supports),
    }


def _references(documents: Iterable[Document]) -> list[str]:
    return list(dict.fromkeys(one.ref for one in documents))


def _themes(sketch: Sketch, sources: Sequence[Document], index: Index) -> list[str]:
    """Those that were chosen, else those of what is cited; as many as a synthesis may have."""
    most = getattr(index.schema.types[SYNTHESIS].fields[THEMES].kind, "max", 0)
    found = [count.key for count in by_number(THEMES, sources, index).counts]
    asked = sketch.choice.themes
    kept = [key for key in found if key in asked] + [key for key in asked if key not in found]
    return (kept if asked else found)[: most or None]
