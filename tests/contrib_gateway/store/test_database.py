"""The file of the database: what survives, what is refused, who may read it."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.store import Store
from contrib_gateway.store.migrations import VERSION
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.store.samples import accept

ROOT = Path(__file__).parents[3]


def test_the_last_build_and_the_last_good_one_are_known(store: Store, clock: SetClock) -> None:
    assert store.last_build() is store.last_good_build() is None
    good = store.start_build("c1")
    running = store.last_build()
    assert running
    assert running.running
    assert not running.ok
    clock.move(seconds=3)
    store.finish_build(good, ok=True, log="")
    bad = store.start_build("c2")
    store.finish_build(bad, ok=False, log="a fault in content/")
    last, last_good = store.last_build(), store.last_good_build()
    assert last
    assert last_good
    assert (last.commit, last.ok, last.log, last.running) == (
        "c2",
        False,
        "a fault in content/",
        False,
    )
    assert (last_good.number, last_good.commit, last_good.finished_at) == (good, "c1", clock.now)
    store.start_build("c3")
    again = store.last_good_build()
    assert again
    assert again.number == good


def test_what_was_accepted_survives_a_kill(path: Path) -> None:
    """The process dies as soon as `accept` returns, with nothing closed."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from contrib_gateway.store import Store\n"
        "from tests.contrib_gateway.store.samples import accept\n"
        "accept(Store(Path(sys.argv[1])))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    store = Store(path)
    found = store.find("a1")
    assert found
    assert found.private == {"contact": "zoe@example.org"}
    store.close()


def test_commits_are_durable_and_the_file_has_a_version(store: Store, path: Path) -> None:
    with store._reading() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "user_version", "foreign_keys")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "user_version": VERSION,
        "foreign_keys": 1,
    }


def test_nobody_else_on_the_machine_can_read_the_addresses(store: Store, path: Path) -> None:
    accept(store)
    for file in path.parent.glob("vigie.sqlite*"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_database_can_be_opened_again_and_by_two_processes_at_once(
    path: Path, clock: SetClock
) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: Store(path, clock), range(6)))
    for number, store in enumerate(stores):
        accept(store, f"n{number}")
    assert all(sum(store.counts().values()) == 6 for store in stores)
    for store in stores:
        store.close()


def test_a_newer_database_is_refused_not_damaged(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreUnavailable, match="99"):
        Store(path)


def test_a_spoilt_or_unreachable_file_is_an_outage_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "spoilt").write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "spoilt")
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "missing" / "vigie.sqlite")


def test_a_disk_that_is_full_accepts_nothing_and_says_so(store: Store) -> None:
    accept(store, "a1")
    with store._reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable):
        accept(store, "b2", body="x" * 100_000)
    assert store.find("b2") is None
    assert store.find("a1")


def test_readers_are_not_stopped_by_a_writer(store: Store) -> None:
    accept(store)
    with store._writing():
        assert store.find("a1")
        assert sum(store.counts().values()) == 1
