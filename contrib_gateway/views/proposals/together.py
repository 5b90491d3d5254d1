"""Several proposals read one below the other and decided at once, each on what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.views.checking import Checking
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.proposals.decision import (
    Attempt,
    PublicationShown,
    kind_sentences,
    publication,
    reason_fault,
    reason_for,
)
from contrib_gateway.views.proposals.obstacles import CHANGED, DONE, OBSTACLES, failure, obstacle
from contrib_gateway.views.shown import DecisionShown, shown_decision
from contrib_gateway.views.typed import typed
from plugins.render import Change, changes
from plugins.render.words import words

MOST = 20  # read together


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
        pages = self._gate.blueprint("together")
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
        why_not = obstacle(self._gateway, review, remarks)
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
            said=words(self._lang).gettext(OBSTACLES[why_not]) if why_not else "",
        )

    # Deciding

    def publish(self) -> Response:
        """Those that are ticked, each if it is still what was read and safe to be published so."""
        by = self._gate.name()

        def one(id: str, seen: str) -> str:
            review = self._gateway.desk.review(id)
            if code := obstacle(self._gateway, review, self._checking.remarks(review)):
                return code
            self._gateway.desk.publish(id, by, seen)
            return DONE

        return self._each(one)

    def decline(self) -> Response:
        """The question first: why; then those that are ticked, each in its contributor's words."""
        kind, added = request.form.get("kind", ""), typed("reason")
        if "reason" not in request.form:  # it was not asked yet
            return self._why(Attempt(kind=kind))
        if fault := reason_fault(self._gateway, kind, added, self._lang):
            return self._why(Attempt(fault, kind, added))
        by, desk = self._gate.name(), self._gateway.desk

        def one(id: str, seen: str) -> str:
            reason = reason_for(self._gateway, kind, added, desk.find(id).lang)
            desk.decline(id, by, reason, seen)
            return DONE

        return self._each(one)

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
            return decide(id, seen) if seen else CHANGED
        except NotFound:  # of a type that is gone, say
            return DONE
        except DECISION_FAULTS as error:
            return failure(error)

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
            said="" if decision else say(OBSTACLES.get(code, OBSTACLES[DONE])),
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
