"""The receipt: what became of a submission, and what its contributor may still do with it, for
whoever holds its secret link.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import AlreadyDecided, NoReceipt, NotFound, TooMany
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import read_receipt
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.store import CORRECTABLE, State, Submission
from contrib_gateway.views.forms.filling import Answered, Filling
from contrib_gateway.views.forms.task import Task
from contrib_gateway.views.privacy import private
from contrib_gateway.views.shown import conversation, last_heard
from contrib_gateway.views.typed import clean
from plugins.render.evidence import CitedIn, cited_in
from plugins.render.hearing import BornShown, needs_of
from plugins.render.shown import Setting
from plugins.render.words import words

LONGEST_ANSWER = 2000  # characters


@dataclass(frozen=True)
class Became:
    """The syntheses that cite an observation, and the needs that were drawn from it."""

    citing: tuple[CitedIn, ...] = ()
    born: tuple[BornShown, ...] = ()


class ReceiptPages:
    """/suivi/<receipt>/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._filling = Filling(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"receipts-{self._lang}", __name__)
        pages.after_request(private)
        here = "/suivi/<receipt>/"
        pages.add_url_rule(here, view_func=self.receipt)
        pages.add_url_rule(f"{here}repondre/", view_func=self.answer, methods=["POST"])
        pages.add_url_rule(f"{here}retirer/", view_func=self.withdraw, methods=["POST"])
        pages.add_url_rule(f"{here}oublier/", view_func=self.forget, methods=["POST"])
        pages.add_url_rule(f"{here}arreter/", view_func=self.stop, methods=["POST"])
        pages.add_url_rule(f"{here}corriger/", view_func=self.amendment, methods=["GET"])
        pages.add_url_rule(f"{here}corriger/", view_func=self.amend, methods=["POST"])
        # Whoever loads again the page that a POST had answered comes back to the receipt.
        for verb in ("repondre", "retirer", "oublier", "arreter"):
            rule = f"{here}{verb}/"
            pages.add_url_rule(rule, f"after-{verb}", self._go, methods=["GET"])
        return pages

    def _find(self, receipt: str) -> Submission:
        id = read_receipt(self._gateway.settings.secret_key, receipt)
        submission = self._gateway.store.find(id) if id else None
        if submission is None:
            raise NoReceipt("no such receipt")
        return submission

    def _go(self, receipt: str) -> Response:
        path = f"suivi/{receipt}/"
        return redirect(self._gateway.site.gateway(path, self._lang), 303)

    def receipt(self, receipt: str) -> Response:
        return self._page(receipt, self._find(receipt))

    def _page(
        self,
        receipt: str,
        submission: Submission,
        status: int = 200,
        *,
        fault: str = "",
        typed: str = "",
        late: bool = False,
        stopped: bool = False,
    ) -> Response:
        schema = self._gateway.library.schema
        content_type = schema.types.get(submission.type)
        site, path = self._gateway.site, f"suivi/{receipt}/"
        actions = {verb: site.gateway(f"{path}{verb}/", self._lang) for verb in ACTIONS}
        page = self._gateway.theme(schema).render(
            "gateway/receipt.html",
            self._lang,
            path,
            submission=submission,
            said=conversation(self._gateway.store, submission, self._lang),
            heard=last_heard(self._gateway.store, submission),
            content_type=content_type,
            receipt_url=site.absolute_gateway(path, self._lang),
            page_url=self._page_url(submission) if submission.online_at else None,
            actions=actions,
            open=submission.state in CORRECTABLE,
            fault=fault,
            typed=typed,
            late=late,
            stopped=stopped,
            follows=self._gateway.store.follower(submission.id) is not None,
            became=self._became(submission),
            again=self._again(submission),
        )
        return make_response(page, status)

    def _again(self, submission: Submission) -> str | None:
        """Where the next note of its workshop is written, or the next sheet typed in."""
        if not self._gateway.workshops.known(submission.workshop):
            return None
        rest = "saisir/" if submission.sheet else ""
        return self._gateway.site.gateway(f"a/{submission.workshop}/{rest}", self._lang)

    def _page_url(self, submission: Submission) -> str | None:
        document = self._gateway.library.index.by_id(submission.document_id)
        url = document.url if document else None
        return self._gateway.site.href(url, self._lang) if url else None

    def _became(self, submission: Submission) -> Became:
        """What the page of an observation says came of it."""
        index = self._gateway.library.index
        document = index.by_id(submission.document_id)
        if document is None or submission.state is not State.PUBLISHED:
            return Became()
        setting = Setting(index, self._gateway.site, self._lang)
        return Became(cited_in(document, setting), needs_of(document, setting))

    # What its contributor may do

    def answer(self, receipt: str) -> Response:
        """Answer a question, or say something."""
        submission = self._find(receipt)
        typed = request.form.get("text", "")
        text = typed.replace("\r\n", "\n").strip()
        say = words(self._lang).gettext
        if not text:
            return self._page(receipt, submission, 422, fault=say("Write your answer first."))
        if len(text) > LONGEST_ANSWER:
            fault = say("Your answer is too long: %s characters at most.") % LONGEST_ANSWER
            return self._page(receipt, submission, 422, fault=fault, typed=typed)
        try:
            self._gateway.store.answer(submission.id, clean(text))
        except AlreadyDecided:
            return self._page(receipt, self._find(receipt), 409, typed=typed, late=True)
        except TooMany as error:
            fault = say("Much has been said already: the editors must answer first.")
            return self._page(receipt, submission, error.status, fault=fault, typed=typed)
        return self._go(receipt)

    def withdraw(self, receipt: str) -> Response:
        """Take it back, while nobody has decided. Twice is once."""
        submission = self._find(receipt)
        try:
            self._gateway.store.mark_withdrawn(submission.id)
        except AlreadyDecided as error:
            if error.what != State.WITHDRAWN:
                return self._page(receipt, self._find(receipt), 409, late=True)
        self._gateway.worker.loop.wake()
        return self._go(receipt)

    def stop(self, receipt: str) -> Response:
        """They wish to be told no more of what became of it: pressed by a person, or by a program
        for mail (RFC 8058), which follows no redirection.
        """
        submission = self._find(receipt)
        self._gateway.store.stop_following(submission.id)
        self._gateway.worker.loop.wake()
        return self._page(receipt, submission, stopped=True)

    def forget(self, receipt: str) -> Response:
        """Erase what is not published, at once."""
        self._gateway.housekeeper.forget(self._find(receipt).id)
        self._gateway.worker.loop.wake()
        return self._go(receipt)

    def amendment(self, receipt: str) -> Response | str:
        submission = self._find(receipt)
        if submission.state not in CORRECTABLE:
            return self._go(receipt)
        return self._filling.show(self._task(receipt, submission))

    def amend(self, receipt: str) -> Answered:
        """What is proposed from now on. Decided meanwhile, the receipt says so."""
        submission = self._find(receipt)
        if submission.state not in CORRECTABLE:
            return self._page(receipt, submission, 409, late=True)
        try:
            return self._filling.send(self._task(receipt, submission))
        except AlreadyDecided:
            return self._page(receipt, self._find(receipt), 409, late=True)
        except TooMany as error:
            fault = words(self._lang).gettext(
                "It was changed very often already: tell the editors here what is wrong instead."
            )
            return self._page(receipt, self._find(receipt), error.status, fault=fault)

    def _task(self, receipt: str, submission: Submission) -> Task:
        content = self._gateway.library.content
        content_type = content.index.schema.types.get(submission.type)
        if content_type is None:
            raise NotFound("its type is gone")
        sent = self._gateway.desk.document(submission)

        def accept(draft: Draft) -> str:
            self._gateway.reception.amend(submission, draft)
            return self._gateway.site.gateway(f"suivi/{receipt}/", self._lang)

        return Task(
            content_type,
            content,
            form=f"suivi {submission.id}",
            path=f"suivi/{receipt}/corriger/",
            back=f"suivi/{receipt}/",
            accept=accept,
            revision=lambda _: Revision(sent, sent, content.index),
            private=submission.private,
            amends=True,
        )


ACTIONS = ("repondre", "retirer", "oublier", "corriger", "arreter")
