"""The SQLite file: how it is opened, read and written so that what is committed stays."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.store.migrations import VERSION, migrate
from contrib_gateway.store.tables import metadata
from contrib_gateway.store.writer import IMMEDIATE, Writer

PATIENCE = 5.0  # seconds that a writer waits for its turn, and then for another process's lock
WAL = "PRAGMA journal_mode = WAL"  # readers and the writer do not wait for each other
PAUSE = 0.01  # seconds between two tries at it
SINGLE = "vigie_single"  # the execution option of a statement that needs no transaction
PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a commit that returned survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is forgotten is overwritten
)


class Database:
    """One file, shared by the threads of this process and by other processes."""

    def __init__(self, path: Path, clock: Clock = utc_now, patience: float = PATIENCE) -> None:
        """Open the file, made if there is none, migrated if old. Raises `StoreUnavailable`."""
        self._now = clock
        try:
            path.touch(mode=0o600)  # it holds addresses; SQLite's other files get the same mode
        except OSError as error:
            raise StoreUnavailable(f"{path}: {error}") from error
        self._engine = _engine(path, patience)
        self._singly = self._engine.execution_options(**{SINGLE: True})
        # SQLite's own waiting is a poll: the writers of this process queue here instead.
        self._writer = Writer(self._engine, patience)
        self._prepare()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One state of the whole database, however many queries are made."""
        with _faults(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        """For a single query, which by itself sees one state: cheaper than a transaction."""
        with _faults(), self._singly.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that nobody else writes beside: what it reads is true until it commits."""
        with _faults(), self._writer.transaction() as connection:
            yield connection

    def _vacuum(self) -> None:
        """Write the file anew, without what was deleted, and empty the log beside it."""
        with _faults(), self._writer.alone(), closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise StoreUnavailable("the database: others still read what it was")

    def _prepare(self) -> None:
        """Make or migrate the tables, all in one transaction: a kill leaves the file as it was."""
        with self._writing() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > VERSION:
                raise StoreUnavailable(
                    f"the database is of version {version}; this Vigie knows {VERSION}"
                )
            if version == 0:
                metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
            elif version < VERSION:
                migrate(connection, version)


def _engine(path: Path, patience: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": patience},
        hide_parameters=True,  # an error is logged, and what people wrote must not be
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions: we do, below
        _use_wal(connection, patience)
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(SINGLE):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(IMMEDIATE) else "BEGIN")

    return engine


def _use_wal(connection: sqlite3.Connection, patience: float) -> None:
    """SQLite does not wait by itself when several switch a new file to it at once."""
    until = monotonic() + patience
    while True:
        try:
            connection.execute(WAL)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(PAUSE)
        else:
            return


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the database: {_reason(error)}") from error
    except sqlite3.Error as error:  # where we speak to SQLite itself
        raise StoreUnavailable(f"the database: {error}") from error


def _reason(error: SQLAlchemyError) -> str:
    """SQLite's own sentence, which names tables and columns but never what is in them."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    return str(cause) if isinstance(cause, sqlite3.Error) else type(error).__name__
