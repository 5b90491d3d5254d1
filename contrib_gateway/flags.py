"""Flags: what an editor should know of a waiting submission before opening it.

They are found behind people's backs and kept in memory: a search takes too long for a page that
lists a thousand. A flag is a reason to look, never a verdict.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from contrib_gateway import signals
from contrib_gateway.clock import Clock
from contrib_gateway.duplicates import Duplicates
from contrib_gateway.errors import ForgeUnavailable, GatewayError
from contrib_gateway.forms import BODY, Answers
from contrib_gateway.library import ContentBroken, Library
from contrib_gateway.loop import Loop
from contrib_gateway.manuscript import document_of
from contrib_gateway.review import Reviews
from contrib_gateway.store import Store, Submission
from plugins.schema import ContentType, Document, Index, personal

LONG = timedelta(days=7)
REST = 4  # times what a look took, before the next one: a flood must not keep it busy
log = logging.getLogger(__name__)


class Flag(StrEnum):
    """In the order of their weight."""

    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    PERSONAL = "personal"
    LINKS = "links"
    OLD = "old"


@dataclass(frozen=True)
class _Found:
    """The flags of what a submission says beside the pages of its type that were there then."""

    submission: Submission
    pages: tuple[Document, ...]
    flags: frozenset[Flag]

    def is_of(self, submission: Submission) -> bool:
        mine = self.submission
        return (mine.data, mine.body) == (submission.data, submission.body)


class Flags:
    """Knows the flags of all that waits; threads may share it."""

    def __init__(
        self,
        store: Store,
        library: Library,
        reviews: Reviews,
        clock: Clock,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`give_way` waits while somebody else comes first."""
        self._store = store
        self._library = library
        self._reviews = reviews
        self._clock = clock
        self._give_way = give_way
        self._published, self._waiting = Duplicates(), Duplicates()
        self._found: dict[str, _Found] = {}
        self._alike: Mapping[str, frozenset[str]] = {}
        self._pulse: object = None
        self._rest_until = 0.0
        self.loop = Loop("flags", self._work_if_rested)

    def of(self, submission: Submission) -> frozenset[Flag]:
        """Those that are known; what was sent or amended a moment ago may get more."""
        found = self._found.get(submission.id)
        flags = found.flags if found and found.is_of(submission) else frozenset()
        if self.alike(submission.id):
            flags |= {Flag.DUPLICATE}
        return flags | self._age(submission)

    def alike(self, id: str) -> frozenset[str]:
        """The ids of others that wait and may be about the same thing, as far as is known."""
        return self._alike.get(id, frozenset())

    def look(self, submission: Submission) -> frozenset[Flag]:
        """All of them, as of now; takes some milliseconds. Raises what the library raises."""
        return self.of(submission) | self._look(submission, self._library.index)

    def _age(self, submission: Submission) -> frozenset[Flag]:
        waited = self._clock() - submission.accepted_at
        return frozenset({Flag.OLD} if waited > LONG else ())

    # Behind people's backs

    def _work_if_rested(self) -> None:
        began = time.monotonic()
        if began >= self._rest_until:
            self.work()
            now = time.monotonic()
            self._rest_until = now + REST * (now - began)

    def work(self) -> None:
        """Look at whatever is new, or stands beside other pages than when it was looked at."""
        with suppress(ForgeUnavailable, ContentBroken):  # the pages themselves say so
            commit, content = self._library.state
            pulse = (self._store.pulse(), commit)
            if pulse != self._pulse:
                self._give_way()
                self._look_at_all(self._store.waiting(), content.index)
                self._pulse = pulse

    def _look_at_all(self, waiting: list[Submission], index: Index) -> None:
        there = [one for one in waiting if one.type in index.schema.types]
        for gone in self._found.keys() - {submission.id for submission in there}:
            del self._found[gone]
        fresh = set()
        for submission in there:
            pages, before = index.of(submission.type), self._found.get(submission.id)
            if before is None or not before.is_of(submission):
                fresh.add(submission.id)
            elif before.pages is pages or before.pages == pages:
                continue
            self._give_way()
            flags = self._looked(submission, index)
            self._found[submission.id] = _Found(submission, pages, flags)
        if fresh or self._alike.keys() - self._found.keys():
            self._compare(fresh, there, index)

    def _looked(self, submission: Submission, index: Index) -> frozenset[Flag]:
        try:
            return self._look(submission, index)
        except GatewayError:
            raise
        except Exception:  # by a surprise in one: those behind it have flags too
            log.exception("cannot be flagged", extra={"submission": submission.id})
            return frozenset()

    def _compare(self, fresh: set[str], waiting: list[Submission], index: Index) -> None:
        """Which of those that wait are alike: the fresh ones are compared with all."""
        documents = [document_of(one, index.schema) for one in waiting if not one.page]
        beside = Index(index.schema, documents)
        kept = {document.id for document in documents} - fresh
        alike = {id: set(others & kept) for id, others in self._alike.items() if id in kept}
        for document in documents:
            if document.id in fresh:
                self._give_way()
                for likely in self._waiting.likely(document, beside):
                    alike.setdefault(document.id, set()).add(likely.document.id)
                    alike.setdefault(likely.document.id, set()).add(document.id)
        self._alike = {id: frozenset(others) for id, others in alike.items()}

    def _look(self, submission: Submission, index: Index) -> frozenset[Flag]:
        if submission.type not in index.schema.types:
            return frozenset()
        document = document_of(submission, index.schema)
        before = index.by_id(document.id)
        flags = set()
        if submission.page and before and self._clashes(submission, document, before):
            flags.add(Flag.CONFLICT)
        if not submission.page and self._published.likely(document, index):
            flags.add(Flag.DUPLICATE)
        if spotted(document, before):
            flags.add(Flag.PERSONAL)
        if has_many_links(document, before):
            flags.add(Flag.LINKS)
        return frozenset(flags)

    def _clashes(self, submission: Submission, theirs: Document, there: Document) -> bool:
        # What the database was told by the forge alone has no base here.
        opened = None if submission.base else self._reviews.opened(submission)
        return bool(self._reviews.combined(submission, opened, theirs, there)[1])


def spotted(document: Document, before: Document | None = None) -> dict[str, tuple[str, ...]]:
    """What tells of a person, by field ("body" for the body): the words as they stand there.

    Where a contact is asked for, one is no surprise; nor is what the page before says already.
    Names and streets are looked for where people may be recognised in what is told.
    """
    people = tells_of_people(document.type)
    fields = {n: field for n, field in document.type.fields.items() if not field.contact}
    texts = {n: signals.words_of(field, document.data.get(n)) for n, field in fields.items()}
    texts[BODY] = [document.body]
    had = {word for words in spotted(before).values() for word in words} if before else set()
    found = {
        name: tuple(
            text[s.start : s.end] for text in written for s in personal(text, people=people)
        )
        for name, written in texts.items()
    }
    new = {name: tuple(w for w in words if w not in had) for name, words in found.items()}
    return {name: words for name, words in new.items() if words}


def tells_of_people(content_type: ContentType) -> bool:
    """Whether its pages tell what people do and say, which is why an editor reads them first."""
    return content_type.screening == "before"


def has_many_links(document: Document, before: Document | None = None) -> bool:
    """Whether what was written, or altered, looks like an advertisement."""
    old, fields = before.data if before else {}, document.type.fields
    altered = [name for name in fields if document.data.get(name) != old.get(name)]
    if before is None or document.body != before.body:
        altered.append(BODY)
    answers = Answers(document.data, document.body, {})
    texts = signals.free_texts(document.type, answers, altered)
    return signals.LINKS in signals.suspicions(texts, ())
