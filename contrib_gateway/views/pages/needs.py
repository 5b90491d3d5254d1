"""A need drawn from an observation, on the desk: written, or found to be said already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotAsSeen, NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.service import Draft
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.forms.filling import Filling
from contrib_gateway.views.forms.task import Already, Task
from contrib_gateway.views.gate import CSRF, SEEN, Gate
from contrib_gateway.views.likeness import akin_pages, in_common
from contrib_gateway.views.pages.editing import publish_or_leave
from contrib_gateway.views.pages.ways_on import drawing_at
from plugins.observation.drawing import can_be_drawn, drawn_need
from plugins.observation.findings import OBSERVATION
from plugins.observation.hearing import DRAWN, HEARD, NEED, hearing
from plugins.render import digest
from plugins.render.hearing import said
from plugins.schema import Audience, Document

MOST = 5  # needs that may say the same
ADDED = "besoin"


class NeedPages:
    """/redaction/fiches/observation/<slug>/besoin/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._filling = Filling(gateway, lang)
        self._alone = Lock()  # while one is taken in: two hands that press at once make one need

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("needs")
        here = f"fiches/{OBSERVATION}/<slug>/besoin/"
        self._gate.route(pages, here, self.form)
        self._gate.route(pages, here, self.write, "POST")
        self._gate.route(pages, f"{here}ajouter/", self.add, "POST")
        return pages

    def form(self, slug: str) -> Response:
        return make_response(self._filling.show(self._task(slug)))

    def write(self, slug: str) -> Response:
        task = self._task(slug)
        try:
            return make_response(self._filling.send(task))
        except DECISION_FAULTS as error:
            return make_response(self._filling.again(task, self._gate.fault(error)), error.status)

    def add(self, slug: str) -> Response:
        """The observation is one more in which that need was heard."""
        commit = self._gateway.library.state[0]  # first: what others change from here on stays
        observation = self._gateway.edition.find(OBSERVATION, slug)
        need = self._gateway.edition.find(NEED, request.form.get(ADDED, ""))
        heard = list(need.data.get(HEARD, ()))
        if observation.ref not in heard:
            try:
                self._added(need, [*heard, observation.ref], commit)
            except DECISION_FAULTS as error:
                task, fault = self._task(slug), self._gate.fault(error)
                return make_response(self._filling.show(task, fault), error.status)
        return self._gate.go(f"fiches/{need.ref}/gerer/?fait=1")

    def _added(self, need: Document, heard: list[str], commit: str) -> None:
        if request.form.get(SEEN) != digest(need):
            raise NotAsSeen(f"{need.ref} is not what was read")
        days = {"updated": self._gateway.clock().date().isoformat()}
        after = replace(need, data=need.type.stamped({**need.data, HEARD: heard}, days))
        self._gateway.edition.correct(self._gate.name(), after, commit)

    def _task(self, slug: str) -> Task:
        """Raises `NotFound` while the observation is not published, or if needs hear none."""
        observation = self._gateway.edition.find(OBSERVATION, slug)
        content = self._gateway.library.content
        if not can_be_drawn(content.index.schema, NEED):
            raise NotFound("needs of this site do not say where they were heard")
        need = content.index.schema.types[NEED]
        begun = drawn_need(observation, need)

        def accept(draft: Draft) -> str:
            with self._alone:
                known = self._known(observation, str(draft.answers.data.get("title", "")))
                return known or publish_or_leave(self._gateway, self._gate, draft)

        path = f"redaction/{drawing_at(observation)}"
        return Task(
            type=need,
            content=content,
            form=path,
            path=path,
            accept=accept,
            back="redaction/fiches/",
            audience=Audience.EDITOR,
            hidden=((CSRF, self._gate.csrf()),),
            may_leave=True,
            begun=begun,
            source=observation,
            managed={DRAWN: True},
            already=(*self._waiting(observation), *self._published(observation, begun)),
        )

    def _known(self, observation: Document, title: str) -> str | None:
        """Where the very same need is that was drawn from the observation before."""
        for need in self._gateway.library.index.naming(observation, NEED, HEARD):
            if need.data.get(DRAWN) and need.title == title:
                return self._gate.address(f"fiches/{need.ref}/gerer/")
        return next((one.href for one in self._waiting(observation) if one.title == title), None)

    def _waiting(self, observation: Document) -> Iterator[Already]:
        """The needs on the desk that were heard in it."""
        for one in self._gateway.desk.waiting():
            if one.type == NEED and observation.ref in one.data.get(HEARD, ()):
                yield Already(one.title, self._gate.address(f"{one.id}/"), waits=True)

    def _published(self, observation: Document, begun: Document) -> Iterator[Already]:
        """Those that say it already, and those that are likely to be the same need."""
        index, site = self._gateway.library.index, self._gateway.site
        born = index.naming(observation, NEED, HEARD)
        likely = akin_pages(self._gateway, begun, MOST)
        for need in {one.ref: one for one in (*born, *likely)}.values():
            hears = observation.ref in need.data.get(HEARD, ())
            yield Already(
                need.title,
                site.href(need.url or "", self._lang),
                said(hearing(need, index), self._lang),
                in_common(begun, need, self._lang),
                action=None if hears else self._gate.address(f"{drawing_at(observation)}ajouter/"),
                hidden=((CSRF, self._gate.csrf()), (SEEN, digest(need)), (ADDED, need.slug)),
            )
