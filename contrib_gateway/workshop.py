"""Workshops: one session, many notes in a row, under a short address that holds what they share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from secrets import choice

from contrib_gateway.clock import Clock
from contrib_gateway.errors import NotFound, TooMany
from contrib_gateway.guards import Allowance, keyed
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store, Workshop
from plugins.schema import Value

LETTERS = "bcdfghjkmnpqrstvwxz"  # read aloud and copied by hand: no i, l, o; no vowel, so no word
CODE = 6  # letters: forty-seven million codes, of which MOST are somebody's
LIFE = timedelta(days=14)  # long enough to type in the paper sheets afterwards
MOST = 500
MOST_OF_ONE = 20  # of one client a day, where clients are limited
LONGEST_SHEET = 12  # characters of a paper sheet's number


class Workshops:
    """Opens workshops and finds them again; threads may share it."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        limited = bool(settings.rate_limit)
        self._allowance = Allowance(MOST_OF_ONE, timedelta(days=1), clock) if limited else None

    def open(self, type: str, answers: Mapping[str, Value], key: str, client: str) -> Workshop:
        """A new one; the same `key` gives the same one. Raises `TooMany`."""
        if self._allowance and not self._allowance.spend(client):
            raise TooMany("this client has opened many workshops today")
        return self._store.open_workshop(
            key, type=type, answers=answers, life=LIFE, most=MOST, draw=new_code
        )

    def find(self, typed: str) -> Workshop:
        """The one whose code somebody typed. Raises `NotFound`, also when its time is over."""
        found = self.known(read_code(typed))
        if found is None:
            raise NotFound("no such workshop")
        return found

    def known(self, code: str) -> Workshop | None:
        return self._store.workshop(code) if code else None

    def client(self, workshop: Workshop) -> str:
        """By which its notes are counted together: those in one room share an address, and twelve
        of them must not be taken for a machine.
        """
        return keyed(self._settings.secret_key, "workshop", workshop.code)


def new_code() -> str:
    return "".join(choice(LETTERS) for _ in range(CODE))


def read_code(typed: str) -> str:
    """A code as it was made, of what a hand typed: capitals, spaces, hyphens do not count."""
    letters = "".join(letter for letter in typed.lower() if letter not in " -.")
    return letters if len(letters) == CODE and set(letters) <= set(LETTERS) else ""


def read_sheet(typed: str) -> str:
    """The number of a paper sheet, as it is compared: "n° 07" is 7; "" when there is none."""
    kept = "".join(letter for letter in typed.lower() if letter.isalnum()).removeprefix("n")
    return kept.lstrip("0")[:LONGEST_SHEET]
