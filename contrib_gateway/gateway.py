"""The running gateway: its parts, put together once from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from contrib_gateway.builder import PROJECT, Builder
from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.desk import Desk
from contrib_gateway.forge import Forge
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.guards import Tickets
from contrib_gateway.library import Library
from contrib_gateway.service import Reception
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store
from contrib_gateway.worker import Worker
from plugins.render import Site, Theme
from plugins.schema import Schema

SEED = "content"


@dataclass(frozen=True)
class Gateway:
    """What the pages and the commands are given."""

    settings: Settings
    store: Store
    forge: Forge
    library: Library
    tickets: Tickets
    reception: Reception
    desk: Desk
    worker: Worker
    builder: Builder
    clock: Clock

    @property
    def site(self) -> Site:
        return Site(self.settings.public_url, self.settings.gateway_url, self.clock().date())

    def theme(self, schema: Schema) -> Theme:
        return Theme(self.site, schema)


def open_forge(settings: Settings) -> Forge:
    """The forge the settings name; the embedded one is seeded from the checkout the first time."""
    return LocalForge.open(settings.state / "forge.git", PROJECT / SEED)


def assemble(settings: Settings, clock: Clock = utc_now) -> Gateway:
    """Open the state folder and connect the parts; nothing runs yet."""
    settings.state.mkdir(parents=True, exist_ok=True)
    store = Store(settings.state / "vigie.sqlite", clock)
    forge = open_forge(settings)
    library = Library(forge)
    worker = Worker(store, forge, library, clock)
    builder = Builder(settings, store, forge)
    return Gateway(
        settings=settings,
        store=store,
        forge=forge,
        library=library,
        tickets=Tickets(settings.secret_key, clock),
        reception=Reception(settings, store, library, clock, worker.wake),
        desk=Desk(store, forge, library, worker.open, builder.wake),
        worker=worker,
        builder=builder,
        clock=clock,
    )
