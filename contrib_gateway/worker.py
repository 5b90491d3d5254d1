"""The queue's hand: opens proposals on the forge, amends and closes them for contributors."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from contrib_gateway.afterthoughts import Afterthoughts
from contrib_gateway.album import Album
from contrib_gateway.clock import Clock
from contrib_gateway.errors import (
    AlreadyDecided,
    BadProposal,
    ForgeBusy,
    ForgeUnavailable,
    Refused,
)
from contrib_gateway.forge import Forge, Proposal
from contrib_gateway.library import Library
from contrib_gateway.lookout import Lookout
from contrib_gateway.loop import Loop
from contrib_gateway.manuscript import document_of, files_of
from contrib_gateway.presentation import Presenter
from contrib_gateway.store import State, Store, Submission
from plugins.schema import Audience, Document, Index, validate

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_REST = timedelta(minutes=1)  # of the whole queue, while the forge does not answer
GIVES_UP = timedelta(days=7)
PAGE_GONE = "page_gone"  # why a change is dead: what it changes was taken off
REFUSALS = 3  # a forge that says no is asked again: it may have been a moment's confusion
log = logging.getLogger(__name__)


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
        album: Album,
        lookout: Lookout,
        give_way: Callable[[], None] = lambda: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`presenter`: for a forge whose proposals people read there. `lookout` sees what others do
        there. `give_way` waits while somebody else comes first; `chance` gives numbers from 0 to 1.
        """
        self._store = store
        self._forge = forge
        self._library = library
        self._album = album
        self._presenter = presenter
        self._clock = clock
        self.lookout = lookout
        self._give_way = give_way
        self._chance = chance
        self.loop = Loop("worker", self.work)
        self._lock = Lock()
        self._refusals: Counter[str] = Counter()
        self._silences = 0
        self._rest_until = datetime.fromtimestamp(0, UTC)
        self._afterthoughts = Afterthoughts(
            store,
            forge,
            library,
            presenter,
            clock,
            album=album,
            lookout=lookout,
            alone=self._lock,
            chance=chance,
        )

    def work(self) -> None:
        """Everything that can be done now."""
        while self._clock() >= self._rest_until:
            submission = self._store.next_queued(self._clock())
            if submission is None:
                break
            self._give_way()
            self.open(submission.id)
        if self._clock() >= self._rest_until:
            self.do_errands()
        self.lookout.look_if_due()

    def do_errands(self) -> None:
        """What contributors thought over, and what is to be forgotten."""
        self._afterthoughts.run()

    # Proposing

    def open(self, id: str) -> None:
        """Open one queued submission's proposal, or say when to try again, or why it never will."""
        with self._lock:
            submission = self._store.find(id)
            if submission is None or submission.state is not State.QUEUED:
                return
            try:
                self._try(submission)
            except AlreadyDecided:  # another process was faster, or its contributor in one
                self._refusals.pop(id, None)
                self._afterthoughts.repeat(id)

    def _try(self, submission: Submission) -> None:
        try:
            self._open(submission)
            self._silences = 0
            self._refusals.pop(submission.id, None)
        except AlreadyDecided:
            raise
        except BadProposal as error:
            self._bury(submission, str(error))
        except Refused as error:
            self._refused(submission, error)
        except ForgeBusy as error:  # nothing was tried
            self._rest_until = error.until
        except ForgeUnavailable as error:
            self._rest()
            self._try_later(submission, error)
        except Exception as error:  # one surprise must not stop those behind it
            log.exception("could not be proposed", extra={"submission": submission.id})
            self._try_later(submission, error)

    def _open(self, submission: Submission) -> None:
        index = self._library.index
        if submission.type not in index.schema.types:
            self._bury(submission, f"no type {submission.type}")
            return
        if submission.page and index.by_id(submission.page) is None:
            self._bury(submission, PAGE_GONE)
            return
        submission = submission if submission.page else self._named(submission, index)
        document = document_of(submission, index.schema)
        faults = validate(document.type, document.data, document.body, index, Audience.FILE)
        if faults:
            reason = " ".join(dict.fromkeys(f"{fault.field}:{fault.code}" for fault in faults))
            self._bury(submission, reason)
            return
        branch = self._forge.propose(self._proposal(submission, document))
        self._store.mark_proposed(submission.id, branch)
        self.lookout.touch(submission.id)  # it may have been opened, and decided, long ago

    def _proposal(self, submission: Submission, document: Document) -> Proposal:
        """What the forge is asked to open."""
        presenter = self._presenter
        return Proposal(
            id=submission.id,
            type=submission.type,
            slug=submission.slug,
            title=document.title,
            files=files_of(document, self._album),
            base=submission.base,
            signed_as=submission.signed_as,
            presentation=presenter.present(submission, document) if presenter else "",
        )

    def _named(self, submission: Submission, index: Index) -> Submission:
        """Under another name if somebody has written to main, by hand, under the one it had."""

        def others(slug: str) -> bool:
            return any(d.id != submission.id for d in index.named(submission.type, slug))

        if not others(submission.slug) or self._forge.opened(submission.id):
            return submission
        self._afterthoughts.discard(submission)
        return self._store.rename(submission.id, others)

    # Second thoughts

    def amend(self, id: str) -> None:
        """Bring the proposal of one submission up to date with what its contributor changed, now:
        an editor has read it. Raises what the forge raises.
        """
        self._afterthoughts.amend(id)

    # When it cannot be

    def _bury(self, submission: Submission, reason: str) -> None:
        log.error("dead", extra={"submission": submission.id})
        self._refusals.pop(submission.id, None)
        self._store.mark_dead(submission.id, reason)
        self._afterthoughts.discard(submission)

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
        self.lookout.look_soon()
        self.loop.wake()
