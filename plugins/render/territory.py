"""The map of a territory: on its ground, what is where, and how much of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from plugins.render.ground import Ground
from plugins.render.lettering import Name, lettered
from plugins.render.shown import TermShown
from plugins.schema import Schema

DOT, LEAST, MOST = 4, 15, 38  # radius where nothing is, where little is, where the most is
MANY = 40  # documents: where no place has as many, none has the largest disc


@dataclass(frozen=True, slots=True)
class Place:
    """A territory with what is there: `count` documents, on a disc of radius `r`."""

    key: str
    label: str
    count: int
    href: str
    x: int
    y: int
    r: int
    name: Name


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map. `scale` is the count that has the largest disc, the others follow (`radius`)."""

    ground: Ground
    places: tuple[Place, ...]
    scale: int


def radius(count: int, scale: int) -> int:
    """Of a disc whose surface grows with its count. The script that narrows a list has it too."""
    return round(LEAST + (MOST - LEAST) * math.sqrt(count / scale)) if count else DOT


def drawn(
    schema: Schema, ground: Ground, lang: str, counted: tuple[tuple[TermShown, int], ...]
) -> Drawing:
    """What is where: of territories, those on the ground."""
    found = {term.key: (count, term.href) for term, count in counted}
    there = [found.get(shape.key, (0, "")) for shape in ground.shapes]
    scale = max([MANY, *(count for count, _ in there)])
    discs = [
        (shape.x, shape.y, radius(count, scale))
        for shape, (count, _) in zip(ground.shapes, there, strict=True)
    ]
    terms = [schema.territories[shape.key] for shape in ground.shapes]
    labels = [term.label.get(lang) for term in terms]
    ranks = [(count, term.population or 0) for term, (count, _) in zip(terms, there, strict=True)]
    names = lettered(labels, discs, ranks, ground.width, ground.height)
    places = (
        Place(term.key, label, *one, *disc, name)
        for term, label, one, disc, name in zip(terms, labels, there, discs, names, strict=True)
    )
    return Drawing(ground, tuple(places), scale)
