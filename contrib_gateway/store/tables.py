"""The tables of the database, and what its columns hold.

Whoever changes them adds a step to `migrations.py`; a test compares the two.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    DDL,
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
    event,
    text,
)

from contrib_gateway.store.fulltext import ITEMS_WORDS

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """A moment, aware of its zone in memory, UTC in the file so that texts sort as moments do."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


# A query in these very words finds by the index that is made with them.
RESERVING = text("state NOT IN ('declined', 'withdrawn') AND page = ''")

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
    # Since version 3. Their defaults let a process of the version before go on inserting.
    Column("page", String, nullable=False, server_default=""),
    Column("base", String, nullable=False, server_default=""),
    Column("asked", Boolean, nullable=False, server_default=text("0")),
    Column("wording", String, nullable=False, server_default=""),
    Column("forgotten_at", Moment),
    # Since version 7: the workshop that it was written in, the paper sheet it was typed from.
    Column("workshop", String, nullable=False, server_default=""),
    Column("sheet", String, nullable=False, server_default=""),
    UniqueConstraint("ticket", "digest"),
    Index(  # of new pages: a change has the name of the page it changes
        "slugs_of_new_pages",
        "type",
        "slug",
        unique=True,
        sqlite_where=RESERVING,
    ),
    Index("by_workshop", "workshop", sqlite_where=text("workshop != ''")),
    Index("by_state", "state", "accepted_at"),
    Index("by_client", "client", "accepted_at"),
)

workshops = Table(
    "workshops",
    metadata,
    Column("code", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # of the form that made it
    Column("type", String, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)

sketches = Table(  # syntheses that editors are writing
    "sketches",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),  # of the form that began it
    Column("version", Integer, nullable=False),
    Column("data", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("press", String, nullable=False),  # what its last version was made of
    Column("submission", String, nullable=False),  # that it became
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

messages = Table(
    "messages",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("submission", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("from_editor", Boolean, nullable=False),
    Column("text", Text, nullable=False),
)

errands = Table(
    "errands",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("submission", String, nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("done_at", Moment),
)

addresses = Table(
    "addresses",
    metadata,
    Column("page", String, primary_key=True),
    Column("submission", String, nullable=False),
    Column("address", Text, nullable=False),
    Column("stopped", String, nullable=False),
    Column("at", Moment, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("page", String, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", String, nullable=False),
    Column("client", String, nullable=False),
    Column("lang", String, nullable=False),
    Column("at", Moment, nullable=False),
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
    Column("created_at", Moment),  # None: by an earlier Vigie
)

alerts = Table(
    "alerts",
    metadata,
    Column("address", String, primary_key=True),
    Column("feed", String, nullable=False),
    Column("daily", Boolean, nullable=False),
    Column("lang", String, nullable=False),
    Column("called_on", String, nullable=False),
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

feeds = Table(  # how the watching of each source goes
    "feeds",
    metadata,
    Column("source", String, primary_key=True),  # the id of its document
    Column("address", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("digest", String, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("answered_at", Moment),
    Column("news_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("fault", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("moved_to", Text, nullable=False),  # where it is by now, or where its site says it is
    Column("proposed", Text, nullable=False),  # the last such address that editors were told of
    Column("noted", String, nullable=False),  # the last state that was noted in its document
)

items = Table(  # what sources published, and what people sent a link to
    "items",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("source", String, nullable=False),  # the id of the source's document, or the link's
    Column("key", String, nullable=False),  # what it is recognised by there
    Column("address", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("lang", String, nullable=False),
    Column("published_at", Moment),
    Column("found_at", Moment, nullable=False),
    Column("cluster", String, nullable=False, server_default=""),  # "": not yet in one
    UniqueConstraint("source", "key"),
    Index("items_by_cluster", "cluster"),
    Index("items_by_address", "address"),
)
for statement in ITEMS_WORDS:
    event.listen(items, "after_create", DDL(statement))  # type: ignore[no-untyped-call]

clusters = Table(  # one story each, from however many sources: what editors qualify
    "clusters",
    metadata,
    Column("id", String, primary_key=True),  # that of its item in a digest, too
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("lead", Integer, nullable=False),  # the number of the item that is shown
    Column("newest_at", Moment, nullable=False),
    Column("carriers", Integer, nullable=False),  # how many sources
    Column("lang", String, nullable=False),
    Column("suggested", JSON, nullable=False),  # themes
    Column("qualification", JSON, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment),
    Column("reason", Text, nullable=False),
    Index("clusters_by_state", "state", "newest_at"),
    Index(  # as editors read them: by day, the most carried first; with all that is filtered by
        "clusters_by_day",
        "state",
        text("substr(newest_at, 1, 10)"),
        "carriers",
        "newest_at",
        "id",
        "lang",
        "suggested",
    ),
    Index("clusters_qualified", "id", sqlite_where=text("qualification != '{}'")),
)

turns = Table(  # what was done to a cluster, and what it was before: for undoing
    "turns",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("cluster", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", String, nullable=False),
    Column("before", JSON, nullable=False),
)

offers = Table(  # what people wrote to the editors: that they can help with a need
    "offers",
    metadata,
    Column("key", String, primary_key=True),
    Column("page", String, nullable=False),  # the id of the need
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("client", String, nullable=False),
    Column("lang", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("done_at", Moment),
    Column("done_by", Text, nullable=False),
)

followers = Table(  # who wishes to be told what becomes of what they observed
    "followers",
    metadata,
    Column("submission", String, primary_key=True),
    Column("document", String, nullable=False),
    Column("address", Text, nullable=False),
    Column("lang", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", JSON, nullable=False),
    Column("called_on", String, nullable=False),
)
