"""A synthesis as an editor drafts it: observations side by side, what is picked from them, and the
words around it. Every button keeps all that is typed and ticked; none needs a script.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound, TooMany
from contrib_gateway.gateway import Gateway
from contrib_gateway.synthesis import FORM, Unfinished, suggested_method
from contrib_gateway.views.gate import CSRF, Gate
from contrib_gateway.views.synthesis.claims import asks, claim_shown, faults
from contrib_gateway.views.synthesis.side_by_side import spread
from contrib_gateway.views.synthesis.sketching import METHOD, MOST, asked_choice, sketched
from plugins.observation.choosing import chosen
from plugins.observation.drafting import cited
from plugins.observation.findings import OBSERVATION, SYNTHESIS
from plugins.observation.sketch import ASKED, Sketch
from plugins.render import sentence
from plugins.render.shown import Setting
from plugins.render.words import N_, words
from plugins.schema import Index, Problem, new_id

TICKET, VERSION, PAGE, DO, INTO = "_ticket", "_version", "_page", "do", "into"
KEEP, CHOOSE, GATHER, LEAVE = "keep", "choose", "gather", "leave"
UP, DOWN, TAKE_OUT, TURN = "up", "down", "out", "page"
FULL = N_("There are too many drafts already: finish or remove some of them first.")


class SynthesisPages:
    """/redaction/synthese/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("synthesis")
        self._gate.route(pages, "synthese/", self.start)
        self._gate.route(pages, "synthese/", self.begin, "POST")
        self._gate.route(pages, "synthese/<id>/", self.draft)
        self._gate.route(pages, "synthese/<id>/", self.change, "POST")
        self._gate.route(pages, "synthese/<id>/oter/", self.drop, "POST")
        return pages

    # Beginning, going on

    def start(self, fault: str = "", status: int = 200) -> Response:
        index = self._index()
        page = self._gate.render(
            "gateway/syntheses.html",
            "synthese/",
            action=self._gate.address("synthese/"),
            ticket=self._gateway.tickets.issue(FORM).text,
            index=index,
            choice=asked_choice(index),
            faults={},
            fault=fault,
            unfinished=[
                (one, self._gate.address(f"synthese/{one.id}/"))
                for one in self._gateway.syntheses.unfinished()
            ],
            new_href=self._gate.address(f"fiches/{SYNTHESIS}/nouvelle/"),
        )
        return make_response(page, status)

    def begin(self) -> Response:
        ticket = self._gateway.tickets.read(FORM, request.form.get(TICKET, ""))
        if ticket is None:
            return self.start()
        choice, name = asked_choice(self._index()), self._gate.name()
        try:
            one = self._gateway.syntheses.begin(choice, self._lang, name, ticket.nonce)
        except TooMany as error:
            return self.start(words(self._lang).gettext(FULL), error.status)
        return self._gate.go(f"synthese/{one.id}/")

    def drop(self, id: str) -> Response:
        self._gateway.syntheses.drop(id)
        return self._gate.go("synthese/")

    # Drafting

    def draft(self, id: str) -> Response:
        one = self._gateway.syntheses.find(id)
        if one.is_removed:
            raise NotFound("this draft was removed")
        if one.became:
            return self._gate.go(f"{one.became}/")
        return self._page(one, _number(request.args.get("page", "")))

    def change(self, id: str) -> Response:
        """Keep what was typed and ticked, then do what the button says."""
        deed, _, what = request.form.get(DO, KEEP).partition(" ")
        syntheses, index = self._gateway.syntheses, self._index()
        sketch = _done(sketched(syntheses.find(id).sketch, index), deed, what)
        version = _number(request.form.get(VERSION, ""))
        sent = sorted(pair for pair in request.form.items(multi=True) if pair[0] != CSRF)
        one = syntheses.keep(id, version, sketch, self._gate.name(), sent)
        if one.id != id:  # somebody else was quicker
            return self._gate.go(f"synthese/{one.id}/?de={id}")
        if one.became:
            return self._gate.go(f"{one.became}/")
        number = _number(what) if deed == TURN else _number(request.form.get(PAGE, ""))
        if deed == LEAVE:
            return self._leave(one, number)
        return self._gate.go(f"synthese/{id}/{_where(one.sketch, deed, what, number)}")

    def _leave(self, one: Unfinished, number: int) -> Response:
        if problems := self._gateway.syntheses.problems(one.sketch):
            return self._page(one, number, problems)
        left = self._gateway.syntheses.leave(one.id, self._gate.name())
        return self._gate.go(f"{left.id}/" if left else "")

    def _page(self, one: Unfinished, number: int, problems: Sequence[Problem] = ()) -> Response:
        index, sketch = self._index(), one.sketch
        setting = Setting(index, self._gateway.site, self._lang)
        found, declared = chosen(sketch.choice, index), index.schema.types[SYNTHESIS]
        method = suggested_method(sketch, index)
        page = self._gate.render(
            "gateway/synthesis.html",
            f"synthese/{one.id}/",
            one=one,
            sketch=sketch,
            index=index,
            start_href=self._gate.address("synthese/"),
            action=self._gate.address(f"synthese/{one.id}/"),
            total=len(found),
            spread=spread(found, number, setting),
            claims=[claim_shown(claim, setting) for claim in sketch.claims],
            cited={document.id for document in cited(sketch, index)},
            fields=[declared.fields[name] for name in ASKED],
            typed={
                **dict.fromkeys(ASKED, ""),
                **sketch.typed,
                METHOD: sketch.typed.get(METHOD) or method,
            },
            method=method,
            problems=[
                (asks(p.field, sketch), [sentence(p, declared, self._lang)]) for p in problems
            ],
            faults=faults(problems, sketch, self._lang),
            choice_faults={
                p.field: sentence(p, None, self._lang, named=False)
                for p in sketch.choice.problems(index)
            },
            kept="garde" in request.args,
            apart=self._gate.address(f"synthese/{de}/") if (de := _id("de")) else "",
            room=MOST - sum(len(claim.picks) for claim in sketch.claims) - len(sketch.ticked),
        )
        return make_response(page, 422 if problems else 200)

    def _index(self) -> Index:
        index = self._gateway.library.index
        if not {SYNTHESIS, OBSERVATION} <= set(index.schema.types):
            raise NotFound("this site has no syntheses of observations")
        return index


def _done(sketch: Sketch, deed: str, what: str) -> Sketch:
    """After what a button says, which is of this page or does nothing."""
    if deed == GATHER and sketch.ticked:
        into = request.form.get(INTO, "")
        return sketch.gathered(into if sketch.claim(into) else new_id())
    if deed in (UP, DOWN):
        return sketch.moved(what, -1 if deed == UP else 1)
    return sketch.without(what) if deed == TAKE_OUT else sketch


def _where(sketch: Sketch, deed: str, what: str, number: int) -> str:
    """What to look at after that: the rest of the address."""
    place = {TURN: "#observations", CHOOSE: "#observations", UP: f"#c-{what}", DOWN: f"#c-{what}"}
    if deed == GATHER and sketch.claims:
        into = sketch.claim(request.form.get(INTO, "")) or sketch.claims[-1]
        return f"?page={number}#c-{into.id}"
    query = "?garde=1" if deed == KEEP else f"?page={1 if deed == CHOOSE else number}"
    return query + place.get(deed, "#findings" if deed == TAKE_OUT else "")


def _id(name: str) -> str:
    """An id that an address tells; "" for what is none."""
    text = request.args.get(name, "")
    return text if text.isascii() and text.isalnum() and len(text) < 20 else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
