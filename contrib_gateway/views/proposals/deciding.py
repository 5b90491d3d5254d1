"""What editors decide on one proposal: publish, decline, undo, ask, try again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contrib_gateway.desk import LONGEST_WORDS
from contrib_gateway.gateway import Gateway
from contrib_gateway.views.faults import DECISION_FAULTS, undo_fault
from contrib_gateway.views.gate import SEEN, Gate, Page
from contrib_gateway.views.proposals.decision import (
    NOTHING,
    Attempt,
    reason_fault,
    reason_for,
    too_long,
)
from contrib_gateway.views.proposals.proposal import ProposalPage
from contrib_gateway.views.typed import typed
from plugins.render.words import words


class DecidingPages:
    """/redaction/<id>/ in one language, and the decisions that are taken there."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._page = ProposalPage(gateway, lang, self._gate)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("deciding")

        def route(rule: str, page: Page, method: str = "GET") -> None:
            self._gate.route(pages, rule, page, method)

        route("<id>/", self.proposal)
        route("<id>/page/", self.preview)
        route("<id>/publier/", self.publish, "POST")
        route("<id>/refuser/", self.decline, "POST")
        route("<id>/annuler/", self.undo, "POST")
        route("<id>/demander/", self.ask, "POST")
        route("<id>/reprendre/", self.try_again, "POST")
        return pages

    def proposal(self, id: str) -> Response:
        return self._page.show(id)

    def preview(self, id: str) -> Response:
        return self._page.preview(id)

    def publish(self, id: str) -> Response:
        by, seen = self._gate.name(), read_mark()
        return self._deciding(id, lambda: self._gateway.desk.publish(id, by, seen), "?suite=1")

    def decline(self, id: str) -> Response:
        """With a sentence of the list, or with words of the editor's own, or with both."""
        kind, added = request.form.get("kind", ""), typed("reason")
        if fault := reason_fault(self._gateway, kind, added, self._lang):
            return self._page.show(id, 422, attempt=Attempt(fault, kind, added))
        reason = reason_for(self._gateway, kind, added, self._gateway.desk.find(id).lang)
        by, seen = self._gate.name(), read_mark()
        return self._deciding(
            id,
            lambda: self._gateway.desk.decline(id, by, reason, seen),
            attempt=Attempt("", kind, added),
        )

    def undo(self, id: str) -> Response:
        """Take back what was published; a reason may be told, and need not be."""
        why = typed("why")
        attempt = Attempt(undo_typed=why)
        if len(why) > LONGEST_WORDS:
            return self._page.show(id, 422, fault=too_long(self._lang), attempt=attempt)
        try:
            self._gateway.desk.undo(id, self._gate.name(), why)
        except DECISION_FAULTS as error:
            fault = undo_fault(error, self._gateway.library.schema, self._lang)
            return self._page.show(id, error.status, fault=fault, attempt=attempt)
        return self._gate.go(f"{id}/")

    def ask(self, id: str) -> Response:
        text, say = typed("text"), words(self._lang).gettext
        if not text or len(text) > LONGEST_WORDS:
            missing = say("Write your question: the contributor will read it.")
            fault = too_long(self._lang) if text else missing
            return self._page.show(id, 422, unasked=fault, typed=text)
        return self._deciding(id, lambda: self._gateway.desk.ask(id, self._gate.name(), text))

    def try_again(self, id: str) -> Response:
        return self._deciding(id, lambda: self._gateway.desk.try_again(id, self._gate.name()))

    def _deciding(
        self, id: str, decide: Callable[[], object], then: str = "", attempt: Attempt = NOTHING
    ) -> Response:
        """Back to the proposal: decided, or why not, and what was sent in vain."""
        try:
            decide()
        except DECISION_FAULTS as error:
            fault = self._gate.fault(error)
            return self._page.show(id, error.status, fault=fault, attempt=attempt)
        return self._gate.go(f"{id}/{then}")


def read_mark() -> str:
    """The mark of what its editor read; one that is not there is no mark of anything."""
    return request.form.get(SEEN, "") or "nothing"
