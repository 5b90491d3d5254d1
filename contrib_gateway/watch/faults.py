"""What goes wrong when a source is asked: a code for each fault, and its sentence."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from plugins.render.words import N_, words


class Fault(StrEnum):
    """Why nothing came of an address. What came and could not be read has the parser's codes."""

    ADDRESS = "address"
    UNKNOWN_HOST = "unknown_host"
    PRIVATE = "private"
    UNREACHABLE = "unreachable"
    INSECURE = "insecure"
    SLOW = "slow"
    CUT_OFF = "cut_off"
    GARBLED = "garbled"
    TOO_LARGE = "too_large"
    CIRCLE = "circle"
    DENIED = "denied"
    MISSING = "missing"
    GONE = "gone"
    BUSY = "busy"
    BROKEN = "broken"
    STATUS = "status"
    UNEXPECTED = "unexpected"  # a surprise of our own; the log has it


HOST_FAULTS = frozenset({Fault.UNKNOWN_HOST, Fault.UNREACHABLE, Fault.SLOW, Fault.BUSY})
"""Those that its neighbours on the same host would meet, too."""

SENTENCES = {
    Fault.ADDRESS: N_("Its address is not one of the web."),
    Fault.UNKNOWN_HOST: N_("The name of its server is not known any more."),
    Fault.PRIVATE: N_("Its address leads into a private network, where the watch does not go."),
    Fault.UNREACHABLE: N_("Its server cannot be reached."),
    Fault.INSECURE: N_("Its server cannot prove who it is: its certificate is not valid."),
    Fault.SLOW: N_("Its server takes too long to answer."),
    Fault.CUT_OFF: N_("Its server breaks off in the middle of its answer."),
    Fault.GARBLED: N_("Its server’s answer cannot be made out."),
    Fault.TOO_LARGE: N_("What it publishes is too large to be read."),
    Fault.CIRCLE: N_("Its address sends us round in circles, or too far."),
    Fault.DENIED: N_("Its server does not let us read it."),
    Fault.MISSING: N_("Nothing is at its address any more."),
    Fault.GONE: N_("Its server says that it has ended for good."),
    Fault.BUSY: N_("Its server asks us to come back later, each time."),
    Fault.BROKEN: N_("Its server has a fault of its own."),
    Fault.STATUS: N_("Its server refuses the question."),
    Fault.UNEXPECTED: N_("Something unforeseen happened while it was read."),
}
UNREADABLE = {  # of what came: the parser's codes that say more than that it is no feed
    "feed_html": N_("At its address is a page, and no feed is announced there."),
    "feed_empty": N_("Its answer is empty."),
    "feed_too_long": N_("What it publishes takes too long to be read."),
    "feed_too_large": SENTENCES[Fault.TOO_LARGE],
    "feed_too_deep": N_("What it publishes is nested too deeply to be read."),
}
REMARKS = {  # the parser's codes of what is wrong with a feed that is read all the same
    "encoding": N_("Its letters are not coded as it says: some may be wrong."),
    "truncated": N_("It breaks off before its end: what comes before is read."),
    "bad_date": N_("Some of its dates are none: what bears one counts from when it is found."),
    "too_many_entries": N_("It lists more than is taken in at once."),
    "not_well_formed": N_("It does not follow the rules of XML: it is read all the same."),
    "entities": N_("It defines abbreviations of its own, which could do harm: they are left out."),
}
NO_FEED = N_("What it publishes cannot be read as a feed.")


class Unfetched(Exception):
    """Nothing came of an address. `status` is the server's number, 0 if it gave none; `rest` is
    how long it asks to be left alone.
    """

    def __init__(self, fault: Fault, status: int = 0, rest: timedelta = timedelta(0)) -> None:
        self.fault, self.status, self.rest = fault, status, rest
        super().__init__(f"{fault} {status or ''}".strip())


def unreadable(code: str) -> str:
    """The code of a fault of what came, from the parser's own."""
    return f"feed_{code}"


def sentence(code: str, lang: str) -> str:
    """What is wrong, for people, whichever code it has."""
    known = {**UNREADABLE, **{str(fault): said for fault, said in SENTENCES.items()}}
    return words(lang).gettext(known.get(code, NO_FEED))


def remarks(codes: str, lang: str) -> tuple[str, ...]:
    """What is wrong with a feed that is read all the same, by the codes that its state keeps."""
    known = (REMARKS.get(code) for code in codes.split())
    return tuple(words(lang).gettext(said) for said in known if said)
