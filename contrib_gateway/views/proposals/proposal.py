"""One proposal on the desk: what it says, what changes, what there is to check and to know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.store import CONTACT, CORRECTABLE, UNDECIDED, State, Submission
from contrib_gateway.views.checking import Checking
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.likeness import Likeness
from contrib_gateway.views.pages.ways_on import drawing_at
from contrib_gateway.views.proposals.decision import Attempt, decision_part, pause
from contrib_gateway.views.shown import Spoken, Subject, conversation, is_answered
from plugins.observation.drawing import NEEDS, can_be_drawn
from plugins.observation.hearing import NEED
from plugins.render import Change, changes, document_page
from plugins.schema import Document


@dataclass(frozen=True)
class Question:
    """What is asked of a contributor: all that was `said`; where to ask (`ask_href`, None once it
    is decided), and the `fault` in what was `typed` there. A question `waits`, or is `answered`,
    and is `mailed` too.
    """

    said: list[Spoken]
    ask_href: str | None
    fault: str
    typed: str
    waits: bool
    answered: bool
    mailed: bool


@dataclass(frozen=True)
class Drawing:
    """Where a need is drawn from an observation; "" while it waits (`is_open`) to be published."""

    href: str
    is_open: bool


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
        remarks = self._checking.remarks(review)
        watch = request.method == "GET" and request.args.get("suite") == "1"
        part = decision_part(self._gateway, self._gate, review, attempt, watch=watch)
        page = self._gate.render(
            "gateway/proposal.html",
            f"{id}/",
            proposal=Subject(submission.title, submission.signed_as, submission.accepted_at),
            content_type=document.type,
            changes=self._rows(review, remarks.fields),
            meanwhile=self._meanwhile(review),
            is_change=review.is_change,
            has_before=review.before is not None,
            preview_href=self._gate.address(f"{id}/page/"),
            page_href=self._page_href(document),
            remarks=remarks.whole,
            beside=remarks.fields,
            notes=remarks.notes,
            personal=remarks.personal,
            likes=self._likeness.of(review),
            draw=self._draw(review),
            forge_href=review.forge_url,
            question=self._question(submission, unasked, typed),
            fault=fault,
            part=part,
        )
        answer = make_response(page, status)
        if part.watching:
            answer.headers["Refresh"] = str(pause(self._gateway, submission))
        return answer

    def _draw(self, review: Review) -> Drawing | None:
        """A need refers to the observation that it was drawn from, which so has to be published."""
        document, index = review.document, self._gateway.library.index
        if not can_be_drawn(index.schema, NEED, document.type.name):
            return None
        there = index.by_id(document.id)
        is_open = review.submission.state in UNDECIDED
        href = self._gate.address(drawing_at(there)) if there else ""
        return Drawing(href, is_open) if href or (is_open and document.data.get(NEEDS)) else None

    def _page_href(self, document: Document) -> str | None:
        """Where the page is that it changes, as it is now; some types have none."""
        if document.url is None or not self._gateway.library.index.refers(document.ref):
            return None
        return self._gateway.site.href(document.url, self._lang)

    def _question(self, submission: Submission, fault: str, typed: str) -> Question:
        store, is_open = self._gateway.store, submission.state in CORRECTABLE
        return Question(
            said=conversation(store, submission, self._lang),
            ask_href=self._gate.address(f"{submission.id}/demander/") if is_open else None,
            fault=fault,
            typed=typed,
            waits=submission.asked and is_open,
            answered=is_answered(store, submission),
            mailed=self._gateway.post is not None and CONTACT in submission.private,
        )

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
