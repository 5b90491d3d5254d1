"""One story of the watch: where it comes from, what is said of it, what was done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from flask import g, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.forms import DocumentForm
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Item, Story
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.watch.lines import (
    Lines,
    SourceShown,
    TipShown,
    summary_of,
    tip,
)
from contrib_gateway.views.watch.sought import query_of, sought_in
from contrib_gateway.views.watch.turns import done_shown, history, overtaken
from contrib_gateway.watch.inbox import QUALIFIED_BY
from plugins.render import Change, changes, sentence
from plugins.render.words import words
from plugins.schema import Audience, Document, Problem
from plugins.watch.address import host
from plugins.watch.plaintext import shortened

REASONS = "discard_reasons"  # a vocabulary; a site may have none
LIKE = "memes"  # in an address: the words by which a story that tells the same is searched


@dataclass(frozen=True)
class EntryShown:
    """One item of a story."""

    number: int
    title: str
    lang: str
    url: str
    host: str
    source: SourceShown
    tip: TipShown | None
    author: str
    at: datetime
    summary: str


@dataclass(frozen=True)
class Attempt:
    """What could not be done: why, what of it was typed. Each fault stands beside what it is about;
    `overtaken` says what somebody else did meanwhile.
    """

    form: DocumentForm | None = None
    problems: Sequence[Problem] = ()
    reason: str = ""
    reason_fault: str = ""
    split_fault: str = ""
    join_fault: str = ""
    overtaken: str = ""


NOTHING = Attempt()


class StoryView:
    """The page of a story, in one language."""

    def __init__(self, gateway: Gateway, gate: Gate) -> None:
        self._gateway = gateway
        self._gate = gate
        self._lang = gate.lang
        self._lines = Lines(gateway, gate)

    def find(self, id: str) -> Story:
        """The story, or the one that it was joined with. Raises `NotFound`."""
        store = self._gateway.store
        story = store.story(id) or store.story(store.heir(id))
        if story is None:
            raise NotFound(f"no story {id}")
        return story

    def form(self, story: Story) -> DocumentForm:
        """What is said of it, in the name that the editor goes by unless they change it."""
        form = self.empty_form()
        said = {QUALIFIED_BY: self._gate.name(), **story.qualification}
        form.show(Document(form.type, "", said), {})
        return form

    def empty_form(self) -> DocumentForm:
        index = self._gateway.library.index
        return DocumentForm(self._gateway.inbox.questions(), index, Audience.EDITOR)

    def late(self, id: str, attempt: Attempt = NOTHING) -> Response:
        """Somebody came first: what they did, beside what was typed."""
        story = self.find(id)
        said = words(self._lang).gettext("It was joined with another one: here it is.")
        if story.id == id:
            said = overtaken(next(iter(self._gateway.store.turns(id, 1)), None), self._lang)
        return self.page(story, replace(attempt, overtaken=said), 409)

    def page(self, story: Story, attempt: Attempt = NOTHING, status: int = 200) -> Response:
        g.nonce = token_urlsafe(12)
        gateway, gate = self._gateway, self._gate
        query = query_of(sought_in(request.args, gateway.library.index))
        here = f"veille/{story.id}/"
        form = attempt.form or self.form(story)
        asked = request.args.get(LIKE, "").strip()[:100]
        page = gate.render(
            "gateway/story.html",
            here,
            line=self._lines.lines([story], query)[0],
            story=story,
            entries=self._entries(story),
            suggested=self._lines.terms(story.suggested),
            content_type=form.type,
            form=form,
            index=gateway.library.index,
            nonce=g.nonce,
            problems=self._said(attempt.problems, form, named=True),
            faults=self._said(attempt.problems, form, named=False),
            attempt=attempt,
            meanwhile=self._meanwhile(story, form) if attempt.overtaken and attempt.form else (),
            reasons=reasons(gateway, self._lang),
            history=history(gateway.store.turns(story.id), self._lang),
            likely=self._lines.lines(gateway.store.likely(story, asked), query),
            asked=asked,
            used=story.id in gateway.inbox.used(),
            watch_href=gate.address("veille/") + query,
            here_href=gate.address(here) + query,
            carried=[
                (name, value) for name, value in request.args.items() if name not in (LIKE, "fait")
            ],
            sort_action=gate.address("veille/trier/") + query,
            split_action=gate.address(f"{here}separer/") + query,
            done=done_shown(gateway.store, request.args.get("fait", ""), self._lang),
            undo_action=gate.address("veille/annuler/") + query,
            join_action=gate.address(f"{here}reunir/") + query,
        )
        return make_response(page, status)

    def _said(
        self, problems: Sequence[Problem], form: DocumentForm, *, named: bool
    ) -> Mapping[str, list[str]]:
        said: dict[str, list[str]] = {}
        for problem in problems:
            told = sentence(problem, form.type, self._lang, named=named)
            said.setdefault(problem.field, []).append(told)
        return said

    def _meanwhile(self, story: Story, form: DocumentForm) -> tuple[Change, ...]:
        """What it says now, and what was typed where that is something else."""
        now: Mapping[str, Any] = story.qualification
        typed = form.answers().data
        gateway = self._gateway
        return changes(
            Document(form.type, "", now),
            Document(form.type, "", typed),
            gateway.library.index,
            gateway.site,
            self._lang,
        )

    def _entries(self, story: Story) -> list[EntryShown]:
        origins = self._gateway.inbox.origins([story])
        return [self._entry(item, origins) for item in story.items]

    def _entry(self, item: Item, origins: Mapping[int, Any]) -> EntryShown:
        return EntryShown(
            number=item.number,
            title=shortened(item.title or item.url, 500),
            lang=item.lang,
            url=item.url,
            host=host(item.url),
            source=self._lines.source(origins[item.number]),
            tip=tip([origins[item.number]]),
            author=shortened(item.author, 120),
            at=item.at,
            summary=shortened(summary_of(item), 1500),
        )


def apart(lang: str) -> str:
    """Why two stories cannot become one."""
    return words(lang).gettext("Two of them are in issues already: they stay apart.")


def reasons(gateway: Gateway, lang: str) -> tuple[tuple[str, str], ...]:
    """(key, words) of each ready reason to discard."""
    vocabulary = gateway.library.schema.vocabularies.get(REASONS)
    terms = vocabulary.terms.values() if vocabulary else ()
    return tuple((term.key, term.label.get(lang)) for term in terms)
