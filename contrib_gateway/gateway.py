"""The running gateway: its parts, put together once from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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

SEED = PROJECT / "content"


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
    desk: Desk
    worker: Worker
    builder: Builder
    themes: Themes
    clock: Clock

    @property
    def site(self) -> Site:
        return self.themes.site

    def theme(self, schema: Schema) -> Theme:
        return self.themes.theme(schema)


def open_forge(settings: Settings, seed: Path = SEED) -> Forge:
    """The forge the settings name; the embedded one is seeded from a folder the first time."""
    return LocalForge.open(settings.state / "forge.git", seed)


def assemble(settings: Settings, clock: Clock = utc_now, seed: Path = SEED) -> Gateway:
    """Open the state folder and connect the parts; nothing runs yet.

    `seed` is the content folder that a new installation begins with.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    store = Store(settings.state / "vigie.sqlite", clock)
    forge = open_forge(settings, seed)
    library = Library(forge, lambda: built.commit if (built := store.last_good_build()) else "")
    worker = Worker(store, forge, library, clock)
    builder = Builder(settings, store, forge)
    return Gateway(
        settings=settings,
        store=store,
        forge=forge,
        library=library,
        tickets=Tickets(settings.secret_key, clock),
        reception=Reception(settings, store, library, clock, worker.loop.wake),
        desk=Desk(store, forge, library, worker, builder.loop.wake),
        worker=worker,
        builder=builder,
        themes=Themes(settings, clock),
        clock=clock,
    )
