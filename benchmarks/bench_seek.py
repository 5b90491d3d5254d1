"""How long « Je cherche » takes to answer among 10 000 profiles, and its page to be made.

Beside the plain version, which goes through all documents for each question. Both answer the same
questions, and must say the same.
"""

from __future__ import annotations

import datetime
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.territory import seed
from plugins.check import load
from plugins.render import Site, Theme
from plugins.render.seeking import questions, shown
from plugins.schema import Document, Freshness, Index, Schema, distance, freshness
from plugins.seeking import (
    AUDIENCES,
    CARRIED,
    CLOSED,
    END,
    EVERYONE,
    GROUPS,
    MOST,
    Question,
    Seeking,
    alike,
    is_mute,
    spoken,
)

PROFILES, QUESTIONS, TODAY = 10_000, 60, datetime.date(2026, 11, 26)


def plainly(question: Question, index: Index, today: datetime.date) -> dict[str, list[str]]:
    """The same as `Seeking` finds while nothing has to be given up, as one would first write it."""
    found = {}
    for name in GROUPS:
        ranked = []
        for number, document in enumerate(index.listed(name)):
            if (rank := plain_rank(document, question, index, today)) is not None:
                ranked.append((*rank, number, document.ref))
        if ranked:
            found[name] = [ref for *_, ref in sorted(ranked)[:MOST]]
    return found


def plain_rank(
    document: Document, question: Question, index: Index, today: datetime.date
) -> tuple[int, int, int, bool, bool, str] | None:
    """What a page is sorted by; None if it is no answer."""
    fields, data, schema = document.type.fields, document.data, index.schema

    def keys(name: str) -> set[str]:
        return set(fields[name].kind.terms(data.get(name))) if name in fields else set()

    audiences = keys(AUDIENCES)
    if EVERYONE in audiences:
        audiences = set()
    if audiences and not audiences & set(spoken(schema.vocabularies[AUDIENCES])):
        return None
    if question.situation and audiences and question.situation not in audiences:
        return None
    if any(keys(name) & set(closed) for name, closed in CLOSED.items()):
        return None
    when = str(data.get(document.type.upcoming or "", ""))
    if document.type.upcoming and max(when, str(data.get(END, "")))[:10] < today.isoformat():
        return None
    carried = {(of, key) for name, of in CARRIED.items() for key in keys(name)}
    likes = alike(schema)
    met = sum(bool(carried & set(likes.get(wish, (wish,)))) for wish in question.wishes)
    if question.wishes and not met:
        return None
    near, km = plain_distance(document, question.territory, schema)
    met += question.situation in audiences
    doubtful = freshness(document, today) not in (None, Freshness.FRESH)
    return near, km, -met, is_mute(document, today), doubtful, when


def plain_distance(document: Document, asked: str, schema: Schema) -> tuple[int, int]:
    terms = schema.territories
    place = document.data.get("place") or {}
    key = str(place.get("territory", ""))

    def commune(name: str) -> str:
        return terms[name].within or name if name in terms else ""

    here, there = commune(asked), commune(key)
    if not here or terms[here].lat is None:
        return 0, 0
    if not there or terms[there].lat is None:
        return 2, 0
    if asked == key and terms[asked].within:
        return 0, 0
    if here == there:
        return 1, 0
    spot, other = terms[here], terms[there]
    at = (place.get("lat", other.lat), place.get("lon", other.lon))
    metres = distance((spot.lat or 0.0, spot.lon or 0.0), (float(at[0]), float(at[1])))
    return 3, max(1, round(metres / 1000))


def asked(schema: Schema, chance: random.Random, many: int) -> list[Question]:
    """Questions as people ask them: some situation, one to three wishes, mostly a place."""
    wishes = [
        (name, key)
        for name in ("themes", "services", "need_kinds")
        for key in spoken(schema.vocabularies[name])
    ]
    situations = ["", *spoken(schema.vocabularies[AUDIENCES])]
    places = ["", *schema.territories]
    return [
        Question(
            chance.choice(situations),
            tuple(chance.sample(wishes, chance.randint(0, 3))),
            chance.choice(places),
        )
        for _ in range(many)
    ]


def milliseconds(ask: Callable[[Question], object], questions: Sequence[Question]) -> list[float]:
    taken = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder) / "content", PROFILES)
        index = load(Path(folder) / "content").index
    sought = asked(index.schema, random.Random(7), QUESTIONS)
    began = time.perf_counter()
    known = Seeking(index, TODAY)
    print(f"« Je cherche » among {PROFILES} profiles, milliseconds")
    print(f"made once for a state of the content {1000 * (time.perf_counter() - began):7.0f}")
    theme = Theme(Site("http://vigie.example/", "http://vigie.example/", TODAY), index.schema)

    def whole_page(question: Question) -> str:
        answer = known.answer(question)
        return theme.render(
            "gateway/seek.html",
            "fr",
            "je-cherche/",
            questions=questions(question, known, index, "fr"),
            answer=answer,
            groups=shown(answer, question, theme, index, "fr"),
            strange=False,
        )

    whole_page(sought[0])
    quick = milliseconds(known.answer, sought)
    pages = milliseconds(whole_page, sought)
    plain = milliseconds(lambda one: plainly(one, index, TODAY), sought[:10])
    for question in sought[:10]:
        answer = known.answer(question)
        if not answer.given_up:
            said = {g.type_name: [one.document.ref for one in g.found] for g in answer.groups}
            assert said == plainly(question, index, TODAY), question
    middle = statistics.median
    print(f"answer, median {middle(quick):5.1f} (worst {max(quick):.1f})")
    print(f"page, median   {middle(pages):5.1f} (worst {max(pages):.1f})")
    print(f"plain scan     {middle(plain):5.0f}, ratio x {middle(plain) / middle(quick):.0f}")


if __name__ == "__main__":
    main()
