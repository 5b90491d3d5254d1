"""The running gateway: its parts, put together once from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from contrib_gateway.album import Album
from contrib_gateway.builder import PROJECT, Builder
from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.correspondence import Correspondence
from contrib_gateway.courtesy import Courtesy
from contrib_gateway.darkroom import Darkroom
from contrib_gateway.desk import Desk
from contrib_gateway.duplicates import Duplicates
from contrib_gateway.edition import Edition
from contrib_gateway.flags import Flags
from contrib_gateway.forge import Forge
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.guards import Allowance, Tickets, receipt_for
from contrib_gateway.housekeeping import Housekeeper
from contrib_gateway.lexicon import Lexicon
from contrib_gateway.library import Library
from contrib_gateway.loop import Loop
from contrib_gateway.mail import Mailer
from contrib_gateway.metrics import Metrics
from contrib_gateway.offers import Offers
from contrib_gateway.post import Post
from contrib_gateway.presentation import Presenter
from contrib_gateway.reconciliation import Reconciliation
from contrib_gateway.review import Reviews
from contrib_gateway.service import Reception
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store
from contrib_gateway.synthesis import Syntheses
from contrib_gateway.watch.collector import Collector
from contrib_gateway.watch.digest import Digests
from contrib_gateway.watch.fetching import Fetcher
from contrib_gateway.watch.gathering import Gathering
from contrib_gateway.watch.health import Health
from contrib_gateway.watch.inbox import Inbox
from contrib_gateway.watch.parsing import Parsers
from contrib_gateway.watch.subscriptions import Subscriptions
from contrib_gateway.worker import Worker
from contrib_gateway.workshop import Workshops
from plugins.render import Site, Theme
from plugins.schema import Schema

SEED = PROJECT / "content"
WITHOUT_WEBHOOK = timedelta(minutes=1)
MOST_UPLOADS = 40  # pictures of one client an hour, where clients are limited
PARSERS = 2  # processes, while sources are asked
WITH_WEBHOOK = timedelta(minutes=10)  # one that got lost is then made up for


class Themes:
    """The theme of the current schema and day; templates are compiled once for both."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._last: Theme | None = None

    @property
    def site(self) -> Site:
        return Site(self._settings.public_url, self._settings.gateway_url, self._clock().date())

    def theme(self, schema: Schema) -> Theme:
        # Two threads may each make one; whichever is kept is right.
        theme, site = self._last, self.site
        if theme is None or theme.schema is not schema or theme.site != site:
            theme = self._last = Theme(site, schema)
        return theme


@dataclass(frozen=True)
class Gateway:
    """What the pages and the commands are given."""

    settings: Settings
    store: Store
    forge: Forge
    library: Library
    tickets: Tickets
    reception: Reception
    darkroom: Darkroom
    album: Album
    uploads: Allowance | None
    duplicates: Duplicates
    correspondence: Correspondence
    offers: Offers
    desk: Desk
    flags: Flags
    inbox: Inbox
    digests: Digests
    syntheses: Syntheses
    subscriptions: Subscriptions
    edition: Edition
    lexicon: Lexicon
    post: Post | None
    workshops: Workshops
    worker: Worker
    housekeeper: Housekeeper
    builder: Builder
    collector: Collector
    themes: Themes
    metrics: Metrics
    clock: Clock
    loops: tuple[Loop, ...]
    """What goes on by itself while the gateway serves."""

    @property
    def site(self) -> Site:
        return self.themes.site

    def receipt_path(self, id: str, lang: str) -> str:
        """Where whoever sent a submission sees what became of it."""
        receipt = receipt_for(self.settings.secret_key, id)
        return self.site.gateway(f"suivi/{receipt}/", lang)

    def reconciliation(self) -> Reconciliation:
        return Reconciliation(self.store, self.forge, self.library, self.worker)

    def theme(self, schema: Schema) -> Theme:
        return self.themes.theme(schema)


def open_forge(
    settings: Settings, clock: Clock, observe: Callable[[str, str, float], None], seed: Path = SEED
) -> Forge:
    """The forge the settings name; the embedded one is seeded from a folder the first time."""
    if not settings.github:
        return LocalForge.open(settings.state / "forge.git", seed, clock)
    # Imported here: it weighs 20 MB, and an embedded forge has no use for it.
    from contrib_gateway.forge.github import open_github  # noqa: PLC0415

    return open_github(settings, clock, observe)


def open_onlooker(settings: Settings, store: Store, library: Library, clock: Clock) -> list[Loop]:
    """With GitHub, the site is built there: only a look at it tells what is online."""
    if not settings.github:
        return []
    from contrib_gateway.onlooker import Onlooker  # noqa: PLC0415 — as above

    return [Onlooker(settings, store, library, clock).loop]


def look_every(settings: Settings) -> timedelta:
    """How long what others do on the forge may stay unseen."""
    if not settings.github:
        return timedelta(0)  # it is a look at a file
    return WITH_WEBHOOK if settings.github_webhook_secret else WITHOUT_WEBHOOK


def open_post(
    settings: Settings, store: Store, library: Library, themes: Themes, clock: Clock
) -> Post | None:
    """What writes to people, where the settings name a mail server."""
    if not settings.smtp:
        return None
    mailer = Mailer(settings.smtp, clock)
    return Post(settings, store, library, mailer=mailer, site=lambda: themes.site, clock=clock)


def open_fetcher(settings: Settings, clock: Clock) -> Fetcher:
    """What asks servers for their feeds, and says who we are."""
    agent = f"Vigie (+{settings.public_url})"
    return Fetcher(agent, clock, allow_private=settings.watch_allow_private)


def assemble(settings: Settings, clock: Clock = utc_now, seed: Path = SEED) -> Gateway:
    """Open the state folder and connect the parts; nothing runs yet.

    `seed` is the content folder that a new installation begins with.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    store = Store(settings.state / "vigie.sqlite", clock)
    album = Album(settings.state / "pictures", clock)
    metrics = Metrics(store, clock)
    forge = open_forge(settings, clock, metrics.forge_call, seed)
    library = Library(forge, lambda: built.commit if (built := store.last_good_build()) else "")
    themes = Themes(settings, clock)
    courtesy = Courtesy()
    builder = Builder(settings, store, forge, metrics, clock)
    post = open_post(settings, store, library, themes, clock)
    worker = Worker(
        store,
        forge,
        library,
        Presenter(library, lambda: themes.site) if settings.github else None,
        clock,
        album=album,
        wake_builder=builder.loop.wake,
        look_every=look_every(settings),
        give_way=courtesy.give_way,
    )
    reception = Reception(
        settings, store, library, clock, courtesy=courtesy, wake=worker.loop.wake, post=post
    )
    edition = Edition(forge, library, store, album, clock, wake_builder=builder.loop.wake)
    collector = Collector(
        settings,
        store,
        library,
        Health(store, library, edition, reception, clock),
        clock,
        fetcher=lambda: open_fetcher(settings, clock),
        parsers=lambda: Parsers(PARSERS),
        gather=Gathering(store, library).run,
        metrics=metrics,
        give_way=courtesy.give_way,
    )
    addresses = [editor.address for editor in settings.editors]
    housekeeper = Housekeeper(store, library, album, clock, addresses)
    reviews = Reviews(store, forge, library)
    flags = Flags(store, library, reviews, clock, give_way=courtesy.give_way)
    inbox = Inbox(store, library)
    return Gateway(
        settings=settings,
        store=store,
        forge=forge,
        library=library,
        tickets=Tickets(settings.secret_key, clock),
        reception=reception,
        darkroom=Darkroom(),
        album=album,
        uploads=Allowance(MOST_UPLOADS, timedelta(hours=1), clock) if settings.rate_limit else None,
        duplicates=Duplicates(),
        correspondence=Correspondence(settings, store, library, post, clock),
        offers=Offers(settings, store, library, post, clock),
        edition=edition,
        lexicon=Lexicon(forge, library),
        desk=Desk(store, forge, library, worker, reviews, album=album, post=post),
        flags=flags,
        inbox=inbox,
        digests=Digests(
            store, library, inbox, reception, clock, lock=settings.state / "digest.lock"
        ),
        syntheses=Syntheses(
            store, library, reception, clock, lock=settings.state / "synthesis.lock"
        ),
        subscriptions=Subscriptions(library, clock),
        post=post,
        workshops=Workshops(settings, store, clock),
        worker=worker,
        housekeeper=housekeeper,
        builder=builder,
        collector=collector,
        themes=themes,
        metrics=metrics,
        clock=clock,
        loops=(
            worker.loop,
            builder.loop,
            housekeeper.loop,
            flags.loop,
            *([post.loop] if post else ()),
            collector.loop,
            *open_onlooker(settings, store, library, clock),
        ),
    )
