"""What pages said before: each version, what restoring it would change, and pages taken off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.clock import day
from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.history import Past, Step, last, past, restored
from contrib_gateway.store import Act
from contrib_gateway.views.faults import DECISION_FAULTS, problem_sentences
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.history import said
from contrib_gateway.views.pages.carrying import REREAD, shown_carrying
from plugins.check import check_document
from plugins.render import Change, changes
from plugins.schema import Document, Problem, slugify

LATELY = 1000  # lines of the journal that are looked through
MOST_GONE = 50


@dataclass(frozen=True)
class VersionShown:
    """One version of a page. `document` is what restoring it would publish, None where there was
    no page or none that can be read; `changes` is what that changes now, `problems` why it cannot
    be, `action` does it.
    """

    at: datetime
    said: str
    document: Document | None
    changes: tuple[Change, ...]
    problems: tuple[str, ...]
    action: str


@dataclass(frozen=True)
class Gone:
    """A page that was taken off the site."""

    ref: str
    type_label: str
    by: str
    at: datetime
    href: str


class VersionPages:
    """/redaction/fiches/…/versions/ and /redaction/fiches/retirees/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("versions")
        self._gate.route(pages, "fiches/retirees/", self.gone)
        self._gate.route(pages, "fiches/<name>/<slug>/versions/", self.versions)
        one = "fiches/<name>/<slug>/versions/<commit>/"
        self._gate.route(pages, one, self.restore, "POST")
        return pages

    # One page

    def versions(self, name: str, slug: str) -> Response:
        return self._shown(name, slug)

    def _shown(self, name: str, slug: str, status: int = 200, *, fault: str = "") -> Response:
        commit = self._gateway.library.state[0]
        known, now = self._page(name, slug)
        page = self._gate.render(
            "gateway/versions.html",
            f"fiches/{known.ref}/versions/",
            pages_href=self._gate.address("fiches/"),
            page_href=self._gate.address(f"fiches/{known.ref}/gerer/") if now else None,
            document=known,
            is_gone=now is None,
            versions=[self._version(step, known, now) for step in self._past(known).steps],
            commit=commit,
            fault=fault,
        )
        return make_response(page, status)

    def _page(self, name: str, slug: str) -> tuple[Document, Document | None]:
        """The page of this name or, if it was taken off, as it was last; and as it is now, if it is
        there, perhaps under another name. Raises `NotFound`.
        """
        index = self._gateway.library.index
        now = index.get(f"{name}/{slug}")
        if now:
            return now, now
        known = index.schema.types.get(name)
        path = f"{known.folder}/{slug}.md" if known else ""
        found = last(path, self._gateway.forge, index.schema) if path else None
        if found is None:
            raise NotFound(f"there never was a page {name}/{slug}")
        return found, index.by_id(found.id) if found.id else None

    def _past(self, document: Document) -> Past:
        return past(document, self._gateway.forge, self._gateway.library.schema)

    def _version(self, step: Step, known: Document, now: Document | None) -> VersionShown:
        site, index = self._gateway.site, self._gateway.library.index
        then = None if step.unread else step.after
        document = restored(then, now, day(self._gateway.clock())) if then else None
        images = self._gateway.library.content.images
        return VersionShown(
            at=step.version.at,
            said=said(step.version, self._lang),
            document=document,
            changes=changes(now, document, index, site, self._lang) if document else (),
            problems=self._told(check_document(document, index, images)) if document else (),
            action=self._gate.address(f"fiches/{known.ref}/versions/{step.version.commit}/"),
        )

    def _told(self, problems: list[Problem]) -> tuple[str, ...]:
        return problem_sentences(problems, self._gateway.library.schema, self._lang)

    def restore(self, name: str, slug: str, commit: str) -> Response:
        known, now = self._page(name, slug)
        steps = [step for step in self._past(known).steps if step.version.commit == commit]
        if not steps or steps[0].after is None or steps[0].unread:
            raise NotFound(f"no version {commit} of {known.ref}")
        again = restored(steps[0].after, now, day(self._gateway.clock()))
        edition, seen = self._gateway.edition, request.form.get("vu", "") or "nothing"
        try:
            done = edition.restore(self._gate.name(), again, seen)
        except DECISION_FAULTS as error:
            return self._shown(name, slug, error.status, fault=self._gate.fault(error))
        return self._gate.go(f"fiches/{done.ref}/gerer/?fait=1")

    # Those taken off

    def gone(self) -> Response:
        """Those that editors took off lately; another one is found by its former address."""
        name, typed = request.args.get("type", ""), request.args.get("adresse", "").strip()
        types, unfound = self._gateway.library.schema.types, ""
        if typed:
            slug = slugify(typed.rstrip("/").rpartition("/")[2], "")
            try:
                self._page(name, slug)
            except NotFound:
                unfound = typed
            else:
                return self._gate.go(f"fiches/{name}/{slug}/versions/")
        page = self._gate.render(
            "gateway/gone.html",
            "fiches/retirees/",
            pages_href=self._gate.address("fiches/"),
            here=self._gate.address("fiches/retirees/"),
            gone=self._lately_gone(),
            done=request.args.get("fait") == "1",
            carrying=shown_carrying(self._to_reread(), self._gate),
            types=[one for one in types.values() if one.url],
            name=name,
            typed=typed,
            unfound=unfound,
        )
        return make_response(page)

    def _to_reread(self) -> list[Document]:
        """What the address names of pages that are still there."""
        named = map(self._gateway.library.index.get, request.args.getlist(REREAD)[:MOST_GONE])
        return [one for one in named if one]

    def _lately_gone(self) -> list[Gone]:
        index, found = self._gateway.library.index, dict[str, Gone]()
        for entry in self._gateway.store.journal(limit=LATELY):
            ref = entry.about
            name = ref.partition("/")[0]
            known = index.schema.types.get(name)
            if entry.what != Act.TAKEN_OFF or known is None or ref in found or index.refers(ref):
                continue
            href = self._gate.address(f"fiches/{ref}/versions/")
            label = known.label.get(self._lang)
            found[ref] = Gone(ref, label, entry.who, entry.at, href)
        return list(found.values())[:MOST_GONE]
