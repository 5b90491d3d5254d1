"""The part of a gateway that deals with its forge; time and chance are in the test's hands."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from itertools import count
from pathlib import Path

from contrib_gateway.album import Album
from contrib_gateway.builder import PROJECT
from contrib_gateway.desk import Desk
from contrib_gateway.errors import GatewayError
from contrib_gateway.forge import Forge, Proposal
from contrib_gateway.library import ROOT, Library
from contrib_gateway.lookout import Lookout
from contrib_gateway.manuscript import document_of
from contrib_gateway.presentation import Presenter
from contrib_gateway.reconciliation import Reconciliation
from contrib_gateway.review import Reviews
from contrib_gateway.store import NewSubmission, State, Store, Submission
from contrib_gateway.worker import Worker
from plugins.render import Site
from plugins.schema import write
from tests.contrib_gateway.clocks import SetClock

CONTENT = PROJECT / "content"
# A small type of documents, whose declaration is read at each start.
NEED = """\
folder: needs
url: besoins/{slug}/
label: {fr: Besoin}
contribute: true
fields:
  title: {kind: text, required: true, max: 120, label: {fr: Quel est le besoin ?}}
body: {max: 6000, label: {fr: Décrivez la situation}}
"""
WRITTEN = """\
---
title: Un besoin écrit à la main
id: ecrit1
lang: fr
created: 2026-01-02
updated: 2026-01-02
---
"""
ADDRESS = "http://vigie.example/"
PATIENCE = 0.3  # seconds that the store waits for another program's lock
STEP = timedelta(seconds=15)  # how often the clock looks whether the whole queue has rested
MOST_STEPS = 2000
_numbers = count(1)


class Office:
    """A store, a worker and a desk on a forge. Nothing runs by itself."""

    def __init__(
        self, folder: Path, forge: Forge, clock: SetClock, look_every: timedelta = timedelta(0)
    ) -> None:
        """`folder` holds the database; a second office may share it, as another process would."""
        self.clock = clock
        self.forge = forge
        self.store = Store(folder / "vigie.sqlite", clock, PATIENCE)
        self.library = Library(forge)
        self.album = Album(folder / "pictures", clock)
        self.chance = 1.0
        lookout = Lookout(
            self.store, forge, clock, wake_builder=lambda: None, look_every=look_every
        )
        self.worker = Worker(
            self.store,
            forge,
            self.library,
            Presenter(self.library, lambda: Site(ADDRESS, ADDRESS, clock().date())),
            clock,
            album=self.album,
            lookout=lookout,
            chance=lambda: self.chance,
        )
        reviews = Reviews(self.store, forge, self.library)
        self.desk = Desk(self.store, forge, self.library, self.worker, reviews, album=self.album)
        self.accounts = Reconciliation(self.store, forge, self.library, self.worker)

    def accept(self, title: str = "Un besoin") -> Submission:
        """Somebody has sent a need, and been given the receipt."""
        return self.store.accept(need(title, self.clock), lambda slug: False)

    def find(self, id: str) -> Submission:
        found = self.store.find(id)
        assert found
        return found

    def state(self, id: str) -> State:
        return self.find(id).state

    def proposal(self, id: str) -> Proposal:
        """What the worker would open."""
        found = self.find(id)
        files, signed = self.expected(id), found.signed_as
        return Proposal(id, found.type, found.slug, found.title, files, signed)

    def expected(self, id: str) -> dict[str, bytes]:
        """The files that a submission is to publish."""
        document = document_of(self.find(id), self.library.schema)
        return {ROOT + document.path: write(document).encode()}

    # Time

    def work(self) -> None:
        """One round of the worker's loop, which outlives what it meets."""
        with suppress(GatewayError):
            self.worker.work()

    def settle(self, leap: timedelta = timedelta(0)) -> None:
        """Let time pass as the queue asks, and `leap` more, until nothing is queued."""
        for _ in range(MOST_STEPS):
            self.work()
            queued = [s for s in self.store.waiting() if s.state is State.QUEUED]
            if not queued:
                return
            self.pass_time(min(s.next_try_at or self.clock.now for s in queued) + leap)
        raise AssertionError(f"still queued: {queued}")

    def pass_time(self, until: object = None) -> None:
        """Up to a moment, or for a while."""
        later = self.clock.now + STEP
        self.clock.now = max(until, later) if until else later  # type: ignore[type-var]


def small_content(folder: Path) -> Path:
    """A content folder of one type and one document."""
    for name, text in {"types/need.yaml": NEED, "needs/ecrit-a-la-main.md": WRITTEN}.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "vocabularies").mkdir()
    for name in ("site.yaml", "types/_common.yaml", "vocabularies/languages.yaml"):
        shutil.copy(CONTENT / name, folder / name)
    return folder


def form_of(sent: Submission) -> NewSubmission:
    """The form that was sent, to be sent once more."""
    return NewSubmission(
        **{field.name: getattr(sent, field.name) for field in fields(NewSubmission)}
    )


def need(title: str, clock: SetClock, id: str = "") -> NewSubmission:
    """A need as the reception makes one."""
    number = next(_numbers)
    id = id or f"besoin{number}"
    today = clock().date().isoformat()
    data = {
        "title": title,
        "id": id,
        "lang": "fr",
        "created": today,
        "updated": today,
    }
    return NewSubmission(
        id=id,
        ticket=f"ticket-{id}",
        digest=f"digest-{id}",
        type="need",
        slug=f"un-besoin-{number}",
        title=title,
        lang="fr",
        data=data,
        body="Le soir, après vingt heures.",
        private={"contact": "zoe@example.org"},
        signed_as="Zoé",
        client="c1",
    )
