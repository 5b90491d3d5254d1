"""The next issue of the watch: what may go into it, and its draft, left on the desk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from contrib_gateway.clock import Clock, day
from contrib_gateway.errors import NotAsSeen
from contrib_gateway.forms import Answers
from contrib_gateway.library import Library
from contrib_gateway.lock import exclusive
from contrib_gateway.service import Draft, Reception
from contrib_gateway.store import Store, Submission
from contrib_gateway.watch.inbox import Inbox, Kept
from contrib_gateway.watch.preface import suggested
from plugins.schema import Audience, Problem, validate
from plugins.watch.address import untracked
from plugins.watch.draft import DIGEST, Pick, Words, by_theme, drafted
from plugins.watch.plaintext import language

FORM = "watch digest"


@dataclass(frozen=True)
class Available:
    """What can go into the next issue, under each theme ("": none); how many that were kept cannot
    yet, because nobody has said why they matter; and the issues that wait on the desk.
    """

    themes: tuple[tuple[str, tuple[Pick, ...]], ...]
    unqualified: int
    waiting: tuple[Submission, ...]

    @property
    def picks(self) -> tuple[Pick, ...]:
        return tuple(pick for _, picks in self.themes for pick in picks)


class Digests:
    """Drafts issues. Which items are free follows from the digests that are published or wait: one
    that is declined, or an item that an editor takes out, is free again by itself. `lock` is a file
    that is held while a draft is made, so that no item goes into two.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        inbox: Inbox,
        reception: Reception,
        clock: Clock,
        *,
        lock: Path,
    ) -> None:
        self._store = store
        self._library = library
        self._inbox = inbox
        self._reception = reception
        self._clock = clock
        self._lock = lock

    def available(self) -> Available:
        kept = self._inbox.kept()
        ready = [_pick(one) for one in kept if one.is_qualified]
        return Available(
            tuple((key, tuple(group)) for key, group in by_theme(ready, self._library.index)),
            len(kept) - len(ready),
            self._waiting(),
        )

    def _waiting(self) -> tuple[Submission, ...]:
        return tuple(s for s in self._store.waiting() if s.type == DIGEST and not s.page)

    def known(self, ticket: str) -> Submission | None:
        """The issue that this very form became, if it waits on the desk."""
        return next((one for one in self._waiting() if one.ticket == ticket), None)

    def suggested(self, picks: Collection[Pick], lang: str) -> Words:
        """Words to begin with."""
        return suggested(list(picks), self._library.index, day(self._clock()), lang)

    def problems(self, picks: Collection[Pick], words: Words) -> list[Problem]:
        """What a digest of these would have wrong; an introduction is for somebody to write."""
        index = self._library.index
        declared = index.schema.types[DIGEST]
        return validate(declared, self._data(picks, words), "", index, Audience.EDITOR)

    def prepare(
        self, by: str, ticket: str, ids: Collection[str], words: Words, lang: str
    ) -> Submission:
        """Leave a digest of these items, which has no `problems`, on the desk. The same `ticket`
        gives the one that waits already. Raises `NotAsSeen` if one of them is not available.
        """
        with exclusive(self._lock):
            if known := self.known(ticket):
                return known
            chosen = [pick for pick in self.available().picks if pick.id in ids]
            if len(chosen) < len(set(ids)):
                raise NotAsSeen(DIGEST)
            draft = Draft(
                type=self._library.schema.types[DIGEST],
                form=FORM,
                answers=Answers(self._data(chosen, words), "", {}),
                lang=lang,
                ticket=ticket,
                client="",
            )
            return self._reception.leave(draft, by)

    def _data(self, picks: Collection[Pick], words: Words) -> dict[str, object]:
        return drafted(list(picks), words, self._library.index, day(self._clock()))


def _pick(kept: Kept) -> Pick:
    lead = kept.lead
    return Pick(
        id=kept.id,
        title=lead.title,
        url=untracked(lead.url),
        sources=kept.sources,
        carriers=kept.carriers,
        author=lead.author,
        published=day(lead.published_at) if lead.published_at else "",
        language=language(lead.lang),
        found_by=kept.found_by,
        said=kept.qualification,
    )
