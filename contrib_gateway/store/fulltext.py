"""The words of what sources published, to be searched: their table, and what is asked of it."""

from __future__ import annotations

import unicodedata

ITEMS_WORDS = (
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
)
"""An index of the items, which are taken into it in batches: one by one would cost a collection
more than all the rest of its writing. `items_words_docsize` knows which are in it.
"""
LEARN = """
    INSERT INTO items_words (rowid, title, summary)
    SELECT number, title, summary FROM items
    WHERE number > (SELECT coalesce(max(id), 0) FROM items_words_docsize)
"""
BEHIND = """
    SELECT coalesce((SELECT max(number) FROM items), 0)
         > (SELECT coalesce(max(id), 0) FROM items_words_docsize)
"""
MATCHING = (
    "SELECT rowid FROM items_words WHERE items_words MATCH :match ORDER BY rowid DESC LIMIT :most"
)
"""The latest that match: a word that most items have would else be looked for in all of them."""
CLOSEST = """
    SELECT rowid FROM items_words WHERE items_words MATCH :match
    AND rowid BETWEEN :first AND :last ORDER BY bm25(items_words), rowid DESC LIMIT :most
"""
MOST_WORDS = 12
SHORTEST = 4  # letters of a word that says what a title is about


def beginning_with(typed: str) -> str:
    """What finds the items that have each of these words, or words that begin so; "" of none."""
    return " ".join(f'"{word}"*' for word in _words(typed)[:MOST_WORDS])


def any_of(title: str) -> str:
    """What finds the items that share a word with a title; "" of none."""
    telling = [word for word in _words(title) if len(word) >= SHORTEST]
    longest = sorted(telling, key=len, reverse=True)[:MOST_WORDS]
    return " OR ".join(f'"{word}"' for word in longest)


def _words(text: str) -> list[str]:
    """Each once. SQLite folds capitals and accents, here as in its index."""
    plain = unicodedata.normalize("NFC", text).lower()
    return list(dict.fromkeys("".join(c if c.isalnum() else " " for c in plain).split()))
