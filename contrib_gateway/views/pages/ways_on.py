"""Where an editor goes on from a page: to a need drawn from it, to another that is the same."""

from __future__ import annotations

from dataclasses import dataclass

from contrib_gateway.gateway import Gateway
from contrib_gateway.views.gate import Gate
from plugins.observation.drawing import can_be_drawn
from plugins.observation.hearing import NEED
from plugins.schema import Document


@dataclass(frozen=True)
class WaysOn:
    """`draw_href`: where a need is drawn from it; `merge_href`: where it is brought together with
    another page; "" for what is no such page. `kept` is the page that stands for it already, at
    `kept_href`, or None.
    """

    draw_href: str
    merge_href: str
    kept: Document | None
    kept_href: str


def ways_on(gateway: Gateway, gate: Gate, document: Document) -> WaysOn:
    """Of a page that is published."""
    index = gateway.library.index
    kept = index.kept(document)
    draws = can_be_drawn(index.schema, NEED, document.type.name)
    merges = document.type.merges and kept is document
    return WaysOn(
        draw_href=gate.address(drawing_at(document)) if draws else "",
        merge_href=gate.address(merging_at(document)) if merges else "",
        kept=None if kept is document else kept,
        kept_href=gate.address(f"fiches/{kept.ref}/gerer/"),
    )


def drawing_at(observation: Document) -> str:
    """Where a need is drawn from it, below /redaction/."""
    return f"fiches/{observation.ref}/besoin/"


def merging_at(document: Document) -> str:
    """Where it is brought together with another one, below /redaction/."""
    return f"fiches/{document.ref}/reunir/"
