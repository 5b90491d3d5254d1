"""How often a need was heard, and from which viewpoints: counted from what says it, never typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from plugins.observation.findings import OBSERVATION, viewpoint
from plugins.schema import Document, Index

NEED = "need"
HEARD, DRAWN = "heard", "drawn"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who says a need: `needs` are the need itself and those brought together with it, and
    `observations` those that it was heard in, each once.
    """

    needs: tuple[Document, ...]
    observations: tuple[Document, ...]

    @property
    def voices(self) -> tuple[Document, ...]:
        """What is counted: the observations, and the needs that somebody voiced. An editor who
        draws a need from an observation only writes down what was said there.
        """
        return (*(n for n in self.needs if n.data.get(DRAWN) is not True), *self.observations)

    @property
    def times(self) -> int:
        return len(self.voices)

    @property
    def viewpoints(self) -> Mapping[str, int]:
        """How many times from each viewpoint; those that nobody spoke from are not among them."""
        return Counter(viewpoint(one) for one in self.voices)


def hearing(need: Document, index: Index) -> Hearing:
    """A need's, and that of all it brings together. `need` itself may be in no index yet."""
    needs: dict[str, Document] = {}
    observations: dict[str, Document] = {}
    waiting = [need]
    while waiting:
        one = waiting.pop(0)
        if one.ref not in needs:
            needs[one.ref] = one
            waiting += filter(None, map(index.get, one.merges))
            observations |= {seen.ref: seen for seen in _named(one, HEARD, OBSERVATION, index)}
    return Hearing(tuple(needs.values()), tuple(observations.values()))


def born_of(observation: Document, index: Index) -> tuple[Document, ...]:
    """The needs that an observation was heard to say, those that were brought together once."""
    content_type = index.schema.types.get(NEED)
    if observation.type.name != OBSERVATION or not content_type or HEARD not in content_type.fields:
        return ()
    found = map(index.kept, index.naming(observation, NEED, HEARD))
    return tuple({need.ref: need for need in found}.values())


def _named(document: Document, name: str, kind: str, index: Index) -> list[Document]:
    """What a field of references names, of one type and in the index."""
    field = document.type.fields.get(name)
    references = field.kind.references(document.data.get(name)) if field else ()
    found = map(index.get, references)
    return [one for one in found if one is not None and one.type.name == kind]
