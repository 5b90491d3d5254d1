"""Stories that editors discarded long ago: their words go, what they are recognised by stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from contrib_gateway.store.database import Database
from contrib_gateway.store.story import Pile
from contrib_gateway.store.tables import clusters, items, turns

EMPTIED = " "  # in place of the id of a story: what was of one that is no more
NO_WORDS = {"url": "", "title": "", "summary": "", "author": ""}


class Discards(Database):
    """The part of the store that empties them."""

    def empty_discarded(self, before: datetime, most: int) -> int:
        """Empty those that were discarded before a moment, so many at a time; returns how many.

        Source, key and address stay: a feed may have such an item for years, and it is not new.
        """
        old = select(clusters.c.id).where(
            clusters.c.state == Pile.DISCARDED, clusters.c.decided_at < before
        )
        with self._reading() as connection:  # mostly there are none: nobody has to wait for that
            if connection.scalar(old.limit(1)) is None:
                return 0
        with self._writing() as connection:
            ids = list(connection.scalars(old.order_by(clusters.c.decided_at).limit(most)))
            of_them = items.c.cluster.in_(ids)
            connection.execute(update(items).where(of_them).values(cluster=EMPTIED, **NO_WORDS))
            connection.execute(delete(turns).where(turns.c.cluster.in_(ids)))
            connection.execute(delete(clusters).where(clusters.c.id.in_(ids)))
        return len(ids)
