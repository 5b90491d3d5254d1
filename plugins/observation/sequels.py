"""What became of an observation: who cites it, the needs drawn from it, those that are answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from plugins.observation.findings import citing
from plugins.observation.hearing import born_of
from plugins.observation.states import ANSWERED, STATE
from plugins.schema import Document, Index


class What(StrEnum):
    """What came of it."""

    CITED = "cited"
    BORN = "born"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Sequel:
    """`what` came of an observation: a synthesis that cites it, or a need."""

    what: What
    document: Document

    @property
    def key(self) -> str:
        """What names it for ever."""
        return f"{self.what} {self.document.id}"


def sequels(observation: Document, index: Index) -> tuple[Sequel, ...]:
    """All that came of it by now: what its page says."""
    found = [Sequel(What.CITED, synthesis) for synthesis in citing(observation, index)]
    for need in born_of(observation, index):
        found.append(Sequel(What.BORN, need))
        if is_answered(need):
            found.append(Sequel(What.ANSWERED, need))
    return tuple(found)


def is_answered(need: Document) -> bool:
    return need.data.get(STATE) == ANSWERED
