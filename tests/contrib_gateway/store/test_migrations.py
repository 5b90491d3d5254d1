"""A database that an earlier Vigie made: nothing of it is lost, and it works."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.store import NewOffer, Remark, State, Store
from contrib_gateway.store.migrations import VERSION
from tests.contrib_gateway.store.samples import accept, free, new

ROOT = Path(__file__).parents[3]
MOMENT = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def old(path: Path) -> Path:
    """A file as version 1 made it, with a submission in each state."""
    script = Path(__file__).with_name("version_1.sql").read_text()
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path


def dump(path: Path) -> list[str]:
    """Everything in the file, as SQL."""
    connection = sqlite3.connect(path)
    lines = [*connection.iterdump(), f"version {version(path)}"]
    connection.close()
    return lines


def rows(path: Path, like: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables and columns that the file `like` has."""
    old, connection = sqlite3.connect(like), sqlite3.connect(path)
    tables = [name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    found = {}
    for table in tables:
        columns = ", ".join(f'"{c[1]}"' for c in old.execute(f"PRAGMA table_info({table})"))
        found[table] = connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608 — our own names
    old.close()
    connection.close()
    return found


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return number


def schema(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    declared = {name: " ".join(sql.split()).replace("( ", "(") for name, sql in found}
    connection.close()
    return {name: sql.replace(" )", ")") for name, sql in declared.items()}


def test_a_database_of_version_1_opens_with_every_row_and_works(old: Path) -> None:
    like = old.with_name("as-it-was.sqlite")
    shutil.copy(old, like)
    before = rows(old, like)
    store = Store(old)
    assert version(old) == VERSION
    assert rows(old, like) == before
    assert store.counts() == dict.fromkeys(State, 1)
    accept(store)
    assert store.requeue_all("Nour") == 1
    assert store.mark_undone("published", "Nour", "Un doublon").state is State.DECLINED
    assert store.accept(new("queued"), free).body.startswith("Ligne « une »")
    offer = dict.fromkeys(NewOffer.__dataclass_fields__, "")
    assert [store.add_offer(NewOffer(**offer)) for _ in range(2)] == [True, False]
    assert store.follower("published") is None
    store.keep_remarks("proposed", [Remark("1", MOMENT, "Nour", "Oui ?")])
    store.close()
    assert [remark.text for remark in Store(old).remarks("proposed")] == ["Oui ?"]


def test_a_migrated_database_is_like_a_new_one(old: Path, tmp_path: Path) -> None:
    Store(old).close()
    Store(tmp_path / "new.sqlite").close()
    assert schema(old) == schema(tmp_path / "new.sqlite")


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(old: Path) -> None:
    """Somebody has an index of their own, under the name that the last statement wants."""
    connection = sqlite3.connect(old)
    connection.execute("CREATE INDEX ix_remarks_submission ON builds (ok)")
    connection.close()
    before = dump(old)
    with pytest.raises(StoreUnavailable, match="ix_remarks_submission"):
        Store(old)
    assert dump(old) == before
    connection = sqlite3.connect(old)
    connection.execute("DROP INDEX ix_remarks_submission")
    connection.close()
    Store(old).close()
    assert version(old) == VERSION


def test_a_process_killed_in_mid_migration_leaves_the_file_as_it_was(old: Path) -> None:
    before = dump(old)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from sqlalchemy import Engine, event\n"
        "from contrib_gateway.store import Store\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def executed(connection, cursor, statement, *more):\n"
        "    if 'ix_remarks' in statement: os.kill(os.getpid(), 9)\n"
        "Store(Path(sys.argv[1]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(old)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert dump(old) == before
    assert Store(old).counts() == dict.fromkeys(State, 1)


def test_two_processes_starting_at_once_migrate_once(old: Path) -> None:
    script = "import sys; from pathlib import Path; from contrib_gateway.store import Store\n"
    script += "Store(Path(sys.argv[1]))"
    command = [sys.executable, "-c", script, str(old)]
    started = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert version(old) == VERSION
