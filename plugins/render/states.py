"""How long a need has stood where it stands: the day beside its state."""

from __future__ import annotations

from dataclasses import replace

from plugins.observation.states import SINCE, STATE
from plugins.render.shown import Section, Setting
from plugins.render.values import fact
from plugins.schema import Document


def with_days(
    sections: tuple[Section, ...], document: Document, setting: Setting
) -> tuple[Section, ...]:
    """The sections of a page, the day of its state under it where it is known."""
    field = document.type.fields.get(SINCE)
    day = fact(field, document.data.get(SINCE), setting) if field else None
    if day is None:
        return sections

    def told(section: Section) -> Section:
        names = [one.name for one in section.short]
        if STATE not in names:
            return section
        after = names.index(STATE) + 1
        return replace(section, short=(*section.short[:after], day, *section.short[after:]))

    return tuple(map(told, sections))
