"""The findings of a draft as its page shows them, and what is wrong with each of its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.observation.drafting import Said, said
from plugins.observation.findings import FINDINGS, Standing, standing, viewpoint
from plugins.observation.sketch import Claim, Sketch
from plugins.render import sentence
from plugins.render.evidence import ObservationShown, observation_shown
from plugins.render.shown import Setting
from plugins.schema import Problem


@dataclass(frozen=True)
class PickShown:
    key: str
    said: Said
    source: ObservationShown
    part: str


@dataclass(frozen=True)
class ClaimShown:
    """A claim with what was picked for it; `lost`: how much of that is there no more."""

    claim: Claim
    standing: Standing
    picks: tuple[PickShown, ...]
    lost: int


def claim_shown(claim: Claim, setting: Setting) -> ClaimShown:
    found = said(claim, setting.index)
    sides = [[viewpoint(o.observation) for o in found if o.supports is s] for s in (True, False)]
    picks = tuple(
        PickShown(
            one.passage.key,
            one,
            observation_shown(one.observation, setting),
            one.observation.type.fields[one.passage.part].heading.get(setting.lang),
        )
        for one in found
    )
    return ClaimShown(claim, standing(*sides), picks, len(claim.picks) - len(found))


def faults(problems: Sequence[Problem], sketch: Sketch, lang: str) -> dict[str, str]:
    """What is wrong with each answer, by the name of what asks for it on the page."""
    told: dict[str, list[str]] = {}
    for problem in problems:
        said_so = sentence(problem, None, lang, named=False)
        told.setdefault(asks(problem.field, sketch), []).append(said_so)
    return {name: " ".join(sentences) for name, sentences in told.items()}


def asks(field: str, sketch: Sketch) -> str:
    """ "findings.1.claim" is asked by that claim's own words."""
    head, *rest = field.split(".")
    if head == FINDINGS and len(rest) == 2 and int(rest[0]) < len(sketch.claims):
        id = sketch.claims[int(rest[0])].id
        return f"claim-{id}" if rest[1] == "claim" else f"c-{id}"
    return head
