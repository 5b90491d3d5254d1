"""The review desk: what waits, one proposal, the decisions on it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from contrib_gateway.desk import LONGEST_WORDS
from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.store import CONTACT, CORRECTABLE, RELAY, UNDECIDED, State, Submission
from contrib_gateway.views.faults import DECISION_FAULTS, decision_fault, refusal
from contrib_gateway.views.gate import Gate, Page
from contrib_gateway.views.receipts import clean, private
from contrib_gateway.views.shown import (
    HELD_FOR,
    SCREENING,
    SUSPECT,
    Line,
    Subject,
    conversation,
    is_answered,
    is_suspect,
    shown_build,
    shown_decision,
)
from plugins.render import changes, document_page, sentence
from plugins.render.words import words
from plugins.schema import Schema

SEEN = "_seen"


class DeskPages:
    """/redaction/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"desk-{self._lang}", __name__)
        pages.after_request(private)

        def route(rule: str, page: Page, method: str = "GET") -> None:
            self._gate.route(pages, rule, page, method)

        route("", self.waiting)
        route("<id>/", self.proposal)
        route("<id>/page/", self.preview)
        route("<id>/publier/", self.publish, "POST")
        route("<id>/refuser/", self.decline, "POST")
        route("<id>/demander/", self.ask, "POST")
        route("<id>/reprendre/", self.try_again, "POST")
        route("reprendre/", self.try_all_again, "POST")
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
                pages_href=self._gate.address("fiches/"),
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

    def proposal(
        self,
        id: str,
        status: int = 200,
        *,
        fault: str = "",
        missing: str = "",
        unasked: str = "",
        typed: str = "",
    ) -> Response:
        review = self._gateway.desk.review(id)
        submission, document = review.submission, review.document
        index, site = self._gateway.library.index, self._gateway.site
        shown = changes(review.before, document, index, site, self._lang)
        url = document.url or ""
        is_dead = submission.state is State.DEAD
        page = self._gate.render(
            "gateway/proposal.html",
            f"{id}/",
            desk_href=self._gate.address(""),
            proposal=Subject(submission.title, submission.signed_as, submission.accepted_at),
            content_type=document.type,
            changes=shown,
            is_change=review.before is not None,
            preview_href=self._gate.address(f"{id}/page/"),
            page_href=site.href(url, self._lang) if index.refers(document.ref) else None,
            remarks=self._remarks(review),
            notes=self._notes(review),
            asked=submission.asked and submission.state in CORRECTABLE,
            answered=is_answered(self._gateway.store, submission),
            mailed=self._gateway.post is not None and CONTACT in submission.private,
            publish_action=self._gate.address(f"{id}/publier/"),
            decline_action=self._gate.address(f"{id}/refuser/"),
            again_action=self._gate.address(f"{id}/reprendre/") if is_dead else None,
            forge_href=review.forge_url,
            seen=review.mark,
            correct_href=self._if_open(submission, "corriger"),
            clashes=bool(review.clashes),
            said=conversation(self._gateway.store, submission, self._lang),
            ask_action=self._if_open(submission, "demander"),
            ask_fault=unasked,
            typed=typed,
            decision=shown_decision(submission),
            fault=fault,
            decline_fault=missing,
        )
        return make_response(page, status)

    def _if_open(self, submission: Submission, verb: str) -> str | None:
        is_open = submission.state in CORRECTABLE
        return self._gate.address(f"{submission.id}/{verb}/") if is_open else None

    def _notes(self, review: Review) -> list[str]:
        """What there is to know, and nothing to doubt."""
        say = words(self._lang).gettext
        submission, said = review.submission, []
        if review.amended:
            said.append(say("Its contributor has changed it since: this is the new version."))
        if submission.state is State.HELD and SCREENING in submission.reason.split():
            said.append(say(HELD_FOR[SCREENING]))
        return said

    def _remarks(self, review: Review) -> list[str]:
        """Why it was held, why it is dead, what the checker finds."""
        say = words(self._lang).gettext
        submission = review.submission
        said = []
        if submission.state is State.HELD or review.amended:
            codes = [code for code in submission.reason.split() if code in SUSPECT]
            said = [say(HELD_FOR[code]) for code in codes]
        if submission.state is State.DEAD:
            said = [refusal(submission.reason, self._lang)]
        if submission.state in UNDECIDED and (address := submission.private.get(RELAY)):
            letters = say("What visitors write to this structure would go to %s, unseen by them.")
            said.append(letters % address)
            told = self._gateway.store.reach(submission.document_id).address
            if self._gateway.correspondence.is_stopped(review.document):
                said.append(say("They had asked for no more messages: ask them first."))
            if told and told != address:
                said.append(say("Until now it goes to %s: ask them, if you do not know.") % told)
        if review.clashes:
            said.append(self._clashing(review))
        if review.others:
            touched = ", ".join(review.others)
            said.append(
                say("Somebody added other files, which would be published too: %s") % touched
            )
        problems = review.problems if submission.state in UNDECIDED else ()
        return said + [sentence(found, review.document.type, self._lang) for found in problems]

    def _clashing(self, review: Review) -> str:
        """Which answers somebody else changed too: what is shown is this proposal's."""
        fields, body = review.document.type.fields, review.document.type.body
        labels = {name: field.label.get(self._lang) for name, field in fields.items()}
        labels["body"] = body.label.get(self._lang) if body else "body"
        names = dict.fromkeys(name.partition(".")[0] for name in review.clashes)
        said = words(self._lang).gettext(
            "Since it was written, somebody else has changed the same answers: %s. It cannot be"
            " published as it is: nobody’s words are overwritten."
        )
        return said % " · ".join(labels.get(name, name) for name in names)

    def preview(self, id: str) -> Response:
        review = self._gateway.desk.review(id)
        index = self._gateway.library.index
        theme = self._gateway.theme(index.schema)
        banner = theme.render("components/preview_banner.html", self._lang, None)
        page = document_page(
            theme,
            review.document,
            index.replacing(review.document),
            self._lang,
            banner=Markup(banner),  # noqa: S704 — made by our own template
        )
        return make_response(page)

    def publish(self, id: str) -> Response:
        seen = request.form.get(SEEN, "") or "nothing"
        return self._deciding(id, lambda: self._gateway.desk.publish(id, self._gate.name(), seen))

    def decline(self, id: str) -> Response:
        reason = request.form.get("reason", "").strip()
        say = words(self._lang).gettext
        if not reason or len(reason) > LONGEST_WORDS:
            missing = say("Write a reason: the contributor will read it.")
            long = say("This is too long: %s characters at most.") % LONGEST_WORDS
            return self.proposal(id, 422, missing=long if reason else missing, typed=reason)
        return self._deciding(id, lambda: self._gateway.desk.decline(id, self._gate.name(), reason))

    def ask(self, id: str) -> Response:
        text = clean(request.form.get("text", "").replace("\r\n", "\n").strip())
        say = words(self._lang).gettext
        if not text or len(text) > LONGEST_WORDS:
            missing = say("Write your question: the contributor will read it.")
            long = say("This is too long: %s characters at most.") % LONGEST_WORDS
            return self.proposal(id, 422, unasked=long if text else missing, typed=text)
        return self._deciding(id, lambda: self._gateway.desk.ask(id, self._gate.name(), text))

    def try_again(self, id: str) -> Response:
        return self._deciding(id, lambda: self._gateway.desk.try_again(id, self._gate.name()))

    def try_all_again(self) -> Response:
        self._gateway.desk.try_all_again(self._gate.name())
        return self._gate.go("")

    def _deciding(self, id: str, decide: Callable[[], object]) -> Response:
        """Back to the proposal: decided, or with a sentence that says why not."""
        try:
            decide()
        except DECISION_FAULTS as error:
            schema = self._gateway.library.schema
            fault = decision_fault(error, schema, self._lang)
            return self.proposal(id, error.status, fault=fault)
        return self._gate.go(f"{id}/")
