"""Killed anywhere, again and again: no item is lost, none is doubled."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from threading import Event

import pytest

from contrib_gateway.store import Store
from tests.contrib_gateway.running import PROJECT
from tests.contrib_gateway.watch.servers import Request, Server, reply, rss
from tests.contrib_gateway.watch.watches import plant

SOURCES = 12


class Publisher:
    """A source that publishes one more entry each day; its tag is the day. It may kill whoever
    asks it, in the middle of its answer.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.day = 1
        self.victim = 0
        self.may_kill = Event()
        self.may_kill.set()

    def entries(self, day: int) -> list[str]:
        return [f"http://{self.name}.example/{number}" for number in range(day)]

    def page(self, request: Request) -> Iterable[bytes]:
        self.may_kill.wait(10)  # until it is known who asks
        if request.headers.get("if-none-match") == f'"{self.day}"':
            return [reply(304)]
        answer = reply(200, rss(self.name, self.entries(self.day)), etag=f'"{self.day}"')
        if self.victim:
            victim, self.victim = self.victim, 0
            return self._murder(victim, answer)
        return [answer]

    def _murder(self, victim: int, answer: bytes) -> Iterator[bytes]:
        yield answer[: len(answer) // 2]
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


@pytest.fixture
def publishers() -> Iterator[dict[str, Publisher]]:
    """By the address of each."""
    with ExitStack() as servers:
        found = {}
        for number in range(SOURCES):
            server = servers.enter_context(Server(f"127.0.1.{number + 1}"))
            publisher = Publisher(f"s{number}")
            found[server.put("/", publisher.page)] = publisher
        yield found


class Collecting:
    """Starts runs as processes, which can be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.contrib_gateway.watch.watches"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, state: Path, step: str = "") -> int:
        """The pid of a run."""
        return self._say(f"{state}:{step}")

    def wait(self, pid: int) -> int:
        """How it ended."""
        return self._say(f"wait {pid}")

    def run(self, state: Path) -> int:
        return self.wait(self.start(state))

    def _say(self, line: str) -> int:
        assert self._process.stdin and self._process.stdout
        print(line, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def collecting() -> Iterator[Collecting]:
    one = Collecting()
    yield one
    one.close()


def stored(state: Path) -> dict[str, tuple[str, list[str]]]:
    """Of each source its tag, and the links of its items."""
    with closing(sqlite3.connect(state / "vigie.sqlite")) as connection:
        tags = dict(connection.execute("SELECT source, etag FROM feeds").fetchall())
        items = connection.execute("SELECT source, url FROM items ORDER BY url").fetchall()
    return {s: (tag, [url for of, url in items if of == s]) for s, tag in tags.items()}


def test_no_item_is_lost_and_none_doubled_however_often_it_is_killed(
    tmp_path: Path, publishers: dict[str, Publisher], collecting: Collecting
) -> None:
    state = plant(tmp_path, {one.name: address for address, one in publishers.items()})
    Store(state / "vigie.sqlite").close()
    of, chance = {one.name: one for one in publishers.values()}, random.Random(6)
    for step in ("save 1", "asked", "saved 1", "save 2", "asked", "saved 2"):
        for publisher in chance.sample(sorted(of), SOURCES * 2 // 3):
            of[publisher].day += 1
        if step == "asked":
            for publisher in of.values():
                publisher.may_kill.clear()
        pid = collecting.start(state, "" if step == "asked" else step)
        if step == "asked":
            for publisher in of.values():
                publisher.victim = pid
                publisher.may_kill.set()
        assert collecting.wait(pid) == -signal.SIGKILL, step
        for publisher in of.values():
            publisher.victim = 0
        for name, (tag, links) in stored(state).items():
            kept = int(tag.strip('"'))
            assert links == sorted(of[name].entries(kept)), f"{name} says it has day {kept}"
    assert collecting.run(state) == 0
    last = {name: (f'"{p.day}"', sorted(p.entries(p.day))) for name, p in of.items()}
    assert stored(state) == last
    assert collecting.run(state) == 0
    assert stored(state) == last


def test_two_runs_at_once_bring_everything_in_once(
    tmp_path: Path, publishers: dict[str, Publisher], collecting: Collecting
) -> None:
    state = plant(tmp_path, {one.name: address for address, one in publishers.items()})
    Store(state / "vigie.sqlite").close()
    runs = [collecting.start(state) for _ in range(2)]
    assert [collecting.wait(pid) for pid in runs] == [0, 0]
    assert {name: links for name, (_, links) in stored(state).items()} == {
        one.name: one.entries(1) for one in publishers.values()
    }
