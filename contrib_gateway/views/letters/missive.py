"""What a visitor writes in private to somebody of this site, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import request

from contrib_gateway.correspondence import is_deliverable
from contrib_gateway.views.typed import clean
from plugins.render.words import N_, words

LONGEST: Mapping[str, int] = MappingProxyType({"text": 4000, "name": 80, "address": 254})
"""Of each input, in characters."""
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "empty": N_("Write your message first."),
        "long": N_("This is too long: %s characters at most."),
        "address": N_(
            "Give an e-mail address, such as prenom@exemple.fr, so that you can be answered."
        ),
        "crowded": N_(
            "Too many messages were written today. What you wrote is kept here: try tomorrow."
        ),
        "trap": N_(
            "Something filled in a question that people do not see. If it was not you, send it once"
            " more."
        ),
        "stale": N_(
            "This page was open for too long. What you wrote is still here: send it once more."
        ),
    }
)


def typed_missive() -> dict[str, str]:
    """What was typed, by input."""
    sent = {name: request.form.get(name, "").replace("\r\n", "\n") for name in LONGEST}
    return {name: clean(text).strip() for name, text in sent.items()}


def missive_faults(typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with it (input → code), but for the address."""
    faults = {name: "long" for name, text in typed.items() if len(text) > LONGEST[name]}
    return faults if typed["text"] else {**faults, "text": "empty"}


def address_faults(typed: Mapping[str, str]) -> dict[str, str]:
    return {} if is_deliverable(typed["address"]) else {"address": "address"}


def said_faults(faults: Mapping[str, str], lang: str) -> dict[str, str]:
    """A sentence for each (input → sentence)."""
    say = words(lang).gettext

    def said(name: str, code: str) -> str:
        sentence = say(FAULTS[code])
        return sentence % LONGEST[name] if code == "long" else sentence

    return {name: said(name, code) for name, code in faults.items()}
