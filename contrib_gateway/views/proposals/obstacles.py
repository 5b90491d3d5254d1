"""Why a proposal is not decided together with others: a code, which an address may carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from contrib_gateway.errors import (
    AlreadyDecided,
    Conflict,
    ForgeUnavailable,
    GatewayError,
    NotAsSeen,
    NotProposed,
    Refused,
)
from contrib_gateway.flags import Flag
from contrib_gateway.gateway import Gateway
from contrib_gateway.library import Faulty
from contrib_gateway.review import Review
from contrib_gateway.store import UNDECIDED, State
from contrib_gateway.views.checking import Remarks
from plugins.render.words import N_

DONE, DECIDED, CHANGED = "done", "decided", "changed"
OBSTACLES: Mapping[str, str] = MappingProxyType(
    {
        DONE: N_("Nothing was decided on it."),
        DECIDED: N_("It is decided already."),
        "held": N_("It was put aside: it is to be read alone."),
        "dead": N_("It is blocked: it is to be read alone."),
        "asked": N_("A question to its contributor is open."),
        "amended": N_("Its contributor has just changed it: it is to be read alone."),
        "remarks": N_("There is something to check in it."),
        "twin": N_("It may exist already: it is to be read beside the other."),
        "away": N_("The forge does not answer now: nothing was decided on it."),
        CHANGED: N_("Somebody changed it while you read it: nothing was decided on it."),
        "clash": N_("The same answers changed on the site meanwhile: it is to be solved alone."),
        "faulty": N_("The site would have faults with it: it is to be read alone."),
        "refused": N_("The forge refuses it: open it to read why."),
        "unproposed": N_("It could not be proposed yet: it will be tried again."),
    }
)
FAILURES: Mapping[type[GatewayError], str] = MappingProxyType(
    {
        AlreadyDecided: DECIDED,
        NotAsSeen: CHANGED,
        NotProposed: "unproposed",
        Conflict: "clash",
        Faulty: "faulty",
        ForgeUnavailable: "away",
        Refused: "refused",
    }
)


def obstacle(gateway: Gateway, review: Review, remarks: Remarks) -> str:
    """Why it is to be read alone; "" if it may be published with others."""
    return next(_obstacles(gateway, review, remarks), "")


def failure(error: GatewayError) -> str:
    """Why a decision on it did not go through."""
    return next((code for kind, code in FAILURES.items() if isinstance(error, kind)), "refused")


def _obstacles(gateway: Gateway, review: Review, remarks: Remarks) -> Iterator[str]:
    """The gravest first."""
    submission = review.submission
    if submission.state not in UNDECIDED:
        yield DECIDED
    if submission.state in (State.HELD, State.DEAD):
        yield str(submission.state)
    if submission.asked:
        yield "asked"
    if review.amended:
        yield "amended"
    if remarks.whole or remarks.fields:
        yield "remarks"
    if Flag.DUPLICATE in gateway.flags.look(submission):
        yield "twin"
    if not review.mark:
        yield "away"
