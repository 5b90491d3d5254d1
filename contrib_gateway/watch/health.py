"""What becomes of sources, in the words of their own documents.

That one fails, is silent, has ended or is back is written by the watch itself: it is a fact, and no
stranger's text. A new address is a stranger's text: it is left for an editor to publish.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contrib_gateway.clock import Clock, day
from contrib_gateway.edition import Edition
from contrib_gateway.errors import GatewayError, StoreUnavailable
from contrib_gateway.forms import Answers
from contrib_gateway.library import Library
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft, Reception
from contrib_gateway.store import Act, FeedState, Store, Submission
from contrib_gateway.watch.faults import Fault, sentence
from plugins.check import check_document
from plugins.render.health import ENDED, FAILING, SILENT, SINCE, STATE, TROUBLE, WATCHED
from plugins.schema import Audience, Document, Value
from plugins.watch.address import linkable

BY = "La veille"
MANY_FAILURES, LONG_FAILURE = 5, timedelta(days=3)  # both
LONG_SILENCE = timedelta(days=180)
TICKET = "watch-"  # what those of our proposals begin with
MOST = 50  # documents changed in one run; the next one goes on
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """How a source fares, since which day, and what is wrong: the code of a fault, or ""."""

    state: str
    since: str
    fault: str = ""


def verdict(state: FeedState, now: datetime) -> Verdict:
    """What is to be said of a source."""
    if state.fault == Fault.GONE:
        return Verdict(ENDED, day(now), state.fault)
    failing_for = now - (state.failing_since or now)
    if state.failures >= MANY_FAILURES and failing_for >= LONG_FAILURE:
        return Verdict(FAILING, day(now - failing_for), state.fault)
    if state.news_at and now - state.news_at >= LONG_SILENCE:
        return Verdict(SILENT, day(state.news_at))
    return Verdict(WATCHED, day(now))


class Health:
    """Notes how sources fare, each change once: what an editor undoes stays undone."""

    def __init__(
        self, store: Store, library: Library, edition: Edition, reception: Reception, clock: Clock
    ) -> None:
        self._store = store
        self._library = library
        self._edition = edition
        self._reception = reception
        self._clock = clock

    def note(self) -> int:
        """Bring documents up to date with how their sources fare; how many changed.

        What main or the forge does not let pass now is tried at the next run.
        """
        changed = 0
        for state in self._store.feed_states():
            document = self._library.index.by_id(state.source)
            if document is None or document.data.get(STATE) == ENDED:
                continue
            try:
                changed += self._note(document, state)
                self._propose(document, state)
            except StoreUnavailable:
                raise
            except GatewayError as error:
                about = {"source": document.id}
                log.warning("the state of a source cannot be noted", extra=about, exc_info=error)
            if changed >= MOST:
                break
        return changed

    def _note(self, document: Document, state: FeedState) -> bool:
        found, said = verdict(state, self._clock()), document.data.get(STATE) or WATCHED
        if found.state == state.noted:
            return False
        differs = found.state != said
        if differs:
            commit = self._library.state[0]
            self._edition.correct(BY, told(document, found), commit, Act.WATCHED)
        self._store.note_feed(state.source, noted=found.state)
        return differs

    def _propose(self, document: Document, state: FeedState) -> None:
        """Leave the new address of a source for an editor, if it has one that is a proper one. One
        at a time: a server that moves each time it is asked must not bury the desk.
        """
        address = linkable(state.moved_to)
        if not address or address in (state.proposed, document.data.get("feed")):
            return
        if any(_is_ours(one) and one.page == document.id for one in self._store.waiting()):
            return
        commit, content = self._library.state
        revision = Revision(
            document, document, content.index, commit, commit, audience=Audience.EDITOR
        )
        shown = revision.shown
        answers = Answers({**shown.data, "feed": address}, shown.body, {})
        proposed = replace(document, data={**document.data, "feed": address})
        if not check_document(proposed, content.index, content.images):
            mark = hashlib.sha256(f"{document.id} {address}".encode()).hexdigest()
            draft = Draft(
                type=document.type,
                form=f"watch/{document.ref}",
                answers=answers,
                lang=str(document.data.get("lang", "fr")),
                ticket=TICKET + mark,  # left once, even if we die before it is noted
                client="",
                revision=revision,
            )
            self._reception.leave(draft, BY)
        self._store.note_feed(state.source, proposed=address)


def _is_ours(submission: Submission) -> bool:
    """By its ticket: anybody can sign with our name."""
    return submission.ticket.startswith(TICKET)


def told(document: Document, found: Verdict) -> Document:
    """A document that says how its source fares."""
    lang = str(document.data.get("lang", "fr"))
    new: dict[str, Value] = {STATE: found.state, SINCE: found.since}
    if found.fault:
        new[TROUBLE] = sentence(found.fault, lang)
    kept = {name: value for name, value in document.data.items() if name != TROUBLE}
    return replace(document, data={**kept, **new})
