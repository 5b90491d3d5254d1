"""How the sources of the watch fare: when each was asked, what it answered, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import FeedState, Pile
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.watch.lines import LONGEST_TITLE
from contrib_gateway.views.watch.sought import PAGE, SOURCE, SOURCES, number_in
from contrib_gateway.watch.faults import remarks, sentence
from plugins.render.health import ENDED, STATE
from plugins.schema import Document
from plugins.watch.plaintext import shortened

PAGE_SIZE = 100


@dataclass(frozen=True)
class SourceLine:
    """One source; its moments are None where nothing happened yet, `next_at` where it is not to be
    asked any more. `items_href`: what it brought into the inbox.
    """

    id: str
    title: str
    href: str
    items_href: str
    state: str
    asked_at: datetime | None
    answered_at: datetime | None
    news_at: datetime | None
    next_at: datetime | None
    fault: str
    remarks: tuple[str, ...]
    failures: int
    moved_to: str
    is_watched: bool


class SourcesPages:
    """/redaction/veille/sources/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("watch-sources")
        self._gate.route(pages, "veille/sources/", self.sources)
        self._gate.route(pages, "veille/sources/relever/", self.ask, "POST")
        return pages

    def sources(self) -> Response:
        """Those with a fault first, then by title."""
        gateway, gate = self._gateway, self._gate
        states = {state.source: state for state in gateway.store.feed_states()}
        documents = self._documents()
        faulty = sum(bool(s.fault) for d in documents if (s := states.get(d.id)))
        documents.sort(key=lambda one: not ((s := states.get(one.id)) and s.fault))
        pages = max(1, -(-len(documents) // PAGE_SIZE))
        number = min(max(number_in(request.args.get(PAGE, "")), 1), pages)
        shown = documents[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        here = gate.address("veille/sources/")
        page = gate.render(
            "gateway/sources.html",
            "veille/sources/",
            to_sort=gateway.store.piles()[Pile.INBOX],
            watch_href=gate.address("veille/"),
            lines=[self._line(document, states.get(document.id)) for document in shown],
            total=len(documents),
            faulty=faulty,
            number=number,
            hrefs=[here + (f"?page={n}" if n > 1 else "") for n in range(1, pages + 1)],
            ask_action=gate.address("veille/sources/relever/"),
            new_href=gate.address("fiches/source/nouvelle/"),
            import_href=gate.address("veille/sources/importer/"),
            every=gateway.settings.watch_every is not None,
            asked=request.args.get("fait") == "1",
        )
        return make_response(page)

    def ask(self) -> Response:
        """Let one be asked at the next run, and that be now."""
        id = request.form.get("id", "")
        if id not in {document.id for document in self._documents()}:
            raise NotFound(f"no source {id}")
        self._gateway.store.ask_now(id)
        self._gateway.collector.hurry()
        return self._gate.go("veille/sources/?fait=1")

    def _documents(self) -> list[Document]:
        index = self._gateway.library.index
        return list(index.of(SOURCES))

    def _line(self, document: Document, state: FeedState | None) -> SourceLine:
        site, said = self._gateway.site, document.data.get(STATE)
        known = self._gateway.library.schema.vocabularies.get("source_states")
        term = known.terms.get(str(said)) if known else None
        is_watched = said != ENDED
        return SourceLine(
            id=document.id,
            title=shortened(document.title, LONGEST_TITLE),
            href=site.href(document.url, self._lang) if document.url else "",
            items_href=self._gate.address(f"veille/?{SOURCE}={document.id}"),
            state=term.label.get(self._lang) if term else "",
            asked_at=state.asked_at if state else None,
            answered_at=state.answered_at if state else None,
            news_at=state.news_at if state else None,
            next_at=state.next_at if state and is_watched else None,
            fault=sentence(state.fault, self._lang) if state and state.fault else "",
            remarks=remarks(state.detail, self._lang) if state and not state.fault else (),
            failures=state.failures if state else 0,
            moved_to=shortened(state.moved_to, 200) if state else "",
            is_watched=is_watched,
        )
