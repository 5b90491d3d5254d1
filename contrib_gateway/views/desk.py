"""The review desk: signing in, what waits, one proposal, the two decisions."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, g, make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from contrib_gateway.desk import Review
from contrib_gateway.errors import Forbidden, SignedOut
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import keyed
from contrib_gateway.lookout import RELAY
from contrib_gateway.store import Session, State, Submission
from contrib_gateway.views.faults import DECISION_FAULTS, decision_fault, refusal
from contrib_gateway.views.receipts import OPEN as ASKABLE
from contrib_gateway.views.receipts import clean, private
from contrib_gateway.views.shown import (
    HELD_FOR,
    OPEN,
    Line,
    Subject,
    conversation,
    shown_build,
    shown_decision,
)
from plugins.render import changes, document_page, sentence
from plugins.render.words import words
from plugins.schema import Schema

COOKIE = "vigie-desk"
CSRF = "_csrf"
SEEN = "_seen"
Page = Callable[..., Response]


class DeskPages:
    """/redaction/ in one language. Every page but the door asks for a session."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"desk-{self._lang}", __name__)
        pages.after_request(private)

        def route(rule: str, page: Page, method: str = "GET") -> None:
            guarded = page if page == self.enter else self._guarded(page)
            pages.add_url_rule(f"/redaction/{rule}", page.__name__, guarded, methods=[method])

        route("", self.waiting)
        route("entrer/<token>/", self.enter)
        route("sortir/", self.leave, "POST")
        route("<id>/", self.proposal)
        route("<id>/page/", self.preview)
        route("<id>/publier/", self.publish, "POST")
        route("<id>/refuser/", self.decline, "POST")
        route("<id>/demander/", self.ask, "POST")
        route("<id>/reprendre/", self.try_again, "POST")
        route("reprendre/", self.try_all_again, "POST")
        return pages

    def _guarded(self, page: Page) -> Page:
        """Only with a session; a POST only with that session's token, from our own pages."""

        @wraps(page)
        def guarded(**arguments: Any) -> Response:
            session = self._session()
            if session is None:
                raise SignedOut("no session")
            g.session = session
            if request.method == "POST":
                sent = request.form.get(CSRF, "")
                if not hmac.compare_digest(self._csrf().encode(), sent.encode()):
                    raise Forbidden("the form was not made for this session")
            return page(**arguments)

        return guarded

    def _session(self) -> Session | None:
        token = request.cookies.get(COOKIE, "")
        session = self._gateway.store.session(token) if token else None
        editors = {editor.address for editor in self._gateway.settings.editors}
        return session if session and session.address in editors else None

    def _csrf(self) -> str:
        token = request.cookies.get(COOKIE, "")
        return keyed(self._gateway.settings.secret_key, "csrf", token)

    def _name(self) -> str:
        """How the editor is named in the history: never by an address."""
        return editor_name(g.session.address)

    def _address(self, path: str) -> str:
        return self._gateway.site.gateway(f"redaction/{path}", self._lang)

    def _go(self, path: str) -> Response:
        return redirect(self._address(path), 303)

    def _render(self, template: str, path: str, **values: object) -> str:
        theme = self._gateway.theme(self._gateway.library.schema)
        path = f"redaction/{path}"
        return theme.render(template, self._lang, path, csrf=self._csrf(), **values)

    def enter(self, token: str) -> Response:
        """Sign in by a link that serves once; following it again while signed in does no harm."""
        if request.method == "HEAD":  # a preview of the link must not use it up
            return make_response("")
        secret = self._gateway.store.redeem_login(token)
        if secret is None:
            if self._session():
                return self._go("")
            raise SignedOut("this link has been used or is too old", used=True)
        answer = self._go("")
        secure = self._gateway.settings.gateway_url.startswith("https:")
        answer.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=secure)
        return answer

    def leave(self) -> Response:
        self._gateway.store.end_session(request.cookies[COOKIE])
        answer = redirect(self._gateway.site.href("", self._lang), 303)
        answer.delete_cookie(COOKIE)
        return answer

    def waiting(self) -> Response:
        schema = self._gateway.library.schema
        waiting = [self._line(s, schema) for s in self._gateway.desk.waiting()]
        decided = [self._line(s, schema) for s in self._gateway.desk.decided()]
        return make_response(
            self._render(
                "gateway/desk.html",
                "",
                editor=self._name(),
                logout_action=self._address("sortir/"),
                waiting=waiting,
                decided=decided,
                build=shown_build(self._gateway.store.last_build()),
                dead=sum(line.state == State.DEAD for line in waiting),
                again_action=self._address("reprendre/"),
            )
        )

    def _line(self, submission: Submission, schema: Schema) -> Line:
        known = schema.types.get(submission.type)
        return Line(
            title=submission.title,
            href=self._address(f"{submission.id}/"),
            type_label=known.label.get(self._lang) if known else submission.type,
            at=submission.decided_at or submission.accepted_at,
            signed_as=submission.signed_as,
            state=str(submission.state),
            outcome="merged" if submission.state is State.PUBLISHED else "declined",
            by=submission.decided_by,
        )

    def proposal(
        self, id: str, status: int = 200, *, fault: str = "", missing: str = "", unasked: str = ""
    ) -> Response:
        review = self._gateway.desk.review(id)
        submission, document = review.submission, review.document
        index, site = self._gateway.library.index, self._gateway.site
        shown = changes(review.before, document, index, site, self._lang)
        url = document.url or ""
        is_dead = submission.state is State.DEAD
        page = self._render(
            "gateway/proposal.html",
            f"{id}/",
            desk_href=self._address(""),
            proposal=Subject(submission.title, submission.signed_as, submission.accepted_at),
            content_type=document.type,
            changes=shown,
            is_change=review.before is not None,
            preview_href=self._address(f"{id}/page/"),
            page_href=site.href(url, self._lang) if index.refers(document.ref) else None,
            remarks=self._remarks(review),
            publish_action=self._address(f"{id}/publier/"),
            decline_action=self._address(f"{id}/refuser/"),
            again_action=self._address(f"{id}/reprendre/") if is_dead else None,
            forge_href=review.forge_url,
            seen=review.head,
            said=conversation(self._gateway.store, submission, self._lang),
            ask_action=self._address(f"{id}/demander/") if submission.state in ASKABLE else None,
            ask_fault=unasked,
            decision=shown_decision(submission),
            fault=fault,
            decline_fault=missing,
        )
        return make_response(page, status)

    def _remarks(self, review: Review) -> list[str]:
        """Why it was held, why it is dead, what the checker finds."""
        say = words(self._lang).gettext
        submission = review.submission
        said = []
        if submission.state is State.HELD:
            said = [say(HELD_FOR[code]) for code in submission.reason.split() if code in HELD_FOR]
        if submission.state is State.DEAD:
            said = [refusal(submission.reason, self._lang)]
        if submission.state in OPEN and (address := submission.private.get(RELAY)):
            letters = say("What visitors write to this structure would go to %s, unseen by them.")
            said.append(letters % address)
            told = self._gateway.store.address(submission.document_id)
            if told and told != address:
                said.append(say("Until now it goes to %s: ask them, if you do not know.") % told)
        if review.clashes:
            said.append(self._clashing(review))
        if review.others:
            touched = ", ".join(review.others)
            said.append(
                say("Somebody added other files, which would be published too: %s") % touched
            )
        problems = review.problems if submission.state in OPEN else ()
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
        seen = request.form.get(SEEN, "")
        return self._deciding(id, lambda: self._gateway.desk.publish(id, self._name(), seen))

    def decline(self, id: str) -> Response:
        reason = request.form.get("reason", "").strip()
        if not reason:
            missing = words(self._lang).gettext("Write a reason: the contributor will read it.")
            return self.proposal(id, 422, missing=missing)
        return self._deciding(id, lambda: self._gateway.desk.decline(id, self._name(), reason))

    def ask(self, id: str) -> Response:
        text = clean(request.form.get("text", "").replace("\r\n", "\n").strip())
        if not text:
            missing = words(self._lang).gettext(
                "Write your question: the contributor will read it."
            )
            return self.proposal(id, 422, unasked=missing)
        return self._deciding(id, lambda: self._gateway.desk.ask(id, self._name(), text))

    def try_again(self, id: str) -> Response:
        return self._deciding(id, lambda: self._gateway.desk.try_again(id, self._name()))

    def try_all_again(self) -> Response:
        self._gateway.desk.try_all_again(self._name())
        return self._go("")

    def _deciding(self, id: str, decide: Callable[[], object]) -> Response:
        """Back to the proposal: decided, or with a sentence that says why not."""
        try:
            decide()
        except DECISION_FAULTS as error:
            schema = self._gateway.library.schema
            fault = decision_fault(error, schema, self._lang)
            return self.proposal(id, error.status, fault=fault)
        return self._go(f"{id}/")


def editor_name(address: str) -> str:
    """A name from an address, without the address: "marie.dupont@…" is "Marie Dupont"."""
    return address.partition("@")[0].replace(".", " ").replace("_", " ").title()
