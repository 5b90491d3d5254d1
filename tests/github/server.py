"""The server: a repository, what GitHub remembers of it, and a port that answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pygit2

from tests.github.access import Access, App
from tests.github.faults import Faults
from tests.github.front import Exchange, Front
from tests.github.hooks import Hooks
from tests.github.objects.links import Links
from tests.github.people import People
from tests.github.repository import Repository, plant
from tests.github.routes import Site
from tests.github.schema import Checker
from tests.github.state import Clock, State
from tests.github.wire import Wire

TOKEN = "ghp_test"
CREATING = ("POST", "PATCH", "PUT", "DELETE")


def utc_now() -> datetime:
    return datetime.now(UTC)


class GitHub(People):
    """One repository of a GitHub, over a bare git repository that people may push to.

    `repository`: the bare repository's folder, made if it is not there, with the files of `seed`
    as content/ on main. `name`: "owner/repository". `token`: the one that is accepted. `latency`:
    seconds before each answer. `clock`: for all dates it gives. `validate`: compare every
    exchange with GitHub's own description (see `violations`). `rate_limit`: calls an hour.
    """

    def __init__(
        self,
        repository: Path,
        seed: Path | None = None,
        *,
        name: str = "vigie/territoire",
        port: int = 0,
        token: str = TOKEN,
        app: App | None = None,
        latency: float = 0.0,
        clock: Clock = utc_now,
        validate: bool = True,
        rate_limit: int = 5000,
        delete_branch_on_merge: bool = False,
    ) -> None:
        if not repository.exists():
            seconds = int(clock().timestamp())
            plant(repository, seed, pygit2.Signature("Territoire", "it@example.org", seconds, 0))
        owner, _, repository_name = name.partition("/")
        state = State(Repository(repository), owner, repository_name, clock)
        state.delete_branch_on_merge = delete_branch_on_merge
        super().__init__(state)
        self.repository = repository
        self.token = token
        self.faults = Faults()
        self._wire = Wire(port)
        self.url = f"http://127.0.0.1:{self._wire.port}"
        links = Links(self.url, name, state.id)
        self.access = Access(state, token, app, rate_limit)
        self.hooks = Hooks(state, links)
        state.tell = self.hooks.tell
        checker = Checker.load() if validate else None
        self.validating = checker is not None  # GitHub's description may not be there
        site = Site(state, links, self.access)
        self._front = Front(site, self._lock, self.faults, checker, latency)
        self._wire.listen(self._front.respond)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.faults.clear()
        self._wire.close()
        self.hooks.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens on the port: connections are refused."""
        self._wire.close()
        try:
            yield
        finally:
            self._wire.listen(self._front.respond)

    # What happened

    @property
    def calls(self) -> list[Exchange]:
        """Every exchange, in order."""
        return self._front.calls

    @property
    def latency(self) -> float:
        """Seconds before each answer."""
        return self._front.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._front.latency = seconds

    @property
    def violations(self) -> list[str]:
        """What was said, by either side, that is not as GitHub's description has it."""
        return self._front.violations

    @property
    def creating(self) -> int:
        """How many calls asked for a change, whatever the answer."""
        return sum(call.method in CREATING for call in self.calls)

    # Its webhook

    @property
    def webhook(self) -> tuple[str, str] | None:
        """Where events are sent, and the secret that signs them."""
        return self.hooks.target

    @webhook.setter
    def webhook(self, target: tuple[str, str] | None) -> None:
        self.hooks.target = target

    def redeliver(self) -> None:
        """Send the last event again."""
        self.hooks.redeliver()
