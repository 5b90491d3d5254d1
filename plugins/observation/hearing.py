"""How often a need was heard, and from which viewpoints: counted from what says it, never typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from plugins.observation.findings import OBSERVATION, viewpoint
from plugins.schema import Document, Index

NEED = "need"
HEARD, MERGED = "heard", "merged"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who says a need: whoever voiced it, whoever voiced one that was brought together with it
    (`needs`, itself first), and the `observations` that it was heard in, each once.
    """

    needs: tuple[Document, ...]
    observations: tuple[Document, ...]

    @property
    def times(self) -> int:
        return len(self.needs) + len(self.observations)

    @property
    def viewpoints(self) -> Mapping[str, int]:
        """How many times from each viewpoint; those that nobody spoke from are not among them."""
        return Counter(viewpoint(one) for one in (*self.needs, *self.observations))


def hearing(need: Document, index: Index) -> Hearing:
    """A need's, and that of all it brings together. `need` itself may be in no index yet."""
    needs: dict[str, Document] = {}
    observations: dict[str, Document] = {}
    waiting = [need]
    while waiting:
        one = waiting.pop(0)
        if one.ref not in needs:
            needs[one.ref] = one
            waiting += _named(one, MERGED, NEED, index)
            observations |= {seen.ref: seen for seen in _named(one, HEARD, OBSERVATION, index)}
    return Hearing(tuple(needs.values()), tuple(observations.values()))


def born_of(observation: Document, index: Index) -> tuple[Document, ...]:
    """The needs that an observation was heard to say."""
    content_type = index.schema.types.get(NEED)
    if observation.type.name != OBSERVATION or not content_type or HEARD not in content_type.fields:
        return ()
    return index.naming(observation, NEED, HEARD)


def _named(document: Document, name: str, kind: str, index: Index) -> list[Document]:
    """What a field of references names, of one type and in the index."""
    field = document.type.fields.get(name)
    references = field.kind.references(document.data.get(name)) if field else ()
    found = map(index.get, references)
    return [one for one in found if one is not None and one.type.name == kind]
