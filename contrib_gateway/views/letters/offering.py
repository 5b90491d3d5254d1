"""The page to tell the editors, in private, that one can help with a need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import TooMany
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket, client_key
from contrib_gateway.offers import Meant
from contrib_gateway.views.letters.missive import (
    address_faults,
    missive_faults,
    said_faults,
    typed_missive,
)
from contrib_gateway.views.privacy import private
from contrib_gateway.views.trap import suspicions
from plugins.schema import Document


@dataclass(frozen=True)
class OfferPage:
    """What the page shows: what was typed, and what is wrong with it (input → code)."""

    need: Document
    ticket: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


class OfferingPages:
    """/aider/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"offering-{self._lang}", __name__)
        pages.after_request(private)
        pages.add_url_rule("/aider/<slug>/", view_func=self.form, methods=["GET"])
        pages.add_url_rule("/aider/<slug>/", view_func=self.send, methods=["POST"])
        return pages

    def form(self, slug: str) -> Response:
        need = self._gateway.offers.need(slug)
        return self._page(OfferPage(need, self._fresh(need)))

    def send(self, slug: str) -> Response:
        need, typed = self._gateway.offers.need(slug), typed_missive()
        ticket = self._gateway.tickets.read(_form(need), request.form.get("_ticket", ""))
        meant = self._meant(typed, ticket) if ticket else None
        if meant and self._gateway.offers.known(need, meant):
            return self._sent(need)
        faults = missive_faults(typed) | (address_faults(typed) if typed["address"] else {})
        if ticket is None or ticket.expired(self._gateway.clock()):
            faults = {"text": "stale", **faults}
        if meant is None or faults:
            page = OfferPage(need, self._fresh(need), typed, faults)
            return self._page(page, 422)
        try:
            self._gateway.offers.take(need, meant)
        except TooMany as error:
            page = OfferPage(need, self._fresh(need), typed, {"text": "crowded"})
            return self._page(page, error.status)
        return self._sent(need)

    def _meant(self, typed: Mapping[str, str], ticket: Ticket) -> Meant:
        settings, moment = self._gateway.settings, self._gateway.clock()
        client = client_key(settings.secret_key, request.remote_addr or "", moment)
        return Meant(
            ticket=ticket.nonce,
            text=typed["text"],
            name=typed["name"],
            address=typed["address"],
            client=client,
            lang=self._lang,
            suspicions=suspicions(ticket, settings, moment),
        )

    def _fresh(self, need: Document) -> str:
        return self._gateway.tickets.issue(_form(need)).text

    def _sent(self, need: Document) -> Response:
        return redirect(f"{self._action(need)}?envoye=1", 303)

    def _action(self, need: Document) -> str:
        return self._gateway.site.gateway(f"aider/{need.slug}/", self._lang)

    def _page(self, shown: OfferPage, status: int = 200) -> Response:
        site, index = self._gateway.site, self._gateway.library.index
        page = self._gateway.theme(index.schema).render(
            "gateway/offer.html",
            self._lang,
            None,
            document=shown.need,
            page_url=site.href(shown.need.url or "", self._lang),
            action=self._action(shown.need),
            ticket=shown.ticket,
            typed=shown.typed,
            faults=said_faults(shown.faults, self._lang),
            done=request.method == "GET" and request.args.get("envoye") == "1",
        )
        return make_response(page, status)


def _form(need: Document) -> str:
    return f"offer {need.id}"
