"""How a database file that an earlier Vigie made becomes one of today's.

A change of `tables.py` appends a step here: the plain SQL that does the same to an older file.
Steps that were released are never edited. A step only adds, so that a process of the version
before, still running, goes on working.
"""

from sqlalchemy import Connection

STEPS: tuple[tuple[str, ...], ...] = (
    (  # 1 → 2: what editors say of a submission on the forge itself
        """
        CREATE TABLE remarks (
            "key" VARCHAR NOT NULL,
            submission VARCHAR NOT NULL,
            at DATETIME NOT NULL,
            who TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY ("key")
        )
        """,
        "CREATE INDEX ix_remarks_submission ON remarks (submission)",
    ),
)
VERSION = 1 + len(STEPS)  # of the tables as they are declared, kept in PRAGMA user_version


def migrate(connection: Connection, version: int) -> None:
    """Bring tables of `version` up to VERSION, within the transaction that `connection` is in."""
    for step in STEPS[version - 1 :]:
        for statement in step:
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
