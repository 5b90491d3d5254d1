"""One proposal on the desk: what it says, what changes, what there is to check and to know."""

from __future__ import annotations

from collections.abc import Collection

from flask import make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.store import CONTACT, CORRECTABLE, State, Submission
from contrib_gateway.views.checking import Checking
from contrib_gateway.views.decision import Attempt, decision_part, pause
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.likeness import Likeness
from contrib_gateway.views.shown import Subject, conversation, is_answered, shown_decision
from plugins.render import Change, changes, document_page
from plugins.schema import Document


class ProposalPage:
    """/redaction/<id>/ in one language, to be read."""

    def __init__(self, gateway: Gateway, lang: str, gate: Gate) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = gate
        self._checking = Checking(gateway, lang)
        self._likeness = Likeness(gateway, lang, gate)

    def show(
        self,
        id: str,
        status: int = 200,
        *,
        fault: str = "",
        attempt: Attempt = Attempt(),  # noqa: B008 — frozen
        unasked: str = "",
        typed: str = "",
    ) -> Response:
        review = self._gateway.desk.review(id)
        submission, document = review.submission, review.document
        index, site = self._gateway.library.index, self._gateway.site
        remarks = self._checking.remarks(review)
        rows = self._rows(review, remarks.fields)
        url = document.url or ""
        is_dead = submission.state is State.DEAD
        watch = request.method == "GET" and request.args.get("suite") == "1"
        part = decision_part(self._gateway, self._gate, submission, attempt, watch=watch)
        page = self._gate.render(
            "gateway/proposal.html",
            f"{id}/",
            proposal=Subject(submission.title, submission.signed_as, submission.accepted_at),
            content_type=document.type,
            changes=rows,
            meanwhile=self._meanwhile(review),
            is_change=review.is_change,
            has_before=review.before is not None,
            preview_href=self._gate.address(f"{id}/page/"),
            page_href=site.href(url, self._lang) if index.refers(document.ref) else None,
            remarks=remarks.whole,
            beside=remarks.fields,
            notes=remarks.notes,
            likes=self._likeness.of(review),
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
            part=part,
        )
        answer = make_response(page, status)
        if part.watching:
            answer.headers["Refresh"] = str(pause(self._gateway, submission))
        return answer

    def _if_open(self, submission: Submission, verb: str) -> str | None:
        is_open = submission.state in CORRECTABLE
        return self._gate.address(f"{submission.id}/{verb}/") if is_open else None

    def _rows(self, review: Review, also: Collection[str]) -> tuple[Change, ...]:
        """What it changes, and the fields that are also to be shown; where somebody else changed
        the same, from what stood before both.
        """
        clashes = review.clashes
        rows = self._changes(review.before, review.document, {*also, *clashes})
        told = {row.name: row for row in self._changes(review.seen, review.document, clashes)}
        return tuple(told[row.name] if row.name in clashes else row for row in rows)

    def _meanwhile(self, review: Review) -> dict[str, Change]:
        """What somebody else made of the same fields, by name."""
        names = review.clashes
        rows = self._changes(review.seen, review.before, names) if names else ()
        return {row.name: row for row in rows if row.name in names}

    def _changes(
        self, before: Document | None, after: Document | None, also: Collection[str]
    ) -> tuple[Change, ...]:
        index, site = self._gateway.library.index, self._gateway.site
        return changes(before, after, index, site, self._lang, also=also)

    def preview(self, id: str) -> Response:
        review = self._gateway.desk.review(id)
        index = self._gateway.library.index
        theme = self._gateway.theme(index.schema)
        is_public = review.submission.state is State.PUBLISHED
        unpublished = theme.render("components/preview_banner.html", self._lang, None)
        page = document_page(
            theme,
            review.document,
            index.replacing(review.document),
            self._lang,
            banner=Markup("" if is_public else unpublished),  # noqa: S704 — made by our own template
        )
        return make_response(page)
