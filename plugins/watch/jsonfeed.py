"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from plugins.watch import dates
from plugins.watch.address import linkable
from plugins.watch.entry import Entry, Feed
from plugins.watch.errors import NotAFeed
from plugins.watch.limits import AUTHOR, SUMMARY, TITLE, identifier, latest, titled
from plugins.watch.plaintext import language, plain, signature

VERSION = "jsonfeed.org/version/"


def parse_json(data: bytes, address: str) -> Feed:
    """The feed in a JSON text. Raises `NotAFeed`."""
    try:
        given = json.loads(data.decode("utf-8-sig", "replace"))
    except RecursionError as error:
        raise NotAFeed("too_deep") from error
    except ValueError as error:
        raise NotAFeed("not_a_feed", str(error)) from error
    if not isinstance(given, dict) or VERSION not in _text(given, "version"):
        raise NotAFeed("not_a_feed")
    faults: list[str] = []
    site = linkable(_text(given, "home_page_url"), address)
    lang = language(_text(given, "language"))
    raw = [item for item in _list(given, "items") if isinstance(item, dict)]
    kept = latest(raw, _published, faults)
    entries = tuple(_entries(kept, site or address, lang, faults))
    return Feed(
        title=plain(_text(given, "title"), TITLE),
        site=site,
        entries=entries,
        lang=lang,
        faults=tuple(dict.fromkeys(faults)),
    )


def _entries(
    items: list[dict[str, Any]], base: str, lang: str, faults: list[str]
) -> Iterator[Entry]:
    for item in items:
        summary = _text(item, "summary") or _text(item, "content_text")
        found = Entry(
            guid=identifier(_text(item, "id")),
            url=linkable(_text(item, "url"), base) or linkable(_text(item, "external_url"), base),
            title=plain(_text(item, "title"), TITLE),
            summary=plain(summary or _text(item, "content_html"), SUMMARY),
            author=signature(_author(item), AUTHOR),
            lang=language(_text(item, "language")) or lang,
            published=_published(item),
        )
        if found.published is None and _text(item, "date_published"):
            faults.append("bad_date")
        if kept := titled(found):
            yield kept


def _published(item: dict[str, Any]) -> datetime | None:
    written = _text(item, "date_published") or _text(item, "date_modified")
    return dates.moment(written) if written else None


def _author(item: dict[str, Any]) -> str:
    several = [one for one in _list(item, "authors") if isinstance(one, dict)]
    one = item.get("author")
    return _text(several[0] if several else one if isinstance(one, dict) else {}, "name")


def _text(given: dict[str, Any], key: str) -> str:
    """A text, or a number (some write their ids so) as one."""
    value = given.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _list(given: dict[str, Any], key: str) -> list[Any]:
    value = given.get(key)
    return value if isinstance(value, list) else []
