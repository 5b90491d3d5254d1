"""What editors decide: ask, publish, decline, undo, try again: on what they read, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from contrib_gateway.album import Album
from contrib_gateway.alignment import Alignment
from contrib_gateway.errors import AlreadyDecided, NotAsSeen, NotFound, NotProposed
from contrib_gateway.forge import Decision, Forge
from contrib_gateway.library import ROOT, Library
from contrib_gateway.manuscript import document_of, files_of
from contrib_gateway.post import Post
from contrib_gateway.review import Review, Reviews, pictures_of, proposed
from contrib_gateway.store import UNDECIDED, Act, Amendment, State, Store, Submission
from contrib_gateway.worker import Worker
from plugins.schema import Document, write

LONGEST_WORDS = 2000  # characters of a question or a reason
LATELY = 10


class Desk:
    """Decides on submissions: the forge is asked first and is the truth, the store notes it.

    The worker opens a queued submission's proposal at once, and notes decisions.
    """

    def __init__(
        self,
        store: Store,
        forge: Forge,
        library: Library,
        worker: Worker,
        reviews: Reviews,
        *,
        album: Album,
        post: Post | None = None,
    ) -> None:
        """`post`: where mail can be sent."""
        self._album = album
        self._post = post
        self._store = store
        self._forge = forge
        self._library = library
        self._worker = worker
        self._reviews = reviews
        self._alignment = Alignment(forge, library, reviews)
        self._waiting: tuple[object, Sequence[Submission]] = (None, ())

    def waiting(self) -> Sequence[Submission]:
        """Those nobody has decided on, the oldest first; read again when something happened."""
        pulse = self._store.pulse()
        if self._waiting[0] != pulse:
            self._waiting = (pulse, self._store.waiting())
        return self._waiting[1]

    def decided(self) -> list[Submission]:
        """The last decisions, newest first."""
        return self._store.decided(LATELY)

    def find(self, id: str) -> Submission:
        submission = self._store.find(id)
        if submission is None:
            raise NotFound(f"no submission {id}")
        return submission

    def review(self, id: str) -> Review:
        return self._reviews.of(self.find(id))

    def document(self, submission: Submission) -> Document:
        """What it would publish, as it is now: somebody may have pushed to its branch."""
        return self._reviews.document(submission, self._reviews.opened(submission))

    def ask(self, id: str, by: str, text: str) -> None:
        """Ask the contributor something. Raises `AlreadyDecided`, `NotFound`."""
        message = self._store.ask(id, by, text)
        if self._post:
            self._post.question(self.find(id), message)

    def publish(self, id: str, by: str, seen: str = "") -> Decision:
        """Merge what the editor read: `seen` is its review's mark ("": whatever there is).

        Raises `AlreadyDecided`, `NotProposed`, `NotAsSeen`, `Conflict`, `Faulty`, or what the forge
        raises.
        """
        now, head = self._proposed(id, by, seen)
        head = self._alignment.of(now, by, head)
        return self._decided(id, lambda: self._forge.merge(id, by, self._library, head))

    def correct(self, id: str, by: str, document: Document, seen: str) -> Decision:
        """Merge what an editor made of what was read. Raises what `publish` raises."""
        self._proposed(id, by, seen)
        commit, content = self._library.state
        there, opened = content.index.by_id(document.id), self._forge.opened(id)
        if opened is None:
            raise self._other(id)
        document = replace(document, slug=there.slug) if there else document
        files = files_of(document, self._album)
        pictures = {f"{ROOT}images/{file}" for file in pictures_of(document)}
        files |= {path: data for path, data in opened.files.items() if path in pictures}
        self._forge.amend(id, files, by, onto=commit)
        self._store.log(by, Act.CORRECTED, id)
        now = self._forge.opened(id)
        head = now.head if now else ""
        return self._decided(id, lambda: self._forge.merge(id, by, self._library, head))

    def keep(self, id: str, by: str, document: Document, seen: str) -> None:
        """Let what was read wait on as an editor made it. Raises `AlreadyDecided`, `NotAsSeen`."""
        read = self.find(id)
        if seen != self._reviews.mark(read, self._reviews.opened(read)):
            raise self._other(id)
        kept = Amendment(document.title, document.data, document.body, read.private)
        self._store.amend(id, kept, by, read)
        self._worker.loop.wake()

    def _proposed(self, id: str, by: str, seen: str) -> tuple[Submission, str]:
        """What was read, on the forge by now, and its head there. Raises what `publish` raises."""
        read = self.find(id)
        opened = self._reviews.opened(read)
        if seen and seen != self._reviews.mark(read, opened):
            raise self._other(id)
        head = opened.head if opened and not self._store.is_amended(id) else ""
        self._store.log(by, Act.READ, id)
        if read.state is State.HELD:
            with suppress(AlreadyDecided):  # another editor did; below, one of the two is first
                self._store.release(id, by)
        self._worker.open(id)
        self._worker.amend(id)
        now = self.find(id)
        if now.state in (State.QUEUED, State.DEAD):
            raise NotProposed(id, now.reason)
        if now.state is not State.PROPOSED:
            raise decided(now)
        if (now.data, now.body, now.private) != (read.data, read.body, read.private):
            raise NotAsSeen(f"{id} was amended meanwhile")
        return now, head or self._head(now)

    def _other(self, id: str) -> AlreadyDecided | NotAsSeen:
        """Why it is not what was read: it is decided, or it was changed."""
        self._worker.lookout.note_decision(id)
        now = self.find(id)
        if now.state not in UNDECIDED:
            return decided(now)
        return NotAsSeen(f"{id} is not what was read")

    def _head(self, submission: Submission) -> str:
        """Of the proposal of what was read here. Raises `NotAsSeen` if it proposes another."""
        opened = self._forge.opened(submission.id)
        if opened is None:
            return ""
        sent = document_of(submission, self._library.schema)
        there = proposed(sent, opened, self._library.schema)
        if there is not None and write(there) != write(sent):
            raise NotAsSeen(f"{opened.branch} is not what was sent")
        return opened.head

    def decline(self, id: str, by: str, reason: str, seen: str = "") -> None:
        """Say no, kindly, to what the editor read: `seen` is its review's mark ("": whatever there
        is). Raises `AlreadyDecided`, `NotAsSeen`, or what the forge raises.
        """
        submission = self.find(id)
        if seen and seen != self._reviews.mark(submission, self._reviews.opened(submission)):
            raise self._other(id)
        if submission.state is State.QUEUED:  # the forge must know it first
            self._worker.open(id)
            submission = self.find(id)
        if submission.state is State.QUEUED:
            raise NotProposed(id, submission.reason)
        if submission.state is State.PROPOSED:
            self._decided(id, lambda: self._forge.decline(id, by, reason))
        elif submission.state in (State.HELD, State.DEAD):
            self._store.mark_declined(id, by, reason, submission.state)
        else:
            raise decided(submission)

    def undo(self, id: str, by: str, reason: str) -> None:
        """Take back what was published: the former version is there again, or the page is gone.

        Raises `AlreadyDecided` if another did, or if it is not published; `Conflict` if somebody
        changed the same answers since; `Faulty`, or what the forge raises.
        """
        submission = self.find(id)
        if submission.state is not State.PUBLISHED:
            raise decided(submission)
        try:
            decision = self._forge.undo(id, by, reason, self._library)
        except NotFound:
            self._worker.lookout.note_decision(id)  # somebody did, a moment ago
            raise decided(self.find(id)) from None
        self._worker.lookout.note(id, decision)
        if decision.by != by:
            raise decided(self.find(id))

    def try_again(self, id: str, by: str) -> None:
        """Queue a dead one again: somebody mended what made it so. Raises `AlreadyDecided`."""
        self._store.requeue(id, by)
        self._worker.loop.wake()

    def try_all_again(self, by: str) -> int:
        """Queue every dead one again; returns how many there were."""
        number = self._store.requeue_all(by)
        self._worker.loop.wake()
        return number

    def _decided(self, id: str, decide: Callable[[], Decision]) -> Decision:
        """Let the forge decide, and note what it says: this decision, or the one that was first."""
        try:
            decision = decide()
        except AlreadyDecided:
            self._worker.lookout.note_decision(id)
            raise
        self._worker.lookout.note(id, decision)
        return decision


def decided(submission: Submission) -> AlreadyDecided:
    return AlreadyDecided(
        submission.id,
        str(submission.state),
        submission.decided_by,
        submission.decided_at,
        submission.reason,
    )
