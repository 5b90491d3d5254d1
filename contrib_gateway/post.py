"""The post: the mails that people asked for, written down at once and sent as soon as it can be."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from secrets import token_urlsafe

from contrib_gateway.address import same_mailbox
from contrib_gateway.clock import Clock
from contrib_gateway.echoes import Echoes
from contrib_gateway.errands import Runner
from contrib_gateway.guards import keyed, receipt_for
from contrib_gateway.letters import Letters
from contrib_gateway.library import Library
from contrib_gateway.loop import Loop
from contrib_gateway.mail import Letter, Mailer
from contrib_gateway.morning import DAILY, Morning
from contrib_gateway.settings import Settings
from contrib_gateway.store import (
    CONTACT,
    LOGIN_LIFETIME,
    THANKED,
    Errand,
    Message,
    NewErrand,
    NewOffer,
    Offer,
    State,
    Store,
    Submission,
)
from plugins.render import LANGUAGES, Site

MAIL, ADMIT = "mail", "admit"
ANNOUNCED = timedelta(days=7)  # after that, a decision is no news
MOST_OFFERS = 20  # a day, that an editor is told of by mail; all are at the desk
MOST_RECEIPTS = 10  # a day to one address: anybody may write anybody's in a form
MOST_LINKS, MOST_ASKED = 5, 300  # to the desk, an hour: to one address; asked for by anybody
LONGEST_ADDRESS = 254
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Post:
    """Takes mails in, durably, and sends them. Only to editors and to those who left an address."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: Library,
        *,
        mailer: Mailer,
        site: Callable[[], Site],
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._secret = settings.secret_key
        self._store = store
        self._library = library
        self._mailer = mailer
        self._site = site
        self._clock = clock
        self._morning = Morning(settings, store, library, mailer=mailer, site=site, clock=clock)
        self._echoes = Echoes(settings, store, library, kind=MAIL, site=site, clock=clock)
        acts = {MAIL: self._send, ADMIT: self._admit, DAILY: self._morning.send}
        self._runner = Runner(store, clock, acts, chance)
        self.loop = Loop("post", self.work)

    def work(self) -> None:
        """Tell what was decided since; in the morning, what waits and what became of observations.
        Send what can be sent now.
        """
        for submission in self._store.unannounced(self._clock() - ANNOUNCED):
            self._announce(submission)
        self._morning.call()
        self._echoes.call()
        self._runner.run()

    def receipt(self, submission: Submission) -> None:
        """It has arrived. Once to each address: an amendment may tell another one. What a robot may
        have sent is no reason to write to the address that it gave.
        """
        suspect = submission.state is State.HELD and submission.reason != "screening"
        if (to := _contact(submission)) and not suspect:
            key = f"receipt {keyed(self._secret, 'mail', same_mailbox(to))[:16]}"
            if self._store.count_errands(key, self._clock() - DAY) >= MOST_RECEIPTS:
                return
            content_type = self._library.schema.types.get(submission.type)
            label = content_type.label.get(submission.lang) if content_type else submission.type
            letter = self._letters(submission.lang).receipt(to, label, self._receipt(submission))
            self._take(f"{key} {submission.id}", submission.id, letter)

    def admit(self, address: str, client: str, lang: str) -> None:
        """Somebody wants a link to the desk. Who it is, is looked up later: an answer given at once
        must not tell, by what it says or by how long it takes, whether an address is an editor's.
        """
        key = f"admit {keyed(self._secret, 'mail', same_mailbox(address))[:16]} {client[:16]}"
        since = self._clock() - HOUR
        if self._store.count_errands("admit ", since) >= MOST_ASKED:
            return
        errand = {"address": address[:LONGEST_ADDRESS], "lang": lang}
        self._store.add_errand(NewErrand(f"{key} {token_urlsafe(8)}", ADMIT, "", errand))
        self.loop.wake()

    def _admit(self, errand: Errand) -> None:
        """Send the link that signs an editor in, unless too many were asked for."""
        wanted = str(errand.payload["address"]).casefold()
        editor = next((e for e in self._settings.editors if e.address.casefold() == wanted), None)
        asked = " ".join(errand.key.split()[:2])
        too_old = self._clock() - errand.at > LOGIN_LIFETIME
        many = self._store.count_errands(f"{asked} ", errand.at - HOUR) > MOST_LINKS
        if editor is None or too_old or many:
            return
        token, lang = self._store.create_login(editor.address), str(errand.payload["lang"])
        link = self._absolute(f"redaction/entrer/{token}/", lang)
        self._mailer.send(self._letters(lang).admission(editor.address, link), errand.key)

    def question(self, submission: Submission, message: Message) -> None:
        """The editors ask something."""
        if to := _contact(submission):
            letters = self._letters(submission.lang)
            letter = letters.question(to, message.text, self._receipt(submission))
            self._take(f"question {message.number}", submission.id, letter)

    def relay(self, key: str, to: str, page: str, *, name: str, text: str, lang: str) -> None:
        """A visitor's letter to those whom a page is about; `key` names their conversation."""
        answer = self._absolute(f"ecrire/reponse/{key}/", lang)
        self._take(f"relay {key}", "", self._letters(lang).relay(to, page, name, text, answer))

    def answer(self, key: str, to: str, page: str, *, text: str, lang: str) -> None:
        """Their answer; `key` names it."""
        self._take(f"answer {key}", "", self._letters(lang).answer(to, page, text))

    def offered(self, offer: NewOffer) -> None:
        """Somebody can help with a need: each editor is told, but not how: that is at the desk."""
        since = self._clock() - DAY
        for editor in self._settings.editors:
            to = f"offer {keyed(self._secret, 'mail', same_mailbox(editor.address))[:16]} "
            if self._store.count_errands(to, since) < MOST_OFFERS:
                lang = self._store.alert(editor.address).lang or LANGUAGES[0]
                desk = self._absolute(f"redaction/aides/#{offer.key}", lang)
                letter = self._letters(lang).offered(editor.address, offer.title, desk)
                self._take(f"{to}{offer.key}", "", letter)

    def thanked(self, offer: Offer, key: str, text: str, slug: str) -> None:
        """The editors answer whoever can help; `key` names the answer, `slug` the need, if it is
        still there.
        """
        again = self._absolute(f"aider/{slug}/", offer.lang) if slug else ""
        letter = self._letters(offer.lang).thanked(offer.address, offer.title, text, again)
        self._take(f"{THANKED} {offer.key} {key}", "", letter)

    def _announce(self, submission: Submission) -> None:
        to, letters = _contact(submission), self._letters(submission.lang)
        if not to:
            return
        receipt = self._receipt(submission)
        if submission.state is State.PUBLISHED:
            document = self._library.index.by_id(submission.document_id)
            site, path = self._site(), document.url if document else None
            page = site.absolute(path, submission.lang) if path else receipt
            letter = letters.published(to, page, receipt)
            if document and path is None:
                letter = letters.kept(to, receipt)
        elif submission.undone:
            letter = letters.undone(to, submission.reason, receipt)
        else:
            letter = letters.declined(to, submission.reason or "–", receipt)
        self._take(f"{submission.state} {submission.id}", submission.id, letter)

    def _take(self, key: str, submission: str, letter: Letter) -> None:
        self._store.add_errand(NewErrand(key, MAIL, submission, vars(letter)))
        self.loop.wake()

    def _send(self, errand: Errand) -> None:
        self._mailer.send(Letter(**errand.payload), errand.key)

    def _letters(self, lang: str) -> Letters:
        return Letters(self._library.schema.site, lang)

    def _receipt(self, submission: Submission) -> str:
        path = f"suivi/{receipt_for(self._secret, submission.id)}/"
        return self._absolute(path, submission.lang)

    def _absolute(self, path: str, lang: str) -> str:
        return self._site().absolute_gateway(path, lang)


def _contact(submission: Submission) -> str:
    return str(submission.private.get(CONTACT, ""))
