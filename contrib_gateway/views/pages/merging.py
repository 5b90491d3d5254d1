"""Pages that are the same thing brought together: which ones, what that changes; and doing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.plan import Plan
from contrib_gateway.views.faults import DECISION_FAULTS
from contrib_gateway.views.gate import SEEN, Gate
from contrib_gateway.views.likeness import akin_pages, in_common
from contrib_gateway.views.pages.searching import titled
from contrib_gateway.views.pages.ways_on import merging_at
from plugins.observation.hearing import NEED, hearing
from plugins.observation.matching import ANSWERS
from plugins.observation.unanswered import ANSWERS_TEXT, STATE
from plugins.render import changes, paired, sentence
from plugins.render.hearing import said
from plugins.render.words import words
from plugins.schema import Document

MOST = 8  # pages to choose from
WITH, WANTED = "avec", "q"


@dataclass(frozen=True)
class Choice:
    """A page that may be the same: how often it is `said`, and what both have `in_common`."""

    title: str
    slug: str
    href: str
    said: str
    in_common: tuple[str, ...]


class MergingPages:
    """/redaction/fiches/<name>/<slug>/reunir/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("merging")
        here = "fiches/<name>/<slug>/reunir/"
        self._gate.route(pages, here, self.choose)
        self._gate.route(pages, here, self.bring_together, "POST")
        return pages

    def choose(self, name: str, slug: str) -> Response:
        """The likely ones or, with a search, those that it finds; or what one of them changes."""
        kept = self._kept(name, slug)
        if WITH in request.args:
            return self._previewed(kept, self._other(kept, request.args[WITH]))
        wanted = request.args.get(WANTED, "").strip()
        found = self._found(kept, wanted) if wanted else akin_pages(self._gateway, kept, MOST)
        page = self._gate.render(
            "gateway/merging.html",
            merging_at(kept),
            **self._about(kept),
            choices=[self._choice(kept, other) for other in found],
            wanted=wanted,
        )
        return make_response(page)

    def bring_together(self, name: str, slug: str) -> Response:
        """Done as it was read; or read once more, if it would do something else by now."""
        kept = self._kept(name, slug)
        other = self._other(kept, request.form.get(WITH, ""))
        plan = self._gateway.edition.merging(kept, other)
        if plan.rewriting.problems:
            return self._previewed(kept, other, 422)
        if plan.mark != request.form.get(SEEN, ""):
            fault = words(self._lang).gettext(
                "The site changed while you read this; nothing was done. Here is what it does now."
            )
            return self._previewed(kept, other, 409, fault=fault)
        try:
            if plan.files:
                self._gateway.edition.carry_out(self._gate.name(), plan)
        except DECISION_FAULTS as error:
            return self._previewed(kept, other, error.status, fault=self._gate.fault(error))
        return self._gate.go(f"fiches/{kept.ref}/gerer/?fait=1")

    def _kept(self, name: str, slug: str) -> Document:
        kept = self._gateway.edition.find(name, slug)
        if not kept.type.merges:
            raise NotFound(f"pages of {name} are not brought together")
        return kept

    def _other(self, kept: Document, slug: str) -> Document:
        return self._gateway.edition.find(kept.type.name, slug)

    def _found(self, kept: Document, wanted: str) -> list[Document]:
        """The other pages of its type whose titles have all these words."""
        listed = self._gateway.library.index.listed(kept.type.name)
        return titled((one for one in listed if one.ref != kept.ref), wanted)[:MOST]

    def _choice(self, kept: Document, other: Document) -> Choice:
        return Choice(
            other.title,
            other.slug,
            self._gateway.site.href(other.url or "", self._lang),
            self._heard(other),
            in_common(kept, other, self._lang),
        )

    def _heard(self, document: Document) -> str:
        if document.type.name != NEED:
            return ""
        return said(hearing(document, self._gateway.library.index), self._lang)

    def _about(self, kept: Document) -> dict[str, object]:
        """What both pages are given."""
        return {
            "document": kept,
            "pages_href": self._gate.address("fiches/"),
            "manage_href": self._gate.address(f"fiches/{kept.ref}/gerer/"),
            "action": self._gate.address(merging_at(kept)),
        }

    def _previewed(
        self, kept: Document, other: Document, status: int = 200, *, fault: str = ""
    ) -> Response:
        index, site = self._gateway.library.index, self._gateway.site
        plan = self._gateway.edition.merging(kept, other)
        after = plan.rewriting.documents.get(kept.path, kept)
        problems = [sentence(p, kept.type, self._lang) for p in plan.rewriting.problems]
        swap = f"{merging_at(other)}?{WITH}={kept.slug}"
        page = self._gate.render(
            "gateway/merger.html",
            merging_at(kept),
            **self._about(kept),
            other=other,
            changes=changes(kept, after, index, site, self._lang),
            effects=list(self._effects(kept, other, plan)),
            pairs=paired(kept, other, index, site, self._lang),
            problems=list(dict.fromkeys(problems)),
            changes_anything=bool(plan.files),
            swap_href=self._gate.address(swap) if kept.ref != other.ref else "",
            hidden=((WITH, other.slug), (SEEN, plan.mark)),
            fault=fault,
        )
        return make_response(page, status)

    def _effects(self, kept: Document, other: Document, plan: Plan) -> Iterator[str]:
        """What it does beyond the page that is written, in sentences."""
        say = words(self._lang)
        names = {"kept": kept.title, "other": other.title}
        stays = say.gettext(
            "“%(other)s” keeps its address and its words. It says that it is brought together with"
            " “%(kept)s”, and leaves the lists, the feeds and the figures."
        )
        yield stays % names
        if before := self._heard(kept):
            after = plan.rewriting.documents.get(kept.path, kept)
            heard = said(hearing(after, self._gateway.library.index), self._lang)
            counts = say.gettext("“%(kept)s”: %(before)s → %(after)s.")
            yield counts % {**names, "before": before, "after": heard}
        if other.merges:
            said_so = say.ngettext(
                "What was brought together with “%(other)s” before comes along: %(num)s page.",
                "What was brought together with “%(other)s” before comes along: %(num)s pages.",
                len(other.merges),
            )
            yield said_so % {**names, "num": len(other.merges)}
        if any(other.data.get(name) for name in (STATE, ANSWERS, ANSWERS_TEXT)):
            by_hand = say.gettext(
                "What “%(other)s” says of its answers stays on its page: take over by hand what"
                " still holds."
            )
            yield by_hand % names
