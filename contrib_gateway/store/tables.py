"""The tables of the database, and what its columns hold.

Whoever changes them adds a step to `migrations.py`; a test compares the two.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    column,
)

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """A moment, aware of its zone in memory, UTC in the file so that texts sort as moments do."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


submissions = Table(
    "submissions",
    metadata,
    Column("id", String, primary_key=True),
    Column("ticket", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("type", String, nullable=False),
    Column("slug", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("lang", String, nullable=False),
    Column("data", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("private", JSON, nullable=False),
    Column("signed_as", Text, nullable=False),
    Column("client", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("branch", String, nullable=False),
    Column("accepted_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text, nullable=False),
    Column("commit", String, nullable=False),
    Column("online_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Moment),
    UniqueConstraint("ticket", "digest"),
    Index(
        "slugs_in_use",
        "type",
        "slug",
        unique=True,
        sqlite_where=column("state").not_in(("declined", "withdrawn")),
    ),
    Index("by_state", "state", "accepted_at"),
    Index("by_client", "client", "accepted_at"),
)

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", String, nullable=False),
    Column("submission", String, nullable=False, index=True),
)

remarks = Table(
    "remarks",
    metadata,
    Column("key", String, primary_key=True),
    Column("submission", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),
)

logins = Table(
    "logins",
    metadata,
    Column("hash", String, primary_key=True),
    Column("address", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String, primary_key=True),
    Column("address", String, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

builds = Table(
    "builds",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("commit", String, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("log", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
)
