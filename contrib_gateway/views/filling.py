"""Filling in a form: its page, the page to review, the confirmation; whatever it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe

from flask import g, redirect, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib_gateway.errors import GatewayError
from contrib_gateway.forms import Answers, DocumentForm, hidden_inputs
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket, client_key, content_digest, receipt_for
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.views.uploads import expect_pictures, missing_pictures, take_pictures
from plugins.check import Content
from plugins.render import Theme, document_page, sentence
from plugins.render.words import N_, words
from plugins.schema import ContentType, Document, Index, Problem, Value

TICKET, REVIEWED, EDIT, ADD, HONEYPOT = "_ticket", "_reviewed", "_edit", "_add", "_website"
WORDING = "2026-11"  # the version of what is agreed to by sending; a new text is a new version
GONE = N_(
    "This page was taken off the site meanwhile. What you wrote is still here: you may propose it"
    " as a new page."
)
Answered = Response | tuple[str, int] | str


@dataclass(frozen=True)
class Task:
    """What a form is for. `form` names its tickets, `path` is its address on the gateway.

    `accept` takes a confirmed draft in and returns the submission's id; `revision` is the page that
    it changes, `private` what was told in private before; `amends`: it was sent already.
    """

    type: ContentType
    content: Content
    form: str
    path: str
    accept: Callable[[Draft], str]
    revision: Callable[[Ticket | None], Revision | None] = lambda _: None
    commit: str = ""
    private: Mapping[str, Value] = field(default_factory=dict)
    amends: bool = False

    @property
    def index(self) -> Index:
        return self.content.index


@dataclass(frozen=True)
class Filled:
    """One POST of a form: what was sent, under which ticket, and what it says."""

    task: Task
    form: DocumentForm
    sent: MultiDict[str, str]
    ticket: Ticket
    revision: Revision | None
    answers: Answers
    problems: Sequence[Problem]

    @property
    def digest(self) -> str:
        return content_digest(self.task.form, self.answers)


class Filling:
    """Forms in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def show(self, task: Task) -> str:
        """The form, as nobody has touched it yet."""
        form, revision = DocumentForm(task.type, task.index), task.revision(None)
        if revision:
            form.show(revision.seen, task.private)
        ticket = self._gateway.tickets.issue(task.form, task.commit)
        return self._form_page(task, form, ticket, revision, ())

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

    def _read(self, task: Task) -> Filled:
        sent = MultiDict(request.form)
        store, tickets = self._gateway.store, self._gateway.tickets
        refused = take_pictures(request, task.type, sent, store)
        form = DocumentForm(task.type, task.index)
        form.fill(sent)
        known = tickets.read(task.form, sent.get(TICKET, ""))
        answers, revision = form.answers(), task.revision(known)
        refused += missing_pictures(task.type, answers, task.content.images, store)
        told = {problem.field for problem in refused}
        found = [problem for problem in form.problems(answers) if problem.field not in told]
        if revision and revision.now and not (revision.altered(answers) or task.amends or found):
            found.append(Problem("", "", "nothing_changed"))
        ticket = known or tickets.issue(task.form, task.commit)
        return Filled(task, form, sent, ticket, revision, answers, [*found, *refused])

    def _answer(self, filled: Filled) -> Answered:
        if before := self._gateway.reception.already(filled.ticket.nonce, filled.digest):
            return self._receipt(before.id)
        if filled.revision and filled.revision.now is None:
            return self._gone_page(filled), 409
        if request.form.get(ADD):
            filled.form.add_row(request.form[ADD])
            return self._page_again(filled)
        if EDIT in request.form:
            return self._page_again(filled)
        if filled.problems:
            return self._page_again(filled, filled.problems), 422
        return self._review_or_accept(filled)

    def _review_or_accept(self, filled: Filled) -> Response | str:
        tickets, ticket, moment = self._gateway.tickets, filled.ticket, self._gateway.clock()
        if ticket.expired(moment):
            return self._review_page(filled, tickets.issue(filled.task.form, ticket.commit))
        if not self._is_confirmed(filled):
            return self._review_page(filled, ticket)
        suspicions = ["honeypot"] if request.form.get(HONEYPOT) else []
        if self._gateway.settings.rate_limit and ticket.too_fast(moment):
            suspicions.append("too_fast")
        draft = self._draft(filled, ticket, tuple(suspicions))
        return self._receipt(filled.task.accept(draft))

    def _is_confirmed(self, filled: Filled) -> bool:
        """Whether this very content was shown to whoever sends it."""
        seal = request.form.get(REVIEWED, "")
        return self._gateway.tickets.is_sealed(filled.ticket, filled.digest, seal)

    def _draft(self, filled: Filled, ticket: Ticket, suspicions: tuple[str, ...] = ()) -> Draft:
        secret, moment = self._gateway.settings.secret_key, self._gateway.clock()
        return Draft(
            type=filled.task.type,
            form=filled.task.form,
            answers=filled.answers,
            lang=self._lang,
            ticket=ticket.nonce,
            client=client_key(secret, request.remote_addr or "", moment),
            suspicions=suspicions,
            revision=filled.revision,
            wording=WORDING,
        )

    def _receipt(self, id: str) -> Response:
        receipt = receipt_for(self._gateway.settings.secret_key, id)
        return redirect(self._address(f"suivi/{receipt}/"), 303)

    # Pages

    def _unsaved_page(self, filled: Filled) -> str:
        """The page that this came from, whole, to be sent again.

        It keeps its ticket, even an old one: what was stored after all is then found.
        """
        correcting = ADD in request.form or EDIT in request.form
        if self._is_confirmed(filled) and not correcting:
            return self._review_page(filled, filled.ticket, unsaved=True)
        filled.form.add_row(request.form.get(ADD, ""))
        problems = () if correcting else filled.problems
        return self._page_again(filled, problems, unsaved=True)

    def _page_again(
        self, filled: Filled, problems: Sequence[Problem] = (), *, unsaved: bool = False
    ) -> str:
        return self._form_page(
            filled.task, filled.form, filled.ticket, filled.revision, problems, unsaved=unsaved
        )

    def _gone_page(self, filled: Filled) -> str:
        """What was typed, in the form of a new page of its type."""
        name = filled.task.type.name
        task = filled.task
        fresh = Task(task.type, task.content, name, f"contribuer/{name}/", task.accept)
        ticket = self._gateway.tickets.issue(name)
        return self._form_page(fresh, filled.form, ticket, None, (), notice=GONE)

    def _form_page(
        self,
        task: Task,
        form: DocumentForm,
        ticket: Ticket,
        revision: Revision | None,
        problems: Sequence[Problem],
        *,
        unsaved: bool = False,
        notice: str = "",
    ) -> str:
        g.nonce = token_urlsafe(12)
        said: dict[str, list[str]] = {}
        for problem in problems:
            sentences = said.setdefault(problem.field, [])
            sentences.append(sentence(problem, task.type, self._lang))
        return self._theme(task).render(
            "gateway/form.html",
            self._lang,
            task.path,
            content_type=task.type,
            form=form,
            index=task.index,
            problems=said,
            action=self._address(task.path),
            document=revision.now or revision.seen if revision else None,
            amends=task.amends,
            ticket=ticket.text,
            nonce=g.nonce,
            unsaved=unsaved,
            notice=words(self._lang).gettext(notice) if notice else "",
        )

    def _review_page(self, filled: Filled, ticket: Ticket, *, unsaved: bool = False) -> str:
        """The page exactly as it will be, under a banner to confirm or correct it."""
        task, theme = filled.task, self._theme(filled.task)
        trapped = [(HONEYPOT, text)] if (text := filled.sent.get(HONEYPOT, "")) else []
        banner = theme.render(
            "components/review_banner.html",
            self._lang,
            task.path,
            content_type=task.type,
            action=self._address(task.path),
            hidden=[*hidden_inputs(filled.sent), *trapped],
            ticket=ticket.text,
            reviewed=self._gateway.tickets.seal(ticket, filled.digest),
            first_look=task.type.screening == "before",
            on_github=bool(self._gateway.settings.github),
            unsaved=unsaved,
            amends=task.amends,
        )
        return document_page(
            theme,
            self._proposed(filled, ticket),
            task.index,
            self._lang,
            banner=Markup(banner),  # noqa: S704 — made by our own template
        )

    def _proposed(self, filled: Filled, ticket: Ticket) -> Document:
        document = self._gateway.reception.document(self._draft(filled, ticket))
        return filled.revision.combined(document)[0] if filled.revision else document

    def _address(self, path: str) -> str:
        return self._gateway.site.gateway(path, self._lang)

    def _theme(self, task: Task) -> Theme:
        return self._gateway.theme(task.index.schema)
