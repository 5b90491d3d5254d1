"""/metrics: numbers that agree with the database, and nothing that a stranger can make up."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from contrib_gateway.builder import PROJECT
from contrib_gateway.gateway import Gateway
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.inprocess import Person, open_gateway
from tests.contrib_gateway.running import sample_content
from tests.contrib_gateway.strangers import required

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def gateway(tmp_path: Path, clock: SetClock) -> Iterator[Gateway]:
    seed = sample_content(tmp_path / "content")
    gateway = open_gateway(tmp_path / "state", seed, clock)
    yield gateway
    gateway.store.close()


@pytest.fixture
def person(gateway: Gateway) -> Person:
    return Person(gateway)


def samples(person: Person) -> Samples:
    """Each number by its name and the values of its labels."""
    answer = person.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = text_string_to_metric_families(answer.text)
    return {(s.name, tuple(s.labels.values())): s.value for f in families for s in f.samples}


def contribute(person: Person) -> str:
    need = person.gateway.library.schema.types["need"]
    return person.contribute("need", required(need, person).items())


def test_metrics_count_submissions_as_the_database_does(
    person: Person, gateway: Gateway, clock: SetClock
) -> None:
    assert samples(person)["vigie_queue_oldest_seconds", ()] == 0
    contribute(person)
    clock.move(minutes=2)
    contribute(person)
    clock.move(minutes=3)
    found = samples(person)
    assert found["vigie_submissions", ("queued",)] == found["vigie_accepted_total", ()] == 2
    assert {labels[0] for name, labels in found if name == "vigie_submissions"} == set(State)
    assert found["vigie_queue_oldest_seconds", ()] == 300
    gateway.worker.work()
    found = samples(person)
    assert found["vigie_submissions", ("proposed",)] == found["vigie_accepted_total", ()] == 2
    assert found["vigie_queue_oldest_seconds", ()] == 0


def test_requests_are_counted_by_route_whatever_strangers_make_up(person: Person) -> None:
    for path in ("/contribuer/need/", "/contribuer/actor/?q=1", "/nulle/part/", "/suivi/secret/"):
        person.get(path)
    person.client.open("/contribuer/", method="BREW")
    counted = {
        labels: value
        for (name, labels), value in samples(person).items()
        if name == "vigie_request_seconds_count"
    }
    assert counted == {
        ("GET", "/contribuer/<name>/", "2xx"): 2,
        ("GET", "/<path:path>", "5xx"): 1,  # there is no site yet
        ("GET", "/suivi/<receipt>/", "4xx"): 1,
        ("other", "", "4xx"): 1,
    }


def test_builds_and_calls_of_the_forge_are_timed(person: Person, gateway: Gateway) -> None:
    (gateway.settings.state / "content").write_text("not a folder, so that the build fails")
    assert not gateway.builder.build()
    gateway.metrics.forge_call("propose", "ok", 0.2)
    found = samples(person)
    assert found["vigie_build_seconds_count", ("failed",)] == 1
    assert found["vigie_forge_call_seconds_count", ("propose", "ok")] == 1


def test_metrics_say_that_the_database_is_broken(person: Person, gateway: Gateway) -> None:
    assert samples(person)["vigie_database_up", ()] == 1
    with sqlite3.connect(gateway.settings.state / "vigie.sqlite") as connection:
        connection.execute("ALTER TABLE submissions RENAME TO elsewhere")
    connection.close()
    assert person.get("/healthz").status_code == 503
    found = samples(person)
    assert found["vigie_database_up", ()] == 0
    assert ("vigie_accepted_total", ()) not in found


def test_two_gateways_do_not_share_their_numbers(gateway: Gateway, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "state", tmp_path / "other", symlinks=True)
    other = open_gateway(tmp_path / "other")
    gateway.metrics.build("ok", 1)
    assert b'vigie_build_seconds_count{outcome="ok"}' in gateway.metrics.text()
    assert b'vigie_build_seconds_count{outcome="ok"}' not in other.metrics.text()
    other.store.close()


def test_every_metric_is_documented_and_nothing_else_is(gateway: Gateway) -> None:
    words = (PROJECT / "docs/operations.md").read_text()
    rows = [line.split("|")[1] for line in words.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    told = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in gateway.metrics.registry.collect()
    }
    ours = {name for name in documented if name.startswith("vigie_")}
    assert ours <= told <= documented  # some systems tell less of a process
