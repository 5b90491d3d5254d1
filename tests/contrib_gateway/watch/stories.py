"""Stories in the inbox, as a collection and its gathering leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import insert

from contrib_gateway.store import Store, Story
from contrib_gateway.store.tables import clusters, items
from plugins.schema import new_id

_numbers = count(1)


@dataclass(frozen=True)
class Told:
    """One item, as a test needs it; `hours` ago. `key` TIP is a link that somebody sent."""

    title: str = "Un guide pour les ateliers"
    source: str = "source1"
    hours: float = 2
    url: str = ""
    summary: str = "Ce qui marche, pas à pas."
    lang: str = "fr"
    key: str = ""


def story(store: Store, *told: Told, suggested: Sequence[str] = (), now: datetime) -> Story:
    """A story in the inbox; the first item leads it."""
    told = told or (Told(),)
    id = new_id()
    rows = [_item(one, id, now) for one in told]
    with store._writing() as connection:
        numbers = [
            connection.execute(insert(items).values(row).returning(items.c.number)).scalar_one()
            for row in rows
        ]
        connection.execute(
            insert(clusters).values(
                id=id,
                state="inbox",
                version=1,
                lead=numbers[0],
                newest_at=max(row["published_at"] for row in rows),
                carriers=len({row["source"] for row in rows}),
                lang=told[0].lang,
                suggested=list(suggested),
                qualification={},
                decided_by="",
                decided_at=None,
                reason="",
            )
        )
    return find(store, id)


def _item(told: Told, cluster: str, now: datetime) -> dict[str, object]:
    number = next(_numbers)
    at = now - timedelta(hours=told.hours)
    url = told.url or f"https://www.{told.source}.example/{number}"
    return {
        "source": told.source,
        "key": told.key or f"guid-{number}",
        "address": url,
        "url": url,
        "title": told.title,
        "summary": told.summary,
        "author": "",
        "lang": told.lang,
        "published_at": at,
        "found_at": now,
        "cluster": cluster,
    }


def find(store: Store, id: str) -> Story:
    found = store.story(id)
    assert found, id
    return found
