"""What is measured: numbers about the running gateway, for /metrics, in Prometheus's text format.

Labels take few values, all of our own making: a route is a rule, never the path somebody asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from contrib_gateway.clock import Clock
from contrib_gateway.errors import GatewayError

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
REQUESTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds, as all below
BUILDS = (1, 2, 5, 10, 20, 40, 80, 160, 320, 640)
FORGE_CALLS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Accounts(Protocol):
    """What the store tells of submissions; both may raise a `GatewayError`."""

    def counts(self) -> Mapping[Any, int]: ...
    def oldest_queued(self) -> datetime | None: ...


class Metrics:
    """The numbers of one gateway; every method may be called from any thread."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "vigie_request_seconds",
            "Time to answer a request, without what the network takes",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=REQUESTS,
        )
        self._builds = Histogram(
            "vigie_build_seconds",
            "Time to build the site",
            ("outcome",),
            registry=self.registry,
            buckets=BUILDS,
        )
        self._forge_calls = Histogram(
            "vigie_forge_call_seconds",
            "Time the forge takes to answer one call",
            ("call", "outcome"),
            registry=self.registry,
            buckets=FORGE_CALLS,
        )
        self._sources = Counter(
            "vigie_watch_sources_asked",
            "Sources of the watch that were asked",
            ("outcome",),
            registry=self.registry,
        )
        self._items = Counter(
            "vigie_watch_items", "Items that sources brought in", registry=self.registry
        )
        self.registry.register(Submissions(accounts, clock))
        ProcessCollector(registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is its rule, "" if it has none."""
        self._requests.labels(method, route, f"{status // 100}xx").observe(seconds)

    def build(self, outcome: str, seconds: float) -> None:
        """A build ended "ok" or "failed"."""
        self._builds.labels(outcome).observe(seconds)

    def forge_call(self, name: str, outcome: str, seconds: float) -> None:
        """The forge answered a call; name and outcome are words of the caller's own."""
        self._forge_calls.labels(name, outcome).observe(seconds)

    def source_asked(self, outcome: str, news: int) -> None:
        """A source answered "ok", with so many new items, or failed with a fault's code."""
        self._sources.labels(outcome).inc()
        self._items.inc(news)

    def text(self) -> bytes:
        """All of it, as CONTENT_TYPE says."""
        return generate_latest(self.registry)


class Submissions(Collector):
    """What the database says, asked each time somebody looks."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    def describe(self) -> Iterable[Metric]:
        """Nothing: asked when this is registered, it would read the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        up = "Whether the database can be read: 1 or 0"
        try:
            counts, oldest = self._accounts.counts(), self._accounts.oldest_queued()
        except GatewayError:
            yield GaugeMetricFamily("vigie_database_up", up, 0)
            return
        waited = (self._clock() - oldest).total_seconds() if oldest else 0
        states = GaugeMetricFamily(
            "vigie_submissions", "Submissions that are in this state now", labels=["state"]
        )
        for state, number in counts.items():
            states.add_metric([str(state)], number)
        yield GaugeMetricFamily("vigie_database_up", up, 1)
        yield states
        yield CounterMetricFamily(
            "vigie_accepted", "Submissions accepted since ever", sum(counts.values())
        )
        yield GaugeMetricFamily(
            "vigie_queue_oldest_seconds",
            "How long the oldest queued submission has waited; 0 when none does",
            waited,
        )
