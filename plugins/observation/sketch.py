"""A synthesis as it is being written: what was chosen, picked and typed so far; no words of others.

All of it is plain data, so that it can be kept while its page is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from plugins.observation.choosing import Choice

ASKED = ("title", "question", "method", "limits")  # fields of a synthesis


@dataclass(frozen=True, slots=True)
class Pick:
    """The key of a passage, and whether it `supports` the claim that it was picked for."""

    key: str
    supports: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding to be: its words, and what was picked for it and against it."""

    id: str
    words: str = ""
    picks: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """`ticked` are keys of passages that belong to no claim yet; `typed` answers to ASKED."""

    lang: str
    choice: Choice = field(default_factory=Choice)
    typed: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    ticked: tuple[str, ...] = ()

    def claim(self, id: str) -> Claim | None:
        return next((one for one in self.claims if one.id == id), None)

    def gathered(self, into: str) -> Sketch:
        """What is ticked, picked for a claim: for a new one of that id if there is none."""
        there = self.claim(into) or Claim(into)
        known = {pick.key for pick in there.picks}
        new = tuple(Pick(key) for key in self.ticked if key not in known)
        grown = replace(there, picks=(*there.picks, *new))
        rest = [one for one in self.claims if one.id != into]
        at = self.claims.index(there) if there in self.claims else len(rest)
        return replace(self, claims=(*rest[:at], grown, *rest[at:]), ticked=())

    def moved(self, id: str, step: Literal[-1, 1]) -> Sketch:
        """With a claim one place further up (-1) or down; as it is at the end of the list."""
        order = list(self.claims)
        at = next((n for n, one in enumerate(order) if one.id == id), -1)
        if at >= 0 and 0 <= at + step < len(order):
            order[at], order[at + step] = order[at + step], order[at]
        return replace(self, claims=tuple(order))

    def without(self, id: str) -> Sketch:
        """Without a claim; what was picked for it is ticked again."""
        gone = self.claim(id)
        back = (pick.key for pick in gone.picks) if gone else ()
        return replace(
            self,
            claims=tuple(one for one in self.claims if one.id != id),
            ticked=tuple(dict.fromkeys((*self.ticked, *back))),
        )

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def read_sketch(data: Mapping[str, Any]) -> Sketch:
    """What `dump` gave."""
    choice = data["choice"]
    return Sketch(
        data["lang"],
        Choice(**{**choice, "themes": tuple(choice["themes"])}),
        data["typed"],
        tuple(
            Claim(one["id"], one["words"], tuple(Pick(**pick) for pick in one["picks"]))
            for one in data["claims"]
        ),
        tuple(data["ticked"]),
    )
