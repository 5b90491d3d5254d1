"""The SQLite file: how it is opened, read and written so that what is committed stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.store.tables import VERSION, metadata

PATIENCE = 10.0  # seconds to wait for another process's lock
PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = FULL",  # a commit that returned survives a power cut
    "PRAGMA foreign_keys = ON",
)
IMMEDIATE = "vigie_immediate"


class Database:
    """One file, shared by the threads of this process and by other processes."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        """Open the file, made if there is none. Raises `StoreUnavailable`."""
        self._now = clock
        # SQLite's own waiting is a poll: the writers of this process queue here instead.
        self._writer = Lock()
        try:
            path.touch(mode=0o600)  # it holds addresses; SQLite's other files get the same mode
        except OSError as error:
            raise StoreUnavailable(f"{path}: {error}") from error
        self._engine = _engine(path)
        self._prepare()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One state of the whole database, however many queries are made."""
        with _faults(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that nobody else writes beside: what it reads is true until it commits."""
        with self._writer, _faults(), self._engine.connect() as connection:
            immediate = connection.execution_options(**{IMMEDIATE: True})
            with immediate.begin():
                yield immediate

    def _prepare(self) -> None:
        with self._writing() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > VERSION:
                raise StoreUnavailable(
                    f"the database is of version {version}; this Vigie knows {VERSION}"
                )
            if version == 0:
                metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": PATIENCE},
        hide_parameters=True,  # an error is logged, and what people wrote must not be
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions: we do, below
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(IMMEDIATE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the database: {error}") from error
