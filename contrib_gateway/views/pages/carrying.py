"""Pages that may still say, in words of their own, what an observation said that is taken off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from contrib_gateway.views.gate import Gate
from plugins.schema import Document

REREAD = "relire"  # in an address: such a page


@dataclass(frozen=True)
class Carrying:
    """One of them, and where it is corrected."""

    title: str
    type_label: str
    href: str


def shown_carrying(documents: Iterable[Document], gate: Gate) -> tuple[Carrying, ...]:
    return tuple(
        Carrying(one.title, one.type.label.get(gate.lang), gate.address(f"fiches/{one.ref}/"))
        for one in documents
    )


def to_reread(documents: Iterable[Document]) -> str:
    """The end of an address that names them."""
    return "".join(f"&{urlencode({REREAD: one.ref})}" for one in documents)
