"""What is near a page: few, the nearest of those that are most alike, the same at each build."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plugins.observation.vicinity import MOST, alike, neighbours
from plugins.render import Site
from plugins.render.shown import Setting
from plugins.render.vicinity import vicinity
from plugins.schema import Document, Index, Schema, load_schema

CONTENT = Path(__file__).parents[3] / "content"
SITE = Site("https://exemple.fr/", "https://exemple.fr/", datetime.date(2026, 12, 2))
BOTH = ["chercher-un-emploi", "se-former"]
DOORS: Mapping[str, tuple[str, float, float]] = {
    "la-porte": ("tours", 47.39, 0.69),
    "en-face": ("tours", 47.3905, 0.69),
    "plus-loin": ("tours", 47.40, 0.70),
    "la-riche": ("la-riche", 47.388, 0.66),
}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load_schema(CONTENT)


def page(schema: Schema, ref: str, territory: str = "", **data: Any) -> Document:
    name, slug = ref.split("/")
    place = {"place": {"territory": territory}} if territory else {}
    common = {"id": slug.replace("-", ""), "title": slug, "themes": ["chercher-un-emploi"]}
    return Document(schema.types[name], slug, {**common, **place, **data})


def refs(found: tuple[Any, ...]) -> list[str]:
    return [near.document.ref for near in found]


def test_profiles_are_alike_by_their_themes_the_nearest_first(schema: Schema) -> None:
    own = page(schema, "initiative/ici", "tours", themes=BOTH)
    others = [
        page(schema, "actor/loin", "berthenay"),
        page(schema, "actor/tout-pareil", "berthenay", themes=BOTH),
        page(schema, "initiative/a-cote", "tours"),
        page(schema, "initiative/finie", "tours", themes=BOTH, status="terminee"),
        page(schema, "resource/partout"),
        page(schema, "resource/autre-chose", themes=["sante"]),
        page(schema, "need/un-besoin", "tours", themes=BOTH),
    ]
    index = Index(schema, [own, *others])
    found = alike(own, index)
    assert refs(found) == [
        "actor/tout-pareil",
        "initiative/a-cote",
        "actor/loin",
        "resource/partout",
    ]
    assert found[0].themes == tuple(BOTH) and found[1].metres == 0.0 and found[3].metres is None
    told = alike(own, index, {"initiative/a-cote"})
    assert "initiative/a-cote" not in refs(told), "what the page tells of already"
    assert alike(page(schema, "page/a-propos", "tours", themes=BOTH), index) == ()


def test_what_is_found_is_little_and_does_not_depend_on_the_order_of_files(schema: Schema) -> None:
    own = page(schema, "actor/ici", "tours")
    many = [page(schema, f"initiative/une-{n}", "tours") for n in range(40)]
    one, other = (alike(own, Index(schema, [own, *some])) for some in (many, many[::-1]))
    assert len(one) == MOST
    assert refs(one) == refs(other)


def test_neighbours_are_the_nearest_doors_whatever_they_do(schema: Schema) -> None:
    places = [
        page(schema, f"actor/{slug}", place={"territory": town, "lat": lat, "lon": lon}, themes=[])
        for slug, (town, lat, lon) in DOORS.items()
    ]
    index = Index(schema, [*places, page(schema, "actor/sans-adresse", "joue-les-tours")])
    found = neighbours(places[0], index)
    assert refs(found) == [
        "actor/en-face",
        "actor/plus-loin",
        "actor/la-riche",
        "actor/sans-adresse",
    ]
    assert found[0].exact and 50 < (found[0].metres or 0) < 60
    assert not found[3].exact
    assert neighbours(page(schema, "initiative/une", "tours"), index) == ()


def test_a_thousand_metres_are_a_kilometre(schema: Schema) -> None:
    one, other = (
        page(schema, f"actor/{lat}", place={"territory": "tours", "lat": lat, "lon": 0.69})
        for lat in (47.39, 47.3989)
    )
    setting = Setting(Index(schema, [one, other]), SITE, "fr")
    assert vicinity(one, setting, ()).neighbours[0].why[-1] == "À\u00a01\u00a0km"


def test_what_is_everywhere_is_not_near_what_comes_first_in_the_alphabet(schema: Schema) -> None:
    far = [page(schema, f"initiative/loin-{n}", "ballan-mire") for n in range(20)]
    best = page(schema, "initiative/la-meilleure", "tours", themes=BOTH)
    own = page(schema, "initiative/partout", "metropole", themes=BOTH)
    assert refs(alike(own, Index(schema, [own, best, *far])))[0] == best.ref

    def actor(slug: str, territory: str, lat: float, lon: float) -> Document:
        place = {"territory": territory, "lat": lat, "lon": lon}
        return page(schema, f"actor/{slug}", place=place)

    door = actor("la-porte", "metropole", 47.39, 0.69)
    others = [actor(f"loin-{n}", "ballan-mire", 47.33, 0.55) for n in range(20)]
    beside = actor("en-face", "tours", 47.3905, 0.69)
    assert refs(neighbours(door, Index(schema, [door, beside, *others])))[0] == beside.ref
