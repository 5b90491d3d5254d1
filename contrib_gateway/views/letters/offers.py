"""The desk's page of those who can help with a need: read, answered, dealt with, erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, make_response, redirect
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Offer
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.letters.missive import LONGEST
from contrib_gateway.views.typed import typed
from plugins.observation.hearing import NEED
from plugins.render.words import N_, words

HERE = "aides/"
MOST = 50  # of those that wait, and of those set aside, on a page
LATELY = 20  # of those dealt with
ASIDE: Mapping[str, str] = MappingProxyType(
    {
        "honeypot": N_("a question that people do not see was filled in"),
        "too_fast": N_("written faster than people do"),
        "links": N_("many links"),
        "rate": N_("many messages from one connection"),
    }
)


@dataclass(frozen=True)
class AnswerShown:
    """What an editor wrote back; shaped as what is said elsewhere."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class OfferShown:
    """One, with the addresses of its need's page and of what may be done. `aside` says why it is
    set aside, "" if it is not; `fault` what is wrong with the answer that was `typed`.
    """

    offer: Offer
    need_href: str
    edit_href: str
    actions: Mapping[str, str]
    answers: tuple[AnswerShown, ...]
    aside: str
    fault: str = ""
    typed: str = ""


class OffersPages:
    """/redaction/aides/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("offers")
        one = f"{HERE}<key>/"
        self._gate.route(pages, HERE, self.offers)
        self._gate.route(pages, f"{one}traiter/", self.deal_with, "POST")
        self._gate.route(pages, f"{one}rouvrir/", self.reopen, "POST")
        self._gate.route(pages, f"{one}effacer/", self.erase, "POST")
        self._gate.route(pages, f"{one}repondre/", self.answer, "POST")
        return pages

    def offers(self) -> Response:
        return self._page()

    def deal_with(self, key: str) -> Response:
        """Twice is once, by whoever was first."""
        self._gateway.store.deal_with_offer(self._gateway.offers.of(key).key, self._gate.name())
        return self._back(key)

    def reopen(self, key: str) -> Response:
        self._gateway.store.reopen_offer(self._gateway.offers.of(key).key)
        return self._back(key)

    def erase(self, key: str) -> Response:
        """For good; gone already is as good as done now."""
        self._gateway.store.forget_offer(key)
        self._gateway.worker.loop.wake()
        return self._gate.go(HERE)

    def answer(self, key: str) -> Response:
        offer, text = self._gateway.offers.of(key), typed("text")
        say = words(self._lang).gettext
        if not text:
            return self._page(offer, say("Write your answer first."), status=422)
        if len(text) > LONGEST["text"]:
            fault = say("Your answer is too long: %s characters at most.") % LONGEST["text"]
            return self._page(offer, fault, text, status=422)
        self._gateway.offers.answer(key, self._gate.name(), text)
        return self._back(key)

    def _back(self, key: str) -> Response:
        return redirect(f"{self._gate.address(HERE)}#{key}", 303)

    def _page(
        self, wrong: Offer | None = None, fault: str = "", text: str = "", status: int = 200
    ) -> Response:
        store = self._gateway.store
        waiting, aside = store.count_open_offers()

        def shown(found: Iterable[Offer]) -> list[OfferShown]:
            said = {wrong.key: (fault, text)} if wrong else {}
            return [self._shown(one, *said.get(one.key, ("", ""))) for one in found]

        page = self._gate.render(
            "gateway/offers.html",
            HERE,
            waiting=shown(store.waiting_offers(MOST)),
            aside=shown(store.offers_aside(MOST)),
            done=shown(store.done_offers(LATELY)),
            number=waiting,
            number_aside=aside,
            mails=self._gateway.offers.mails,
            fault=fault,
        )
        return make_response(page, status)

    def _shown(self, offer: Offer, fault: str, text: str) -> OfferShown:
        site, need = self._gateway.site, self._gateway.library.index.by_id(offer.page)
        here = f"{HERE}{offer.key}/"
        say = words(self._lang).gettext
        verbs = ("traiter", "rouvrir", "effacer", "repondre")
        return OfferShown(
            offer,
            site.href(need.url, self._lang) if need and need.url else "",
            self._gate.address(f"fiches/{NEED}/{need.slug}/") if need else "",
            {verb: self._gate.address(f"{here}{verb}/") for verb in verbs},
            tuple(
                AnswerShown(one["by"], datetime.fromisoformat(one["at"]), one["text"])
                for one in offer.answers
            ),
            ", ".join(say(ASIDE[reason]) for reason in offer.reason.split() if reason in ASIDE),
            fault,
            text,
        )
