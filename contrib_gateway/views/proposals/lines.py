"""The lines of what waits: each submission as an editor sees it in the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from contrib_gateway.flags import Flag
from contrib_gateway.standing import ANSWERED, ASKED, STANDINGS
from contrib_gateway.store import CORRECTABLE, State, Submission
from contrib_gateway.views.shown import HELD_FOR
from plugins.render.dates import ago_in_words
from plugins.render.words import N_, Words, words
from plugins.schema import Index

FLAGS: Mapping[Flag, str] = MappingProxyType(
    {
        Flag.CONFLICT: N_("conflict"),
        Flag.DUPLICATE: N_("possible duplicate"),
        Flag.PERSONAL: N_("personal data"),
        Flag.LINKS: N_("many links"),
        Flag.OLD: N_("over 7 days"),
    }
)


@dataclass(frozen=True)
class Waiting:
    """One that waits, and what is known of it."""

    submission: Submission
    answered: bool
    flags: frozenset[Flag]

    @property
    def territory(self) -> str:
        place = self.submission.data.get("place")
        return str(place.get("territory", "")) if isinstance(place, dict) else ""

    @property
    def standings(self) -> Iterator[str]:
        yield self.submission.state
        if self.submission.asked:
            yield ASKED
        elif self.answered:
            yield ANSWERED


@dataclass(frozen=True)
class Tag:
    """`kind` is "" for where it stands, "lamp" for what calls, "flag" for what to look at."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """One submission in the list; `is_checkable`: it may be read together with others."""

    id: str
    title: str
    href: str
    type_label: str
    is_change: bool
    place: str
    signed_as: str
    at: datetime
    age: str
    tags: tuple[Tag, ...]
    is_checkable: bool


def line(waiting: Waiting, index: Index, href: str, now: datetime, lang: str) -> Line:
    submission, schema = waiting.submission, index.schema
    commune = schema.territories.get(waiting.territory)
    return Line(
        id=submission.id,
        title=submission.title,
        href=href,
        type_label=schema.type_label(submission.type, lang),
        is_change=bool(submission.page),
        place=commune.label.get(lang) if commune else waiting.territory,
        signed_as=submission.signed_as,
        at=submission.accepted_at,
        age=ago_in_words(submission.accepted_at, now, lang),
        tags=(*_standing(waiting, words(lang)), *_flags(waiting, words(lang))),
        is_checkable=submission.state in CORRECTABLE,
    )


def _standing(waiting: Waiting, said: Words) -> Iterator[Tag]:
    submission = waiting.submission
    if submission.state is State.HELD:
        why = [code for code in submission.reason.split() if code in HELD_FOR]
        if Flag.LINKS in waiting.flags and "links" in why:
            why.remove("links")  # said by the flag
        told = ", ".join(said.gettext(HELD_FOR[code].words) for code in why)
        aside = said.gettext("put aside: %s") % told if told else said.gettext("put aside")
        yield Tag(aside)
    elif submission.state is not State.PROPOSED:  # what most are is not worth a word
        yield Tag(said.gettext(STANDINGS[submission.state]))
    if submission.asked:
        yield Tag(said.gettext(STANDINGS[ASKED]))
    elif waiting.answered:
        yield Tag(said.gettext(STANDINGS[ANSWERED]), "lamp")


def _flags(waiting: Waiting, said: Words) -> Iterator[Tag]:
    return (Tag(said.gettext(FLAGS[flag]), "flag") for flag in FLAGS if flag in waiting.flags)
