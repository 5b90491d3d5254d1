"""What became of an observation: who cites it, the needs drawn from it, those that are answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from plugins.observation.findings import citing
from plugins.observation.hearing import HEARD, NEED, born_of
from plugins.observation.states import ANSWERED, STATE
from plugins.schema import Document, Index


class What(StrEnum):
    """What came of it."""

    CITED = "cited"
    BORN = "born"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Sequel:
    """`what` came of an observation: a synthesis that cites it, or a need. `ids` are that of the
    document, and of the needs drawn from the observation that were brought together in it since.
    """

    what: What
    document: Document
    ids: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """What names it for ever; whoever was told one of these knows it."""
        return frozenset(f"{self.what} {id}" for id in self.ids)


def sequels(observation: Document, index: Index) -> tuple[Sequel, ...]:
    """All that came of it by now: what its page says."""
    found = [Sequel(What.CITED, one, frozenset((one.id,))) for one in citing(observation, index)]
    for need in born_of(observation, index):
        drawn = index.naming(observation, NEED, HEARD)
        ids = frozenset((need.id, *(one.id for one in drawn if index.kept(one).ref == need.ref)))
        found.append(Sequel(What.BORN, need, ids))
        if is_answered(need):
            found.append(Sequel(What.ANSWERED, need, ids))
    return tuple(found)


def is_answered(need: Document) -> bool:
    return need.data.get(STATE) == ANSWERED
