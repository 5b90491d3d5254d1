"""Offers of help with a need: written to the editors in private, who answer and deal with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contrib_gateway.clock import Clock
from contrib_gateway.errors import NotFound, TooMany
from contrib_gateway.guards import keyed
from contrib_gateway.library import Library
from contrib_gateway.post import Post
from contrib_gateway.settings import Settings
from contrib_gateway.signals import suspicions
from contrib_gateway.store import NewOffer, Offer, Store
from plugins.observation.hearing import NEED
from plugins.schema import Document

KEY_LENGTH = 32
DAY = timedelta(days=1)
MOST_FROM_CLIENT = 40  # in a day; many people may share one connection


@dataclass(frozen=True)
class Meant:
    """What a visitor writes, under a ticket: `name` and `address` are "" where they are not told,
    `client` is a keyed hash, `suspicions` are reasons to have it looked at first.
    """

    ticket: str
    text: str
    name: str
    address: str
    client: str
    lang: str
    suspicions: tuple[str, ...] = ()


class Offers:
    """Takes them in, once each, and passes answers on. `post`: where mail can be sent."""

    def __init__(
        self, settings: Settings, store: Store, library: Library, post: Post | None, clock: Clock
    ) -> None:
        self._secret = settings.secret_key
        self._limit = settings.rate_limit
        self._store = store
        self._library = library
        self._post = post
        self._clock = clock

    def need(self, slug: str) -> Document:
        """The need that somebody may help with. Raises `NotFound`."""
        found = self._library.index.get(f"{NEED}/{slug}")
        if found is None:
            raise NotFound(f"no need {slug}")
        return found

    def known(self, need: Document, meant: Meant) -> bool:
        """Whether this very form was sent before."""
        return self._store.offer(self._key(need, meant)) is not None

    def take(self, need: Document, meant: Meant) -> None:
        """Keep it, once however often it is sent, and tell the editors, unless it is set aside.
        Raises `TooMany`.
        """
        since = self._clock() - DAY
        if self._limit and self._store.count_offers(meant.client, since) >= MOST_FROM_CLIENT:
            raise TooMany("offers of help")
        new = NewOffer(
            key=self._key(need, meant),
            page=need.id,
            title=need.title,
            text=meant.text,
            name=meant.name,
            address=meant.address,
            client=meant.client,
            lang=meant.lang,
            reason=" ".join(self._reasons(meant)),
        )
        self._store.add_offer(new)
        if self._post and not new.reason:
            self._post.offered(new)

    def of(self, key: str) -> Offer:
        """The one that a key names. Raises `NotFound`."""
        found = self._store.offer(key)
        if found is None:
            raise NotFound("no such offer")
        return found

    @property
    def mails(self) -> bool:
        """Whether who left an address can be answered from here."""
        return self._post is not None

    def answer(self, key: str, by: str, text: str) -> None:
        """Send an editor's answer to whoever left an address, once. Raises `NotFound`."""
        offer = self.of(key)
        if not (self._post and offer.address):
            raise NotFound("nobody to answer to")
        self._post.thanked(offer, keyed(self._secret, "offer", text)[:16], text, self._slug(offer))
        self._store.note_answer(key, by, text)

    def _slug(self, offer: Offer) -> str:
        need = self._library.index.by_id(offer.page)
        return need.slug if need else ""

    def _reasons(self, meant: Meant) -> tuple[str, ...]:
        """Why it is set aside."""
        if self._limit is None:
            return meant.suspicions
        sent = self._store.count_offers(meant.client, self._clock() - self._limit.window)
        many = ("rate",) if sent >= self._limit.count else ()
        return (*meant.suspicions, *suspicions([meant.name, meant.text], ()), *many)

    def _key(self, need: Document, meant: Meant) -> str:
        said = (meant.ticket, need.id, meant.address, meant.name, meant.text)
        return keyed(self._secret, "offer", "\0".join(said))[:KEY_LENGTH]
