"""The accounts: every accepted submission, and where the forge has it; what differs, and mending.

The gateway may be serving meanwhile: what is only on its way is no difference.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from contrib_gateway.errors import BadProposal, Conflict, GatewayError
from contrib_gateway.forge import Branch, Forge, Outcome, Stray
from contrib_gateway.library import ROOT, Faulty, Library
from contrib_gateway.plan import LAND, TOLD
from contrib_gateway.store import Act, Errand, NewSubmission, State, Store
from contrib_gateway.worker import Worker
from plugins.schema import Document, read_document

SECOND_LOOK = 5.0  # seconds after which what was only on its way has arrived
BY = "vigie reconcile"
Files = Mapping[str, bytes | None]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be; `mend` puts it right and says what it did."""

    about: str
    sentence: str
    mend: Callable[[], str] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.about}: {self.sentence}"


class Reconciliation:
    """Compares the database with the forge, and mends what can be."""

    def __init__(self, store: Store, forge: Forge, library: Library, worker: Worker) -> None:
        self._store = store
        self._forge = forge
        self._library = library
        self._worker = worker

    def counts(self) -> dict[str, int]:
        """How many were accepted, and how many are in each state."""
        counts = self._store.counts()
        return {"accepted": self._store.accepted()} | {str(s): n for s, n in counts.items()}

    def differences(self) -> list[Difference]:
        """What differs, at two looks: a submission may be between two states at the first."""
        found = list(self._look())
        if found:
            time.sleep(SECOND_LOOK)
            again = set(self._look())
            found = [difference for difference in found if difference in again]
        return found

    def _look(self) -> Iterator[Difference]:
        counts = self.counts()
        accepted = counts.pop("accepted")
        if accepted != sum(counts.values()):
            yield Difference("database", f"{accepted} accepted, {sum(counts.values())} in states")
        # The forge first: what is accepted between the two is not missed there.
        outcomes, strays = self._forge.outcomes(), self._forge.strays()
        states = self._store.states()
        begun = {errand.submission: errand for errand in self._store.undone(LAND)}
        for errand in begun.values():
            yield from self._half_done(errand, outcomes.get(errand.submission, Outcome.UNKNOWN))
        for id, state in states.items():
            yield from self._compare(id, state, outcomes.get(id, Outcome.UNKNOWN))
        for id, outcome in outcomes.items():
            if id not in states and id not in begun and outcome is Outcome.OPEN:
                yield Difference(
                    id, "the forge has a proposal that the database does not know", self._adopt(id)
                )
        for stray in strays:
            branch = Branch.parse(stray.branch)
            id = branch.id if branch else ""
            if states.get(id) is not State.QUEUED:  # the queue will find it, and finish
                known = id in states or id in outcomes or id in begun
                mend = self._take_up(stray, known)
                yield Difference(stray.branch, "a branch is left behind on the forge", mend)

    def _compare(self, id: str, state: State, outcome: Outcome) -> Iterator[Difference]:
        if outcome is Outcome.UNKNOWN and state in (State.PROPOSED, State.PUBLISHED):
            # Merged by hand, and its branch removed: only the forge's history tells.
            decision = self._forge.decision(id)
            outcome = decision.outcome if decision else outcome
        match state, outcome:
            case (State.PROPOSED, Outcome.DECLINED) | (
                (State.PROPOSED | State.WITHDRAWN),
                Outcome.MERGED,
            ):
                sentence = f"it is {outcome} on the forge, and not noted"
                yield Difference(id, sentence, lambda: self._note(id))
            case State.PROPOSED, Outcome.UNKNOWN:
                yield Difference(id, "its proposal is gone from the forge", self._propose_again(id))
            case State.PUBLISHED, Outcome.DECLINED:
                yield Difference(id, "it was taken back, and not noted", lambda: self._note(id))
            case State.PUBLISHED, Outcome.OPEN | Outcome.UNKNOWN:
                yield Difference(id, f"it is published, and on the forge it is {outcome}")
            case State.DECLINED, Outcome.MERGED:
                yield Difference(id, f"it is {state}, and merged on the forge")
            case ((State.DECLINED | State.WITHDRAWN), Outcome.OPEN):
                sentence = f"it is {state}, and still waits on the forge"
                yield Difference(id, sentence, self._close(id))
            case State.DEAD, Outcome.OPEN | Outcome.MERGED:
                sentence = f"it is dead, and {outcome} on the forge"
                yield Difference(id, sentence, self._requeue(id))
            case State.HELD, Outcome.OPEN | Outcome.MERGED:
                yield Difference(id, f"it is held for an editor, and {outcome} on the forge")

    def _half_done(self, errand: Errand, outcome: Outcome) -> Iterator[Difference]:
        """A plan of an editor that was cut off: nobody reviews it again, all of it or nothing."""
        if outcome is Outcome.UNKNOWN:
            decision = self._forge.decision(errand.submission)
            outcome = decision.outcome if decision else outcome
        sentence = f"an editor’s rewriting was cut off; on the forge it is {outcome}"
        mend = partial(self._finish, errand, outcome)
        yield Difference(errand.submission, sentence, mend)

    # Mending

    def _finish(self, errand: Errand, outcome: Outcome) -> str:
        id, by, said = errand.submission, errand.payload["by"], "closed: nothing of it was done"
        if outcome is Outcome.OPEN:
            try:
                if errand.reason == TOLD or self._has_moved(id):
                    raise Conflict([])
                self._forge.merge(id, by, self._library)
                outcome = Outcome.MERGED
            except (Conflict, Faulty, BadProposal):
                self._forge.decline(id, BY, "It could not be done then, or main has changed.")
        if outcome is Outcome.MERGED:
            self._store.log(by, Act(errand.payload["what"]), about=errand.payload["about"])
            said = "published, all of it"
        self._store.finish_errand(errand.number)
        return said

    def _has_moved(self, id: str) -> bool:
        """Whether somebody changed what a proposal touches since it was begun."""
        opened = self._forge.opened(id)
        if opened is None:
            return True
        before, now = self._forge.files(opened.base), self._forge.files(self._forge.head())
        return any(before.get(path) != now.get(path) for path in opened.files)

    def _note(self, id: str) -> str:
        self._worker.lookout.note_decision(id)
        return "noted"

    def _opened(self, id: str, done: str) -> str:
        """What was done, once the worker has opened it; or what it waits for."""
        self._worker.open(id)
        submission = self._store.find(id)
        if submission and submission.state in (State.QUEUED, State.DEAD):
            return f"{submission.state}: {submission.reason}"
        self._worker.lookout.note_decision(id)
        return done

    def _propose_again(self, id: str) -> Callable[[], str]:
        def mend() -> str:
            self._store.reopen(id)
            return self._opened(id, "proposed again")

        return mend

    def _close(self, id: str) -> Callable[[], str]:
        def mend() -> str:
            submission = self._store.find(id)
            if submission and submission.forgotten_at:
                return self._erase(id)
            by, reason = (submission.decided_by, submission.reason) if submission else ("", "")
            self._forge.decline(id, by or BY, reason)
            return "closed"

        return mend

    def _erase(self, id: str) -> str:
        """To close what its contributor wants forgotten would be to keep it."""
        self._forge.erase(id)
        return "erased"

    def _requeue(self, id: str) -> Callable[[], str]:
        def mend() -> str:
            self._store.requeue(id, BY)
            return self._opened(id, "found again")

        return mend

    def _adopt(self, id: str) -> Callable[[], str]:
        def mend() -> str:
            opened = self._forge.opened(id)
            document = self._document(opened.files) if opened else None
            if opened is None or document is None:
                self._forge.decline(id, BY, "No page can be read in it.")
                return "closed: no page can be read in it"
            new = _submission(id, document, opened.signed_as, opened.base)
            self._store.adopt(new, opened.branch)
            return "adopted"

        return mend

    def _take_up(self, stray: Stray, known: bool) -> Callable[[], str] | None:
        """Of one that the database does not know, the branch may be all that is left."""

        named, document = Branch.parse(stray.branch), self._document(stray.files)

        def remove() -> str:
            submission = self._store.find(named.id) if named else None
            if submission and submission.forgotten_at:
                return self._erase(submission.id)
            self._forge.discard(stray.branch)
            return "removed"

        if known or not stray.files:
            return remove
        if named is None or document is None:
            return None
        new = _submission(named.id, document, stray.signed_as)

        def adopt() -> str:
            self._store.adopt(new, stray.branch)
            self._store.reopen(new.id)
            return self._opened(new.id, "adopted, and proposed")

        return adopt

    def _document(self, files: Files) -> Document | None:
        """The page in what was left, if there is one and it can be read."""
        for path, data in files.items():
            if path.startswith(ROOT) and path.endswith(".md") and data is not None:
                found = read_document(self._library.schema, path.removeprefix(ROOT), data)
                if isinstance(found, Document):
                    return found
        return None


def _submission(id: str, document: Document, signed_as: str, base: str = "") -> NewSubmission:
    """Of a document with another id, it is a change, of what main had at `base`."""
    page = document.id if document.id != id else ""
    return NewSubmission(
        id=id,
        ticket="",
        digest=id,
        type=document.type.name,
        slug=document.slug,
        title=document.title,
        lang=document.lang,
        data=document.data,
        body=document.body,
        private={},
        signed_as=signed_as,
        client="",
        page=page,
        base=base if page else "",
    )


def mended(difference: Difference) -> str:
    """Mend it, and tell how that went."""
    if difference.mend is None:
        return "this needs a person"
    try:
        return difference.mend()
    except GatewayError as error:
        return f"not mended: {error}"
