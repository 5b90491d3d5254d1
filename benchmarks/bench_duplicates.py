"""How long likely duplicates take to find among 10 000 pages, 3000 of them in one commune.

Beside the plain version: everything prepared anew for each question, and difflib. Both answer the
same questions in turns, in one run; the ratio is of medians.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

from contrib_gateway.duplicates import DISTANCE, MOST, NAME, NEAR, STREET, Duplicates
from contrib_gateway.duplicates.comparable import entry
from plugins.schema import Document, Index, Schema, distance, load_schema

PROJECT = Path(__file__).parents[1]
PAGES, HERE = 10_000, 3000
ROUNDS = 5
QUESTIONS = 20
KINDS = ("Espace public numérique", "Centre social", "Association", "Médiathèque", "Mission locale")
FIRST = ("Jean", "Maryse", "Georges", "Louise", "Simone", "Henri", "Aimé", "Rosa", "Léo", "Lucie")
LAST = ("Bastié", "Courteline", "Veil", "Césaire", "Parks", "Lagrange", "Aubrac", "Vilar", "Tati")
STREETS = ("rue", "av.", "boulevard", "place", "allée", "bd")


def pages(schema: Schema) -> list[Document]:
    chance = random.Random(4)
    communes = [key for key, term in schema.vocabularies["territories"].terms.items() if term.insee]
    elsewhere = [key for key in communes if key != "tours"]
    return [
        page(schema, number, "tours" if number < HERE else chance.choice(elsewhere), chance)
        for number in range(PAGES)
    ]


def page(schema: Schema, number: int, commune: str, chance: random.Random) -> Document:
    named = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    word = "".join(chance.choices("aeioubcdfglmnprstv", k=6))
    data = {
        "title": f"{chance.choice(KINDS)} {named} {word}",
        "place": {
            "territory": commune,
            "street": f"{chance.randint(1, 150)} {chance.choice(STREETS)} {chance.choice(LAST)}",
            "lat": 47.39 + chance.uniform(-0.05, 0.05),
            "lon": 0.69 + chance.uniform(-0.05, 0.05),
        },
        "phone": f"0247{chance.randrange(10**6):06}",
        "url": f"https://www.{word}{number % 4000}.fr/accueil",
        "id": f"page{number}",
    }
    return Document(schema.types["actor"], f"page-{number}", data)


def plainly(document: Document, index: Index) -> None:
    """The same likenesses by the same weights, as one would first write them."""
    terms = index.vocabularies["territories"].terms
    wanted = entry(document, terms)
    found = []
    for other in index.of("actor"):
        known = entry(other, terms)
        if known.commune == wanted.commune and other.id != document.id:
            name = SequenceMatcher(None, wanted.name, known.name).ratio()
            street = SequenceMatcher(None, wanted.street, known.street).ratio()
            metres = distance(wanted.point or (0, 0), known.point or (0, 0))
            near = NEAR / (NEAR + metres)
            found.append((NAME * name + STREET * street + DISTANCE * near, other.slug))
    sorted(found, reverse=True)[:MOST]


def milliseconds(ask: Callable[[Document], object], questions: list[Document]) -> list[float]:
    taken = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def main() -> None:
    schema = load_schema(PROJECT / "content")
    documents = pages(schema)
    index = Index(schema, documents)
    chance = random.Random(5)
    questions = [page(schema, PAGES + n, "tours", chance) for n in range(QUESTIONS)]
    found = Duplicates()
    print(f"likely duplicates among {PAGES} pages, {HERE} in the commune, milliseconds")
    print(f"first question {milliseconds(lambda q: found.likely(q, index), questions[:1])[0]:7.1f}")
    merged = Index(schema, [*documents, questions[0]])
    print(
        f"after a merge  {milliseconds(lambda q: found.likely(q, merged), questions[1:2])[0]:7.1f}"
    )
    quick: list[float] = []
    plain: list[float] = []
    for turn in range(ROUNDS):
        quick += milliseconds(lambda q: found.likely(q, merged), questions)
        plain += milliseconds(lambda q: plainly(q, merged), questions[turn : turn + 1])
    middle, worst = statistics.median(quick), max(quick)
    ratio = statistics.median(plain) / middle
    print(f"then, median   {middle:7.1f} (worst {worst:.1f}), plain {statistics.median(plain):.0f}")
    print(f"ratio of medians x {ratio:.0f}")


if __name__ == "__main__":
    main()
