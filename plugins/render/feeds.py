"""Feeds as readers take them: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import datetime
import json
from typing import Any

from feedgenerator import Atom1Feed

from plugins.render.channels import LANG, Channel, Entry, built, xml_text
from plugins.render.theme import Theme

JSON_FEED = "https://jsonfeed.org/version/1.1"


def atom(theme: Theme, channel: Channel) -> str:
    """Entries are identified by `tag:` URIs made of ids: a rename is not a new entry."""
    feed = Feed(
        title=channel.title,
        link=theme.site.absolute(channel.page),
        feed_url=theme.site.absolute(f"{channel.stem}.atom"),
        description=xml_text(theme.schema.site.tagline.get(LANG)),
        author_name=xml_text(theme.schema.site.name.get(LANG)),
        language=LANG,
        feed_guid=theme.site.tag(f"{channel.stem}.atom"),
    )
    feed.empty_since = built(theme)
    for entry in channel.entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.summary or None,
            unique_id=entry.id,
            updateddate=entry.updated,
            pubdate=entry.published,
            categories=entry.tags,
            via=entry.via,
        )
    return str(feed.writeString("utf-8"))


class Feed(Atom1Feed):  # type: ignore[misc]
    """An empty feed is as old as the build, not as the clock: the same content, the same bytes."""

    empty_since: datetime.datetime

    def latest_post_date(self) -> Any:
        return super().latest_post_date() if self.items else self.empty_since

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        if item.get("via"):
            handler.addQuickElement("link", "", {"rel": "via", "href": item["via"]})


def json_feed(theme: Theme, channel: Channel) -> str:
    """The same entries, under the same ids."""
    feed = {
        "version": JSON_FEED,
        "title": channel.title,
        "home_page_url": theme.site.absolute(channel.page),
        "feed_url": theme.site.absolute(f"{channel.stem}.json"),
        "description": theme.schema.site.tagline.get(LANG),
        "authors": [{"name": theme.schema.site.name.get(LANG)}],
        "language": LANG,
        "items": [_item(entry) for entry in channel.entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_text": entry.summary or entry.title,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "tags": list(entry.tags),
        "language": entry.lang,
    }
    return item | ({"external_url": entry.via} if entry.via else {})
