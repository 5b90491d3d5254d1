"""The queue's hand: opens proposals on the forge, and takes note of what others do there."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Lock

from contrib_gateway.clock import Clock
from contrib_gateway.errors import (
    AlreadyDecided,
    BadProposal,
    ForgeBusy,
    ForgeUnavailable,
    GatewayError,
    Refused,
    StoreUnavailable,
)
from contrib_gateway.forge import Branch, Decision, Forge, Outcome, Proposal
from contrib_gateway.library import ROOT, Library
from contrib_gateway.loop import Loop
from contrib_gateway.presentation import Presenter
from contrib_gateway.store import Remark as Said
from contrib_gateway.store import State, Store, Submission
from plugins.schema import Audience, Document, Index, Schema, validate, write

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_REST = timedelta(minutes=1)  # of the whole queue, while the forge does not answer
GIVES_UP = timedelta(days=7)
ON_THE_FORGE = (State.QUEUED, State.PROPOSED, State.PUBLISHED, State.DECLINED)
REFUSALS = 3  # a forge that says no is asked again: it may have been a moment's confusion
log = logging.getLogger(__name__)


def document_of(submission: Submission, schema: Schema) -> Document:
    """The document that a submission would publish."""
    content_type = schema.types[submission.type]
    return Document(content_type, submission.slug, submission.data, submission.body)


class Worker:
    """Opens queued submissions one by one; safe to kill and start again at any moment.

    `propose` is idempotent on the forge, so a submission whose proposal was opened but not noted
    is simply noted the second time.
    """

    def __init__(
        self,
        store: Store,
        forge: Forge,
        library: Library,
        presenter: Presenter | None,
        clock: Clock,
        *,
        wake_builder: Callable[[], None],
        look_every: timedelta,
        give_way: Callable[[], None] = lambda: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`presenter`: for a forge whose proposals people read there. `look_every`: how long what
        others do there may stay unseen, if nobody wakes us with `look_soon`. `give_way` waits while
        somebody else comes first; `chance` gives numbers from 0 to 1.
        """
        self._store = store
        self._forge = forge
        self._library = library
        self._presenter = presenter
        self._clock = clock
        self._wake_builder = wake_builder
        self._look_every = look_every
        self._give_way = give_way
        self._chance = chance
        self.loop = Loop("worker", self.work)
        self._lock = Lock()
        self._refusals: Counter[str] = Counter()
        self._silences = 0
        self._rest_until = self._next_look = datetime.fromtimestamp(0, UTC)
        self._touched: set[str] = set()
        self._head = ""

    def work(self) -> None:
        """Everything that can be done now."""
        while self._clock() >= self._rest_until:
            submission = self._store.next_queued(self._clock())
            if submission is None:
                break
            self._give_way()
            self.open(submission.id)
        if self._clock() >= self._next_look:
            self.look()

    # Proposing

    def open(self, id: str) -> None:
        """Open one queued submission's proposal, or say when to try again, or why it never will."""
        with self._lock:
            submission = self._store.find(id)
            if submission is None or submission.state is not State.QUEUED:
                return
            try:
                self._open(submission)
                self._silences = 0
                self._refusals.pop(id, None)
            except BadProposal as error:
                self._bury(submission, str(error))
            except Refused as error:
                self._refused(submission, error)
            except AlreadyDecided:  # another process, `vigie reconcile` perhaps, was faster
                self._refusals.pop(id, None)
            except ForgeBusy as error:  # nothing was tried
                self._rest_until = error.until
            except ForgeUnavailable as error:
                self._rest()
                self._try_later(submission, error)
            except Exception as error:  # one surprise must not stop those behind it
                log.exception("could not be proposed", extra={"submission": id})
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
        branch = self._forge.propose(self._proposal(submission, document))
        self._store.mark_proposed(submission.id, branch)
        self._touched.add(submission.id)  # it may have been opened, and decided, long ago

    def _proposal(self, submission: Submission, document: Document) -> Proposal:
        """What the forge is asked to open: one file, by construction inside its type's folder."""
        presenter = self._presenter
        return Proposal(
            id=submission.id,
            type=submission.type,
            slug=submission.slug,
            title=document.title,
            files={ROOT + document.path: write(document).encode()},
            signed_as=submission.signed_as,
            presentation=presenter.present(submission, document) if presenter else "",
        )

    def _named(self, submission: Submission, index: Index) -> Submission:
        """Under another name if somebody has written to main, by hand, under the one it had."""

        def others(slug: str) -> bool:
            return any(d.id != submission.id for d in index.named(submission.type, slug))

        if not others(submission.slug) or self._forge.opened(submission.id):
            return submission
        self._discard(submission)
        return self._store.rename(submission.id, others)

    def _discard(self, submission: Submission) -> None:
        """What was begun for it on the forge, if anything; what stays, `vigie reconcile` finds."""
        branch = Branch(submission.type, submission.slug, submission.id)
        with suppress(GatewayError):
            self._forge.discard(str(branch))

    # When it cannot be

    def _bury(self, submission: Submission, reason: str) -> None:
        log.error("dead", extra={"submission": submission.id})
        self._refusals.pop(submission.id, None)
        self._store.mark_dead(submission.id, reason)
        self._discard(submission)

    def _refused(self, submission: Submission, error: Refused) -> None:
        self._refusals[submission.id] += 1
        if self._refusals[submission.id] >= REFUSALS:
            self._bury(submission, error.reason)
        else:
            self._try_later(submission, error)

    def _try_later(self, submission: Submission, error: Exception) -> None:
        now = self._clock()
        if now - submission.accepted_at > GIVES_UP and submission.attempts > REFUSALS:
            self._bury(submission, str(error))
            return
        delay = min(FIRST_DELAY * 2 ** min(submission.attempts, 16), LONGEST_DELAY)
        self._store.retry(submission.id, now + self._jittered(delay), str(error))

    def _rest(self) -> None:
        """Those behind it would meet the same silence: leave the forge alone for a while."""
        delay = min(FIRST_DELAY * 2 ** min(self._silences, 8), LONGEST_REST)
        self._silences += 1
        self._rest_until = self._clock() + self._jittered(delay)

    def _jittered(self, delay: timedelta) -> timedelta:
        """Between half and all of it: what failed together is not tried again together."""
        return delay * (0.5 + self._chance() / 2)

    # Looking

    def look_soon(self) -> None:
        """Somebody did something on the forge."""
        self._next_look = datetime.fromtimestamp(0, UTC)
        self.loop.wake()

    def look(self) -> None:
        """Note what was decided or said on the forge since the last look. What cannot be noted
        now is kept for the next look.
        """
        # Before it begins: somebody may call `look_soon` meanwhile.
        self._next_look = self._clock() + self._look_every
        try:
            self._look()
        except ForgeBusy as error:
            self._next_look = error.until
        except (ForgeUnavailable, Refused) as error:
            log.warning("the forge cannot be looked at", exc_info=error)
            pause = min(max(self._look_every, FIRST_DELAY), LONGEST_REST)
            self._next_look = self._clock() + pause

    def _look(self) -> None:
        self._touched.update(self._forge.refresh())
        head = self._forge.head()
        if head != self._head:
            self._touched.update(self._gone())
            self._wake_builder()
            self._head = head
        for id in sorted(self._touched):
            try:
                if self._note(id):
                    self._touched.discard(id)
            except Refused as error:  # of this one only: those behind it are noted
                log.warning("cannot be noted", extra={"submission": id}, exc_info=error)
            except GatewayError:
                raise
            except Exception:  # as above, by a surprise
                log.exception("cannot be noted", extra={"submission": id})

    def _gone(self) -> set[str]:
        """Those we believe proposed and that do not wait any more."""
        pending = {pending.id for pending in self._forge.pending()}
        waiting = {s.id for s in self._store.waiting() if s.state is State.PROPOSED}
        return waiting - pending

    def _note(self, id: str) -> bool:
        """Note what became of a proposal and what was said of it; False if it is too early."""
        submission = self._store.find(id)
        if submission is None or submission.state not in ON_THE_FORGE:
            return True
        if submission.state is State.QUEUED:  # its proposal is opened, and not noted yet
            return False
        self.note_decision(id)
        said = [Said(r.key, r.at, r.by, r.text) for r in self._forge.remarks(id)]
        self._store.add_remarks(id, said)
        return True

    def note_decision(self, id: str) -> None:
        """Note what the forge says of a proposal, if it is decided and nobody noted it before."""
        if decision := self._forge.decision(id):
            self.note(id, decision)

    def note(self, id: str, decision: Decision) -> None:
        """Note a decision, unless somebody did. Raises `StoreUnavailable`, and then the next look
        notes it.
        """
        try:
            if decision.outcome is Outcome.MERGED:
                self._store.mark_published(id, decision.by, decision.commit)
                self._wake_builder()
            else:
                self._store.mark_declined(id, decision.by, decision.reason)
        except StoreUnavailable:
            self._touched.add(id)
            raise
        except AlreadyDecided as error:
            undone = decision.outcome is Outcome.DECLINED and error.what == State.PUBLISHED
            if undone:
                self._store.mark_undone(id, decision.by, decision.reason)
            elif error.what not in (State.PUBLISHED, State.DECLINED):
                raise
