"""An address where nothing is: whether there was a page that the editors took off."""

from __future__ import annotations

from contrib_gateway.errors import NotFound, TakenOff
from contrib_gateway.gateway import Gateway
from plugins.render import LANGUAGES


def absent(gateway: Gateway, name: str, slug: str) -> NotFound:
    """Why there is no page of this name."""
    ref = f"{name}/{slug}"
    return TakenOff(ref) if gateway.store.was_taken_off(ref) else NotFound(f"no page {ref}")


def absent_at(gateway: Gateway, path: str) -> NotFound:
    """Why there is no page at this address of the site, in whichever language."""
    folder, _, slug = path.removesuffix("index.html").strip("/").rpartition("/")
    for lang in LANGUAGES[1:]:
        folder = folder.removeprefix(f"{lang}/")
    schema = gateway.library.last_schema
    for known in schema.types.values() if schema else ():
        if slug and known.list_url == f"{folder}/":
            return absent(gateway, known.name, slug)
    return NotFound(path)
