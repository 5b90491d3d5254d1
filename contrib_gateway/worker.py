"""The queue's hand: opens proposals on the forge, amends and closes them for contributors."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Lock

from contrib_gateway.clock import Clock
from contrib_gateway.errands import Runner
from contrib_gateway.errors import (
    AlreadyDecided,
    BadProposal,
    ForgeBusy,
    ForgeUnavailable,
    GatewayError,
    NotFound,
    Refused,
)
from contrib_gateway.forge import Branch, Forge, Outcome, Proposal
from contrib_gateway.library import ROOT, Library
from contrib_gateway.lookout import Lookout
from contrib_gateway.loop import Loop
from contrib_gateway.presentation import Presenter
from contrib_gateway.store import AMEND, CLOSE, ERASE, SHRED, Errand, State, Store, Submission
from plugins.render.words import N_, words
from plugins.schema import Audience, Document, Index, Schema, validate, write

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_REST = timedelta(minutes=1)  # of the whole queue, while the forge does not answer
GIVES_UP = timedelta(days=7)
PAGE_GONE = "page_gone"  # why a change is dead: what it changes was taken off
TAKEN_BACK = N_("Its contributor took it back.")
LANG = "fr"
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
        self.lookout = Lookout(
            store, forge, clock, wake_builder=wake_builder, look_every=look_every
        )
        self._wake_builder = wake_builder
        self._give_way = give_way
        self._chance = chance
        self.loop = Loop("worker", self.work)
        self._lock = Lock()
        self._refusals: Counter[str] = Counter()
        self._silences = 0
        self._rest_until = datetime.fromtimestamp(0, UTC)
        self._errands = Runner(
            store,
            clock,
            {
                AMEND: self._amend,
                CLOSE: self._close,
                ERASE: self._erase,
                SHRED: lambda _: store.shred(),
            },
            chance,
            lasting=(ERASE, SHRED),
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
        self._errands.run()

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
        """What the forge is asked to open: a page, by construction inside its type's folder, and
        its pictures.
        """
        presenter = self._presenter
        return Proposal(
            id=submission.id,
            type=submission.type,
            slug=submission.slug,
            title=document.title,
            files=self._files(document),
            base=submission.base,
            signed_as=submission.signed_as,
            presentation=presenter.present(submission, document) if presenter else "",
        )

    def _files(self, document: Document) -> dict[str, bytes | None]:
        files: dict[str, bytes | None] = {ROOT + document.path: write(document).encode()}
        for name in document.files():
            kept = self._store.picture(name)
            files |= {f"{ROOT}images/{file}": data for file, data in kept.items()}
        return files

    # Second thoughts

    def _amend(self, errand: Errand) -> None:
        """What a contributor changed since it was proposed; before that, `open` proposes it."""
        with self._lock:
            submission = self._store.find(errand.submission)
            if submission is None or submission.state is not State.PROPOSED:
                return
            document = document_of(submission, self._library.schema)
            try:
                self._forge.amend(submission.id, self._files(document), submission.signed_as)
                if self._presenter:
                    said = self._presenter.present(submission, document)
                    self._forge.describe(submission.id, document.title, said)
            except (AlreadyDecided, NotFound):
                self.lookout.touch(submission.id)

    def _close(self, errand: Errand) -> None:
        """What a contributor took back; if an editor was faster, that is what is true."""
        with self._lock:
            id = errand.submission
            try:
                self._forge.decline(id, "", words(LANG).gettext(TAKEN_BACK))
            except NotFound:
                if submission := self._store.find(id):
                    self._discard(submission)
            except AlreadyDecided:
                decision = self._forge.decision(id)
                if decision and decision.outcome is Outcome.MERGED:
                    with suppress(AlreadyDecided):
                        self._store.mark_published_after_all(id, decision.by, decision.commit)
                    self._wake_builder()

    def _erase(self, errand: Errand) -> None:
        with self._lock:
            self._forge.erase(errand.submission)

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
        self.lookout.look_soon()
        self.loop.wake()
