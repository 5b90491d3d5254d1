"""What other documents say on the page of one: what it gathers, who cites it, what it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugins.render.evidence import CitedIn, cited_in
from plugins.render.facts import related
from plugins.render.gathering import Gathered, gathered
from plugins.render.hearing import BornShown, needs_of
from plugins.render.meeting import Meeting, meeting
from plugins.render.shown import LinkShown, Setting
from plugins.render.theme import Theme
from plugins.render.trail import Trail, trail
from plugins.render.values import document_link
from plugins.render.vicinity import Vicinity, vicinity
from plugins.schema import Document, Index


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Each document is told of once: `mentions` are those that stand nowhere else, by type; of
    those that were brought together, the one that stands for them. `kept` leads to the page that
    stands for this one, if it is not itself.
    """

    gathered: Mapping[str, tuple[Gathered, ...]] = field(default_factory=dict)
    trail: Trail = Trail()  # noqa: RUF009 — it is frozen
    citing: tuple[CitedIn, ...] = ()
    born: tuple[BornShown, ...] = ()
    meeting: Meeting = Meeting()  # noqa: RUF009 — it is frozen
    mentions: tuple[tuple[str, tuple[LinkShown, ...]], ...] = ()
    vicinity: Vicinity = Vicinity()  # noqa: RUF009 — it is frozen
    kept: LinkShown | None = None


def surroundings(
    document: Document, theme: Theme, index: Index, lang: str, setting: Setting
) -> Surroundings:
    """What the index knows; nothing of a document at whose address another one stands."""
    there = index.get(document.ref)
    if there is not None and there.id != document.id:
        return Surroundings()
    groups = gathered(document, theme, index, lang)
    found = trail(document, theme, index, lang)
    citing, born = cited_in(document, setting), needs_of(document, setting)
    apart = {ref for several in groups.values() for group in several for ref in group.refs}
    apart |= found.refs | {one.synthesis_ref for one in citing} | {one.ref for one in born}
    kept = index.kept(document)
    apart |= {document.ref, kept.ref}
    telling = {one.ref: one for one in map(index.kept, index.mentions(document))}
    mentioned = [one for one in telling.values() if one.ref not in apart]
    met = meeting(document, setting)
    named = {one.ref for one in (*telling.values(), *index.references(document))}
    return Surroundings(
        groups,
        found,
        citing,
        born,
        met,
        tuple(related(mentioned, setting)),
        vicinity(document, setting, named | met.refs),
        None if kept.ref == document.ref else document_link(kept, setting),
    )
