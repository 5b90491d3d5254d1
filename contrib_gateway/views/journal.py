"""The journal of the desk: every action in words, whose, on what and when, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Blueprint, make_response, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Act, Entry, Wanted
from contrib_gateway.views.gate import Gate
from plugins.render.words import N_, words
from plugins.schema import Document

SENTENCES: Mapping[Act, str] = MappingProxyType(
    {
        Act.READ: N_("%(who)s read %(what)s, to publish it."),
        Act.RELEASED: N_("%(who)s let %(what)s go further."),
        Act.QUEUED: N_("%(who)s sent %(what)s on its way once more."),
        Act.REOPENED: N_("%(who)s proposes %(what)s again: its proposal was gone."),
        Act.PROPOSED: N_("%(who)s proposed %(what)s."),
        Act.DEAD: N_("%(who)s could not propose %(what)s: it is blocked."),
        Act.ADOPTED: N_("%(who)s found the proposal %(what)s on the forge."),
        Act.ASKED: N_("%(who)s asked something about %(what)s."),
        Act.ANSWERED: N_("%(who)s answered about %(what)s."),
        Act.AMENDED: N_("%(who)s changed the proposal %(what)s."),
        Act.PUBLISHED: N_("%(who)s published %(what)s."),
        Act.DECLINED: N_("%(who)s declined %(what)s."),
        Act.UNDONE: N_("%(who)s took back what was published: %(what)s."),
        Act.WITHDRAWN: N_("%(who)s withdrew %(what)s."),
        Act.FORGOTTEN: N_("%(who)s had %(what)s forgotten."),
        Act.LEFT: N_("%(who)s left %(what)s for a colleague to publish."),
        Act.WRITTEN: N_("%(who)s wrote the page %(what)s."),
        Act.CORRECTED: N_("%(who)s corrected %(what)s."),
        Act.CONFIRMED: N_("%(who)s confirmed that %(what)s is still exact."),
        Act.RENAMED: N_("%(who)s gave another address to %(what)s."),
        Act.TAKEN_OFF: N_("%(who)s took %(what)s off the site."),
        Act.BROUGHT_TOGETHER: N_("%(who)s brought another page together with %(what)s."),
        Act.RESTORED: N_("%(who)s brought back an earlier version of %(what)s."),
        Act.IMPORTED: N_("%(who)s added the source %(what)s, and others of the same list."),
        Act.WATCHED: N_("%(who)s noted how the source %(what)s fares."),
        Act.TERM_ADDED: N_("%(who)s added the term %(what)s."),
        Act.TERM_CHANGED: N_("%(who)s changed the term %(what)s."),
        Act.TERMS_MERGED: N_("%(who)s merged two terms into %(what)s."),
        Act.TERM_REMOVED: N_("%(who)s removed the term %(what)s."),
    }
)
"""The one place where the journal's acts have their words."""
UNNAMED = N_("%(who)s did “%(act)s”: %(what)s.")  # by a Vigie that knew acts which this does not
BY_CONTRIBUTORS = frozenset({Act.ANSWERED, Act.AMENDED, Act.WITHDRAWN, Act.FORGOTTEN})
UNTOLD = (Act.READ, Act.PROPOSED)  # before each decision, and after each submission: no news
LINES = 50  # a page of it
LARGEST = 2**63 - 1  # of a number in SQLite


@dataclass(frozen=True)
class LineShown:
    """One action; `page_href` leads to all that was done to the same page, "" if there is none."""

    at: datetime
    said: Markup
    page_href: str


@dataclass(frozen=True)
class _Subject:
    """What a line is about: how it is called, where it is, its page's name, or ""."""

    title: str
    href: str
    ref: str


class JournalPages:
    """/redaction/journal/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("journal")
        self._gate.route(pages, "journal/", self.journal)
        return pages

    def journal(self) -> Response:
        """The lines that are wanted: of a person (`qui`), about a page (`fiche`), before a line."""
        who, ref = request.args.get("qui", "").strip(), request.args.get("fiche", "").strip()
        wanted = self._wanted(who, ref)
        found = self._gateway.store.journal(limit=LINES + 1, wanted=wanted)
        lines, more = found[:LINES], len(found) > LINES
        page = self._gate.render(
            "gateway/journal.html",
            "journal/",
            journal_href=self._gate.address("journal/"),
            lines=[self._line(entry) for entry in lines],
            people=self._gateway.store.people(),
            who=who,
            ref=ref,
            page_title=self._titled(ref) if ref else "",
            newest_href=self._address(who, ref) if wanted.before else "",
            older_href=self._address(who, ref, lines[-1].number) if more else "",
        )
        return make_response(page)

    def _wanted(self, who: str, ref: str) -> Wanted:
        before = request.args.get("avant", "")
        number = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else 0
        document = self._page(ref)
        names = () if document is None else (document.ref, *_former(document))
        return Wanted(
            who=who,
            page=document.id if document else "",
            refs=tuple(dict.fromkeys((ref, *names))) if ref else (),
            before=number,
            without=UNTOLD,
        )

    def _address(self, who: str, ref: str, before: int = 0) -> str:
        asked = {"qui": who, "fiche": ref, "avant": str(before or "")}
        query = urlencode({name: value for name, value in asked.items() if value}, safe="/")
        return self._gate.address("journal/") + (f"?{query}" if query else "")

    def _line(self, entry: Entry) -> LineShown:
        subject = self._subject(entry)
        title = escape(words(self._lang).gettext("“%s”")) % subject.title
        what = Markup('<a href="%s">%s</a>') % (subject.href, title) if subject.href else title
        return LineShown(
            at=entry.at,
            said=self._said(entry, what),
            page_href=self._address("", subject.ref) if subject.ref else "",
        )

    def _said(self, entry: Entry, what: Markup) -> Markup:
        """The sentence; names and titles are escaped, whoever chose them."""
        say = words(self._lang).gettext
        known = next((act for act in Act if act == entry.what), None)
        sentence = say(SENTENCES[known] if known else UNNAMED)
        by = N_("Its contributor") if known in BY_CONTRIBUTORS else N_("Vigie")
        who = Markup("<strong>%s</strong>") % (entry.who or say(by))
        return escape(sentence) % {"who": who, "what": what, "act": entry.what}

    def _subject(self, entry: Entry) -> _Subject:
        if not entry.submission:
            document = self._page(entry.about)
            if document is None:
                return _Subject(entry.about or entry.what, "", self._ref(entry.about))
            href = self._gate.address(f"fiches/{document.ref}/gerer/")
            return _Subject(document.title, href, document.ref)
        found = self._gateway.store.find(entry.submission)
        if found is None:
            return _Subject(entry.submission, "", "")
        say = words(self._lang).gettext
        there = self._gateway.library.index.by_id(found.document_id)
        ref = there.ref if there else f"{found.type}/{found.slug}"
        href = self._gate.address(f"{found.id}/")
        if found.forgotten_at and not found.title:
            return _Subject(say("a contribution that is forgotten"), href, "")
        return _Subject(found.title, href, ref)

    def _ref(self, about: str) -> str:
        """What is about a page that is gone can still be asked for by its name; a term cannot."""
        return about if about.partition("/")[0] in self._gateway.library.schema.types else ""

    def _page(self, ref: str) -> Document | None:
        """The page that has this name, or that had it."""
        name, _, slug = ref.partition("/")
        index = self._gateway.library.index
        return index.get(ref) or next(iter(index.named(name, slug)), None) if slug else None

    def _titled(self, ref: str) -> str:
        document = self._page(ref)
        return document.title if document else ref


def _former(document: Document) -> tuple[str, ...]:
    """The names that a page had before."""
    return tuple(f"{document.type.name}/{slug}" for slug in document.aliases)
