"""How a database file that an earlier Vigie made becomes one of today's.

A change of `tables.py` appends a step here: the plain SQL that does the same to an older file.
Steps that were released are never edited. A step only adds (an index it may replace), so that a
process of the version before, still running, goes on working.
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
    (  # 2 → 3: changes of pages, conversations, things to do later, the relay
        "ALTER TABLE submissions ADD COLUMN page VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE submissions ADD COLUMN base VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE submissions ADD COLUMN asked BOOLEAN DEFAULT 0 NOT NULL",
        "ALTER TABLE submissions ADD COLUMN wording VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE submissions ADD COLUMN forgotten_at DATETIME",
        "DROP INDEX slugs_in_use",
        """
        CREATE UNIQUE INDEX slugs_of_new_pages ON submissions (type, slug)
        WHERE state NOT IN ('declined', 'withdrawn') AND page = ''
        """,
        """
        CREATE TABLE messages (
            number INTEGER NOT NULL,
            submission VARCHAR NOT NULL,
            at DATETIME NOT NULL,
            who TEXT NOT NULL,
            from_editor BOOLEAN NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (number)
        )
        """,
        "CREATE INDEX ix_messages_submission ON messages (submission)",
        """
        CREATE TABLE errands (
            number INTEGER NOT NULL,
            "key" VARCHAR NOT NULL,
            kind VARCHAR NOT NULL,
            submission VARCHAR NOT NULL,
            payload JSON NOT NULL,
            at DATETIME NOT NULL,
            attempts INTEGER NOT NULL,
            next_try_at DATETIME NOT NULL,
            reason TEXT NOT NULL,
            done_at DATETIME,
            PRIMARY KEY (number),
            UNIQUE ("key")
        )
        """,
        "CREATE INDEX ix_errands_submission ON errands (submission)",
        """
        CREATE TABLE addresses (
            page VARCHAR NOT NULL,
            submission VARCHAR NOT NULL,
            address TEXT NOT NULL,
            stopped VARCHAR NOT NULL,
            at DATETIME NOT NULL,
            PRIMARY KEY (page)
        )
        """,
        """
        CREATE TABLE letters (
            number INTEGER NOT NULL,
            "key" VARCHAR NOT NULL,
            page VARCHAR NOT NULL,
            sender TEXT NOT NULL,
            recipient VARCHAR NOT NULL,
            client VARCHAR NOT NULL,
            lang VARCHAR NOT NULL,
            at DATETIME NOT NULL,
            PRIMARY KEY (number),
            UNIQUE ("key")
        )
        """,
    ),
    (  # 3 → 4: since when an editor is signed in
        "ALTER TABLE sessions ADD COLUMN created_at DATETIME",
    ),
    (  # 4 → 5: how editors wish to be told of what waits
        """
        CREATE TABLE alerts (
            address VARCHAR NOT NULL,
            feed VARCHAR NOT NULL,
            daily BOOLEAN NOT NULL,
            lang VARCHAR NOT NULL,
            called_on VARCHAR NOT NULL,
            PRIMARY KEY (address)
        )
        """,
    ),
    (  # 5 → 6: the watch: how sources fare, what they published, what editors make of it
        """
        CREATE TABLE feeds (
            source VARCHAR NOT NULL,
            address TEXT NOT NULL,
            etag TEXT NOT NULL,
            modified TEXT NOT NULL,
            digest VARCHAR NOT NULL,
            next_at DATETIME NOT NULL,
            asked_at DATETIME,
            answered_at DATETIME,
            news_at DATETIME,
            failures INTEGER NOT NULL,
            failing_since DATETIME,
            fault VARCHAR NOT NULL,
            detail TEXT NOT NULL,
            moved_to TEXT NOT NULL,
            proposed TEXT NOT NULL,
            noted VARCHAR NOT NULL,
            PRIMARY KEY (source)
        )
        """,
        """
        CREATE TABLE items (
            number INTEGER NOT NULL,
            source VARCHAR NOT NULL,
            "key" VARCHAR NOT NULL,
            address TEXT NOT NULL,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            author TEXT NOT NULL,
            lang VARCHAR NOT NULL,
            published_at DATETIME,
            found_at DATETIME NOT NULL,
            cluster VARCHAR DEFAULT '' NOT NULL,
            PRIMARY KEY (number),
            UNIQUE (source, "key")
        )
        """,
        "CREATE INDEX items_by_address ON items (address)",
        "CREATE INDEX items_by_cluster ON items (cluster)",
        """
        CREATE TABLE clusters (
            id VARCHAR NOT NULL,
            state VARCHAR NOT NULL,
            version INTEGER NOT NULL,
            lead INTEGER NOT NULL,
            newest_at DATETIME NOT NULL,
            carriers INTEGER NOT NULL,
            lang VARCHAR NOT NULL,
            suggested JSON NOT NULL,
            qualification JSON NOT NULL,
            decided_by TEXT NOT NULL,
            decided_at DATETIME,
            reason TEXT NOT NULL,
            PRIMARY KEY (id)
        )
        """,
        "CREATE INDEX clusters_by_state ON clusters (state, newest_at)",
        "CREATE INDEX clusters_by_day ON clusters"
        " (state, substr(newest_at, 1, 10), carriers, newest_at, id, lang, suggested)",
        "CREATE INDEX clusters_qualified ON clusters (id) WHERE qualification != '{}'",
        """
        CREATE VIRTUAL TABLE items_words USING fts5(
            title, summary, content='items', content_rowid='number', detail='none',
            tokenize='unicode61 remove_diacritics 2'
        )
        """,
        """
        CREATE TRIGGER items_words_gone AFTER DELETE ON items
        WHEN old.number IN (SELECT id FROM items_words_docsize) BEGIN
            INSERT INTO items_words (items_words, rowid, title, summary)
            VALUES ('delete', old.number, old.title, old.summary);
        END
        """,
        """
        CREATE TRIGGER items_words_changed AFTER UPDATE OF title, summary ON items
        WHEN old.number IN (SELECT id FROM items_words_docsize) BEGIN
            INSERT INTO items_words (items_words, rowid, title, summary)
            VALUES ('delete', old.number, old.title, old.summary);
            INSERT INTO items_words (rowid, title, summary)
            VALUES (new.number, new.title, new.summary);
        END
        """,
        """
        CREATE TABLE turns (
            number INTEGER NOT NULL,
            cluster VARCHAR NOT NULL,
            at DATETIME NOT NULL,
            who TEXT NOT NULL,
            what VARCHAR NOT NULL,
            "before" JSON NOT NULL,
            PRIMARY KEY (number)
        )
        """,
        "CREATE INDEX ix_turns_cluster ON turns (cluster)",
    ),
    (  # 6 → 7: workshops, and what was written in them
        "ALTER TABLE submissions ADD COLUMN workshop VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE submissions ADD COLUMN sheet VARCHAR DEFAULT '' NOT NULL",
        "CREATE INDEX by_workshop ON submissions (workshop) WHERE workshop != ''",
        """
        CREATE TABLE workshops (
            code VARCHAR NOT NULL,
            "key" VARCHAR NOT NULL,
            type VARCHAR NOT NULL,
            answers JSON NOT NULL,
            made_at DATETIME NOT NULL,
            until DATETIME NOT NULL,
            PRIMARY KEY (code),
            UNIQUE ("key")
        )
        """,
    ),
    (  # 7 → 8: syntheses that editors are writing
        """
        CREATE TABLE sketches (
            id VARCHAR NOT NULL,
            "key" VARCHAR NOT NULL,
            version INTEGER NOT NULL,
            data JSON NOT NULL,
            "by" TEXT NOT NULL,
            at DATETIME NOT NULL,
            press VARCHAR NOT NULL,
            submission VARCHAR NOT NULL,
            PRIMARY KEY (id),
            UNIQUE ("key")
        )
        """,
    ),
    (  # 8 → 9: who can help with a need; who is told what becomes of what they observed
        """
        CREATE TABLE offers (
            "key" VARCHAR NOT NULL,
            page VARCHAR NOT NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            name TEXT NOT NULL,
            address TEXT NOT NULL,
            client VARCHAR NOT NULL,
            lang VARCHAR NOT NULL,
            reason TEXT NOT NULL,
            at DATETIME NOT NULL,
            answers JSON NOT NULL,
            done_at DATETIME,
            done_by TEXT NOT NULL,
            PRIMARY KEY ("key")
        )
        """,
        """
        CREATE TABLE followers (
            submission VARCHAR NOT NULL,
            document VARCHAR NOT NULL,
            address TEXT NOT NULL,
            lang VARCHAR NOT NULL,
            at DATETIME NOT NULL,
            told JSON NOT NULL,
            called_on VARCHAR NOT NULL,
            PRIMARY KEY (submission)
        )
        """,
    ),
)
VERSION = 1 + len(STEPS)  # of the tables as they are declared, kept in PRAGMA user_version


def migrate(connection: Connection, version: int) -> None:
    """Bring tables of `version` up to VERSION, within the transaction that `connection` is in."""
    for step in STEPS[version - 1 :]:
        for statement in step:
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
