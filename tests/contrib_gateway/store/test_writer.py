"""Turns to write: whoever was told that it stays finds it again, however many wrote at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.store.writer import Writer
from tests.contrib_gateway.running import until


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'written.sqlite'}")

    @event.listens_for(engine, "connect")
    def connected(connection: object, record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # as `Database` does
        connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begun(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE line (word TEXT, parent INTEGER)")
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )
    yield engine
    engine.dispose()


def write(writer: Writer, word: str) -> None:
    with writer.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO line (word) VALUES (?)", (word,))
        if word == "fails":
            raise LookupError(word)
        if word == "orphan":  # found out when it is committed
            connection.exec_driver_sql("INSERT INTO child (id) VALUES (7)")
        if word == "lost":  # as SQLite does when the disk is full
            connection.exec_driver_sql("ROLLBACK")


def together(writer: Writer, words: list[str]) -> list[str]:
    """Write them while somebody has the turn; what became of each: "" or the error's name."""
    ready, go = Event(), Event()

    def first() -> None:
        with writer.transaction():
            ready.set()
            go.wait()

    def told(word: str) -> str:
        try:
            write(writer, word)
        except (LookupError, StoreUnavailable, SQLAlchemyError) as error:
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(len(words) + 1) as pool:
        before = pool.submit(first)
        ready.wait()
        told_of = [pool.submit(told, word) for word in words]
        until(lambda: writer._waiting == len(words), "all to wait for their turn")
        go.set()
        found = [one.result() for one in told_of]
        before.exception()
    return found


def lines(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.exec_driver_sql("SELECT word FROM line").scalars())


def test_those_who_wait_for_each_other_share_a_commit(engine: Engine) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert together(Writer(engine, 5), [f"word{n}" for n in range(9)]) == [""] * 9
    assert lines(engine) == [f"word{n}" for n in range(9)]
    assert len(commits) == 1


def test_nobody_waits_for_more_than_some_others(engine: Engine) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    assert together(Writer(engine, 5), [f"word{n}" for n in range(20)]) == [""] * 20
    assert len(lines(engine)) == 20
    assert len(commits) == 2


def test_an_error_takes_back_only_what_its_own_thread_wrote(engine: Engine) -> None:
    assert together(Writer(engine, 5), ["one", "fails", "two"]) == ["", "LookupError", ""]
    assert lines(engine) == ["one", "two"]


def test_what_cannot_be_committed_is_told_to_all_who_wrote_in_it(engine: Engine) -> None:
    writer = Writer(engine, 5)
    assert "" not in together(writer, ["one", "orphan", "two"])
    assert lines(engine) == []
    write(writer, "after")
    assert lines(engine) == ["after"]


def test_after_a_lost_transaction_nobody_is_told_that_it_stays(engine: Engine) -> None:
    writer = Writer(engine, 5)
    words = ["one", "lost", "two", "three"]
    told = together(writer, words)
    assert told[1]
    kept = [word for word, fault in zip(words, told, strict=True) if not fault]
    assert lines(engine) == sorted(kept)
    write(writer, "after")
    assert "after" in lines(engine)


def test_a_turn_alone_is_outside_any_transaction(engine: Engine) -> None:
    writer = Writer(engine, 5)
    write(writer, "one")
    with writer.alone(), engine.connect() as connection:
        assert list(connection.exec_driver_sql("SELECT word FROM line").scalars()) == ["one"]


def test_who_gives_up_waiting_leaves_nobody_behind(engine: Engine) -> None:
    writer = Writer(engine, 0.001)

    def told(number: int) -> str | None:
        try:
            write(writer, f"word{number:03}")
        except StoreUnavailable:
            return None
        return f"word{number:03}"

    with ThreadPoolExecutor(12) as pool:
        kept = [word for word in pool.map(told, range(300)) if word]
    assert kept
    assert lines(engine) == kept
