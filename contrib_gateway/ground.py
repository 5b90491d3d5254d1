"""What the parts of the gateway stand on: settings, clock, database, forge, and what reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from contrib_gateway.album import Album
from contrib_gateway.builder import PROJECT
from contrib_gateway.clock import Clock
from contrib_gateway.courtesy import Courtesy
from contrib_gateway.forge import Forge
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.library import Library
from contrib_gateway.metrics import Metrics
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store
from plugins.render import Site, Theme
from plugins.schema import Schema

SEED = PROJECT / "content"
WITHOUT_WEBHOOK = timedelta(minutes=1)
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
class Ground:
    """Opened once, in the order of its lines: each may lean on those above."""

    settings: Settings
    clock: Clock
    store: Store
    album: Album
    metrics: Metrics
    forge: Forge
    library: Library
    themes: Themes
    courtesy: Courtesy

    @property
    def site(self) -> Site:
        return self.themes.site

    def theme(self, schema: Schema) -> Theme:
        return self.themes.theme(schema)

    @property
    def look_every(self) -> timedelta:
        """How long what others do on the forge may stay unseen."""
        if not self.settings.github:
            return timedelta(0)  # it is a look at a file
        return WITH_WEBHOOK if self.settings.github_webhook_secret else WITHOUT_WEBHOOK


def open_ground(settings: Settings, clock: Clock, seed: Path = SEED) -> Ground:
    """Open the state folder; `seed` is the content folder that a new installation begins with."""
    settings.state.mkdir(parents=True, exist_ok=True)
    store = Store(settings.state / "vigie.sqlite", clock)
    metrics = Metrics(store, clock)
    forge = open_forge(settings, clock, metrics.forge_call, seed)
    return Ground(
        settings=settings,
        clock=clock,
        store=store,
        album=Album(settings.state / "pictures", clock),
        metrics=metrics,
        forge=forge,
        library=Library(forge, lambda: built.commit if (built := store.last_good_build()) else ""),
        themes=Themes(settings, clock),
        courtesy=Courtesy(),
    )


def open_forge(
    settings: Settings, clock: Clock, observe: Callable[[str, str, float], None], seed: Path
) -> Forge:
    """The forge the settings name; the embedded one is seeded from a folder the first time."""
    if not settings.github:
        return LocalForge.open(settings.state / "forge.git", seed, clock)
    # Imported here: it weighs 20 MB, and an embedded forge has no use for it.
    from contrib_gateway.forge.github import open_github  # noqa: PLC0415

    return open_github(settings, clock, observe)
