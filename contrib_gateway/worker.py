"""The queue's hand: opens proposals on the forge, and takes note of what was decided there."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Lock

from contrib_gateway.clock import Clock
from contrib_gateway.errors import AlreadyDecided, BadProposal
from contrib_gateway.forge import Forge, Outcome, Proposal
from contrib_gateway.library import ROOT, Library
from contrib_gateway.loop import Loop
from contrib_gateway.store import State, Store, Submission
from plugins.schema import Audience, Document, Index, Schema, validate, write

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)
log = logging.getLogger(__name__)


def document_of(submission: Submission, schema: Schema) -> Document:
    """The document that a submission would publish."""
    content_type = schema.types[submission.type]
    return Document(content_type, submission.slug, submission.data, submission.body)


def proposal_of(submission: Submission, schema: Schema) -> Proposal:
    """What the forge is asked to open: one file, by construction inside its type's folder."""
    document = document_of(submission, schema)
    return Proposal(
        id=submission.id,
        type=submission.type,
        slug=submission.slug,
        title=document.title,
        files={ROOT + document.path: write(document).encode()},
        signed_as=submission.signed_as,
    )


class Worker:
    """Opens queued submissions one by one; safe to kill and start again at any moment.

    `propose` is idempotent on the forge, so a submission whose proposal was opened but not noted
    is simply noted the second time.
    """

    def __init__(self, store: Store, forge: Forge, library: Library, clock: Clock) -> None:
        self._store = store
        self._forge = forge
        self._library = library
        self._clock = clock
        self.loop = Loop("worker", self.work)
        self._lock = Lock()
        self._head = ""

    def work(self) -> None:
        """Everything that can be done now."""
        while submission := self._store.next_queued(self._clock()):
            self.open(submission.id)
        self.note_decisions()

    def open(self, id: str) -> None:
        """Open one queued submission's proposal, or say when to try again, or why it never will."""
        with self._lock:
            submission = self._store.find(id)
            if submission is None or submission.state is not State.QUEUED:
                return
            try:
                self._open(submission)
            except BadProposal as error:
                self._bury(submission, str(error))
            except Exception as error:  # one surprise must not stop those behind it
                log.exception("submission %s could not be proposed", id)
                self._try_later(submission, error)

    def _open(self, submission: Submission) -> None:
        index = self._library.index
        if submission.type not in index.schema.types:
            self._bury(submission, f"no type {submission.type}")
            return
        submission = self._named(submission, index)
        document = document_of(submission, index.schema)
        faults = validate(document.type, document.data, document.body, index, Audience.FILE)
        if faults:
            reason = " ".join(dict.fromkeys(f"{fault.field}:{fault.code}" for fault in faults))
            self._bury(submission, reason)
            return
        branch = self._forge.propose(proposal_of(submission, index.schema))
        self._store.mark_proposed(submission.id, branch)

    def _named(self, submission: Submission, index: Index) -> Submission:
        """Under another name if somebody has written to main, by hand, under the one it had."""

        def others(slug: str) -> bool:
            return any(d.id != submission.id for d in index.named(submission.type, slug))

        if not others(submission.slug) or self._forge.opened(submission.id):
            return submission
        return self._store.rename(submission.id, others)

    def _bury(self, submission: Submission, reason: str) -> None:
        log.error("submission %s is dead: %s", submission.id, reason)
        self._store.mark_dead(submission.id, reason)

    def _try_later(self, submission: Submission, error: Exception) -> None:
        delay = min(FIRST_DELAY * 2 ** min(submission.attempts, 16), LONGEST_DELAY)
        self._store.retry(submission.id, self._clock() + delay, str(error))

    def note_decisions(self) -> None:
        """Note what was decided elsewhere: by git, or just before this process was last killed."""
        head = self._forge.head()
        if head == self._head:
            return
        pending = {opened.id for opened in self._forge.pending()}
        for submission in self._store.waiting():
            if submission.state is State.PROPOSED and submission.id not in pending:
                self.note_decision(submission.id)
        self._head = head

    def note_decision(self, id: str) -> None:
        """Note what the forge says of a proposal, if it is decided and nobody noted it before."""
        decision = self._forge.decision(id)
        if decision is None:
            return
        try:
            if decision.outcome is Outcome.MERGED:
                self._store.mark_published(id, decision.by, decision.commit)
            else:
                self._store.mark_declined(id, decision.by, decision.reason)
        except AlreadyDecided as error:
            if error.what not in (State.PUBLISHED, State.DECLINED):
                raise
