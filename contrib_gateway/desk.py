"""What editors see and decide: the proposals that wait, one proposal, publish, decline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from contrib_gateway.errors import AlreadyDecided, GatewayError, NotFound, NotProposed
from contrib_gateway.forge import Decision, Forge
from contrib_gateway.library import ROOT, Library
from contrib_gateway.store import State, Store, Submission
from contrib_gateway.worker import Worker, document_of
from plugins.check import check_document
from plugins.schema import Document, Problem, Schema, read_document

LONGEST_REASON = 2000
LATELY = 10


class Faulty(GatewayError):
    """Publishing this would leave main with faults; `problems` tells which."""

    status = 409

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} faults would reach main")
        self.problems = problems


@dataclass(frozen=True)
class Review:
    """Everything an editor needs to decide on one submission."""

    submission: Submission
    document: Document
    before: Document | None
    problems: tuple[Problem, ...]


class Desk:
    """Decides on submissions: the forge is asked first and is the truth, the store notes it.

    The worker opens a queued submission's proposal at once, and notes decisions; `wake_builder`
    says that main moved.
    """

    def __init__(
        self,
        store: Store,
        forge: Forge,
        library: Library,
        worker: Worker,
        wake_builder: Callable[[], None],
    ) -> None:
        self._store = store
        self._forge = forge
        self._library = library
        self._worker = worker
        self._wake_builder = wake_builder

    def waiting(self) -> list[Submission]:
        return self._store.waiting()

    def decided(self) -> list[Submission]:
        """The last decisions, newest first."""
        return self._store.decided(LATELY)

    def find(self, id: str) -> Submission:
        submission = self._store.find(id)
        if submission is None:
            raise NotFound(f"no submission {id}")
        return submission

    def review(self, id: str) -> Review:
        submission = self.find(id)
        content = self._library.content
        if submission.type not in content.index.schema.types:
            raise NotFound(f"{id} is of a type that is gone")
        document = self._document(submission, content.index.schema)
        there = content.index.get(document.ref)
        if submission.state is State.PUBLISHED:
            there = None  # it is what was published, not what was there before
        return Review(
            submission=submission,
            document=document,
            before=there if there and there.id == document.id else None,
            problems=tuple(
                check_document(document, content.index.replacing(document), content.images)
            ),
        )

    def _document(self, submission: Submission, schema: Schema) -> Document:
        """As the forge has it, where it has it: somebody may have pushed to the branch."""
        opened = self._forge.opened(submission.id)
        for path, data in (opened.files if opened else {}).items():
            if path.endswith(".md") and data is not None:
                found = read_document(schema, path.removeprefix(ROOT), data)
                if isinstance(found, Document):
                    return found
        return document_of(submission, schema)

    def publish(self, id: str, by: str) -> Decision:
        """Merge. Raises `AlreadyDecided`, `NotProposed`, `Conflict`, `Faulty`, or the forge's."""
        if self.find(id).state is State.HELD:
            with suppress(AlreadyDecided):  # another editor did; below, one of the two is first
                self._store.release(id, by)
        self._worker.open(id)
        submission = self.find(id)
        if submission.state in (State.QUEUED, State.DEAD):
            raise NotProposed(id, submission.reason)
        if submission.state is not State.PROPOSED:
            raise decided(submission)
        decision = self._decided(id, lambda: self._forge.merge(id, by, self._refuse_faults))
        self._wake_builder()
        return decision

    def _refuse_faults(self, files: Mapping[str, str]) -> None:
        """Main never moves to a tree with faults that it does not have already."""
        if faults := self._library.faults_after(files):
            raise Faulty(faults)

    def decline(self, id: str, by: str, reason: str) -> None:
        """Say no, kindly. Raises `AlreadyDecided`, or what the forge raises."""
        submission = self.find(id)
        reason = reason.strip()[:LONGEST_REASON]
        if submission.state is State.PROPOSED:
            self._decided(id, lambda: self._forge.decline(id, by, reason))
        elif submission.state in (State.HELD, State.DEAD):
            self._store.mark_declined(id, by, reason, submission.state)
        else:
            raise decided(submission)

    def _decided(self, id: str, decide: Callable[[], Decision]) -> Decision:
        """Let the forge decide, and note what it says: this decision, or the one that was first."""
        try:
            return decide()
        finally:
            self._worker.note_decision(id)


def decided(submission: Submission) -> AlreadyDecided:
    return AlreadyDecided(
        submission.id,
        str(submission.state),
        submission.decided_by,
        submission.decided_at,
        submission.reason,
    )
