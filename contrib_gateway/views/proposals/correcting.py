"""Correcting a proposal at the desk, in the same form, and publishing it; its conflicts too."""

from __future__ import annotations

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import GatewayError
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket
from contrib_gateway.review import Review
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.store import UNDECIDED
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.forms.filling import Filling
from contrib_gateway.views.forms.task import LEAVE, Clashing, Task
from contrib_gateway.views.gate import CSRF, Gate
from plugins.render import Change, changes
from plugins.schema import Audience, Document


class CorrectingPages:
    """/redaction/<id>/corriger/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._filling = Filling(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("correcting")
        self._gate.route(pages, "<id>/corriger/", self.form)
        self._gate.route(pages, "<id>/corriger/", self.correct, "POST")
        return pages

    def form(self, id: str) -> Response:
        review = self._gateway.desk.review(id)
        if review.submission.state not in UNDECIDED:
            return self._gate.go(f"{id}/")
        return make_response(self._filling.show(self._task(review)))

    def correct(self, id: str) -> Response:
        """Decided or changed meanwhile, what was typed is shown again, and why."""
        review = self._gateway.desk.review(id)
        task = self._task(review)
        try:
            return make_response(self._filling.send(task))
        except DECISION_FAULTS as error:
            return make_response(*self._again(task, error))

    def _again(self, task: Task, error: GatewayError) -> tuple[str, int]:
        return self._filling.again(task, self._gate.fault(error)), error.status

    def _task(self, review: Review) -> Task:
        submission, document = review.submission, review.document
        id, content = submission.id, self._gateway.library.content
        by = self._gate.name

        def revision(ticket: Ticket | None) -> Revision:
            mark = ticket.commit if ticket else review.mark
            return Revision(document, document, content.index, mark, audience=Audience.EDITOR)

        def accept(draft: Draft) -> str:
            corrected = self._gateway.reception.document(draft)
            seen = draft.revision.commit if draft.revision else ""
            decide = (
                self._gateway.desk.keep if LEAVE in request.form else self._gateway.desk.correct
            )
            decide(id, by(), corrected, seen)
            return self._gate.address(f"{id}/")

        return Task(
            document.type,
            content,
            form=f"redaction {id}",
            path=f"redaction/{id}/corriger/",
            accept=accept,
            revision=revision,
            commit=review.mark,
            private=submission.private,
            amends=True,
            back=f"redaction/{id}/",
            audience=Audience.EDITOR,
            hidden=((CSRF, self._gate.csrf()),),
            clashes=self._clashes(review),
            may_leave=submission.is_editors,
        )

    def _clashes(self, review: Review) -> tuple[Clashing, ...]:
        before, theirs, now = map(self._said, (review.seen, review.document, review.before))
        said = [
            (name, before.get(name), theirs.get(name), now.get(name)) for name in review.clashes
        ]
        return tuple(
            Clashing(name, next((c.label for c in sides if c), name), *sides)
            for name, *sides in said
        )

    def _said(self, document: Document | None) -> dict[str, Change]:
        """What a document says, by field."""
        index, site = self._gateway.library.index, self._gateway.site
        found = changes(None, document, index, site, self._lang) if document else ()
        return {change.name: change for change in found}
