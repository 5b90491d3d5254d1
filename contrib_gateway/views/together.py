"""Several proposals read one below the other and decided at once, each on what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.desk import LONGEST_WORDS
from contrib_gateway.errors import (
    AlreadyDecided,
    Conflict,
    ForgeUnavailable,
    GatewayError,
    NotAsSeen,
    NotFound,
    NotProposed,
    Refused,
)
from contrib_gateway.flags import Flag
from contrib_gateway.gateway import Gateway
from contrib_gateway.library import Faulty
from contrib_gateway.review import Review
from contrib_gateway.store import UNDECIDED, State
from contrib_gateway.views.checking import Checking
from contrib_gateway.views.decision import (
    Attempt,
    PublicationShown,
    kind_sentences,
    publication,
    reason_for,
)
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.receipts import clean, private
from contrib_gateway.views.shown import DecisionShown, shown_decision
from plugins.render import Change, changes
from plugins.render.words import N_, words

MOST = 20  # read together
DONE, DECIDED = "done", "decided"
WHY_NOT: Mapping[str, str] = MappingProxyType(
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
        "changed": N_("Somebody changed it while you read it: nothing was decided on it."),
        "clash": N_("The same answers changed on the site meanwhile: it is to be solved alone."),
        "faulty": N_("The site would have faults with it: it is to be read alone."),
        "refused": N_("The forge refuses it: open it to read why."),
        "unproposed": N_("It could not be proposed yet: it will be tried again."),
    }
)
"""Why one is not published with others, or not decided: by a code that an address may carry."""
CODES: Mapping[type[GatewayError], str] = MappingProxyType(
    {
        AlreadyDecided: DECIDED,
        NotAsSeen: "changed",
        NotProposed: "unproposed",
        Conflict: "clash",
        Faulty: "faulty",
        ForgeUnavailable: "away",
        Refused: "refused",
    }
)


@dataclass(frozen=True)
class Read:
    """One proposal among several. `why_not`: why it cannot be published here, a code or ""."""

    id: str
    title: str
    type_label: str
    signed_as: str
    is_change: bool
    href: str
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    mark: str
    why_not: str
    said: str


@dataclass(frozen=True)
class Outcome:
    """What became of one: its decision, or why there is none."""

    title: str
    href: str
    decision: DecisionShown | None
    publication: PublicationShown | None
    said: str


class TogetherPages:
    """/redaction/ensemble/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._checking = Checking(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"together-{self._lang}", __name__)
        pages.after_request(private)
        self._gate.route(pages, "ensemble/", self.together)
        self._gate.route(pages, "ensemble/", self.publish, "POST")
        self._gate.route(pages, "ensemble/refuser/", self.decline, "POST")
        self._gate.route(pages, "ensemble/bilan/", self.report)
        return pages

    # Reading

    def together(self) -> Response:
        asked = _ids(request.args.getlist("id"))
        reviews = [review for id in asked[:MOST] if (review := self._review(id))]
        page = self._gate.render(
            "gateway/together.html",
            "ensemble/",
            proposals=[self._read(review) for review in reviews],
            left_out=max(0, len(asked) - MOST),
            most=MOST,
            publish_action=self._gate.address("ensemble/"),
            decline_action=self._gate.address("ensemble/refuser/"),
        )
        return make_response(page)

    def _review(self, id: str) -> Review | None:
        try:
            return self._gateway.desk.review(id)
        except NotFound:
            return None

    def _read(self, review: Review) -> Read:
        submission, document = review.submission, review.document
        index, site = self._gateway.library.index, self._gateway.site
        remarks = self._checking.remarks(review)
        why_not = self._why_not(review)
        beside = (said for sentences in remarks.fields.values() for said in sentences)
        return Read(
            id=submission.id,
            title=submission.title,
            type_label=document.type.label.get(self._lang),
            signed_as=submission.signed_as,
            is_change=review.is_change,
            href=self._gate.address(f"{submission.id}/"),
            changes=changes(review.before, document, index, site, self._lang),
            remarks=(*remarks.whole, *beside),
            mark=review.mark,
            why_not=why_not,
            said=words(self._lang).gettext(WHY_NOT[why_not]) if why_not else "",
        )

    def _why_not(self, review: Review) -> str:
        """Why it is to be read alone: a code of WHY_NOT, "" if it may be published with others."""
        submission, remarks = review.submission, self._checking.remarks(review)
        reasons = {
            DECIDED: submission.state not in UNDECIDED,
            "held": submission.state is State.HELD,
            "dead": submission.state is State.DEAD,
            "asked": submission.asked,
            "amended": review.amended,
            "remarks": bool(remarks.whole or remarks.fields),
            "twin": Flag.DUPLICATE in self._gateway.flags.look(submission),
            "away": not review.mark,
        }
        return next((code for code, holds in reasons.items() if holds), "")

    # Deciding

    def publish(self) -> Response:
        """Those that are ticked, each if it is still what was read and safe to be published so."""
        by = self._gate.name()

        def one(id: str, seen: str) -> str:
            if code := self._why_not(self._gateway.desk.review(id)):
                return code
            self._gateway.desk.publish(id, by, seen)
            return DONE

        return self._each(one)

    def decline(self) -> Response:
        """The question first: why; then those that are ticked, each in its contributor's words."""
        kind, typed = request.form.get("kind", ""), request.form.get("reason")
        added = clean((typed or "").replace("\r\n", "\n").strip())
        chosen = reason_for(self._gateway, kind, added, self._lang)
        if typed is None or not chosen or len(added) > LONGEST_WORDS:
            return self._why(Attempt(self._missing(typed, added), kind, added))
        by, desk = self._gate.name(), self._gateway.desk

        def one(id: str, seen: str) -> str:
            reason = reason_for(self._gateway, kind, added, desk.find(id).lang)
            desk.decline(id, by, reason, seen)
            return DONE

        return self._each(one)

    def _missing(self, typed: str | None, added: str) -> str:
        say = words(self._lang).gettext
        if typed is None:  # it was not asked yet
            return ""
        if added:
            return say("This is too long: %s characters at most.") % LONGEST_WORDS
        return say("Choose or write a reason: the contributor will read it.")

    def _why(self, attempt: Attempt) -> Response:
        chosen = [s for id in _chosen() if (s := self._gateway.store.find(id))]
        if not chosen:
            return self._gate.go("ensemble/bilan/")
        page = self._gate.render(
            "gateway/decline_together.html",
            "ensemble/refuser/",
            titles=[submission.title for submission in chosen],
            carried=[pair for s in chosen for pair in (("id", s.id), (_seen(s.id), _mark(s.id)))],
            kinds=kind_sentences(self._gateway, self._lang),
            attempt=attempt,
            decline_action=self._gate.address("ensemble/refuser/"),
        )
        return make_response(page, 422 if attempt.missing else 200)

    def _each(self, decide: Callable[[str, str], str]) -> Response:
        """Decide on each that is ticked, and tell what became of all."""
        told = [("r", f"{id}.{self._one(id, decide)}") for id in _chosen()]
        return self._gate.go(f"ensemble/bilan/?{urlencode(told)}")

    def _one(self, id: str, decide: Callable[[str, str], str]) -> str:
        """What became of it, as a code; one that fails stops none of the others."""
        seen = _mark(id)
        try:
            return decide(id, seen) if seen else "changed"
        except NotFound:
            return DECIDED
        except DECISION_FAULTS as error:
            codes = (code for kind, code in CODES.items() if isinstance(error, kind))
            return next(codes, "refused")

    # What became of them

    def report(self) -> Response:
        told = [one.rpartition(".")[::2] for one in request.args.getlist("r")[:MOST]]
        found = [self._outcome(id, code) for id, code in dict(told).items()]
        page = self._gate.render(
            "gateway/together_done.html",
            "ensemble/bilan/",
            outcomes=[outcome for outcome in found if outcome],
            journal_href=self._gate.address("journal/"),
        )
        return make_response(page)

    def _outcome(self, id: str, code: str) -> Outcome | None:
        """As it is now: what an address tells counts only while nothing is decided."""
        submission = self._gateway.store.find(id)
        if submission is None:
            return None
        say, decision = words(self._lang).gettext, shown_decision(submission)
        return Outcome(
            title=submission.title,
            href=self._gate.address(f"{id}/"),
            decision=decision,
            publication=publication(self._gateway, submission, self._lang),
            said="" if decision else say(WHY_NOT.get(code, WHY_NOT[DONE])),
        )


def _ids(given: Sequence[str]) -> list[str]:
    """Each once, in their order."""
    return [id for id in dict.fromkeys(given) if id]


def _chosen() -> list[str]:
    return _ids(request.form.getlist("id"))[:MOST]


def _seen(id: str) -> str:
    """The name of the field that carries what was read of it."""
    return f"seen-{id}"


def _mark(id: str) -> str:
    return request.form.get(_seen(id), "")
