"""One run of the watch: the sources that are due are asked, and what they published is kept.

Killed at any moment, the next run goes on: a source is done with once its state and its items are
stored, in one transaction. Two runs at once are one run: the second finds the first one's lock.
"""

from __future__ import annotations

import fcntl
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from contrib_gateway.clock import Clock
from contrib_gateway.errors import GatewayError
from contrib_gateway.library import Library
from contrib_gateway.loop import Loop
from contrib_gateway.metrics import Metrics
from contrib_gateway.settings import Settings
from contrib_gateway.store import FeedState, Store, Take, Tip
from contrib_gateway.watch import pace
from contrib_gateway.watch.asking import Asker, Parser, Source
from contrib_gateway.watch.crew import Crew
from contrib_gateway.watch.faults import HOST_FAULTS
from contrib_gateway.watch.fetching import Fetcher
from contrib_gateway.watch.health import Health
from contrib_gateway.watch.progress import Progress
from plugins.render.health import ENDED, SOURCE, STATE
from plugins.schema import Document, Index
from plugins.watch.address import canonical

LINK = "link"  # a type of documents
THREADS = 48  # each mostly waits for a server
BATCH, BATCH_WAIT = 40, 0.25  # sources, seconds: one transaction
CROWD = 3  # sources of which not one answered: is it us?


class AlreadyCollecting(GatewayError):
    """Another run is at it, in this process or in another one."""

    status = 409


class Collector:
    """Asks sources. For each run `fetcher` makes what fetches, and `parsers` opens what parses;
    `gather` sorts the new items into stories.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        library: Library,
        health: Health,
        clock: Clock,
        *,
        fetcher: Callable[[], Fetcher],
        parsers: Callable[[], AbstractContextManager[Parser]],
        gather: Callable[[], object],
        metrics: Metrics,
        give_way: Callable[[], None] = lambda: None,
        chance: pace.Chance = random.random,
    ) -> None:
        """`give_way` waits while somebody else comes first."""
        self._settings = settings
        self._store = store
        self._library = library
        self._health = health
        self._clock = clock
        self._fetcher = fetcher
        self._parsers = parsers
        self._gather = gather
        self._metrics = metrics
        self._give_way = give_way
        self._chance = chance
        self._due_at = datetime.fromtimestamp(0, UTC)
        self._read = ""  # main's commit when tips were last looked for
        self.loop = Loop("watch", self.work)

    def hurry(self) -> None:
        """Let the next run come now, where runs come by themselves."""
        self._due_at = datetime.fromtimestamp(0, UTC)
        self.loop.wake()

    def work(self) -> None:
        """What `vigie serve` does: tips come in at once, the rest as often as the settings say."""
        if (commit := self._library.state[0]) != self._read:
            if self._take_tips():
                self._gather()
            self._read = commit
        self.run_if_due()

    def _take_tips(self) -> int:
        """What people sent a link to, and an editor published; returns how many are new."""
        return self._store.take_tips(tips_of(self._library.index, self._store.known_tips()))

    def run_if_due(self) -> None:
        every = self._settings.watch_every
        if every and self._clock() >= self._due_at:
            self._due_at = self._clock() + every
            with suppress(AlreadyCollecting):
                self.run()

    def run(
        self, everything: bool = False, tell: Callable[[Progress], None] = lambda _: None
    ) -> Progress:
        """Ask the sources that are due, or `everything`; `tell` is told of the progress.

        Raises `AlreadyCollecting`, `StoreUnavailable`, or what the library raises.
        """
        with _alone(self._settings.state / "watch.lock"):
            index = self._library.index
            tips = self._take_tips()
            states = {state.source: state for state in self._store.feed_states()}
            due = self._due(index, states, everything)
            progress = self._ask_all(due, states, Progress(due=len(due), news=tips), tell)
            self._gather()
            if progress.asked > progress.failed:
                progress = replace(progress, noted=self._health.note())
            return progress

    def _due(self, index: Index, states: Mapping[str, FeedState], everything: bool) -> list[Source]:
        """Those whose turn it is, who have waited longest first."""
        now, found = self._clock(), []
        for source in sources_of(index):
            state = states.get(source.id)
            if state is None or state.address != source.address:
                found.append((now, source))
            elif everything or state.next_at <= now:
                found.append((state.next_at, source))
        return [source for _, source in sorted(found, key=lambda pair: pair[0])]

    def _ask_all(
        self,
        due: list[Source],
        states: Mapping[str, FeedState],
        progress: Progress,
        tell: Callable[[Progress], None],
    ) -> Progress:
        held: list[Take] = []  # failures, while nobody has answered
        with self._parsers() as parser:
            asker = Asker(self._fetcher(), parser, self._store, self._clock, self._chance)
            crew = Crew(
                by_host(due),
                lambda source: asker.ask(source, states.get(source.id)),
                lambda take: take.state.fault in HOST_FAULTS,
                THREADS,
            )
            for takes in crew.results(BATCH, BATCH_WAIT):
                self._give_way()
                progress = self._counted(progress, takes)
                if progress.failed == progress.asked:
                    held += takes
                else:
                    news = self._store.take_in(held + takes)
                    held = []
                    progress = replace(progress, news=progress.news + news)
                tell(progress)
        if len(held) >= CROWD:
            now = self._clock()
            held = [replace(take, state=pace.excused(take.state, now)) for take in held]
        self._store.take_in(held)
        return progress

    def _counted(self, progress: Progress, takes: list[Take]) -> Progress:
        for take in takes:
            self._metrics.source_asked(take.state.fault or "ok", len(take.found.new))
        failed = sum(bool(take.state.fault) for take in takes)
        return replace(progress, asked=progress.asked + len(takes), failed=progress.failed + failed)


def sources_of(index: Index) -> list[Source]:
    """The sources that are watched."""
    return [Source.of(one) for one in index.of(SOURCE) if one.data.get(STATE) != ENDED]


def tips_of(index: Index, known: set[str]) -> list[Tip]:
    """What people sent a link to that is not known yet."""
    return [_tip(one) for one in index.of(LINK) if one.id not in known]


def by_host(sources: list[Source]) -> list[list[Source]]:
    """The same in rows, one for each host."""
    rows: dict[str, list[Source]] = {}
    for source in sources:
        rows.setdefault(_host(source.address), []).append(source)
    return list(rows.values())


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _tip(document: Document) -> Tip:
    data, url = document.data, str(document.data.get("url", ""))
    return Tip(
        source=document.id,
        address=canonical(url),
        url=url,
        title=document.title,
        summary=str(data.get("why", "")),
        lang=str(data.get("lang", "")),
    )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of the only run; a dying process lets it go. Raises `AlreadyCollecting`."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyCollecting("the sources are being asked already") from error
        yield
