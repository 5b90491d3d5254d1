"""One proposal on the desk: what it says, what changes, what there is to check and to know."""

from __future__ import annotations

from flask import make_response
from markupsafe import Markup
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.store import CONTACT, CORRECTABLE, RELAY, UNDECIDED, State, Submission
from contrib_gateway.views.faults import refusal
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.shown import (
    HELD_FOR,
    SCREENING,
    SUSPECT,
    Subject,
    conversation,
    is_answered,
    shown_decision,
)
from plugins.render import changes, document_page, sentence
from plugins.render.words import words


class ProposalPage:
    """/redaction/<id>/ in one language, to be read."""

    def __init__(self, gateway: Gateway, lang: str, gate: Gate) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = gate

    def show(
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
