"""Letters between visitors and the structures of the pages; neither learns the other's address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from contrib_gateway.address import deliverable, same_mailbox
from contrib_gateway.clock import Clock
from contrib_gateway.errors import NotFound, TooMany
from contrib_gateway.guards import keyed
from contrib_gateway.library import Library
from contrib_gateway.post import Post
from contrib_gateway.settings import Settings
from contrib_gateway.store import Bounds, LetterSent, NewLetter, Store
from plugins.schema import Document

# A day. Nobody proved to own the address that a letter gives as its sender's.
MOST_FROM_ADDRESS, MOST_FROM_CLIENT, MOST_TO_PAGE = 5, 20, 20  # letters
MOST_ANSWERS, MOST_ANSWERS_TO_ADDRESS = 5, 10  # to one letter; to one address
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
        letter = NewLetter(
            key, document.id, written.sender, self._mailbox(to), written.client, written.lang
        )
        since = self._clock() - DAY
        bounds = Bounds(since, MOST_TO_PAGE, MOST_FROM_ADDRESS, MOST_FROM_CLIENT)
        self._store.add_letter(letter, bounds if self._rated else None)
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
        to_them = f"{self._mailbox(letter.sender)[:16]} "
        this = f"{to_them}{key} "
        count, since = self._store.count_errands, self._clock() - DAY
        errand = f"{this}{self._key(text)[:16]}"
        if not count(f"answer {errand}") and (
            count(f"answer {this}") >= MOST_ANSWERS
            or count(f"answer {to_them}", since) >= MOST_ANSWERS_TO_ADDRESS
        ):
            raise TooMany("answers")
        self._post.answer(errand, letter.sender, document.title, text=text, lang=letter.lang)

    def stop(self, key: str) -> None:
        """No letters any more to where this one went: those who got it ask. Raises `NotFound`, if
        the page is written to elsewhere by now too.
        """
        letter, document = self.letter(key)
        if letter.recipient != self._mailbox(self._told(document)):
            raise NotFound("letters go elsewhere by now")
        self._store.stop_letters(letter.page, letter.recipient)

    def is_stopped(self, document: Document) -> bool:
        """Whether those it is about want no letters there."""
        stopped = self._store.reach(document.id).stopped
        return bool(stopped) and stopped == self._mailbox(self._told(document))

    def _address(self, document: Document) -> str:
        """Where letters go; "" if nobody told, or wants them."""
        return "" if self.is_stopped(document) else self._told(document)

    def _told(self, document: Document) -> str:
        """Its public address, else the one told in private. In this order: who proposes a change
        must not get what is written to those who show where to write.
        """
        return str(document.data.get(PUBLIC, "")) or self._store.reach(document.id).address

    def _mailbox(self, address: str) -> str:
        return keyed(self._secret, "mailbox", same_mailbox(address))[:KEY_LENGTH]

    def _key(self, text: str) -> str:
        return keyed(self._secret, "letter", text)[:KEY_LENGTH]


def is_deliverable(address: str) -> bool:
    try:
        return bool(deliverable(address))
    except ValueError:
        return False
