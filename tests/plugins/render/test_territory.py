"""The map: each commune with what is there, in words and in size; names that can be read."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from plugins.check import load
from plugins.render import Site, Theme, list_page
from plugins.render.atlas import map_pages
from plugins.render.ground import ground
from plugins.render.lettering import NARROW, WIDE, _width, lettered
from plugins.render.listing import Facet, listing
from plugins.render.narrowing import facets_shown
from plugins.schema import Index, Schema, SchemaError
from plugins.schema.outlines import parse_outlines

CONTENT = Path(__file__).parents[3] / "content"
LINK = re.compile(r'<a class="place" href="([^"]+)" data-place="([^"]+)" aria-label="([^"]+)"')


@pytest.fixture(scope="module")
def index() -> Index:
    return load(CONTENT).index


@pytest.fixture(scope="module")
def theme(index: Index) -> Theme:
    address = "https://exemple.fr/"
    return Theme(Site(address, address, datetime.date(2026, 11, 26)), index.schema)


def outlined(schema: Schema, *features: object) -> Schema:
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return dataclasses.replace(schema, outlines=parse_outlines(data, schema.places))


def feature(kind: str, coordinates: object, **properties: str) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def square(lon: float, lat: float) -> list[list[float]]:
    return [[lon, lat], [lon + 0.1, lat], [lon + 0.1, lat + 0.1], [lon, lat + 0.1], [lon, lat]]


@pytest.mark.parametrize("name", ["initiative", "actor", "need", "event", "synthesis", "digest"])
def test_each_place_on_the_map_says_the_number_of_its_list_and_leads_there(
    theme: Theme, index: Index, name: str
) -> None:
    content_type = index.schema.types[name]
    for path, html in map_pages(theme, content_type, index, "fr"):
        assert path == f"{content_type.list_url}carte/"
        links = LINK.findall(html)
        for href, key, said in links:
            facet = Facet(href.split("/")[-3], key)
            label = index.schema.territories[key].label.get("fr")
            total = listing(content_type, index, 1, facet).total
            assert re.fullmatch(rf"{re.escape(label)}, {total} (fiche|information)s?", said)
            beside = html[html.index('class="atlas-places"') :]
            assert f'href="{href}">{label}</a></span> <span class="count">{total}<' in beside
            keys = re.findall(r'data-term="([^"]+)"', beside.partition("</div>")[0])
            assert len(set(keys)) == len(keys), "a quarter stands under its commune alone"
        assert links or name == "digest"  # it has something for the whole territory only


def test_a_territory_s_own_list_marks_it_and_leads_to_those_beside_it_and_to_what_covers_it(
    theme: Theme, index: Index
) -> None:
    actor = index.schema.types["actor"]
    html = list_page(theme, actor, index, facet=Facet("place", "la-rabiere"))
    assert '<use class="chosen" href="#map-joue-les-tours"/>' in html  # its commune
    wider = re.search(r'<p class="wider">(.*?)</p>', html, re.DOTALL)
    counts = {term.key: count for term, count in facets_shown(actor, theme, index, "fr")[1].terms}
    assert wider and re.findall(r"par/place/([\w-]+)/[^<]*</a> \((\d+)\)", wider[1]) == [
        (key, str(counts[key])) for key in ("joue-les-tours", "metropole")
    ]
    beside = html[html.index("À côté") :]
    assert "par/place/tours/" in beside[: beside.index("</p>")]
    everywhere = list_page(theme, actor, index, facet=Facet("place", "metropole"))
    assert 'class="wider"' not in everywhere and "whereabouts--whole" in everywhere


def test_names_stand_beside_one_another_the_largest_first(index: Index) -> None:
    shapes = ground(index.schema).shapes
    labels = [index.schema.territories[shape.key].label.get("fr") for shape in shapes]
    discs = [(shape.x, shape.y, 15) for shape in shapes]
    names = lettered(labels, discs, [(n, 0) for n in range(len(labels))], 640, 640)
    boxes = []
    for name in names:
        letters = NARROW if name.shown == "always" else WIDE
        wide = 0.95 * letters * max(map(_width, name.lines))
        left = name.x - wide * {"start": 0, "middle": 0.5, "end": 1}[name.anchor]
        foot = name.y + letters * (len(name.lines) - 1)
        if name.shown != "asked":
            boxes.append((left, name.y - 0.7 * letters, left + wide, foot))
    for one, two in combinations(boxes, 2):
        assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
    assert names[-1].shown == "always" and len(boxes) > len(names) / 2


def test_a_site_without_points_has_lists_and_no_map(index: Index) -> None:
    places = index.schema.vocabularies["territories"]
    bare = {
        key: dataclasses.replace(term, lat=None, lon=None) for key, term in places.terms.items()
    }
    vocabularies = {
        **index.schema.vocabularies,
        "territories": dataclasses.replace(places, terms=bare),
    }
    schema = dataclasses.replace(index.schema, vocabularies=vocabularies)
    theme = Theme(Site("https://a.fr/", "https://a.fr/", datetime.date(2026, 11, 26)), schema)
    assert [*map_pages(theme, schema.types["initiative"], index, "fr")] == []
    assert '<svg class="map' not in list_page(theme, schema.types["initiative"], index)


@pytest.mark.parametrize("kept", [("tours",), ("tours", "la-riche"), ("tours", "ville")])
def test_a_site_of_one_commune_or_two_in_one_spot_has_its_ground(
    index: Index, kept: tuple[str, ...]
) -> None:
    places = index.schema.vocabularies["territories"]
    twin = dataclasses.replace(places.terms["tours"], key="ville")
    terms = {**places.terms, "ville": twin}
    few = dataclasses.replace(places, terms={key: terms[key] for key in kept})
    vocabularies = {**index.schema.vocabularies, "territories": few}
    drawn = ground(dataclasses.replace(index.schema, vocabularies=vocabularies))
    assert drawn and drawn.width <= 640 and drawn.height <= 720
    ends = [int(one) for one in re.findall(r"\d+", drawn.shapes[0].path)]
    assert max(ends) - min(ends) > 300


def test_a_border_is_one_line_from_both_its_sides(index: Index) -> None:
    """As a hand would draw it; where it strayed from itself, the ground would have holes."""
    drawn = ground(index.schema)
    assert drawn
    lines = list[tuple[str, ...]]()
    for shape in drawn.shapes:
        start, *steps = re.findall(r"([MLC])([0-9 ]+)", shape.path)
        at = start[1]
        for kind, numbers in steps:
            *bends, end = re.findall(r"\d+ \d+", numbers)
            if kind == "C" and end != at:  # not one of no length
                lines.append((at, *bends, end))
            at = end
    assert len(lines) > 50
    assert {line[::-1] for line in lines} == set(lines)


def test_a_quarter_with_a_point_of_its_own_is_part_of_its_commune(index: Index) -> None:
    places = index.schema.vocabularies["territories"]
    sanitas = dataclasses.replace(places.terms["sanitas"], lat=47.384, lon=0.697)
    told = dataclasses.replace(places, terms={**places.terms, "sanitas": sanitas})
    vocabularies = {**index.schema.vocabularies, "territories": told}
    schema = dataclasses.replace(index.schema, vocabularies=vocabularies)
    assert ground(schema) == ground(index.schema)


def test_a_site_s_own_outlines_are_drawn_instead_of_cells(index: Index) -> None:
    schema = outlined(
        index.schema,
        feature("Polygon", [square(0.6, 47.3)], territory="tours"),
        feature("MultiPolygon", [[square(0.5, 47.3)], [square(0.5, 47.45)]], insee="37122"),
        feature("Polygon", [square(9, 50)], code="99999"),  # a commune of elsewhere
        feature("LineString", [[0.5, 47.3], [0.6, 47.4], [0.7, 47.3]], name="La Loire"),
        feature("Polygon", [[[0.5, 47.3]] * 4], territory="druye"),  # nothing to be seen
    )
    drawn = ground(schema)
    assert drawn
    paths = {shape.key: shape.path for shape in drawn.shapes}
    assert paths["tours"].count("M") == 1 and paths["joue-les-tours"].count("M") == 2
    assert all(
        0 <= shape.x <= drawn.width and 0 <= shape.y <= drawn.height for shape in drawn.shapes
    )
    assert paths["druye"] == "" and len(drawn.waters) == 1
    assert "L" in paths["tours"] and "C" not in paths["tours"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b'{"features": [\n}', r"territories.geojson:2: is not JSON"),
        (b"\xff", "not JSON in UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"features": [' + b"9" * 5000 + b"]}", "not JSON"),
        (feature("LineString", ["x" * 100_000]), r"has '.{1,40}' where"),
        (b"[]", "no GeoJSON FeatureCollection"),
        (b'{"features": [{"properties": {}}]}', "feature 1 has no geometry"),
        (feature("Point", [0, 0]), "feature 1 is a Point: only polygons and lines"),
        (feature("Polygon", [square(0, 1)]), "neither `territory` nor `insee`"),
        (feature("Polygon", [square(0, 1)], territory="ailleurs"), "names 'ailleurs'"),
        (feature("Polygon", [square(0, 1)[:3]], territory="tours"), "fewer than 4 positions"),
        (feature("Polygon", 12, territory="tours"), "no list"),
        (feature("LineString", [["a", 1], [2, 3]]), "where .longitude, latitude. is expected"),
        (feature("LineString", [[0, 1], [0, float("nan")]]), "is expected"),
        (feature("LineString", [[0, 1], [0, 91]]), "is expected"),
    ],
)
def test_outlines_that_cannot_be_drawn_are_refused_with_what_is_wrong(
    index: Index, file: object, said: str
) -> None:
    data = file if isinstance(file, bytes) else json.dumps({"features": [file]}).encode()
    with pytest.raises(SchemaError, match=said):
        parse_outlines(data, index.schema.places)


def test_a_territory_that_changed_its_key_keeps_its_outline(index: Index) -> None:
    places = index.schema.places
    tours = dataclasses.replace(places.terms["tours"], key="ville", formerly=("tours",))
    renamed = dataclasses.replace(places, terms={"ville": tours})
    data = json.dumps({"features": [feature("Polygon", [square(0, 1)], territory="tours")]})
    assert list(parse_outlines(data.encode(), renamed).places) == ["ville"]
