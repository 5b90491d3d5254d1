"""The running gateway: its parts, put together once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from contrib_gateway.builder import Builder
from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.correspondence import Correspondence
from contrib_gateway.darkroom import Darkroom
from contrib_gateway.desk import Desk
from contrib_gateway.duplicates import Duplicates
from contrib_gateway.edition import Edition
from contrib_gateway.flags import Flags
from contrib_gateway.ground import SEED, Ground, open_ground
from contrib_gateway.guards import Allowance, Tickets, receipt_for
from contrib_gateway.housekeeping import Housekeeper
from contrib_gateway.lexicon import Lexicon
from contrib_gateway.lookout import Lookout
from contrib_gateway.loop import Loop
from contrib_gateway.mail import Mailer
from contrib_gateway.offers import Offers
from contrib_gateway.post import Post
from contrib_gateway.presentation import Presenter
from contrib_gateway.reconciliation import Reconciliation
from contrib_gateway.review import Reviews
from contrib_gateway.service import Reception
from contrib_gateway.settings import Settings
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

if TYPE_CHECKING:
    from contrib_gateway.onlooker import Onlooker

MOST_UPLOADS = 40  # pictures of one client an hour, where clients are limited
PARSERS = 2  # processes, while sources are asked


@dataclass(frozen=True)
class Gateway(Ground):
    """What the pages and the commands are given."""

    tickets: Tickets
    reception: Reception
    darkroom: Darkroom
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
    onlooker: Onlooker | None

    @property
    def loops(self) -> tuple[Loop, ...]:
        """What goes on by itself while the gateway serves."""
        always = (self.worker, self.builder, self.housekeeper, self.flags, self.collector)
        sometimes = (self.post, self.onlooker)
        return tuple(part.loop for part in (*always, *sometimes) if part)

    def receipt_path(self, id: str, lang: str) -> str:
        """Where whoever sent a submission sees what became of it."""
        receipt = receipt_for(self.settings.secret_key, id)
        return self.site.gateway(f"suivi/{receipt}/", lang)

    def reconciliation(self) -> Reconciliation:
        return Reconciliation(self.store, self.forge, self.library, self.worker)


def assemble(settings: Settings, clock: Clock = utc_now, seed: Path = SEED) -> Gateway:
    """Open the state folder and connect the parts; nothing runs yet. `seed`: see `open_ground`."""
    ground = open_ground(settings, clock, seed)
    store, forge, library, album = ground.store, ground.forge, ground.library, ground.album
    builder = Builder(settings, store, forge, ground.metrics, clock)
    post = post_of(ground)
    worker = worker_of(ground, builder)
    reception = reception_of(ground, worker, post)
    edition = Edition(forge, library, store, album, clock, wake_builder=builder.loop.wake)
    reviews = Reviews(store, forge, library)
    inbox = Inbox(store, library)
    editors = [editor.address for editor in settings.editors]
    digest_lock, synthesis_lock = settings.state / "digest.lock", settings.state / "synthesis.lock"
    return Gateway(
        **vars(ground),
        tickets=Tickets(settings.secret_key, clock),
        reception=reception,
        darkroom=Darkroom(),
        uploads=Allowance(MOST_UPLOADS, timedelta(hours=1), clock) if settings.rate_limit else None,
        duplicates=Duplicates(),
        correspondence=Correspondence(settings, store, library, post, clock),
        offers=Offers(settings, store, library, post, clock),
        desk=Desk(store, forge, library, worker, reviews, album=album, post=post),
        flags=Flags(store, library, reviews, clock, give_way=ground.courtesy.give_way),
        inbox=inbox,
        digests=Digests(store, library, inbox, reception, clock, lock=digest_lock),
        syntheses=Syntheses(store, library, reception, clock, lock=synthesis_lock),
        subscriptions=Subscriptions(library, clock),
        edition=edition,
        lexicon=Lexicon(forge, library),
        post=post,
        workshops=Workshops(settings, store, clock),
        worker=worker,
        housekeeper=Housekeeper(
            store, library, album, clock, editors, discards=settings.watch_discards
        ),
        builder=builder,
        collector=collector_of(ground, edition, reception),
        onlooker=onlooker_of(ground),
    )


def post_of(ground: Ground) -> Post | None:
    """What writes to people, where the settings name a mail server."""
    settings, clock = ground.settings, ground.clock
    if not settings.smtp:
        return None
    return Post(
        settings,
        ground.store,
        ground.library,
        mailer=Mailer(settings.smtp, clock),
        site=lambda: ground.site,
        clock=clock,
    )


def worker_of(ground: Ground, builder: Builder) -> Worker:
    """What proposes on the forge; on GitHub, in words that people read there."""
    github, store, forge, clock = ground.settings.github, ground.store, ground.forge, ground.clock
    wake, every = builder.loop.wake, ground.look_every
    return Worker(
        store,
        forge,
        ground.library,
        Presenter(ground.library, lambda: ground.site) if github else None,
        clock,
        album=ground.album,
        lookout=Lookout(store, forge, clock, wake_builder=wake, look_every=every),
        give_way=ground.courtesy.give_way,
    )


def reception_of(ground: Ground, worker: Worker, post: Post | None) -> Reception:
    """What accepts submissions, and has the worker propose them."""
    return Reception(
        ground.settings,
        ground.store,
        ground.library,
        ground.clock,
        courtesy=ground.courtesy,
        wake=worker.loop.wake,
        post=post,
    )


def collector_of(ground: Ground, edition: Edition, reception: Reception) -> Collector:
    """What asks the sources of the watch, and says who we are."""
    settings, store, library, clock = ground.settings, ground.store, ground.library, ground.clock
    agent, private = f"Vigie (+{settings.public_url})", settings.watch_allow_private
    return Collector(
        settings,
        store,
        library,
        Health(store, library, edition, reception, clock),
        clock,
        fetcher=lambda: Fetcher(agent, clock, allow_private=private),
        parsers=lambda: Parsers(PARSERS),
        gather=Gathering(store, library).run,
        metrics=ground.metrics,
        give_way=ground.courtesy.give_way,
    )


def onlooker_of(ground: Ground) -> Onlooker | None:
    """With GitHub, the site is built there: only a look at it tells what is online."""
    if not ground.settings.github:
        return None
    # Imported here: the libraries it needs are of no use to an embedded forge.
    from contrib_gateway.onlooker import Onlooker  # noqa: PLC0415

    return Onlooker(ground.settings, ground.store, ground.library, ground.clock)
