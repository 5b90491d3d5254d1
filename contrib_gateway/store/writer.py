"""The turns to write: one thread at a time, and those who wait for each other share one commit.

Syncing the disk takes longer than all that is written: of thirty-two people who send their form at
once, each would wait for the syncing of all those before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import cast

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import SQLAlchemyError

from contrib_gateway.errors import StoreUnavailable

IMMEDIATE = "vigie_immediate"  # the execution option of a transaction that writes
MOST = 16  # that one commit is shared by: the first of them waits for the last
LOST = "the database: a transaction was lost"
GRACE = 0.05  # seconds after which one of them makes sure that somebody will commit


@dataclass(slots=True)
class _Shared:
    """A transaction, and those who wrote in it and wait for it to be committed."""

    connection: Connection
    transaction: RootTransaction
    members: int = 0
    over: Event = field(default_factory=Event)
    fault: Exception | None = field(
        default_factory=lambda: StoreUnavailable("the database: a transaction was not committed")
    )

    @property
    def _driver(self) -> sqlite3.Connection:
        return cast(sqlite3.Connection, self.connection.connection.driver_connection)

    @property
    def alive(self) -> bool:
        """SQLite itself ends a transaction when the disk is full, or fails."""
        return self._driver.in_transaction

    @contextmanager
    def part(self) -> Iterator[None]:
        """What one thread writes; an error takes back only that.

        Said to the driver: SQLAlchemy builds its statement anew for each savepoint, which took
        longer than all of what an accepted form writes.
        """
        self._driver.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.alive:
                self._driver.execute("ROLLBACK TO part")
                self._driver.execute("RELEASE part")
            raise
        if not self.alive:
            raise StoreUnavailable(LOST)
        self._driver.execute("RELEASE part")

    def end(self) -> None:
        """Commit, and tell all who wait for it."""
        try:
            if not self.alive:
                raise StoreUnavailable(LOST)
            self.transaction.commit()
            self.fault = None
        except (SQLAlchemyError, StoreUnavailable) as error:
            self.fault = error
            self.connection.invalidate()
        finally:
            try:
                self.connection.close()
            finally:
                self.over.set()


class Writer:
    """Hands out the turns of one process; other processes have SQLite's own lock."""

    def __init__(self, engine: Engine, patience: float) -> None:
        """`patience`: the seconds that a thread waits for its turn."""
        self._engine = engine
        self._patience = patience
        self._turn = Lock()
        self._count = Lock()
        self._waiting = 0
        self._open: _Shared | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """What is read in it is true until it commits; once left without error, it is on the disk.

        An error takes back what its own thread wrote, not what others did in the same transaction.
        Raises `StoreUnavailable`, SQLAlchemy's errors and SQLite's.
        """
        with self._my_turn():
            shared = self._open or self._begin()
            self._open = shared
            try:
                with shared.part():
                    yield shared.connection
            finally:
                shared.members += 1
                if not (shared.alive and self._waiting and shared.members < MOST):
                    self._end()
        self._wait(shared)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A turn outside any transaction."""
        with self._my_turn():
            self._end()
            yield

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        with self._count:
            self._waiting += 1
        mine = self._turn.acquire(timeout=self._patience)
        with self._count:
            self._waiting -= 1
        if not mine:  # those before wait for somebody else in vain
            raise StoreUnavailable("the database: others have waited too long already")
        try:
            yield
        finally:
            self._turn.release()

    def _begin(self) -> _Shared:
        connection = self._engine.connect().execution_options(**{IMMEDIATE: True})
        try:
            return _Shared(connection, connection.begin())
        except BaseException:
            connection.close()
            raise

    def _end(self) -> None:
        """What is open, if anything, is over; asked for by the thread whose turn it is."""
        if shared := self._open:
            self._open = None
            shared.end()

    def _wait(self, shared: _Shared) -> None:
        """Until it is committed. Whoever waited to write in it too may have given up meanwhile."""
        while not shared.over.wait(GRACE):
            if self._turn.acquire(blocking=False):
                try:
                    if self._open is shared:
                        self._end()
                finally:
                    self._turn.release()
        if shared.fault:
            raise shared.fault
