"""What editors publish by themselves: a page written, corrected, confirmed, renamed, taken off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contrib_gateway.album import Album
from contrib_gateway.clock import Clock
from contrib_gateway.errors import Conflict, ForgeError, NotFound
from contrib_gateway.forge import Decision, Forge, Proposal
from contrib_gateway.library import ROOT, Faulty, Library
from contrib_gateway.manuscript import files_of
from contrib_gateway.store import Act, Store
from plugins.schema import (
    Document,
    Rewriting,
    confirmed,
    new_id,
    overdue,
    renamed,
    slugify,
    unpublished,
)


class Edition:
    """Publishes by the same road as everybody: a proposal on the forge, here merged at once.

    Killed between the two, it waits on the forge like any other, and `vigie reconcile` adopts it.
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

    def find(self, name: str, slug: str) -> Document:
        """A page that is published. Raises `NotFound`."""
        found = self._library.index.get(f"{name}/{slug}")
        if found is None:
            raise NotFound(f"no page {name}/{slug}")
        return found

    def overdue(self) -> tuple[Document, ...]:
        """The pages that somebody should confirm, the longest unconfirmed first."""
        return overdue(self._library.index.documents, self._clock().date())

    def write(self, by: str, document: Document) -> Document:
        """Publish a new page, under a name that none has; returns it."""
        index, name = self._library.index, document.type.name
        slug, number = document.slug, 1
        while index.named(name, slug):
            number += 1
            slug = f"{slugify(document.title, name)}-{number}"
        new = Document(document.type, slug, document.data, document.body)
        self._land(by, Act.WRITTEN, new, files_of(new, self._album))
        return new

    def correct(self, by: str, document: Document, commit: str, what: Act = Act.CORRECTED) -> None:
        """Publish what a page is to say, as somebody wrote it who saw main's `commit`; what others
        changed since stays. Raises `Conflict`, `Faulty`, or what the forge raises.
        """
        self._land(by, what, document, files_of(document, self._album), commit)

    def confirm(self, by: str, document: Document) -> None:
        """Somebody stands for all that a page says."""
        today = self._clock().date()
        self.correct(by, confirmed(document, today), self._library.state[0], Act.CONFIRMED)

    def renaming(self, document: Document, slug: str) -> Rewriting:
        """What a new name would change."""
        return renamed(self._library.index, document, slug, new_id())

    def taking_off(self, document: Document) -> Rewriting:
        """What taking a page off would change."""
        return unpublished(self._library.index, document)

    def rewrite(self, by: str, what: Act, document: Document, rewriting: Rewriting) -> None:
        """Publish all of a rewriting, which has no problems, or nothing."""
        files = {
            ROOT + path: None if text is None else text.encode()
            for path, text in rewriting.files.items()
        }
        self._land(by, what, document, files, self._library.state[0])

    def _land(
        self,
        by: str,
        what: Act,
        document: Document,
        files: Mapping[str, bytes | None],
        base: str = "",
    ) -> Decision:
        id = new_id()
        proposal = Proposal(
            id=id,
            type=document.type.name,
            slug=document.slug,
            title=document.title,
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
        self._store.log(by, what, about=document.ref)
        self._wake_builder()
        return decision
