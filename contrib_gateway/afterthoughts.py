"""What contributors thought better of, brought to the forge: amended, taken back, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from contrib_gateway.album import Album
from contrib_gateway.clock import Clock
from contrib_gateway.errands import Runner
from contrib_gateway.errors import AlreadyDecided, BadProposal, GatewayError, NotFound
from contrib_gateway.forge import Branch, Forge, Outcome
from contrib_gateway.library import Library
from contrib_gateway.lookout import Lookout
from contrib_gateway.manuscript import document_of, files_of
from contrib_gateway.presentation import Presenter
from contrib_gateway.store import (
    AMEND,
    CLOSE,
    ERASE,
    SHRED,
    Errand,
    NewErrand,
    State,
    Store,
    Submission,
)
from plugins.render.words import N_, words

TAKEN_BACK = N_("Its contributor took it back.")
LANG = "fr"


class Afterthoughts:
    """Does the errands that contributors leave; safe to kill and start again at any moment."""

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
        alone: AbstractContextManager[object],
        chance: Callable[[], float],
    ) -> None:
        """`alone` is held while something changes on the forge: nothing is proposed meanwhile."""
        self._store = store
        self._forge = forge
        self._library = library
        self._album = album
        self._presenter = presenter
        self._clock = clock
        self._lookout = lookout
        self._alone = alone
        acts = {AMEND: self._amend, CLOSE: self._close, ERASE: self._erase, SHRED: self._shred}
        self._errands = Runner(store, clock, acts, chance, lasting=(ERASE, SHRED))

    def run(self) -> None:
        """All that can be done now."""
        self._errands.run()

    def amend(self, id: str) -> None:
        """What one contributor changed, now. Raises what the forge raises."""
        for errand in self._store.errands(id):
            if errand.kind == AMEND:
                self._amend(errand)
                self._store.finish_errand(errand.number)

    def repeat(self, id: str) -> None:
        """Another process took it back or forgot it while this one was proposing it: what it then
        did on the forge came too early.
        """
        submission = self._store.find(id)
        if submission and submission.state is State.WITHDRAWN:
            kind = ERASE if submission.forgotten_at else CLOSE
            self._store.add_errand(NewErrand(f"{kind} {id} {self._clock().timestamp()}", kind, id))

    def discard(self, submission: Submission) -> None:
        """What was begun for it on the forge, if anything; what stays, `vigie reconcile` finds."""
        with suppress(GatewayError):
            self._forge.discard(branch_of(submission))

    def _amend(self, errand: Errand) -> None:
        """What a contributor changed since it was proposed; before that, the worker proposes it."""
        with self._alone:
            submission = self._store.find(errand.submission)
            if submission is None or submission.state is not State.PROPOSED:
                return
            document = document_of(submission, self._library.schema)
            files = files_of(document, self._album)
            try:
                self._forge.amend(
                    submission.id, files, "", signed_as=submission.signed_as, title=document.title
                )
                if self._presenter:
                    said = self._presenter.present(submission, document)
                    self._forge.describe(submission.id, document.title, said)
            except (AlreadyDecided, NotFound):
                self._lookout.touch(submission.id)

    def _close(self, errand: Errand) -> None:
        """What a contributor took back; if an editor was faster, that is what is true."""
        with self._alone:
            id = errand.submission
            try:
                self._forge.decline(id, "", words(LANG).gettext(TAKEN_BACK))
            except NotFound:
                if submission := self._store.find(id):
                    with suppress(BadProposal):  # there is no branch either
                        self._forge.discard(branch_of(submission))
            except AlreadyDecided:
                self._lookout.note_decision(id)

    def _erase(self, errand: Errand) -> None:
        """What a contributor wants forgotten; what an editor published just before stays, and must
        not be called withdrawn.
        """
        with self._alone:
            self._forge.erase(errand.submission)
            decision = self._forge.decision(errand.submission)
            if decision and decision.outcome is Outcome.MERGED:
                self._lookout.note(errand.submission, decision)

    def _shred(self, errand: Errand) -> None:
        self._store.shred()


def branch_of(submission: Submission) -> str:
    return str(Branch(submission.type, submission.slug, submission.id))
