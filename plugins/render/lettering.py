"""Where the names on a map stand: none over another, those of the largest places first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

NARROW, WIDE = 31, 20  # height of the letters, in the map's units, on a phone and elsewhere
THIN, WIDTHS = frozenset("fijlrt-’. "), (0.33, 0.56)  # usual widths, of thin letters and of others
LONG = 11  # letters that may be parted in two lines
GAP = 4  # between a disc and its name
ASIDE = 0.3  # how far a name may slide over or under its disc, of its width
OUT = 26  # how far it may reach over the edge of the map: less than the margin of a phone’s page
SHARES = MappingProxyType(
    {"start": 0.0, "middle": 0.5, "end": 1.0}
)  # of a name, left of its anchor
Disc = tuple[int, int, int]
"""Middle and radius."""
Box = tuple[float, float, float, float]
"""West, north, east, south."""


@dataclass(frozen=True, slots=True)
class Name:
    """Where a name stands, as SVG has it: `y` is the foot of its first line. `shown`: "always";
    "wide" where a phone has no room for it; "asked" where it would cover another, until one turns
    to its place.
    """

    lines: tuple[str, ...]
    x: int
    y: int
    anchor: str
    shown: str


def lettered(
    labels: Sequence[str],
    discs: Sequence[Disc],
    ranks: Sequence[tuple[int, int]],
    width: int,
    height: int,
) -> list[Name]:
    """A name for each label, in their order. First all that have room in a phone's large letters
    are placed, then others between these in smaller ones.
    """
    order = sorted(range(len(labels)), key=lambda number: ranks[number], reverse=True)
    names: dict[int, Name] = {}
    taken = [_around(disc) for disc in discs]
    for letters, shown in ((NARROW, "always"), (WIDE, "wide")):
        for number in order:
            if number in names:
                continue
            for name, box in _ways(labels[number], discs[number], letters, shown):
                if _fits(box, width, height) and not any(_meet(box, one) for one in taken):
                    names[number] = name
                    taken.append(box)
                    break
    for number, (label, disc) in enumerate(zip(labels, discs, strict=True)):
        if number not in names:
            ways = [*_ways(label, disc, NARROW, "asked")]
            names[number] = next((n for n, box in ways if _fits(box, width, height)), ways[0][0])
    return [names[number] for number in range(len(labels))]


def _ways(label: str, disc: Disc, letters: int, shown: str) -> Iterator[tuple[Name, Box]]:
    """Below the disc, above, right, left, then aside above and below; in one line, then in two."""
    x, y, r = disc
    far = r + GAP
    for lines in dict.fromkeys(((label,), _halves(label))):
        wide, more = letters * max(map(_width, lines)), letters * (len(lines) - 1)
        under, over = y + far + letters * 0.8, y - far - letters * 0.15 - more
        level = y + letters * 0.33 - more / 2
        for at, foot, anchor in (
            (x, under, "middle"),
            (x, over, "middle"),
            (x + far, level, "start"),
            (x - far, level, "end"),
            *((x + ASIDE * wide, foot, "middle") for foot in (over, under)),
            *((x - ASIDE * wide, foot, "middle") for foot in (over, under)),
        ):
            left = at - wide * SHARES[anchor]
            box = (left, foot - letters * 0.8, left + wide, foot + letters * 0.2 + more)
            yield Name(lines, round(at), round(foot), anchor, shown), box


def _width(line: str) -> float:
    """Of a line whose letters are 1 high."""
    return sum(WIDTHS[letter not in THIN] for letter in line)


def _halves(label: str) -> tuple[str, ...]:
    """Two lines of about one length, parted behind a hyphen or at a space; one of a short name."""
    gaps = [number for number, letter in enumerate(label, 1) if letter in "- "]
    if len(label) < LONG or not gaps:
        return (label,)
    gap = min(gaps, key=lambda number: abs(2 * number - len(label)))
    return label[:gap].rstrip(), label[gap:]


def _around(disc: Disc) -> Box:
    x, y, r = disc
    return (x - r, y - r, x + r, y + r)


def _fits(box: Box, width: int, height: int) -> bool:
    across = box[0] >= -OUT and box[2] <= width + OUT
    return across and box[1] >= 0 and box[3] <= height


def _meet(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
