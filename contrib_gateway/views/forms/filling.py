"""Filling in a form: what is sent is read over, corrected, and confirmed; whatever it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib_gateway.errors import GatewayError, SheetTyped
from contrib_gateway.forms import Answers, DocumentForm
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket, client_key
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.store import CONTACT, FOLLOW, RELAY
from contrib_gateway.views.forms.completion import completed, remembered, renewed
from contrib_gateway.views.forms.pages import SHEET, FormPages
from contrib_gateway.views.forms.task import Filled, Task
from contrib_gateway.views.forms.uploads import expect_pictures, missing_pictures, take_pictures
from contrib_gateway.views.trap import suspicions
from contrib_gateway.workshop import read_sheet
from plugins.render.words import N_
from plugins.schema import Audience, Problem

TICKET, REVIEWED, EDIT = "_ticket", "_reviewed", "_edit"
COMPLETE = "_complete"  # this page, instead of a new one that says what is sent
WORDING = "2026-11-26"  # the version of what is agreed to by sending; a new text is a new version
GONE = N_(
    "This page was taken off the site meanwhile. What you wrote is still here: you may propose it"
    " as a new page."
)
COMPLETING = N_(
    "This is the page as it is. What you had typed stands where it said nothing; complete it with"
    " the rest, if there is any."
)
CHANGED = N_(
    "This page has changed since you opened it: here it is as it is now. What you had typed stands"
    " beside it; write here again what it should still say."
)
Answered = Response | tuple[str, int] | str


class Filling:
    """Forms in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._pages = FormPages(gateway, lang)

    def show(self, task: Task, notice: str = "") -> str:
        """The form, as nobody has touched it yet; `notice`: a sentence at its top."""
        form, revision = DocumentForm(task.type, task.index, task.audience), task.revision(None)
        if revision:
            form.show(revision.seen, task.private)
        elif task.workshop or task.begun:
            form.show(task.begun or task.common, {})
        ticket = self._gateway.tickets.issue(task.form, task.commit)
        untouched = Filled(task, form, MultiDict(), ticket, revision, form.answers(), ())
        return self._pages.form(untouched, notice=notice)

    def send(self, task: Task) -> Answered:
        """What answers a POST of it."""
        expect_pictures(request, task.type)
        filled = self._read(task)
        try:
            return self._answer(filled)
        except GatewayError as error:
            if error.status != 503:
                raise
            g.fault = error
            return self._unsaved_page(filled), error.status

    def again(self, task: Task, fault: str) -> str:
        """What was sent, in its form, with a sentence that says why it could not be taken."""
        return self._pages.form(self._read(task), notice=fault)

    def keep(self, task: Task) -> str:
        """The form of a new page, with what was sent to one that is gone."""
        expect_pictures(request, task.type)
        return self._gone_page(self._read(task))

    def _read(self, task: Task) -> Filled:
        sent, tickets = MultiDict(request.form), self._gateway.tickets
        known = tickets.read(task.form, sent.get(TICKET, ""))
        revision = task.revision(known)
        refused = take_pictures(request, task.type, sent, known, self._gateway)
        form = DocumentForm(task.type, task.index, task.audience)
        form.fill(sent)
        answers = form.answers()
        refused += missing_pictures(task.type, answers, task.content.images, self._gateway.album)
        told = {problem.field for problem in refused}
        found = [problem for problem in form.problems(answers) if problem.field not in told]
        found += self._sheet_problems(task, sent)
        if answers.private.get(FOLLOW) and not answers.private.get(CONTACT):
            found.append(Problem("", CONTACT, "follow_without_address"))
        something = answers.private.get(RELAY) or task.amends or found
        if revision and revision.now and not (revision.altered(answers) or something):
            found.append(Problem("", "", "nothing_changed"))
        ticket = known or tickets.issue(task.form, task.commit)
        return Filled(task, form, sent, ticket, revision, answers, [*found, *refused])

    def _answer(self, filled: Filled) -> Answered:
        if before := self._gateway.reception.already(filled.ticket.nonce, filled.digest):
            return redirect(self._known_at(filled.task, before.id), 303)
        if filled.revision and filled.revision.now is None:
            return self._gone_page(filled), 409
        if filled.revision and COMPLETE in request.form:
            return self._completing_page(filled, filled.revision)
        if filled.revision and filled.revision.lost:
            return self._renewed_page(filled, filled.revision), 409
        if filled.form.arrange(request.form) or EDIT in request.form:
            return self._pages.form(filled)
        if filled.problems:
            return self._pages.form(filled, filled.problems), 422
        return self._review_or_accept(filled)

    def _review_or_accept(self, filled: Filled) -> Answered:
        tickets, ticket, moment = self._gateway.tickets, filled.ticket, self._gateway.clock()
        if ticket.expired(moment):
            return self._review(filled, tickets.issue(filled.task.form, ticket.commit))
        if not self._is_confirmed(filled):
            return self._review(filled, ticket)
        draft = self._draft(filled, ticket, suspicions(ticket, self._gateway.settings, moment))
        try:
            return redirect(filled.task.accept(draft), 303)
        except SheetTyped:  # by somebody else, since it was read over
            return self._pages.form(filled, self._sheet_problems(filled.task, filled.sent)), 409

    def _known_at(self, task: Task, id: str) -> str:
        """Where somebody sees what they sent before."""
        if task.audience is Audience.EDITOR:
            return self._gateway.site.gateway(f"redaction/{id}/", self._lang)
        return self._gateway.receipt_path(id, self._lang)

    def _is_confirmed(self, filled: Filled) -> bool:
        """Whether this very content was shown to whoever sends it."""
        seal = request.form.get(REVIEWED, "")
        return self._gateway.tickets.is_sealed(filled.ticket, filled.digest, seal)

    def _sheet_problems(self, task: Task, sent: MultiDict[str, str]) -> list[Problem]:
        """A sheet that is typed in has a number, which no other has."""
        if not (task.paper and task.workshop):
            return []
        number = read_sheet(sent.get(SHEET, ""))
        if not number:
            return [Problem("", SHEET, "sheet_without_number")]
        if number in self._gateway.store.workshop_sheets(task.workshop.code):
            return [Problem("", SHEET, "sheet_typed", {"number": number})]
        return []

    def _draft(self, filled: Filled, ticket: Ticket, reasons: tuple[str, ...] = ()) -> Draft:
        secret, moment = self._gateway.settings.secret_key, self._gateway.clock()
        workshop, workshops = filled.task.workshop, self._gateway.workshops
        client = client_key(secret, request.remote_addr or "", moment)
        return Draft(
            type=filled.task.type,
            form=filled.task.form,
            answers=self._answers(filled),
            lang=self._lang,
            ticket=ticket.nonce,
            client=workshops.client(workshop) if workshop else client,
            suspicions=reasons,
            revision=filled.revision,
            wording=WORDING,
            workshop=workshop.code if workshop else "",
            sheet=read_sheet(filled.sent.get(SHEET, "")) if filled.task.paper else "",
            managed=filled.task.managed,
        )

    def _answers(self, filled: Filled) -> Answers:
        """An editor is not asked what was told in private: it stays."""
        if filled.task.audience is Audience.PUBLIC:
            return filled.answers
        return replace(filled.answers, private=filled.task.private)

    # Pages

    def _review(self, filled: Filled, ticket: Ticket, *, unsaved: bool = False) -> str:
        return self._pages.review(filled, self._draft(filled, ticket), ticket, unsaved=unsaved)

    def _unsaved_page(self, filled: Filled) -> str:
        """The page that this came from, whole, to be sent again.

        It keeps its ticket, even an old one: what was stored after all is then found.
        """
        correcting = filled.form.arrange(request.form) or EDIT in request.form
        if self._is_confirmed(filled) and not correcting:
            return self._review(filled, filled.ticket, unsaved=True)
        problems: Sequence[Problem] = () if correcting else filled.problems
        return self._pages.form(filled, problems, unsaved=True)

    def _gone_page(self, filled: Filled) -> str:
        """What was typed, in the form of a new page of its type."""
        task, name = filled.task, filled.task.type.name
        fresh = Task(task.type, task.content, name, f"contribuer/{name}/", task.accept)
        ticket = self._gateway.tickets.issue(name)
        return self._pages.form(
            replace(filled, task=fresh, ticket=ticket, revision=None), notice=GONE
        )

    def _completing_page(self, filled: Filled, revision: Revision) -> str:
        """The form of a page that exists, with what was typed in that of a new one."""
        form = completed(filled.task, revision, filled.answers)
        typed = MultiDict(remembered(filled.sent))
        return self._pages.form(replace(filled, form=form, sent=typed), notice=COMPLETING)

    def _renewed_page(self, filled: Filled, revision: Revision) -> str:
        """The form of the page as it is now, beside what was typed in one of long ago."""
        task, typed = filled.task, MultiDict(remembered(filled.sent))
        form = renewed(task, revision, filled.answers)
        ticket = self._gateway.tickets.issue(task.form, task.commit)
        again = replace(filled, form=form, sent=typed, ticket=ticket)
        return self._pages.form(again, notice=CHANGED)
