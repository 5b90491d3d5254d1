"""The next issue of the watch, as an editor prepares it: what goes into it, and its first words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotAsSeen
from contrib_gateway.gateway import Gateway
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.typed import typed
from contrib_gateway.watch.digest import FORM, Available
from plugins.render import sentence
from plugins.render.words import N_, words
from plugins.schema import Problem
from plugins.watch.draft import DIGEST, THEMES, TRUST, Words, labels, most_items

TICKET, PICKED = "_ticket", "id"
ASKED = ("title", "summary", "intro")
TAKEN = N_(
    "Some of it went into another issue meanwhile, or is not kept any more. Here is what is left;"
    " what you wrote is still here."
)
STALE = N_("This page was too old to be sent. What you wrote is still here: send it again.")


class IssuePages:
    """/redaction/veille/numero/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("issue")
        self._gate.route(pages, "veille/numero/", self.form)
        self._gate.route(pages, "veille/numero/", self.prepare, "POST")
        return pages

    def form(self) -> Response:
        """All that is ready, as far as an issue holds it, with words to begin with."""
        available = self._gateway.digests.available()
        chosen = available.picks[: most_items(self._gateway.library.index)]
        suggested = self._gateway.digests.suggested(chosen, self._lang)
        return self._page(available, {pick.id for pick in chosen}, suggested)

    def prepare(self) -> Response:
        """Drafted and left on the desk; with faults, or if another editor was quicker, shown again
        with all that was typed.
        """
        digests, ids = self._gateway.digests, frozenset(request.form.getlist(PICKED))
        written = Words(*map(typed, ASKED))
        ticket = self._gateway.tickets.read(FORM, request.form.get(TICKET, ""))
        available = digests.available()
        if ticket is None:
            return self._page(available, ids, written, status=422, fault=STALE)
        if known := digests.known(ticket.nonce):
            return self._gate.go(f"{known.id}/")
        chosen = [pick for pick in available.picks if pick.id in ids]
        if len(chosen) < len(ids):
            return self._page(available, ids, written, status=409, fault=TAKEN)
        if problems := digests.problems(chosen, written):
            return self._page(available, ids, written, problems, status=422)
        try:
            left = digests.prepare(self._gate.name(), ticket.nonce, ids, written, self._lang)
        except NotAsSeen:
            return self._page(digests.available(), ids, written, status=409, fault=TAKEN)
        return self._gate.go(f"{left.id}/")

    def _page(
        self,
        available: Available,
        ticked: Collection[str],
        written: Words,
        problems: Sequence[Problem] = (),
        *,
        status: int = 200,
        fault: str = "",
    ) -> Response:
        index = self._gateway.library.index
        declared = index.schema.types[DIGEST]
        page = self._gate.render(
            "gateway/issue.html",
            "veille/numero/",
            inbox_href=self._gate.address("veille/"),
            action=self._gate.address("veille/numero/"),
            ticket=self._gateway.tickets.issue(FORM).text,
            fields=[declared.fields[name] for name in ASKED],
            typed={name: getattr(written, name) for name in ASKED},
            faults={p.field: sentence(p, declared, self._lang, named=False) for p in problems},
            named=[(p.field, [sentence(p, declared, self._lang)]) for p in problems],
            groups=available.themes,
            themes=labels(index, THEMES),
            trusts=labels(index, TRUST),
            ticked=ticked,
            most=most_items(index),
            unqualified=available.unqualified,
            waiting=[(one.title, self._gate.address(f"{one.id}/")) for one in available.waiting],
            fault=words(self._lang).gettext(fault) if fault else "",
        )
        return make_response(page, status)
