"""The morning mail: what waits at the desk, for editors who asked to be told, once a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from contrib_gateway.clock import TERRITORY, Clock, day
from contrib_gateway.guards import keyed, stop_secret
from contrib_gateway.letters import Letters, Waiting
from contrib_gateway.library import Library
from contrib_gateway.mail import Letter, Mailer
from contrib_gateway.settings import Settings
from contrib_gateway.standing import standing
from contrib_gateway.store import Alert, Errand, NewErrand, Offer, Store, Submission
from plugins.render import Site
from plugins.render.words import N_, words

DAILY = "daily"
BEGINS = 8  # o'clock in the territory
WORKDAYS = range(5)  # from Monday
OLDEST = 5  # named in one mail
SENDING = "being sent"
OFFERS = N_("offers of help")


class Morning:
    """Calls for the mails of a day, and sends them."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: Library,
        *,
        mailer: Mailer,
        site: Callable[[], Site],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._store = store
        self._library = library
        self._mailer = mailer
        self._site = site
        self._clock = clock

    def call(self) -> None:
        """On workdays, from eight o'clock on: one errand for each who wishes, once a day."""
        now = self._clock().astimezone(TERRITORY)
        if now.hour < BEGINS or now.weekday() not in WORKDAYS:
            return
        today = day(now)
        for alert in self._store.uncalled(today):
            who = keyed(self._settings.secret_key, "mail", alert.address)[:16]
            told = {"address": alert.address, "day": today}
            self._store.add_errand(NewErrand(f"{DAILY} {today} {who}", DAILY, "", told))
            self._store.note_called(alert.address, today)

    def send(self, errand: Errand) -> None:
        """Tell what waits by now, if an editor still wishes it, on the day that it is about.

        It is marked as being sent before it is: if the process ends in between, it is as good as
        sent, and the next one comes tomorrow. Only what the server did not take is tried again.
        """
        alert = self._store.alert(str(errand.payload["address"]))
        waiting = self._store.waiting()
        offers = self._store.waiting_offers()
        if (
            errand.reason == SENDING
            or errand.payload["day"] != day(self._clock())
            or not (alert.daily and self._settings.editor(alert.address))
            or not (offers or any(not one.asked for one in waiting))  # nothing waits for an editor
        ):
            return
        letter = self._letter(alert, waiting, offers)
        self._store.retry_errand(errand.number, errand.next_try_at, SENDING)
        self._mailer.send(letter, errand.key)

    def _letter(
        self, alert: Alert, waiting: Sequence[Submission], offers: Sequence[Offer]
    ) -> Letter:
        lang, stop = alert.lang, stop_secret(self._settings.secret_key, alert.address)
        mine = [self._told(one, lang) for one in waiting if not one.asked]
        mine += [self._offered(one, lang) for one in offers]
        counts = Counter(standing(one) for one in waiting)
        return Letters(self._library.schema.site, lang).waiting(
            alert.address,
            counts | ({OFFERS: len(offers)} if offers else {}),
            sorted(mine, key=lambda one: one.day)[:OLDEST],
            desk_url=self._absolute("redaction/", lang),
            stop_url=self._absolute(f"redaction/courriel/{stop}/", lang),
        )

    def _told(self, one: Submission, lang: str) -> Waiting:
        label = self._library.schema.type_label(one.type, lang)
        link = self._absolute(f"redaction/{one.id}/", lang)
        return Waiting(one.title, label, day(one.accepted_at), link)

    def _offered(self, one: Offer, lang: str) -> Waiting:
        """By the need that it is about: nothing private."""
        link = self._absolute(f"redaction/aides/#{one.key}", lang)
        return Waiting(one.title, words(lang).gettext("I can help"), day(one.at), link)

    def _absolute(self, path: str, lang: str) -> str:
        return self._site().absolute_gateway(path, lang)
