"""Qualifying a story of the watch, splitting it, joining it with another."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.forms import DocumentForm
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Pile, Story, Verdict
from contrib_gateway.views.gate import SEEN, Gate
from contrib_gateway.views.watch.inbox import told
from contrib_gateway.views.watch.lines import THEMES
from contrib_gateway.views.watch.sought import PAGE, list_address, number_in, sought_in
from contrib_gateway.views.watch.story import Attempt, StoryView, apart
from contrib_gateway.watch.inbox import QUALIFIED_BY
from plugins.render.words import words
from plugins.schema import Personal, Problem, personal

SUGGEST = "_suggest"  # a button: tick the suggested themes


class QualifyingPages:
    """/redaction/veille/<id>/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._story = StoryView(gateway, self._gate)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("watch-qualifying")
        self._gate.route(pages, "veille/<id>/", self.story)
        self._gate.route(pages, "veille/<id>/", self.qualify, "POST")
        self._gate.route(pages, "veille/<id>/separer/", self.split, "POST")
        self._gate.route(pages, "veille/<id>/reunir/", self.join, "POST")
        return pages

    def story(self, id: str) -> Response:
        story = self._story.find(id)
        return self._story.page(story) if story.id == id else self._gate.go(f"veille/{story.id}/")

    # Qualifying

    def qualify(self, id: str) -> Response:
        """Keep it, with what is said of it; faults stand beside their questions."""
        story = self._story.find(id)
        form = self._story.empty_form()
        form.fill(MultiDict(request.form))
        if SUGGEST in request.form:
            return self._story.page(story, Attempt(self._suggested(form, story)))
        answers = form.answers()
        problems = [*form.problems(answers), *self._named(answers.data.get(QUALIFIED_BY, ""))]
        if problems:
            return self._story.page(story, Attempt(form, problems), 422)
        seen = {id: number_in(request.form.get(SEEN, ""))}
        sought = sought_in(request.args, self._gateway.library.index)
        after = self._gateway.store.story_after(story, sought)
        verdict = Verdict(Pile.KEPT, qualification=answers.data)
        done = self._gateway.store.sort_stories(seen, verdict, self._gate.name())
        if done.stale:
            return self._story.late(id, Attempt(form))
        page = number_in(request.args.get(PAGE, ""))
        return self._gate.go(list_address(sought, page, told(done), after))

    def _suggested(self, form: DocumentForm, story: Story) -> DocumentForm:
        """The form, with the themes that the text suggests ticked too."""
        if THEMES in form:
            ticked = form[THEMES].data or []
            form[THEMES].data = list(dict.fromkeys([*ticked, *story.suggested]))
        return form

    def _named(self, name: str) -> list[Problem]:
        """A name is published; an address is not."""
        told = any(spot.what is Personal.EMAIL for spot in personal(name))
        return [Problem("", QUALIFIED_BY, "email_as_name")] if told else []

    # Splitting and joining

    def split(self, id: str) -> Response:
        numbers = [number_in(one) for one in request.form.getlist("item")[:1000]]
        store = self._gateway.store
        try:
            turn, other = store.split_story(id, _seen(), numbers, self._gate.name())
        except (AlreadyDecided, NotFound):
            return self._story.late(id)
        if not other:
            say = words(self._lang).gettext
            fault = say("Tick some of them, not all: what is ticked goes, the rest stays.")
            return self._story.page(self._story.find(id), Attempt(split_fault=fault), 422)
        return self._gate.go(f"veille/{other}/?fait={turn}-{turn}")

    def join(self, id: str) -> Response:
        others = dict.fromkeys(request.form.getlist("id")[:20])
        others.pop(id, None)
        seen = {id: _seen()}
        seen |= {one: number_in(request.form.get(f"seen-{one}", "")) for one in others}
        if len(seen) == 1:
            fault = words(self._lang).gettext("Tick at least one that tells the same.")
            return self._story.page(self._story.find(id), Attempt(join_fault=fault), 422)
        try:
            turn = self._gateway.inbox.join(seen, self._gate.name())
        except (AlreadyDecided, NotFound):
            return self._story.late(id)
        if not turn:
            attempt = Attempt(join_fault=apart(self._lang))
            return self._story.page(self._story.find(id), attempt, 422)
        first = self._gateway.store.turns_between(turn, turn)[0].cluster
        return self._gate.go(f"veille/{first}/?fait={turn}-{turn}")


def _seen() -> int:
    return number_in(request.form.get(SEEN, ""))
