"""Back to those who spoke: what became of what they observed, by mail, once a day at most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from contrib_gateway.address import same_mailbox
from contrib_gateway.clock import TERRITORY, Clock, day
from contrib_gateway.errors import GatewayError
from contrib_gateway.guards import receipt_for
from contrib_gateway.letters import Letters, News
from contrib_gateway.library import Library
from contrib_gateway.mail import Letter
from contrib_gateway.settings import Settings
from contrib_gateway.store import TOLD, Follower, NewErrand, Store
from plugins.observation.sequels import Sequel, What, sequels
from plugins.render import Site
from plugins.render.words import N_
from plugins.schema import Document, Index

MOST = 10  # letters a day to one address: who typed in a whole workshop may have left it in each
BEGINS = 8  # o'clock in the territory
SETTLED = timedelta(days=1)  # after that, what was published is on main, or was taken off it
SAID: Mapping[What, str] = MappingProxyType(
    {
        What.CITED: N_("A synthesis cites it:"),
        What.BORN: N_("A need was drawn from it:"),
        What.ANSWERED: N_("A need that was drawn from it has an answer:"),
    }
)


class Echoes:
    """Writes to those who wished it when they left their address."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: Library,
        *,
        kind: str,
        site: Callable[[], Site],
        clock: Clock,
    ) -> None:
        """`kind`: of the errands that send a letter."""
        self._secret = settings.secret_key
        self._store = store
        self._library = library
        self._kind = kind
        self._site = site
        self._clock = clock

    def call(self) -> None:
        """From eight o'clock on: one mail to each of whose observation something new came, with all
        of it. What was told once is not told again; where there is much, the rest is told tomorrow.
        """
        now = self._clock().astimezone(TERRITORY)
        today = day(now)
        followers = self._store.uncalled_followers(today) if now.hour >= BEGINS else []
        if not followers:
            return
        try:
            index = self._library.index
        except GatewayError:  # main cannot be read just now: nothing is told, nothing noted
            return
        written: Counter[str] = Counter()
        for follower in followers:
            mailbox = same_mailbox(follower.address)
            if written[mailbox] < MOST:
                written[mailbox] += self._think_of(follower, today, index)
            else:
                self._store.tell(follower.submission, today)

    def _think_of(self, follower: Follower, today: str, index: Index) -> bool:
        """Whether a letter is on its way to them."""
        observed = index.by_id(follower.document)
        if observed is None and self._clock() - follower.at > SETTLED:
            self._store.stop_following(follower.submission)  # it was taken off
            return False
        known = sequels(observed, index) if observed else ()
        told = set(follower.told)
        fresh = [one for one in known if not one.keys & told]
        keys = {key for one in known for key in one.keys} - told
        errand = None
        if observed and fresh:
            letter = self._letter(follower, observed, fresh)
            key = f"{TOLD} {follower.submission} {today}"
            errand = NewErrand(key, self._kind, follower.submission, vars(letter))
        self._store.tell(follower.submission, today, sorted(keys), errand)
        return errand is not None

    def _letter(self, follower: Follower, observed: Document, fresh: Sequence[Sequel]) -> Letter:
        lang, site = follower.lang, self._site()
        receipt = f"suivi/{receipt_for(self._secret, follower.submission)}/"

        def told(one: Sequel) -> News:
            return News(SAID[one.what], one.document.title, page_of(one.document))

        def page_of(document: Document) -> str:
            return site.absolute(document.url or "", lang)

        return Letters(self._library.schema.site, lang).became(
            follower.address,
            observed.title,
            [told(one) for one in fresh],
            page_url=page_of(observed),
            receipt_url=site.absolute_gateway(receipt, lang),
            stop_url=site.absolute_gateway(f"{receipt}arreter/", lang),
        )
