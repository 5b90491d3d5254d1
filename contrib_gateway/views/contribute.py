"""The way in: all forms, one form, the page to review, and the confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from flask import Blueprint, g, redirect, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib_gateway.errors import GatewayError, NotFound
from contrib_gateway.forms import Answers, DocumentForm, hidden_inputs
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket, client_key, content_digest, receipt_for
from contrib_gateway.service import Draft
from plugins.render import Theme, document_page, sentence
from plugins.schema import ContentType, Index, Problem

TICKET, REVIEWED, EDIT, ADD, HONEYPOT = "_ticket", "_reviewed", "_edit", "_add", "_website"


@dataclass(frozen=True)
class Filled:
    """One POST of a form: what was sent, under which ticket, and what it says."""

    form: DocumentForm
    sent: MultiDict[str, str]
    ticket: Ticket
    answers: Answers
    problems: Sequence[Problem]

    @property
    def digest(self) -> str:
        return content_digest(self.form.type.name, self.answers)


class ContributePages:
    """/contribuer/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"contribute-{self._lang}", __name__)
        pages.add_url_rule("/contribuer/", view_func=self.forms)
        pages.add_url_rule("/contribuer/<name>/", view_func=self.form, methods=["GET"])
        pages.add_url_rule(
            "/contribuer/<name>/", endpoint="send", view_func=self.send, methods=["POST"]
        )
        return pages

    def forms(self) -> str:
        theme = self._gateway.theme(self._gateway.library.schema)
        return theme.render("gateway/contribute.html", self._lang, "contribuer/")

    def form(self, name: str) -> str:
        index = self._gateway.library.index
        form = DocumentForm(self._type(index, name), index)
        return self._form_page(form, self._gateway.tickets.issue(name), ())

    def send(self, name: str) -> Response | tuple[str, int] | str:
        index = self._gateway.library.index
        filled = self._read(DocumentForm(self._type(index, name), index), name)
        try:
            return self._answer(filled)
        except GatewayError as error:
            if error.status != 503:
                raise
            g.fault = error
            return self._unsaved_page(filled), error.status

    def _answer(self, filled: Filled) -> Response | tuple[str, int] | str:
        if before := self._gateway.reception.already(filled.ticket.nonce, filled.digest):
            return self._receipt(before.id)
        if request.form.get(ADD):
            filled.form.add_row(request.form[ADD])
            return self._form_page(filled.form, filled.ticket, ())
        if EDIT in request.form:
            return self._form_page(filled.form, filled.ticket, ())
        if filled.problems:
            return self._form_page(filled.form, filled.ticket, filled.problems), 422
        return self._review_or_accept(filled)

    def _review_or_accept(self, filled: Filled) -> Response | str:
        tickets, ticket, moment = self._gateway.tickets, filled.ticket, self._gateway.clock()
        if ticket.expired(moment):
            return self._review_page(filled, tickets.issue(filled.form.type.name))
        if not self._is_confirmed(filled):
            return self._review_page(filled, ticket)
        suspicions = ["honeypot"] if request.form.get(HONEYPOT) else []
        if self._gateway.settings.rate_limit and ticket.too_fast(moment):
            suspicions.append("too_fast")
        draft = self._draft(filled, ticket, tuple(suspicions))
        return self._receipt(self._gateway.reception.accept(draft).id)

    def _is_confirmed(self, filled: Filled) -> bool:
        """Whether this very content was shown to whoever sends it."""
        seal = request.form.get(REVIEWED, "")
        return self._gateway.tickets.is_sealed(filled.ticket, filled.digest, seal)

    def _unsaved_page(self, filled: Filled) -> str:
        """The page that this came from, whole, to be sent again.

        It keeps its ticket, even an old one: what was stored after all is then found.
        """
        correcting = ADD in request.form or EDIT in request.form
        if self._is_confirmed(filled) and not correcting:
            return self._review_page(filled, filled.ticket, unsaved=True)
        filled.form.add_row(request.form.get(ADD, ""))
        problems = () if correcting else filled.problems
        return self._form_page(filled.form, filled.ticket, problems, unsaved=True)

    def _draft(self, filled: Filled, ticket: Ticket, suspicions: tuple[str, ...] = ()) -> Draft:
        secret, moment = self._gateway.settings.secret_key, self._gateway.clock()
        return Draft(
            type=filled.form.type,
            answers=filled.answers,
            lang=self._lang,
            ticket=ticket.nonce,
            client=client_key(secret, request.remote_addr or "", moment),
            suspicions=suspicions,
        )

    def _type(self, index: Index, name: str) -> ContentType:
        content_type = index.schema.types.get(name)
        if content_type is None or not content_type.contribute:
            raise NotFound(f"no form {name}")
        return content_type

    def _read(self, form: DocumentForm, name: str) -> Filled:
        sent = MultiDict(request.form)
        form.fill(sent)
        tickets = self._gateway.tickets
        ticket = tickets.read(name, sent.get(TICKET, "")) or tickets.issue(name)
        answers = form.answers()
        return Filled(form, sent, ticket, answers, form.problems(answers))

    def _receipt(self, id: str) -> Response:
        receipt = receipt_for(self._gateway.settings.secret_key, id)
        address = self._gateway.site.gateway(f"suivi/{receipt}/", self._lang)
        return redirect(address, 303)

    def _form_page(
        self,
        form: DocumentForm,
        ticket: Ticket,
        problems: Sequence[Problem],
        *,
        unsaved: bool = False,
    ) -> str:
        g.nonce = token_urlsafe(12)
        said: dict[str, list[str]] = {}
        for problem in problems:
            words = sentence(problem, form.type, self._lang)
            said.setdefault(problem.field, []).append(words)
        return self._theme(form).render(
            "gateway/form.html",
            self._lang,
            f"contribuer/{form.type.name}/",
            content_type=form.type,
            form=form,
            index=form.index,
            problems=said,
            action=self._address(form.type),
            document=None,
            ticket=ticket.text,
            nonce=g.nonce,
            unsaved=unsaved,
        )

    def _review_page(self, filled: Filled, ticket: Ticket, *, unsaved: bool = False) -> str:
        """The page exactly as it will be, under a banner to confirm or correct it."""
        theme = self._theme(filled.form)
        trapped = [(HONEYPOT, text)] if (text := filled.sent.get(HONEYPOT, "")) else []
        banner = theme.render(
            "components/review_banner.html",
            self._lang,
            f"contribuer/{filled.form.type.name}/",
            content_type=filled.form.type,
            action=self._address(filled.form.type),
            hidden=[*hidden_inputs(filled.sent), *trapped],
            ticket=ticket.text,
            reviewed=self._gateway.tickets.seal(ticket, filled.digest),
            first_look=filled.form.type.screening == "before",
            unsaved=unsaved,
        )
        return document_page(
            theme,
            self._gateway.reception.document(self._draft(filled, ticket)),
            filled.form.index,
            self._lang,
            banner=Markup(banner),  # noqa: S704 — made by our own template
        )

    def _address(self, content_type: ContentType) -> str:
        return self._gateway.site.gateway(f"contribuer/{content_type.name}/", self._lang)

    def _theme(self, form: DocumentForm) -> Theme:
        return self._gateway.theme(form.index.schema)
