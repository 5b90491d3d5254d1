"""What editors see and decide: the proposals that wait, one proposal, publish, decline."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from contrib_gateway.errors import (
    AlreadyDecided,
    Conflict,
    ForgeUnavailable,
    NotFound,
    NotProposed,
    Refused,
)
from contrib_gateway.forge import Decision, Forge, Opened
from contrib_gateway.library import ROOT, Library
from contrib_gateway.manuscript import document_of
from contrib_gateway.post import Post
from contrib_gateway.revision import Revision
from contrib_gateway.store import State, Store, Submission
from contrib_gateway.worker import Worker
from plugins.check import check_document
from plugins.render.values import fallback_of
from plugins.schema import Document, Problem, Schema, read_document, write

LONGEST_REASON = 2000
LATELY = 10
UNSEEN = "unseen"


@dataclass(frozen=True)
class Review:
    """Everything an editor needs to decide on one submission.

    `others` are the files, besides the page's, that its proposal touches by somebody's hand;
    `clashes` the answers that somebody else changed too, otherwise, since it was written.
    `head` is the commit of its proposal, `forge_url` its page on the forge; "" if there is none.
    While the forge does not answer, `head` is UNSEEN: what was sent is shown, and no decision on it
    can be one on what is there.
    """

    submission: Submission
    document: Document
    before: Document | None
    problems: tuple[Problem, ...]
    others: tuple[str, ...]
    clashes: tuple[str, ...]
    head: str
    forge_url: str


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
        post: Post | None = None,
    ) -> None:
        """`post`: where mail can be sent."""
        self._post = post
        self._store = store
        self._forge = forge
        self._library = library
        self._worker = worker

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
        opened = self._opened(submission)
        theirs = _document(submission, opened, content.index.schema)
        files = opened.files if opened else {}
        pictures = {f"{ROOT}images/{file}" for file in self._pictures(theirs)}
        # What was published is not what was there before.
        published = submission.state is State.PUBLISHED
        there = None if published else content.index.by_id(theirs.id)
        document, clashes = self._combined(submission, opened, theirs, there)
        images = content.images | {path.removeprefix(f"{ROOT}images/") for path in pictures}
        return Review(
            submission=submission,
            document=document,
            before=there,
            problems=tuple(check_document(document, content.index.replacing(document), images)),
            others=tuple(
                path for path in files if path != ROOT + theirs.path and path not in pictures
            ),
            clashes=clashes,
            head=_seen(submission, opened),
            forge_url=opened.url if opened else "",
        )

    def _pictures(self, document: Document) -> set[str]:
        """The files that its own pictures are made of, here or on the forge already."""
        return {file for name in document.files() for file in (name, fallback_of(name)) if file}

    def _combined(
        self,
        submission: Submission,
        opened: Opened | None,
        theirs: Document,
        there: Document | None,
    ) -> tuple[Document, tuple[str, ...]]:
        """The page as it would be, and what clashes: a change is put on the page as it is now."""
        base = opened.base if opened else submission.base
        seen = self._library.document_at(base, theirs.path) if there and base else None
        if there is None or seen is None:
            return theirs, ()
        document, clashes = Revision(seen, there, self._library.index).combined(theirs)
        return document, tuple(dict.fromkeys(clash.field for clash in clashes))

    def ask(self, id: str, by: str, text: str) -> None:
        """Ask the contributor something. Raises `AlreadyDecided`, `NotFound`."""
        message = self._store.ask(id, by, text.strip()[:LONGEST_REASON])
        if self._post:
            self._post.question(self.find(id), message)

    def _opened(self, submission: Submission) -> Opened | None:
        """Its proposal on the forge, if it waits there and the forge answers."""
        if submission.state in (State.QUEUED, State.PROPOSED):
            with suppress(ForgeUnavailable, Refused):
                return self._forge.opened(submission.id)
        return None

    def publish(self, id: str, by: str, seen: str = "") -> Decision:
        """Merge what the editor looked at: the proposal while its head is `seen`, or as it was
        sent where there was none yet ("").

        Raises `AlreadyDecided`, `NotProposed`, `Conflict`, `Faulty`, or what the forge raises.
        """
        if self.find(id).state is State.HELD:
            with suppress(AlreadyDecided):  # another editor did; below, one of the two is first
                self._store.release(id, by)
        self._worker.open(id)
        submission = self.find(id)
        if submission.state in (State.QUEUED, State.DEAD):
            raise NotProposed(id, submission.reason)
        if submission.state is not State.PROPOSED:
            raise decided(submission)
        seen = self._followed(submission, by, seen)
        return self._decided(id, lambda: self._forge.merge(id, by, self._library, seen))

    def _followed(self, submission: Submission, by: str, seen: str) -> str:
        """Bring the change of a page that was renamed since to the name it has now; returns the
        proposal's head then. Raises `Conflict`.
        """
        opened = self._opened(submission) if submission.page else None
        there = self._library.index.by_id(submission.page) if opened else None
        if opened is None or there is None or seen not in ("", opened.head):
            return seen
        theirs = _document(submission, opened, self._library.schema)
        if theirs.path == there.path:
            return seen
        document, clashes = self._combined(submission, opened, theirs, there)
        path, old = ROOT + there.path, ROOT + theirs.path
        if clashes:
            raise Conflict([path], {path: clashes})
        files = {name: data for name, data in opened.files.items() if name != old}
        files[path] = write(replace(document, slug=there.slug)).encode()
        self._forge.amend(submission.id, files, by, onto=self._library.state[0])
        now = self._forge.opened(submission.id)
        return now.head if now else seen

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


def _seen(submission: Submission, opened: Opened | None) -> str:
    if opened:
        return opened.head
    return UNSEEN if submission.state is State.PROPOSED else ""


def _document(submission: Submission, opened: Opened | None, schema: Schema) -> Document:
    """As the forge has it, where somebody may have pushed to the branch; else as it was sent."""
    sent = document_of(submission, schema)
    data = opened.files.get(ROOT + sent.path) if opened else None
    found = read_document(schema, sent.path, data) if data is not None else None
    return found if isinstance(found, Document) else sent


def decided(submission: Submission) -> AlreadyDecided:
    return AlreadyDecided(
        submission.id,
        str(submission.state),
        submission.decided_by,
        submission.decided_at,
        submission.reason,
    )
