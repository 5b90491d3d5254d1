"""A small site with every kind of field, rendered."""

from __future__ import annotations

import datetime

import pytest

from plugins.render import Site, Theme
from plugins.schema import Document, Index, Schema
from tests.plugins.schema import strategies

FULL = {
    "id": "abc",
    "created": "2026-11-20",
    "title": "Une chose : la première",
    "story": "Un récit.\n\nEn deux paragraphes.",
    "notes": "Voir [l'autre](thing/autre).",
    "theme": "c",
    "themes": ["a", "b"],
    "day": "2026-11-01",
    "month": "2026-10",
    "start": "2026-11-23T18:30",
    "site": "https://www.exemple.fr/a",
    "mail": "accueil@exemple.fr",
    "call": "02 47 00 00 00",
    "hours": 'Mo-Fr 09:00-12:00 || "Sur rendez-vous"',
    "count": 42,
    "open": True,
    "place": {"territory": "sanitas", "street": "1 rue du Test", "lat": 47.38, "lon": 0.69},
    "photo": {"file": "porte.webp", "alt": "Une porte bleue", "credit": "Photo d'Amina"},
    "related": ["thing/autre"],
    "rows": [{"id": "r1", "name": "Première ligne", "on": "2026-09-09"}],
    "state": "d",
    "secret": "prive@exemple.fr",
    "contact": "contact@exemple.fr",
}


@pytest.fixture(scope="session")
def schema() -> Schema:
    return strategies.schema()


@pytest.fixture(scope="session")
def site() -> Site:
    return Site(
        "https://exemple.fr/vigie/", "https://exemple.fr/vigie/", datetime.date(2026, 11, 24)
    )


@pytest.fixture(scope="session")
def theme(site: Site, schema: Schema) -> Theme:
    return Theme(site, schema)


@pytest.fixture(scope="session")
def full(schema: Schema) -> Document:
    return Document(schema.types["thing"], "une", FULL, "Un corps avec [un lien](thing/autre).")


@pytest.fixture(scope="session")
def index(schema: Schema, full: Document) -> Index:
    other = Document(
        schema.types["thing"], "autre", {"id": "def", "title": "L'autre", "theme": "a"}
    )
    return Index(schema, [full, other])
