"""How what is near a page shows: neighbouring places, profiles about the same themes, with why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from plugins.observation.vicinity import Near, alike, neighbours
from plugins.render.meeting import MatchShown, away, far, labels, listed
from plugins.render.shown import Setting
from plugins.render.typography import typeset
from plugins.render.values import document_link, shown_term
from plugins.schema import Document

KIND = "kind"  # the field of what there are several kinds of
WALK = 1000  # metres that are told as such


@dataclass(frozen=True, slots=True)
class Vicinity:
    """Other places close to this one, and other profiles about its themes; each stands once."""

    neighbours: tuple[MatchShown, ...] = ()
    alike: tuple[MatchShown, ...] = ()


def vicinity(document: Document, setting: Setting, told: Collection[str]) -> Vicinity:
    """`told` are references of what its page names already: none of them is told a second time
    for its themes.
    """
    close = neighbours(document, setting.index)
    told = {*told, *(near.document.ref for near in close)}
    return Vicinity(
        tuple(_shown(near, setting) for near in close),
        tuple(_shown(near, setting) for near in alike(document, setting.index, told)),
    )


def _shown(near: Near, setting: Setting) -> MatchShown:
    why = []
    if near.themes:
        why.append(listed(labels(near.document, "themes", near.themes, setting)))
    if near.metres is not None:
        why.append(_apart(near.metres, near.exact, setting))
    told = tuple(typeset(reason[:1].upper() + reason[1:], setting.lang) for reason in why)
    link = replace(document_link(near.document, setting), note=_what(near.document, setting))
    return MatchShown(near.document.ref, link, told, near.document.demo)


def _what(document: Document, setting: Setting) -> str:
    """What it is: the kind of a place says more than that it is one."""
    field, kind = document.type.fields.get(KIND), str(document.data.get(KIND, ""))
    if field is None or not kind:
        return document.type.label.get(setting.lang)
    return shown_term(field, kind, setting).label


def _apart(metres: float, exact: bool, setting: Setting) -> str:
    told = max(50, round(metres / 50) * 50)
    if not exact or told >= WALK:
        return far(metres, setting)
    return away(f"{told}\u00a0m", setting)
