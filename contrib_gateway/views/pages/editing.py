"""The published pages, as editors work on them: all of them, one in its form, its name, its age."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotAsSeen, NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket
from contrib_gateway.plan import Plan
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.forms.filling import Filling
from contrib_gateway.views.forms.task import LEAVE, Task
from contrib_gateway.views.gate import CSRF, SEEN, Gate
from contrib_gateway.views.pages.carrying import shown_carrying, to_reread
from contrib_gateway.views.pages.searching import titled
from contrib_gateway.views.pages.ways_on import ways_on
from plugins.observation.findings import OBSERVATION
from plugins.render import digest, sentence
from plugins.schema import Audience, ContentType, Document, slugify

MOST_LISTED = 200  # pages shown at once; a search finds the others


@dataclass(frozen=True)
class PageLine:
    """One page in the editors' list."""

    document: Document
    type_label: str
    href: str
    is_overdue: bool
    seen: str


class EditingPages:
    """/redaction/fiches/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)
        self._filling = Filling(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("editing")
        one = "fiches/<name>/<slug>/"
        self._gate.route(pages, "fiches/", self.pages)
        self._gate.route(pages, "fiches/<name>/nouvelle/", self.new)
        self._gate.route(pages, "fiches/<name>/nouvelle/", self.write, "POST")
        self._gate.route(pages, one, self.form)
        self._gate.route(pages, one, self.correct, "POST")
        self._gate.route(pages, f"{one}exact/", self.confirm, "POST")
        self._gate.route(pages, f"{one}gerer/", self.manage)
        self._gate.route(pages, f"{one}renommer/", self.rename, "POST")
        self._gate.route(pages, f"{one}retirer/", self.take_off, "POST")
        return pages

    # All pages

    def pages(self) -> Response:
        """Those that should be confirmed or, with a search, those that it finds."""
        wanted, name = request.args.get("q", "").strip(), request.args.get("type", "")
        index, old = self._gateway.library.index, self._gateway.edition.overdue()
        asked = bool(wanted or name)
        documents = [d for d in index.documents if name in ("", d.type.name)]
        found = titled(documents, wanted) if asked else list(old)
        aged = {document.ref for document in old}
        page = self._gate.render(
            "gateway/pages.html",
            "fiches/",
            pages_href=self._gate.address("fiches/"),
            gone_href=self._gate.address("fiches/retirees/"),
            lines=[self._line(document, aged) for document in found[:MOST_LISTED]],
            left_out=max(0, len(found) - MOST_LISTED),
            asked=asked,
            wanted=wanted,
            name=name,
            types=[t for t in index.schema.types.values() if t.url],
        )
        return make_response(page)

    def _line(self, document: Document, aged: set[str]) -> PageLine:
        label = document.type.label.get(self._lang)
        href = self._gate.address(f"fiches/{document.ref}/gerer/")
        return PageLine(document, label, href, document.ref in aged, digest(document))

    # In its form

    def new(self, name: str) -> Response:
        return make_response(self._filling.show(self._new(name)))

    def write(self, name: str) -> Response:
        return self._send(self._new(name))

    def _new(self, name: str) -> Task:
        content = self._gateway.library.content
        content_type = content.index.schema.types.get(name)
        if content_type is None:
            raise NotFound(f"no type {name}")

        def accept(draft: Draft) -> str:
            return publish_or_leave(self._gateway, self._gate, draft)

        return self._task(content_type, f"redaction/fiches/{name}/nouvelle/", accept=accept)

    def form(self, name: str, slug: str) -> Response:
        return make_response(self._filling.show(self._change(name, slug)))

    def correct(self, name: str, slug: str) -> Response:
        return self._send(self._change(name, slug))

    def _send(self, task: Task) -> Response:
        try:
            return make_response(self._filling.send(task))
        except DECISION_FAULTS as error:
            return make_response(self._filling.again(task, self._gate.fault(error)), error.status)

    def _change(self, name: str, slug: str) -> Task:
        now, by = self._gateway.edition.find(name, slug), self._gate.name
        commit, content = self._gateway.library.state

        def revision(ticket: Ticket | None) -> Revision:
            at = ticket.commit if ticket else commit
            seen = self._gateway.library.document_at(at, now.path) or now
            return Revision(seen, now, content.index, at, commit, audience=Audience.EDITOR)

        def accept(draft: Draft) -> str:
            if LEAVE in request.form:
                return left(self._gateway, self._gate, draft)
            at = draft.revision.commit if draft.revision else commit
            self._gateway.edition.correct(by(), self._gateway.reception.document(draft), at)
            return self._gate.address(f"fiches/{now.ref}/gerer/?fait=1")

        return self._task(
            now.type,
            f"redaction/fiches/{now.ref}/",
            accept=accept,
            revision=revision,
            commit=commit,
        )

    def _task(self, content_type: ContentType, path: str, **more: object) -> Task:
        return Task(
            type=content_type,
            content=self._gateway.library.content,
            form=path,
            path=path,
            back="redaction/fiches/",
            audience=Audience.EDITOR,
            may_leave=True,
            hidden=((CSRF, self._gate.csrf()),),
            **more,  # type: ignore[arg-type]  # the callables above
        )

    # Its age, its name, its end

    def manage(self, name: str, slug: str) -> Response:
        return self._managed(self._gateway.edition.find(name, slug))

    def _managed(
        self, document: Document, status: int = 200, *, fault: str = "", typed: str = ""
    ) -> Response:
        taking_off = self._gateway.edition.taking_off(document)
        here = f"fiches/{document.ref}/"
        page = self._gate.render(
            "gateway/manage.html",
            f"{here}gerer/",
            pages_href=self._gate.address("fiches/"),
            document=document,
            page_href=self._gateway.site.href(document.url, self._lang) if document.url else "",
            form_href=self._gate.address(here),
            history_href=self._gateway.site.gateway(f"historique/{document.ref}/", self._lang),
            actions={
                verb: self._gate.address(f"{here}{verb}/")
                for verb in ("exact", "renommer", "retirer")
            },
            is_overdue=document in self._gateway.edition.overdue(),
            seen=digest(document),
            versions_href=self._gate.address(f"{here}versions/"),
            referring=len(taking_off.rewriting.documents),
            needed=self._said(taking_off, document),
            done=request.method == "GET" and request.args.get("fait") == "1",
            fault=fault,
            typed=typed or document.slug,
            ways=ways_on(self._gateway, self._gate, document),
            carrying=shown_carrying(self._carrying(document), self._gate),
        )
        return make_response(page, status)

    def _said(self, plan: Plan, document: Document) -> list[str]:
        return [sentence(found, document.type, self._lang) for found in plan.rewriting.problems]

    def _carrying(self, document: Document) -> tuple[Document, ...]:
        """The syntheses, the needs and all else that refers to an observation: what they quote of
        it goes with it; what was written with its words stays until somebody writes it anew.
        """
        if document.type.name != OBSERVATION:
            return ()
        return self._gateway.library.index.mentions(document)

    def confirm(self, name: str, slug: str) -> Response:
        """On the word of who read it as it is now."""
        document = self._gateway.edition.find(name, slug)
        try:
            if request.form.get(SEEN) != digest(document):
                raise NotAsSeen(f"{document.ref} is not what was read")
            self._gateway.edition.confirm(self._gate.name(), document)
        except DECISION_FAULTS as error:
            return self._managed(document, error.status, fault=self._gate.fault(error))
        back = f"fiches/{document.ref}/gerer/?fait=1"
        return self._gate.go("fiches/" if request.form.get("liste") else back)

    def rename(self, name: str, slug: str) -> Response:
        document = self._gateway.edition.find(name, slug)
        typed = request.form.get("slug", "").strip()
        wanted = slugify(typed, "") if any(map(str.isalnum, typed)) else ""
        plan = self._gateway.edition.renaming(document, wanted)
        return self._rewritten(document, plan, f"fiches/{name}/{wanted}/gerer/?fait=1", typed)

    def take_off(self, name: str, slug: str) -> Response:
        document = self._gateway.edition.find(name, slug)
        back = f"fiches/retirees/?fait=1{to_reread(self._carrying(document))}"
        return self._rewritten(document, self._gateway.edition.taking_off(document), back)

    def _rewritten(self, document: Document, plan: Plan, back: str, typed: str = "") -> Response:
        """Done, and on to `back`; or why it cannot be."""
        if plan.rewriting.problems:
            fault = " ".join(self._said(plan, document))
            return self._managed(document, 422, fault=fault, typed=typed)
        try:
            if plan.files:
                self._gateway.edition.carry_out(self._gate.name(), plan)
        except DECISION_FAULTS as error:
            return self._managed(document, error.status, fault=self._gate.fault(error), typed=typed)
        return self._gate.go(back)


def publish_or_leave(gateway: Gateway, gate: Gate, draft: Draft) -> str:
    """A new page, published or left for a colleague as its editor chose; returns where it is."""
    if LEAVE in request.form:
        return left(gateway, gate, draft)
    written = gateway.edition.write(gate.name(), gateway.reception.document(draft))
    return gate.address(f"fiches/{written.ref}/gerer/?fait=1")


def left(gateway: Gateway, gate: Gate, draft: Draft) -> str:
    """Left for a colleague: it waits on the desk like all that is sent."""
    return gate.address(f"{gateway.reception.leave(draft, gate.name()).id}/")
