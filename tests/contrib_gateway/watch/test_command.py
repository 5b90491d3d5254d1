"""`vigie watch collect`, with all that has a part in it; and the same inside `vigie serve`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from contrib_gateway import cli
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from contrib_gateway.store import Sought, Store
from contrib_gateway.watch.collector import _alone
from contrib_gateway.watch.progress import Progress, Teller
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.watch.servers import Server, reply, rss
from tests.contrib_gateway.watch.watches import plant


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        yield one


def planted(folder: Path, **sources: str) -> dict[str, str]:
    """A state folder with sources; the settings of a `vigie` that works there."""
    state = plant(folder, sources)
    environ = {"VIGIE_STATE": str(state), "VIGIE_SECRET_KEY": "a secret for the tests only"}
    assemble(Settings.from_environ(environ), seed=folder / "content").store.close()
    return environ


def test_the_command_brings_stories_into_the_inbox(server: Server, tmp_path: Path) -> None:
    feed = server.put("/", reply(200, rss("Un", ["http://example.org/1"])))
    environ = planted(tmp_path, un=feed, deux="http://127.0.0.2:9/")
    environ["VIGIE_WATCH_ALLOW_PRIVATE"] = "1"
    done = CliRunner().invoke(cli.main, ["watch", "collect"], env=environ)
    said = "Sources asked: 2, without an answer: 1; new items: 1."
    assert done.output.splitlines()[-1] == said
    assert done.exit_code == 0
    store = Store(tmp_path / "state" / "vigie.sqlite")
    assert [story.lead.title for story in store.stories(Sought(), 10)] == [
        "De http://example.org/1"
    ]
    store.close()
    again = CliRunner().invoke(cli.main, ["watch", "collect"], env=environ)
    assert again.output.startswith("Sources asked: 0; new items: 0.")
    with _alone(tmp_path / "state" / "watch.lock"):
        second = CliRunner().invoke(cli.main, ["watch", "collect", "--all"], env=environ)
    assert second.output == "The sources are being asked already; nothing was done.\n"
    assert second.exit_code == 0


def test_our_own_network_is_not_asked_unless_a_setting_says_so(
    server: Server, tmp_path: Path
) -> None:
    environ = planted(tmp_path, un=server.put("/", reply(200, rss("Un", []))))
    done = CliRunner().invoke(cli.main, ["watch", "collect"], env=environ)
    assert "without an answer: 1" in done.output
    assert not server.requests


def test_serving_it_collects_by_itself_as_often_as_is_set(
    server: Server, tmp_path: Path, clock: SetClock
) -> None:
    environ = planted(tmp_path, un=server.put("/", reply(200, rss("Un", []))))
    silent = assemble(Settings.from_environ(environ), clock)
    silent.collector.work()
    assert not server.requests
    silent.store.close()
    environ |= {"VIGIE_WATCH_ALLOW_PRIVATE": "1", "VIGIE_WATCH_EVERY": "1d"}
    gateway = assemble(Settings.from_environ(environ), clock)
    assert gateway.collector.loop in gateway.loops
    for hours, asked in ((0, 1), (23, 1), (4, 2), (1, 2)):
        clock.now += timedelta(hours=hours)
        gateway.collector.work()
        assert len(server.requests) == asked
    gateway.store.close()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_few_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("contrib_gateway.watch.progress.time.monotonic", lambda: now[0])
    for stream in (Terminal(), StringIO()):
        teller = Teller(stream)
        for asked in range(1, 31):
            now[0] += 1
            teller(Progress(due=30, asked=asked, failed=asked // 10, news=2 * asked))
        teller.end(Progress(30, 30, 3, 60, 1))
        said = stream.getvalue()
        if stream.isatty():
            assert said.count("\n") == 1 and said.count("\r") == 32
        else:
            assert said.splitlines() == [
                "sources asked: 10 of 30, new items: 20, without an answer: 1",
                "sources asked: 20 of 30, new items: 40, without an answer: 2",
                "sources asked: 30 of 30, new items: 60, without an answer: 3",
                "Sources asked: 30, without an answer: 3; new items: 60; "
                "pages of sources changed: 1.",
            ]
