"""The pages to write to a structure through the site, and to answer; no address is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.correspondence import Written
from contrib_gateway.errors import TooMany
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket, client_key
from contrib_gateway.views.letters.missive import (
    address_faults,
    missive_faults,
    said_faults,
    typed_missive,
)
from contrib_gateway.views.privacy import private
from contrib_gateway.views.trap import HONEYPOT
from plugins.render import contacts
from plugins.schema import Document


@dataclass(frozen=True)
class LetterPage:
    """What a page of the relay shows: what was typed, and what is wrong with it (input → code).

    `key` is of the letter that is answered, "" on the page to write one.
    """

    document: Document
    key: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    ticket: str = ""
    unreachable: bool = False


class RelayPages:
    """/ecrire/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._letters = gateway.correspondence
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"relay-{self._lang}", __name__)
        pages.after_request(private)
        letter, answer = "/ecrire/<name>/<slug>/", "/ecrire/reponse/<key>/"
        pages.add_url_rule(answer, view_func=self.answer_form, methods=["GET"])
        pages.add_url_rule(answer, view_func=self.send_answer, methods=["POST"])
        pages.add_url_rule(f"{answer}arreter/", view_func=self.stop, methods=["POST"])
        pages.add_url_rule(letter, view_func=self.letter_form, methods=["GET"])
        pages.add_url_rule(letter, view_func=self.send_letter, methods=["POST"])
        return pages

    def letter_form(self, name: str, slug: str) -> Response:
        document = self._letters.document(name, slug)
        if not self._letters.reaches(document):
            return self._page(LetterPage(document, unreachable=True))
        return self._page(LetterPage(document, ticket=self._fresh(document)))

    def send_letter(self, name: str, slug: str) -> Response:
        document = self._letters.document(name, slug)
        if not self._letters.reaches(document):
            return self._page(LetterPage(document, unreachable=True, typed=typed_missive()))
        ticket = self._gateway.tickets.read(_form(document), request.form.get("_ticket", ""))
        typed = typed_missive()
        faults = {**self._stale(ticket), **missive_faults(typed), **address_faults(typed)}
        if faults or ticket is None:
            page = LetterPage(document, typed=typed, faults=faults, ticket=self._fresh(document))
            return self._page(page, 422)
        secret, moment = self._gateway.settings.secret_key, self._gateway.clock()
        client = client_key(secret, request.remote_addr or "", moment)
        written = Written(
            ticket.nonce, typed["text"], typed["name"], typed["address"], client, self._lang
        )
        try:
            self._letters.write(document, written)
        except TooMany as error:
            page = LetterPage(document, typed=typed, faults={"text": "crowded"}, ticket=ticket.text)
            return self._page(page, error.status)
        return self._sent(self._action(LetterPage(document)))

    def _stale(self, ticket: Ticket | None) -> dict[str, str]:
        if ticket is None or ticket.expired(self._gateway.clock()):
            return {"text": "stale"}
        return {"text": "trap"} if request.form.get(HONEYPOT) else {}

    def answer_form(self, key: str) -> Response:
        _, document = self._letters.letter(key)
        return self._page(LetterPage(document, key))

    def send_answer(self, key: str) -> Response:
        _, document = self._letters.letter(key)
        typed = typed_missive()
        if faults := missive_faults(typed):
            return self._page(LetterPage(document, key, typed, faults), 422)
        try:
            self._letters.answer(key, typed["text"])
        except TooMany as error:
            page = LetterPage(document, key, typed, {"text": "crowded"})
            return self._page(page, error.status)
        return self._sent(self._action(LetterPage(document, key)))

    def stop(self, key: str) -> Response:
        """Those who got a letter want no other."""
        _, document = self._letters.letter(key)
        self._letters.stop(key)
        return redirect(f"{self._action(LetterPage(document, key))}?fini=1", 303)

    def _fresh(self, document: Document) -> str:
        return self._gateway.tickets.issue(_form(document)).text

    def _action(self, shown: LetterPage) -> str:
        place = f"reponse/{shown.key}" if shown.key else shown.document.ref
        return self._gateway.site.gateway(f"ecrire/{place}/", self._lang)

    def _sent(self, address: str) -> Response:
        return redirect(f"{address}?envoye=1", 303)

    def _page(self, shown: LetterPage, status: int = 200) -> Response:
        site, index = self._gateway.site, self._gateway.library.index
        page = self._gateway.theme(index.schema).render(
            "gateway/letter.html",
            self._lang,
            None,
            document=shown.document,
            page_url=site.href(shown.document.url or "", self._lang),
            action=self._action(shown),
            is_answer=bool(shown.key),
            ticket=shown.ticket,
            typed=shown.typed,
            faults=said_faults(shown.faults, self._lang),
            unreachable=shown.unreachable,
            mails=self._gateway.post is not None,
            contacts=contacts(shown.document, index, site, self._lang),
            stopped=request.method == "GET" and request.args.get("fini") == "1",
            done=request.method == "GET" and request.args.get("envoye") == "1",
        )
        return make_response(page, status)


def _form(document: Document) -> str:
    return f"letter {document.id}"
