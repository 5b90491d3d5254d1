"""Letters between visitors and the structures of the pages; neither learns the other's address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contrib_gateway.address import deliverable
from contrib_gateway.clock import Clock
from contrib_gateway.errors import NotFound, TooMany
from contrib_gateway.guards import keyed
from contrib_gateway.library import Library
from contrib_gateway.post import Post
from contrib_gateway.settings import Settings
from contrib_gateway.store import LetterSent, Store
from plugins.schema import Document

MOST_FROM_ADDRESS, MOST_FROM_CLIENT, MOST_TO_PAGE = 5, 20, 20  # letters a day
MOST_ANSWERS = 10  # to one letter
DAY = timedelta(days=1)
KEY_LENGTH = 32
PUBLIC = "email"  # the field of a public address


@dataclass(frozen=True)
class Written:
    """What a visitor writes, under a ticket; `client` is a keyed hash, `name` how they sign."""

    ticket: str
    text: str
    name: str
    sender: str
    client: str
    lang: str


class Correspondence:
    """Passes letters and answers on, within bounds. `post`: where mail can be sent."""

    def __init__(
        self, settings: Settings, store: Store, library: Library, post: Post | None, clock: Clock
    ) -> None:
        self._secret = settings.secret_key
        self._rated = settings.rate_limit is not None
        self._store = store
        self._library = library
        self._post = post
        self._clock = clock

    def document(self, name: str, slug: str) -> Document:
        """A page of a type that can be written to. Raises `NotFound`."""
        found = self._library.index.get(f"{name}/{slug}")
        if found is None or PUBLIC not in found.type.fields or not found.url:
            raise NotFound(f"nobody to write to at {name}/{slug}")
        return found

    def reaches(self, document: Document) -> bool:
        """Whether a letter to it would arrive.

        A stale page does not offer it, since nobody knows who reads there; but a letter from a link
        that was kept still goes. It shows no address, whoever gets it can stop the next, and an
        answer is the surest sign that the page holds.
        """
        return self._post is not None and bool(self._address(document))

    def write(self, document: Document, written: Written) -> None:
        """Pass a letter on, once however often it is sent. Raises `NotFound`, `TooMany`."""
        to = self._address(document)
        if self._post is None or not to:
            raise NotFound(f"nobody to write to at {document.ref}")
        said = (written.ticket, document.id, written.sender, written.name, written.text)
        key = self._key("\0".join(said))
        if self._store.letter(key) is None and self._is_crowded(document, written):
            raise TooMany("letters")
        self._store.add_letter(key, document.id, written.sender, written.client, written.lang)
        self._post.relay(
            key, to, document.title, name=written.name, text=written.text, lang=document.lang
        )

    def letter(self, key: str) -> tuple[LetterSent, Document]:
        """The letter that a key names, and the page it went to. Raises `NotFound`."""
        letter = self._store.letter(key)
        document = self._library.index.by_id(letter.page) if letter else None
        if letter is None or document is None:
            raise NotFound("no such letter")
        return letter, document

    def answer(self, key: str, text: str) -> None:
        """Pass an answer on, once. Raises `NotFound`, `TooMany`."""
        letter, document = self.letter(key)
        if self._post is None:
            raise NotFound("no mail")
        errand = f"{key} {self._key(text)}"
        known = self._store.count_errands(f"answer {errand}")
        if not known and self._store.count_errands(f"answer {key}") >= MOST_ANSWERS:
            raise TooMany("answers")
        self._post.answer(errand, letter.sender, document.title, text=text, lang=letter.lang)

    def stop(self, key: str) -> None:
        """No letters any more to the page of this one: those who got it ask. Raises `NotFound`."""
        letter, _ = self.letter(key)
        self._store.set_address(letter.page, "", "")

    def _address(self, document: Document) -> str:
        """Its public address, else the one told in private; "" if they want no letters.

        In this order: who proposes a change must not get what is written to somebody else.
        """
        told = self._store.address(document.id)
        return "" if told == "" else str(document.data.get(PUBLIC, "")) or told or ""

    def _is_crowded(self, document: Document, written: Written) -> bool:
        store, since = self._store, self._clock() - DAY
        if not self._rated:
            return False
        return (
            store.letters_to(document.id, since) >= MOST_TO_PAGE
            or store.letters_from(written.sender, since) >= MOST_FROM_ADDRESS
            or store.letters_of_client(written.client, since) >= MOST_FROM_CLIENT
        )

    def _key(self, text: str) -> str:
        return keyed(self._secret, "letter", text)[:KEY_LENGTH]


def is_deliverable(address: str) -> bool:
    try:
        return bool(deliverable(address))
    except ValueError:
        return False
