"""How far one that waits is: the same words in the desk's list, in its feed and in the mail."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contrib_gateway.store import State, Submission
from plugins.render.words import N_

ASKED, ANSWERED = "asked", "answered"
STANDINGS: Mapping[str, str] = MappingProxyType(
    {
        State.HELD: N_("put aside"),
        State.QUEUED: N_("on its way"),
        State.PROPOSED: N_("to be decided"),
        ASKED: N_("question asked"),
        ANSWERED: N_("answered since"),
        State.DEAD: N_("blocked"),
    }
)


def standing(submission: Submission) -> str:
    """What one that waits is waiting for, as an English msgid."""
    return STANDINGS[ASKED if submission.asked else submission.state]
