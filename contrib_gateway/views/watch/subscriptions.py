"""A list of subscriptions, sent as a file: what it holds, and adding its sources at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.typed import typed
from contrib_gateway.watch.subscriptions import WHY, New, Sorted
from plugins.render.words import N_, words
from plugins.watch import opml

HERE = "veille/sources/importer/"
FILE, LIST, KEY, DONE = "file", "liste", "cle", "fait"
MOST = 300  # sources of one list that are shown, and so added, at once
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "none": N_("Choose a file first."),
        "too_large": N_("This list is too long (over 5,000 lines or 2 MB): it was not read."),
        "not_opml": N_("This file is no list of subscriptions (OPML), or it is damaged."),
        "empty": N_("This list holds no address of a site or of a feed."),
        "unticked": N_("Nothing is ticked: nothing was added."),
        "why": N_("Say in a sentence why they are followed: some of them do not say it."),
    }
)


class SubscriptionPages:
    """/redaction/veille/sources/importer/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("subscriptions")
        self._gate.route(pages, HERE, self.form)
        self._gate.route(pages, HERE, self.read, "POST")
        self._gate.route(pages, f"{HERE}ajouter/", self.add, "POST")
        return pages

    def form(self) -> Response:
        return self._page(None)

    def read(self) -> Response:
        """What the file holds; nothing of it is kept here."""
        sent = request.files.get(FILE)
        try:
            data = sent.stream.read(opml.LARGEST + 1) if sent and sent.filename else b""
            if not data:
                return self._page(None, code="none")
            found = self._gateway.subscriptions.sorted(opml.read(data))
        except opml.NotOpml as error:
            return self._page(None, code=error.code)
        return self._page(found, ticked={one.key for one in found.new})

    def add(self) -> Response:
        """All that is ticked in one proposal, published at once; or the page once more."""
        try:
            found = self._gateway.subscriptions.sorted(
                opml.read(request.form.get(LIST, "").encode())
            )
        except opml.NotOpml as error:
            return self._page(None, code=error.code)
        ticked, why = frozenset(request.form.getlist(KEY)), typed(WHY)
        chosen = [one for one in found.new if one.key in ticked][:MOST]
        if not chosen:
            return self._page(found, code="unticked", why=why)
        if not why and not all(one.subscription.about for one in chosen):
            return self._page(found, ticked=ticked, code="why")
        plan = self._gateway.subscriptions.plan(chosen, why, self._lang)
        try:
            self._gateway.edition.carry_out(self._gate.name(), plan)
        except DECISION_FAULTS as error:
            fault = self._gate.fault(error)
            return self._page(found, ticked=ticked, why=why, fault=fault, status=error.status)
        return self._gate.go(f"{HERE}?{DONE}={len(chosen)}")

    def _page(
        self,
        found: Sorted | None,
        *,
        ticked: Collection[str] = (),
        why: str = "",
        code: str = "",
        fault: str = "",
        status: int = 0,
    ) -> Response:
        speech, shown = words(self._lang), found.new[:MOST] if found else ()
        page = self._gate.render(
            "gateway/subscriptions.html",
            HERE,
            inbox_href=self._gate.address("veille/"),
            sources_href=self._gateway.site.href("sources/", self._lang),
            action=self._gate.address(HERE),
            add_action=self._gate.address(f"{HERE}ajouter/"),
            read=found is not None,
            new=shown,
            left_out=len(found.new) - len(shown) if found else 0,
            there=[(d.title, self._gate.address(f"fiches/{d.ref}/gerer/")) for d in found.there]
            if found
            else [],
            unfit=found.unfit if found else (),
            list=_carried(shown),
            ticked=ticked,
            why=why,
            fault=fault or (speech.gettext(FAULTS[code]) if code else ""),
            wrong=code,
            done=request.args.get(DONE, 0, int),
        )
        return make_response(page, status or (422 if code else 200))


def _carried(shown: Collection[New]) -> str:
    """What was read, as a list again: it is sent with the choice."""
    return opml.write("", (one.subscription for one in shown))
