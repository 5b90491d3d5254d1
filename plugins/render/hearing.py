"""How the hearing of a need shows: its count by viewpoint, and every observation that says it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugins.observation.findings import VIEWPOINT
from plugins.observation.hearing import DRAWN, HEARD, NEED, Hearing, born_of, hearing
from plugins.observation.sequels import is_answered
from plugins.render.evidence import ObservationShown, observation_shown
from plugins.render.shown import Fact, LinkShown, Section, Setting, TermShown
from plugins.render.values import document_link, shown_term
from plugins.render.words import words
from plugins.schema import Document


@dataclass(frozen=True, slots=True)
class HearingShown:
    """`said` is the count in words; `viewpoints` those that spoke, each with how many times.
    `drawn`: nobody voiced the need itself, it was drawn from an observation.
    """

    said: str
    viewpoints: tuple[tuple[TermShown, int], ...]
    observations: tuple[ObservationShown, ...]
    drawn: bool


@dataclass(frozen=True, slots=True)
class BornShown:
    """A need that an observation says, how often it was heard in all, whether it is answered."""

    need: LinkShown
    ref: str
    said: str
    answered: bool


def with_hearing(
    sections: tuple[Section, ...], document: Document, setting: Setting
) -> tuple[Section, ...]:
    """The sections of a need, what it was heard in told with its count; of any other as they are.

    A need that only its own page says has no such section, nor one that nobody says any more.
    """
    if document.type.name != NEED:
        return sections
    found = hearing(document, setting.index)
    if all(voice is document for voice in found.voices):
        return sections
    shown = _shown(document, found, setting)

    def told(section: Section) -> Section:
        kept = tuple(fact for fact in section.short if fact.name != HEARD)
        if not any(fact.name in (HEARD, document.type.merges) for fact in section.short):
            return section
        label = document.type.fields[HEARD].heading.get(setting.lang)
        return replace(
            section, short=kept, long=(*section.long, Fact(HEARD, label, "hearing", shown, True))
        )

    return tuple(map(told, sections))


def _shown(need: Document, found: Hearing, setting: Setting) -> HearingShown:
    declared = need.type.fields[VIEWPOINT]
    counts = found.viewpoints
    return HearingShown(
        said(found, setting.lang),
        tuple(
            (shown_term(declared, key, setting), counts[key])
            for key in setting.index.vocabularies["viewpoints"].terms
            if key in counts
        ),
        tuple(observation_shown(one, setting) for one in found.observations),
        need.data.get(DRAWN) is True,
    )


def said(found: Hearing, lang: str) -> str:
    """ "Heard 3 times, from 2 viewpoints"."""
    say = words(lang)
    times, viewpoints = found.times, len(found.viewpoints)
    often = say.ngettext("Heard %(num)s time", "Heard %(num)s times", times) % {"num": times}
    where = say.ngettext("from %(num)s viewpoint", "from %(num)s viewpoints", viewpoints)
    return f"{often}, {where % {'num': viewpoints}}"


def heard_in_row(document: Document, setting: Setting) -> tuple[Fact, ...]:
    """What a list says of a need that was heard more than once."""
    if document.type.name != NEED:
        return ()
    found = hearing(document, setting.index)
    label = words(setting.lang).gettext("How often it was heard")
    return (Fact("hearing", label, "text", said(found, setting.lang)),) if found.times > 1 else ()


def needs_of(observation: Document, setting: Setting) -> tuple[BornShown, ...]:
    """The needs that an observation gave rise to; none for another document."""
    return tuple(
        BornShown(
            document_link(need, setting),
            need.ref,
            said(hearing(need, setting.index), setting.lang),
            is_answered(need),
        )
        for need in born_of(observation, setting.index)
    )
