"""What an editor is told when a decision did not go through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from contrib_gateway.errors import (
    AlreadyDecided,
    BadProposal,
    Conflict,
    ForgeUnavailable,
    GatewayError,
    NotAsSeen,
    NotProposed,
    Refused,
)
from contrib_gateway.library import ROOT, Faulty
from plugins.render import sentence
from plugins.render.words import N_, words
from plugins.schema import Problem, Schema

DECISION_FAULTS = (
    *(AlreadyDecided, NotProposed, NotAsSeen, BadProposal, Conflict, Faulty),
    *(Refused, ForgeUnavailable),
)
REFUSED_FOR: Mapping[str, str] = MappingProxyType(
    {
        "401": N_(
            "GitHub does not know Vigie’s key any more: whoever hosts the site must renew it."
        ),
        "403": N_(
            "GitHub does not let Vigie do this: whoever hosts the site must give it the right."
        ),
        "404": N_("GitHub does not find the repository any more, or does not show it to Vigie."),
    }
)
MOST_TOLD = 3  # faults of a page that cannot be published
_ANSWERED = re.compile(r"GitHub answered (\d{3})")


def decision_fault(error: GatewayError, schema: Schema, lang: str) -> str:
    """A sentence or two for one of DECISION_FAULTS."""
    say = words(lang).gettext
    match error:
        case AlreadyDecided():
            return _already(error, lang)
        case NotProposed(reason=reason):
            fault = say("It could not be proposed; nothing was published. %s")
            return fault % (refusal(reason, lang) if reason else say("It will be tried again."))
        case NotAsSeen():
            return say("Somebody changed it while you read it. Read it once more, as it is now.")
        case BadProposal():
            return say("Somebody put files into it that are no content; it cannot be published.")
        case Conflict():
            return _conflict(error, schema, lang)
        case Faulty(problems=problems):
            fault = say(
                "The site would have faults with this page; it cannot be published as it is."
            )
            return " ".join((fault, *problem_sentences(problems[:MOST_TOLD], schema, lang)))
        case Refused(reason=reason):
            return f"{refusal(reason, lang)} {say('Nothing was decided.')}"
        case _:
            return say("The forge does not answer now. Nothing was decided; try again shortly.")


def problem_sentences(problems: Iterable[Problem], schema: Schema, lang: str) -> tuple[str, ...]:
    """What is wrong in files of the content, each once."""
    found = ((problem, schema.by_folder(problem.path.partition("/")[0])) for problem in problems)
    return tuple(dict.fromkeys(sentence(problem, known, lang) for problem, known in found))


def undo_fault(error: GatewayError, schema: Schema, lang: str) -> str:
    """The same, for what was to be taken back."""
    say = words(lang).gettext
    match error:
        case AlreadyDecided(by=by, what="declined") if by:
            return say("%(name)s took it back a moment ago.") % {"name": by}
        case AlreadyDecided():
            return say("It is not published: there is nothing to take back.")
        case Conflict():
            return say(
                "Somebody has changed the same answers of this page since. Nobody’s words are"
                " overwritten: correct the page itself instead."
            )
        case Faulty():
            return say(
                "Other pages refer to this one, and would lead nowhere. Take it off from its own"
                " page instead: what refers to it is rewritten there."
            )
        case _:
            return decision_fault(error, schema, lang)


def refusal(reason: str, lang: str) -> str:
    """Why the forge refuses: for an editor, then in its own words, for whoever mends it."""
    say = words(lang).gettext
    answered = _ANSWERED.match(reason)
    known = REFUSED_FOR.get(answered[1]) if answered else None
    return f"{say(known)} ({reason})" if known else say("The forge refuses it: %s") % reason


def _already(error: AlreadyDecided, lang: str) -> str:
    say = words(lang).gettext
    if not error.by:
        return say("This changed a moment ago; nothing was done. Look again.")
    return say("%(name)s decided on this a moment ago; nothing was overwritten.") % {
        "name": error.by
    }


def _conflict(error: Conflict, schema: Schema, lang: str) -> str:
    """Which questions were answered anew on both sides, where that is known."""
    say = words(lang).gettext
    labels = []
    for path, names in error.fields.items():
        content_type = schema.by_folder(path.removeprefix(ROOT).partition("/")[0])
        fields = content_type.fields if content_type else {}
        asked = dict.fromkeys(name.partition(".")[0] for name in names)
        labels += [f"« {fields[name].label.get(lang)} »" for name in asked if name in fields]
    if not labels:
        return say("This page changed on the site meanwhile; it cannot be merged as it is.")
    return say("Changed on the site meanwhile, and otherwise than here: %s.") % ", ".join(labels)
