"""What was done to the stories of the watch, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from contrib_gateway.store import Did, Store, Turn
from contrib_gateway.views.watch.lines import LONGEST_TITLE
from plugins.render.words import N_, words
from plugins.watch.plaintext import shortened

MOST_TURNS = 60  # that are told, or undone, together
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        Did.PUT_BACK: N_("%(who)s put it back among what is to be sorted."),
        Did.LATER: N_("%(who)s left it for later."),
        Did.KEPT: N_("%(who)s kept it."),
        Did.DISCARDED: N_("%(who)s discarded it."),
        Did.QUALIFIED: N_("%(who)s changed what is said of it."),
        Did.SPLIT: N_("%(who)s took out what tells something else."),
        Did.JOINED: N_("%(who)s joined another one with it."),
        Did.UNDONE: N_("%(who)s undid what was done before."),
    }
)
SEVERAL: Mapping[str, str] = MappingProxyType(
    {
        Did.PUT_BACK: N_("%(num)s are to be sorted again"),
        Did.LATER: N_("%(num)s are left for later"),
        Did.KEPT: N_("%(num)s are kept"),
        Did.DISCARDED: N_("%(num)s are discarded"),
        Did.UNDONE: N_("%(num)s are as they were"),
    }
)
"""Of the turns that may be taken on several stories at once."""
ALONE: Mapping[str, str] = MappingProxyType(
    {
        Did.PUT_BACK: N_("To be sorted again"),
        Did.LATER: N_("Left for later"),
        Did.KEPT: N_("It is kept"),
        Did.DISCARDED: N_("It is discarded"),
        Did.QUALIFIED: N_("Changed"),
        Did.SPLIT: N_("Split in two"),
        Did.JOINED: N_("Joined"),
        Did.UNDONE: N_("Undone"),
    }
)


@dataclass(frozen=True)
class TurnShown:
    """One thing that was done."""

    at: datetime
    said: str


@dataclass(frozen=True)
class DoneShown:
    """What was done a moment ago: in words, to which story (its title, its id; "" of several), and
    what undoes it. `is_kept`: it can be qualified now.
    """

    said: str
    title: str
    id: str
    turns: str
    is_kept: bool


def history(turns: Sequence[Turn], lang: str) -> list[TurnShown]:
    say = words(lang).gettext
    return [
        TurnShown(turn.at, say(SENTENCES[turn.what]) % {"who": turn.who or say("Vigie")})
        for turn in turns
        if turn.what in SENTENCES
    ]


def numbers(told: str) -> tuple[int, int] | None:
    """The first and last number of "12-14"; None of anything else."""
    first, dash, last = told.partition("-")
    if not dash or not all(n.isascii() and n.isdecimal() and len(n) < 12 for n in (first, last)):
        return None
    return (int(first), int(last)) if 0 <= int(last) - int(first) < MOST_TURNS else None


def done_shown(store: Store, told: str, lang: str) -> DoneShown | None:
    """What the turns of an address did."""
    between = numbers(told)
    turns = store.turns_between(*between) if between else []
    told_of = ALONE if len(turns) == 1 else SEVERAL
    if not turns or turns[0].what not in told_of:
        return None
    what, speech = turns[0].what, words(lang)
    if len(turns) > 1:
        said = speech.gettext(SEVERAL[what]) % {"num": len(turns)}
        return DoneShown(said, "", "", told, is_kept=False)
    story = store.story(turns[0].cluster)
    title = shortened(story.lead.title, LONGEST_TITLE) if story else ""
    is_kept = what == Did.KEPT and story is not None and not story.qualification
    return DoneShown(speech.gettext(ALONE[what]), title, turns[0].cluster, told, is_kept)


def overtaken(last: Turn | None, lang: str) -> str:
    """What somebody else did meanwhile: the last turn of a story."""
    say = words(lang).gettext
    if last is None or last.what not in SENTENCES:
        return say("This changed a moment ago.")
    return say(SENTENCES[last.what]) % {"who": last.who or say("Vigie")}
