"""GitHub's own description of its API, trimmed to what the server knows, if it was fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.github.routes import ROUTES

CACHED = Path(__file__).parents[2] / "cache" / "github-api.json"
MISSING = (
    "node/npm missing: exchanges with GitHub cannot be compared with its description "
    "(`make test` fetches it)"
)
SCHEMAS = "urn:github#/schemas/"

Json = dict[str, Any]


def wanted() -> list[tuple[str, str]]:
    """The operations the server knows: method and path, as the description writes them."""
    return [(route.method, route.template) for route in ROUTES]


def key(method: str, template: str) -> str:
    return f"{method} {template}"


def load() -> Json | None:
    """None when it was not fetched, or was for a server that knew less."""
    if not CACHED.exists():
        return None
    found: Json = json.loads(CACHED.read_text())
    return found if all(key(*each) in found["operations"] for each in wanted()) else None
