"""What two versions of a text, or of a list, have in common and what each has alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

from plugins.render.shown import Fact

LONGEST, MOST_TOKENS = 60_000, 12_000  # characters and words of what is compared
REWRITTEN = 0.3  # with less of their letters in common, two texts are two texts
LINE = 8  # letters: how much the end of a line weighs among words
SLIGHT = 40  # letters that stayed between two changes: more of them are never given up
LONGEST_SAME = 360  # characters that stand unchanged and are read at once
AROUND = 120  # characters that stay on each side of what is folded away
FEW = 2  # entries of a list: so many are never folded away

# An elided article is a word: "l’" and "d’" before the same noun.
_TOKEN = re.compile(r"\w+[’']?|\s+|[^\w\s]")
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s")


class Mark(StrEnum):
    """Whether a part is in both versions, in the earlier one only, or in the later one only."""

    SAME = "same"
    GONE = "gone"
    CAME = "came"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text (str), or one of a list's terms, links or entries (a Fact of it alone).
    `folded`: it is the same in both versions, and long: shown when asked for.
    """

    value: str | Fact
    mark: Mark = Mark.SAME
    folded: bool = False

    @property
    def size(self) -> int:
        """How many words of a text, how many entries of a list."""
        return len(_WORD.findall(self.value) if isinstance(self.value, str) else self.value.value)


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions in parts: those marked GONE are in `before` only, those CAME in `after` only."""

    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether they have anything in common."""
        return any(part.mark is Mark.SAME for part in self.before)


class _Text:
    """The tokens of a text, and how much those before each of them weigh."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(text)
        letters = (sum(map(str.isalnum, token)) + LINE * ("\n" in token) for token in self.tokens)
        self._weights = [0, *accumulate(letters)]

    def weight(self, start: int = 0, end: int = -1) -> int:
        return self._weights[end] - self._weights[start]

    def text(self, start: int, end: int) -> str:
        return "".join(self.tokens[start:end])


class _Span(NamedTuple):
    """Tokens `a` to `b` of the earlier text beside `c` to `d` of the later one, alike or not."""

    alike: bool
    a: int
    b: int
    c: int
    d: int


def compared(before: str, after: str) -> Versions:
    """Two texts, word by word. Without their marks, the parts of each are that text exactly.

    They are laid beside each other by their longest common subsequence, which rapidfuzz finds in
    bounded time: difflib takes seconds for texts that somebody makes to that end. Texts that are
    too long, or have little in common, have nothing in common here.
    """
    if before == after:
        return Versions((Part(before),), (Part(after),))
    whole = Versions((Part(before, Mark.GONE),), (Part(after, Mark.CAME),))
    if max(len(before), len(after)) > LONGEST:
        return whole
    old, new = _Text(before), _Text(after)
    if max(len(old.tokens), len(new.tokens)) > MOST_TOKENS:
        return whole
    spans = _gathered(_spans(old.tokens, new.tokens), old, new)
    common = sum(old.weight(span.a, span.b) for span in spans if span.alike)
    if common < REWRITTEN * max(old.weight(), new.weight()):
        return whole
    gone = [(old.text(s.a, s.b), Mark.SAME if s.alike else Mark.GONE) for s in spans]
    came = [(new.text(s.c, s.d), Mark.SAME if s.alike else Mark.CAME) for s in spans]
    return Versions(tuple(_read_at_once(gone)), tuple(_read_at_once(came)))


def _spans(old: Sequence[str], new: Sequence[str]) -> Iterator[_Span]:
    numbers: dict[str, int] = {}  # and not hashes, which two words may share
    rows = [[numbers.setdefault(word, len(numbers)) for word in words] for words in (old, new)]
    for code in Indel.opcodes(*rows):
        ours, theirs = (code.src_start, code.src_end), (code.dest_start, code.dest_end)
        yield _Span(code.tag == "equal", *ours, *theirs)


def _gathered(spans: Iterable[_Span], old: _Text, new: _Text) -> list[_Span]:
    """Changes side by side are one; so are those between which less stayed than each of them is:
    a rewritten sentence reads better than its crumbs.
    """

    def is_slight(stayed: _Span, *beside: _Span) -> bool:
        weight = old.weight(stayed.a, stayed.b)
        sizes = (max(old.weight(s.a, s.b), new.weight(s.c, s.d)) for s in beside)
        return weight == 0 or weight < min(SLIGHT, *sizes)

    found: list[_Span] = []
    for span in spans:
        here = span
        while not here.alike and found:
            if not found[-1].alike:
                here = _joined(found.pop(), here)
            elif len(found) > 1 and is_slight(found[-1], found[-2], here):
                found.pop()
                here = _joined(found.pop(), here)
            else:
                break
        found.append(here)
    return found


def _joined(one: _Span, other: _Span) -> _Span:
    return _Span(False, one.a, other.b, one.c, other.d)


def _read_at_once(runs: Sequence[tuple[str, Mark]]) -> Iterator[Part]:
    """The parts of a text that are not empty; what is far from any change folded away."""
    for number, (text, mark) in enumerate(runs):
        start = end = len(text)
        if mark is Mark.SAME and len(text) > LONGEST_SAME and len(runs) > 1:
            start = _after(text, AROUND) if number else 0
            end = _before(text, end - AROUND) if number < len(runs) - 1 else end
        head, tail = Part(text[:start], mark), Part(text[end:], mark)
        pieces = (head, Part(text[start:end], folded=True), tail)
        yield from (piece for piece in pieces if piece.value)


def _after(text: str, place: int) -> int:
    """The end of the first space from a place on; that place where none is near."""
    found = _SPACE.search(text, place, place + AROUND // 2)
    return found.end() if found else place


def _before(text: str, place: int) -> int:
    """The end of the last space before a place; that place where none is near."""
    found = list(_SPACE.finditer(text, place - AROUND // 2, place))
    return found[-1].end() if found else place


def listed(before: Fact, after: Fact, *, fold: bool = False) -> Versions:
    """Two lists, as sets: what stands in both is the same wherever it stands. `fold`: those that
    are the same may be folded away. Each part is a Fact of one entry, or of all that are folded.
    """
    both = set(before.value) & set(after.value)

    def parts(side: Fact, mark: Mark) -> Iterator[Part]:
        for same, group in groupby(side.value, key=lambda entry: entry in both):
            row = tuple(group)
            folded = fold and same and len(row) > FEW
            values = [row] if folded else [(entry,) for entry in row]
            kind = Mark.SAME if same else mark
            yield from (Part(replace(side, value=value), kind, folded) for value in values)

    return Versions(tuple(parts(before, Mark.GONE)), tuple(parts(after, Mark.CAME)))
