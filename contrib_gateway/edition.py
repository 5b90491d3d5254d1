"""What editors do to pages by themselves: write, correct, confirm, rename, join, take off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from contrib_gateway.album import Album
from contrib_gateway.clock import Clock
from contrib_gateway.errors import Conflict, ForgeError, GatewayError, NotAsSeen, NotFound
from contrib_gateway.forge import Decision, Forge, Proposal
from contrib_gateway.library import ROOT, Faulty, Library
from contrib_gateway.manuscript import files_of
from contrib_gateway.plan import LAND, TOLD, Plan, Subject
from contrib_gateway.store import Act, NewErrand, Store
from plugins.observation.withdrawal import taken_off
from plugins.schema import (
    Document,
    Index,
    brought_together,
    confirmed,
    new_id,
    overdue,
    renamed,
    shortened,
    slugify,
)


class Edition:
    """Publishes by the same road as everybody: a proposal on the forge, here merged at once.

    Killed between the two, one page waits on the forge like any other, and `vigie reconcile` adopts
    it; of a plan, which touches many, it publishes all or closes it.
    """

    def __init__(
        self,
        forge: Forge,
        library: Library,
        store: Store,
        album: Album,
        clock: Clock,
        *,
        wake_builder: Callable[[], None],
    ) -> None:
        self._forge = forge
        self._library = library
        self._store = store
        self._album = album
        self._clock = clock
        self._wake_builder = wake_builder
        self._alone = Lock()  # while a plan, made from all of main, is carried out

    def find(self, name: str, slug: str) -> Document:
        """A page that is published. Raises `NotFound`."""
        found = self._library.index.get(f"{name}/{slug}")
        if found is None:
            raise NotFound(f"no page {name}/{slug}")
        return found

    def overdue(self) -> tuple[Document, ...]:
        """The pages that somebody should confirm, the longest unconfirmed first; not those that
        were brought together with another one.
        """
        index = self._library.index
        return overdue(filter(index.is_kept, index.documents), self._clock().date())

    def write(self, by: str, document: Document, what: Act = Act.WRITTEN) -> Document:
        """Publish a new page, under a name that none has; returns it."""
        index, name = self._library.index, document.type.name
        slug, number = document.slug, 1
        while index.named(name, slug):
            number += 1
            slug = f"{slugify(document.title, name)}-{number}"
        new = Document(document.type, slug, document.data, document.body)
        self._land(by, what, Subject.of(new), files_of(new, self._album))
        return new

    def correct(self, by: str, document: Document, commit: str, what: Act = Act.CORRECTED) -> None:
        """Publish what a page is to say, as somebody wrote it who saw main's `commit`; what others
        changed since stays, and what cited an entry that is gone does so no more. Raises
        `Conflict`, `Faulty`, or what the forge raises.
        """
        files = files_of(document, self._album)
        for path, text in shortened(self._library.index, document).files.items():
            files[ROOT + path] = None if text is None else text.encode()
        self._land(by, what, Subject.of(document), files, base=commit)

    def restore(self, by: str, document: Document, commit: str) -> Document:
        """Publish what a page said once, as a correction by somebody who saw main's `commit`; if
        the page is gone, as a new one, under another name if somebody has its own; returns it.
        """
        index = self._library.index
        if index.by_id(document.id):
            self.correct(by, document, commit, Act.RESTORED)
            return document
        kept = [
            row
            for row in document.data.get("aliases", [])
            if not index.named(document.type.name, row["name"])
        ]
        data = {name: value for name, value in document.data.items() if name != "aliases"}
        data |= {"aliases": kept} if kept else {}
        return self.write(by, replace(document, data=data), Act.RESTORED)

    def confirm(self, by: str, document: Document) -> None:
        """Somebody stands for all that a page says. Raises `NotAsSeen` if by now it says something
        else, and what `correct` raises.
        """
        commit, _, now = self._now(document)
        if now != document:
            raise NotAsSeen(f"{document.ref} is not what was read")
        self.correct(by, confirmed(now, self._clock().date()), commit, Act.CONFIRMED)

    def renaming(self, document: Document, slug: str) -> Plan:
        """What a new name would change."""
        commit, index, now = self._now(document)
        return Plan(Act.RENAMED, Subject.of(now), commit, renamed(index, now, slug, new_id()))

    def taking_off(self, document: Document) -> Plan:
        """What taking a page off would change."""
        commit, index, now = self._now(document)
        rewriting = taken_off(index, now, self._clock().date(), new_id())
        return Plan(Act.TAKEN_OFF, Subject.of(now), commit, rewriting)

    def merging(self, kept: Document, other: Document) -> Plan:
        """What bringing a page together with another one would change."""
        commit, index, now = self._now(kept)
        rewriting = brought_together(index, now, other, self._clock().date())
        return Plan(Act.BROUGHT_TOGETHER, Subject.of(now), commit, rewriting)

    def _now(self, document: Document) -> tuple[str, Index, Document]:
        """Main's commit, its content, and the page as it is in that: it may have changed since it
        was found. Raises `NotFound` if it is gone.
        """
        commit, content = self._library.state
        now = content.index.get(document.ref)
        if now is None:
            raise NotFound(f"no page {document.ref}")
        return commit, content.index, now

    def carry_out(self, by: str, plan: Plan) -> None:
        """Publish all of a plan, which has no problems, or nothing. Raises `Conflict` if main moved
        since it was made: it would bring back what another one took away. Or what `correct` raises.
        """
        with self._alone:
            if self._library.state[0] != plan.base:
                raise Conflict(plan.files)
            self._carry_out(by, plan)

    def _carry_out(self, by: str, plan: Plan) -> None:
        id = new_id()
        begun = {"by": by, "what": str(plan.what), "about": plan.subject.ref}
        self._store.add_errand(NewErrand(f"{LAND} {id}", LAND, id, begun))
        number = self._store.errands(id)[0].number
        try:
            self._land(by, plan.what, plan.subject, plan.files, base=plan.base, id=id)
        except (Conflict, Faulty):
            self._store.finish_errand(number)
            raise
        except GatewayError:
            # The editor is told that it was not done: what is left of it is only to be closed.
            self._store.retry_errand(number, self._clock(), TOLD)
            raise
        self._store.finish_errand(number)

    def _land(
        self,
        by: str,
        what: Act,
        subject: Subject,
        files: Mapping[str, bytes | None],
        *,
        base: str = "",
        id: str = "",
    ) -> Decision:
        id = id or new_id()
        proposal = Proposal(
            id=id,
            type=subject.type,
            slug=subject.slug,
            title=subject.title,
            files=files,
            base=base,
            signed_as=by,
        )
        self._forge.propose(proposal)
        try:
            decision = self._forge.merge(id, by, self._library)
        except (Conflict, Faulty, ForgeError):
            self._forge.decline(id, by, "")  # nobody else is to decide on it
            raise
        self._store.log(by, what, about=subject.ref)
        self._wake_builder()
        return decision
