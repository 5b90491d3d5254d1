"""What editors decide on one proposal: publish, decline, ask, try again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contrib_gateway.desk import LONGEST_WORDS
from contrib_gateway.gateway import Gateway
from contrib_gateway.views.faults import DECISION_FAULTS, decision_fault
from contrib_gateway.views.gate import Gate, Page
from contrib_gateway.views.proposal import ProposalPage
from contrib_gateway.views.receipts import clean, private
from plugins.render.words import words

SEEN = "_seen"


class DecidingPages:
    """/redaction/<id>/ in one language, and the decisions that are taken there."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._page = ProposalPage(gateway, lang, self._gate)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"deciding-{self._lang}", __name__)
        pages.after_request(private)

        def route(rule: str, page: Page, method: str = "GET") -> None:
            self._gate.route(pages, rule, page, method)

        route("<id>/", self.proposal)
        route("<id>/page/", self.preview)
        route("<id>/publier/", self.publish, "POST")
        route("<id>/refuser/", self.decline, "POST")
        route("<id>/demander/", self.ask, "POST")
        route("<id>/reprendre/", self.try_again, "POST")
        return pages

    def proposal(self, id: str) -> Response:
        return self._page.show(id)

    def preview(self, id: str) -> Response:
        return self._page.preview(id)

    def publish(self, id: str) -> Response:
        seen = request.form.get(SEEN, "") or "nothing"
        return self._deciding(id, lambda: self._gateway.desk.publish(id, self._gate.name(), seen))

    def decline(self, id: str) -> Response:
        reason = request.form.get("reason", "").strip()
        say = words(self._lang).gettext
        if not reason or len(reason) > LONGEST_WORDS:
            missing = say("Write a reason: the contributor will read it.")
            long = say("This is too long: %s characters at most.") % LONGEST_WORDS
            return self._page.show(id, 422, missing=long if reason else missing, typed=reason)
        return self._deciding(id, lambda: self._gateway.desk.decline(id, self._gate.name(), reason))

    def ask(self, id: str) -> Response:
        text = clean(request.form.get("text", "").replace("\r\n", "\n").strip())
        say = words(self._lang).gettext
        if not text or len(text) > LONGEST_WORDS:
            missing = say("Write your question: the contributor will read it.")
            long = say("This is too long: %s characters at most.") % LONGEST_WORDS
            return self._page.show(id, 422, unasked=long if text else missing, typed=text)
        return self._deciding(id, lambda: self._gateway.desk.ask(id, self._gate.name(), text))

    def try_again(self, id: str) -> Response:
        return self._deciding(id, lambda: self._gateway.desk.try_again(id, self._gate.name()))

    def _deciding(self, id: str, decide: Callable[[], object]) -> Response:
        """Back to the proposal: decided, or with a sentence that says why not."""
        try:
            decide()
        except DECISION_FAULTS as error:
            schema = self._gateway.library.schema
            fault = decision_fault(error, schema, self._lang)
            return self._page.show(id, error.status, fault=fault)
        return self._gate.go(f"{id}/")
