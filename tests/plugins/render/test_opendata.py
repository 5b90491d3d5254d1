"""Open data: rows that stay where they are, in formats that spreadsheets and maps read."""

from __future__ import annotations

import csv
import datetime
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from geojson_pydantic import FeatureCollection
from hypothesis import given
from hypothesis import strategies as st

from plugins.check import load
from plugins.render import Site, Theme, data
from plugins.render.opendata.columns import columns
from plugins.render.opendata.downloads import data_page
from plugins.render.opendata.exports import as_csv, as_geojson, as_json
from plugins.render.spreadsheet import csv_text
from plugins.schema import Document, Index, Label, Schema, SchemaError, load_schema, parse_schema
from tests.pages import words
from tests.plugins.building import PROJECT

SCHEMA = load_schema(PROJECT / "content")
ACTOR = SCHEMA.types["actor"]
SITE = Site("https://exemple.fr/", "https://exemple.fr/", datetime.date(2026, 11, 24))


def actor(slug: str, created: str = "2026-11-18", **told: Any) -> Document:
    data = {"title": slug, "id": f"id{slug}", "created": created, "updated": created, "lang": "fr"}
    return Document(ACTOR, slug, data | told)


def rows(*documents: Document) -> list[dict[str, Any]]:
    return data(ACTOR, Index(SCHEMA, documents), SITE)


def read_csv(*documents: Document) -> list[dict[str, str]]:
    names = [column.name for column in columns(ACTOR, SCHEMA, "fr")]
    return list(csv.DictReader(io.StringIO(as_csv(rows(*documents), ACTOR, names))))


def test_a_row_keeps_its_place_whatever_its_page_is_called_by_now() -> None:
    old, new = actor("z", "2026-01-01"), actor("a", "2026-02-01")
    assert [row["id"] for row in rows(new, old)] == ["idz", "ida"]
    renamed = replace(old, slug="b", data=old.data | {"title": "B", "updated": "2026-11-24"})
    assert [row["id"] for row in rows(renamed, new)] == ["idz", "ida"]
    assert [row["id"] for row in rows(actor("b"), actor("a"))] == ["ida", "idb"]


def test_every_column_of_every_type_is_explained_in_both_languages() -> None:
    for content_type in SCHEMA.types.values():
        data_ = {"id": "x1", "title": "Un", "created": "2026-11-18"}
        index = Index(SCHEMA, [Document(content_type, "un", data_)])
        (row,) = data(content_type, index, SITE)
        for lang in ("fr", "en"):
            found = columns(content_type, SCHEMA, lang)
            assert [column.name for column in found] == list(row), content_type.name
            assert all(column.label and column.kind for column in found)


def test_a_spreadsheet_has_a_cell_for_each_answer() -> None:
    place = {"territory": "tours", "street": "3, rue du « Test »", "lat": 47.39, "lon": 0.69}
    written = actor("un", place=place, themes=["sante", "cooperer"], demo=True)
    written = replace(written, body='Une ligne,\n"une autre".')
    (row,) = read_csv(written)
    assert row["place.territory"] == "tours"
    assert row["place.street"] == "3, rue du « Test »"
    assert row["place.lat"] == "47.39"
    assert row["themes"] == "sante|cooperer"
    assert row["demo"] == "true"
    assert row["body"] == 'Une ligne,\n"une autre".'
    assert "place" not in row


@pytest.mark.parametrize("nasty", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+1", "\t=1"])
def test_no_cell_is_computed(nasty: str) -> None:
    assert read_csv(actor("un", title=nasty))[0]["title"] == f"'{nasty}"


@pytest.mark.parametrize(
    "nasty",
    ['=HYPERLINK("http://a.example")', "@SUM(A1)", "+cmd|'x'!A0", "- WEBSERVICE(A1)", "＝1+1"],
)
@pytest.mark.parametrize("before", ["On voit.\n", "On voit.\r\n", "Ceci;", 'Ceci;"', "\r"])
def test_no_part_of_a_cell_is_computed_where_a_semicolon_parts_them(
    before: str, nasty: str
) -> None:
    written = csv_text([["need", before + nasty]])
    cells = [cell.strip('"') for line in written.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "＝", "@", "+", "-"))], cells


@pytest.mark.parametrize("harmless", ["+33 2 47 00 00 00", "-12.5", "a=b", "", "Un ; -2"])
def test_numbers_stay_as_they_are(harmless: str) -> None:
    assert csv_text([["x", harmless]]) == f"x,{harmless}\r\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=2))
def test_any_words_come_back_from_a_spreadsheet(cells: list[str]) -> None:
    (found,) = csv.reader(io.StringIO(csv_text([cells]), newline=""))
    assert [cell.replace("'", "") for cell in found] == [cell.replace("'", "") for cell in cells]


def test_a_list_comes_back_as_it_is() -> None:
    text = "Il faut :\n- un lieu ;\n- du temps.\n+ de monde"
    assert next(csv.reader(io.StringIO(csv_text([["x", text]]), newline=""))) == ["x", text]


def test_a_map_is_told_how_exact_each_point_is() -> None:
    documents = (
        actor("a", place={"territory": "tours", "lat": 47.4, "lon": 0.7}),
        actor("b", place={"territory": "tours"}),
        actor("c", place={"territory": "metropole"}),
        actor("d"),
    )
    told = as_geojson(rows(*documents), ACTOR, SCHEMA)
    found = FeatureCollection.model_validate_json(told)
    assert [one.id for one in found.features] == ["ida", "idb", "idc", "idd"]
    exact, around, *nowhere = found.features
    assert exact.geometry and exact.properties
    assert tuple(exact.geometry.coordinates) == (0.7, 47.4)
    assert exact.properties["located"] == "exact"
    term = SCHEMA.territories["tours"]
    assert around.geometry and around.properties
    assert tuple(around.geometry.coordinates) == (term.lon, term.lat)
    assert around.properties["located"] == "territory"
    for one in nowhere:
        assert one.geometry is None
        assert one.properties and one.properties["located"] is None


def test_all_that_is_published_makes_valid_files() -> None:
    index = load(PROJECT / "content").index
    for content_type in index.schema.types.values():
        found = data(content_type, index, SITE)
        assert len({row["id"] for row in found} - {None}) == len(found)
        assert json.loads(as_json(found)) == found
        FeatureCollection.model_validate_json(as_geojson(found, content_type, index.schema))


# The page


def test_a_site_without_licence_says_so() -> None:
    bare = Schema(SCHEMA.types, SCHEMA.vocabularies, replace(SCHEMA.site, licence=Label()))
    page = data_page(Theme(SITE, bare), Index(bare, []), "fr")
    assert "Aucune n’est encore choisie" in words(page)
    page = data_page(Theme(SITE, SCHEMA), Index(SCHEMA, []), "fr")
    assert "Licence Ouverte 2.0 (Etalab)" in words(page)


def test_the_address_of_a_licence_is_one_of_the_web() -> None:
    names = ("site.yaml", "types/_common.yaml")
    files = {name: (PROJECT / "content" / name).read_bytes() for name in names}
    files["vocabularies/languages.yaml"] = (
        PROJECT / "content" / "vocabularies" / "languages.yaml"
    ).read_bytes()
    parse_schema(files)
    files["site.yaml"] = files["site.yaml"].replace(b"https://www.etalab", b"javascript:www.etalab")
    with pytest.raises(SchemaError, match="web address"):
        parse_schema(files)
