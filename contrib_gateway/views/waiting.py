"""The desk's first page: what waits for an editor, what was decided lately, how the site is."""

from __future__ import annotations

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import State, Submission
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.receipts import private
from contrib_gateway.views.shown import Line, is_answered, is_suspect, shown_build
from plugins.schema import Schema


class WaitingPages:
    """/redaction/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"waiting-{self._lang}", __name__)
        pages.after_request(private)
        self._gate.route(pages, "", self.waiting)
        self._gate.route(pages, "reprendre/", self.try_all_again, "POST")
        return pages

    def waiting(self) -> Response:
        schema = self._gateway.library.schema
        waiting = [self._line(s, schema) for s in self._gateway.desk.waiting()]
        decided = [self._line(s, schema) for s in self._gateway.desk.decided()]
        return make_response(
            self._gate.render(
                "gateway/desk.html",
                "",
                editor=self._gate.name(),
                overdue=len(self._gateway.edition.overdue()),
                account_href=self._gate.address("compte/"),
                logout_action=self._gate.address("sortir/"),
                waiting=waiting,
                decided=decided,
                build=shown_build(self._gateway.store.last_build()),
                dead=sum(line.state == State.DEAD for line in waiting),
                again_action=self._gate.address("reprendre/"),
            )
        )

    def _line(self, submission: Submission, schema: Schema) -> Line:
        known, store = schema.types.get(submission.type), self._gateway.store
        return Line(
            title=submission.title,
            href=self._gate.address(f"{submission.id}/"),
            type_label=known.label.get(self._lang) if known else submission.type,
            at=submission.decided_at or submission.accepted_at,
            signed_as=submission.signed_as,
            state=str(submission.state),
            outcome="merged" if submission.state is State.PUBLISHED else "declined",
            by=submission.decided_by,
            is_change=bool(submission.page),
            is_suspect=is_suspect(submission),
            asked=submission.asked,
            answered=is_answered(store, submission),
        )

    def try_all_again(self) -> Response:
        self._gateway.desk.try_all_again(self._gate.name())
        return self._gate.go("")
