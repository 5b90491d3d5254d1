"""Type and vocabulary files: a mistake in one says its file, its line and what to mend."""

from __future__ import annotations

import pytest

from plugins.schema import Audience, Index, SchemaError, parse_schema, validate
from tests.plugins.schema import strategies
from tests.plugins.schema.strategies import COMMON, FILES, TYPE


def broken(path: str, text: str) -> str:
    with pytest.raises(SchemaError) as caught:
        parse_schema({**FILES, path: text.encode()})
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "kind: text, required",
            "kind: txet, required",
            "content/types/thing.yaml:8: field 'title'",
        ),
        ("max: 120", "max: beaucoup", "thing.yaml:8: expected a whole number, not 'beaucoup'"),
        ("required: true, max", "required: oui, max", "thing.yaml:8: expected true or false"),
        ("max: 120", "maxi: 120", "thing.yaml:8: unknown key 'maxi'"),
        (
            "from: themes, facet",
            "from: temes, facet",
            "thing.yaml:11: there is no vocabulary 'temes'",
        ),
        ("to: thing", "to: thingy", "thing.yaml:23: there is no type 'thingy'"),
        ("section: first", "section: third", "thing.yaml:8: there is no section 'third'"),
        ("label: Récit", "hint: Récit", "thing.yaml:9: field 'story' has no label"),
        ("folder: things", "folder: ../things", "thing.yaml:2: '../things' cannot name a folder"),
        ("choses/{slug}/", "/choses/{slug}", "thing.yaml:3: an url reads"),
        (
            "when: {theme: b}",
            "when: {tehme: b}",
            "thing.yaml:28: `when` of 'because' names 'tehme'",
        ),
        ("  story:", "  title:", "thing.yaml:9: 'title' stands here twice"),
        ("  story:", "  Récit:", "thing.yaml:9: 'Récit' cannot name a field"),
        ("folder: things", "folder: [", "thing.yaml:3: is not YAML"),
        ("folder: things", "folder: things\ndates: day", "thing.yaml:3: `dates` can only be"),
        (
            "  title: {kind: text",
            "  tilte: {kind: text",
            "thing.yaml:8: every type has a field `title`",
        ),
        (
            "label: Nom, required",
            "private: true, label: Nom, required",
            "thing.yaml:24: 'name': a field of items is public",
        ),
        (
            "label: Nom, required",
            "when: {nom: any}, label: Nom, required",
            "thing.yaml:24: `when` of 'name' names 'nom'",
        ),
        (
            "editors_only: true, label: État",
            "editors_only: true, required: true, label: État",
            "'state' is required, but the public is not asked",
        ),
        ("contribute: true", "order: -rank", "thing.yaml:5: `order` names '-rank'"),
        (
            "contribute: true",
            "freshness: {stale: 36}",
            "thing.yaml:5: `freshness` needs `overdue:`",
        ),
        ("contribute: true", "freshness: {overdue: 0}", "thing.yaml:5: a page is overdue after 1"),
        (
            "contribute: true",
            "freshness: {overdue: 12, stale: 12}",
            "thing.yaml:5: contacts are stale after a page is overdue",
        ),
        (
            "contribute: true",
            "freshness: {overdue: un an}",
            "thing.yaml:5: expected a whole number, not 'un an'",
        ),
        ("contribute: true", "freshness: {hide: 12}", "thing.yaml:5: unknown key 'hide'"),
        (
            "kind: phone, label",
            "kind: phone, contact: oui, label",
            "thing.yaml:18: expected true or false",
        ),
    ],
)
def test_a_broken_type_says_file_line_and_what_to_mend(old, new, said):
    assert said in broken("types/thing.yaml", TYPE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("terms: {A b: Un}", "themes.yaml:1: 'A b' is no term key"),
        ("terms:\n  a: {hint: x}", "themes.yaml:2: term 'a' has no label"),
        ("terms:\n  a: Un\n  b: {label: B, within: z}", "themes.yaml:3: 'b' is within 'z'"),
        ("label: x", "themes.yaml:1: a vocabulary needs `terms:`"),
        ("", "themes.yaml:1: is empty"),
    ],
)
def test_a_broken_vocabulary_says_file_line_and_what_to_mend(text, said):
    assert said in broken("vocabularies/themes.yaml", text)


def test_two_types_cannot_share_a_folder():
    assert "share a folder" in broken("types/other.yaml", TYPE)


def test_a_site_without_name_or_common_fields_is_told():
    assert "site.yaml:1: the site needs `name:`" in broken(
        "site.yaml", "{tagline: a, territory: b}"
    )
    with pytest.raises(SchemaError, match=r"_common\.yaml:1: is missing"):
        parse_schema({key: value for key, value in FILES.items() if "_common" not in key})


@pytest.mark.parametrize(
    ("contact", "is_one"),
    [
        ("a@vigie.example", True),
        ("https://vigie.example/x", True),
        ("a", False),
        ("javascript:a@b", False),
    ],
)
def test_whom_to_tell_is_an_address(contact: str, is_one: bool) -> None:
    site = f"name: a\ntagline: b\nterritory: c\ncontact: '{contact}'\n"
    if is_one:
        assert parse_schema({**FILES, "site.yaml": site.encode()}).site.contact
    else:
        assert "site.yaml:4: this is no web address" in broken("site.yaml", site)


def test_a_site_says_where_its_privacy_notice_stands_or_has_none():
    assert not strategies.schema().site.privacy
    site = f"{strategies.SITE[:-1]}, privacy: {{fr: a/vos-donnees/, en: a/your-data/}}}}"
    told = parse_schema({**FILES, "site.yaml": site.encode()}).site.privacy
    assert (told.get("fr"), told.get("en")) == ("a/vos-donnees/", "a/your-data/")


def test_every_type_has_the_common_fields_after_its_own():
    names = list(strategies.schema().types["thing"].fields)
    assert names[0] == "title"
    assert names[-3:] == ["id", "created", "contact"]
    assert "contact" in COMMON


def test_the_public_is_asked_neither_what_editors_decide_nor_what_vigie_writes():
    thing = strategies.schema().types["thing"]
    public = {field.name for field in thing.form_fields(Audience.PUBLIC)}
    assert {"state", "id", "created"}.isdisjoint(public)
    assert {"contact", "secret"} <= public
    assert "state" in {field.name for field in thing.form_fields(Audience.EDITOR)}


CASES = [
    ({}, "title", "required"),
    ({"title": "x" * 121}, "title", "too_long"),
    ({"title": "un\ndeux"}, "title", "one_line"),
    ({"title": "nul\x00"}, "title", "unprintable"),
    ({"title": "x", "theme": "z"}, "theme", "unknown_term"),
    ({"title": "x", "themes": ["a", "b", "c", "d"]}, "themes", "too_many"),
    ({"title": "x", "day": "31/02/2026"}, "day", "not_a_day"),
    ({"title": "x", "month": "13/2026"}, "month", "not_a_month"),
    ({"title": "x", "start": "2026-11-23"}, "start", "not_a_moment"),
    ({"title": "x", "site": "javascript:alert(1)"}, "site", "not_a_url"),
    ({"title": "x", "site": "https://a b"}, "site", "not_a_url"),
    ({"title": "x", "site": "http://[::1"}, "site", "not_a_url"),
    ({"title": "x", "mail": "moi@"}, "mail", "not_an_email"),
    ({"title": "x", "mail": "a@b.fr\nBcc: c@d.fr"}, "mail", "not_an_email"),
    ({"title": "x", "call": "douze"}, "call", "not_a_phone"),
    ({"title": "x", "call": "02 47 12"}, "call", "not_a_phone"),
    ({"title": "x", "call": "02 47 00 00 001"}, "call", "not_a_phone"),
    ({"title": "x", "count": "1e3"}, "count", "not_an_integer"),
    ({"title": "x", "count": "5001"}, "count", "too_large"),
    ({"title": "x", "open": "peut-être"}, "open", "not_a_boolean"),
    ({"title": "x", "place": {"street": "1 rue"}}, "place.territory", "required"),
    ({"title": "x", "place": {"territory": "paris"}}, "place.territory", "unknown_term"),
    ({"title": "x", "place": {"territory": "tours", "lat": "47"}}, "place", "half_coordinates"),
    (
        {"title": "x", "place": {"territory": "tours", "lat": "nan", "lon": "0"}},
        "place.lat",
        "not_degrees",
    ),
    ({"title": "x", "photo": {"file": "../a.png", "alt": "x"}}, "photo.file", "not_an_image_file"),
    ({"title": "x", "photo": {"file": "a.png"}}, "photo.alt", "required"),
    ({"title": "x", "related": ["thing/nobody"]}, "related", "unknown_reference"),
    ({"title": "x", "related": ["need/wifi"]}, "related", "wrong_reference"),
    ({"title": "x", "notes": "[ici](thing/nobody)"}, "notes", "unknown_reference"),
    ({"title": "x", "rows": [{"on": "2026-01-01"}]}, "rows.0.name", "required"),
    (
        {"title": "x", "rows": [{"id": "a", "name": "x"}, {"id": "a", "name": "y"}]},
        "rows.1.id",
        "twice",
    ),
    ({"title": "x", "theme": "b"}, "because", "required"),
    ({"title": "x", "theme": "a", "because": "oui"}, "because", "not_asked"),
    ({"title": "x", "state": "a"}, "state", "editors_only"),
    ({"title": "x", "id": "abc"}, "id", "editors_only"),
    ({"title": "x", "nope": "abc"}, "nope", "unknown_field"),
]


@pytest.mark.parametrize(("raw", "field", "code"), CASES, ids=lambda value: str(value)[:40])
def test_each_fault_is_told_beside_its_field(raw, field, code):
    schema = strategies.schema()
    thing = schema.types["thing"]
    problems = validate(thing, thing.parse(raw), "", Index(schema, ()))
    assert [(p.field, p.code) for p in problems] == [(field, code)]


GOOD = [
    ({"day": "23/11/2026"}, {"day": "2026-11-23"}),
    ({"day": "1-2-2026"}, {"day": "2026-02-01"}),
    ({"month": "23/11/2026"}, {"month": "2026-11"}),
    ({"start": "23/11/2026 18h30"}, {"start": "2026-11-23T18:30"}),
    ({"site": "www.exemple.fr/a"}, {"site": "https://www.exemple.fr/a"}),
    ({"open": "Non"}, {"open": False}),
    ({"count": " 1 000 "}, {"count": 1000}),
    (
        {"place": {"territory": "tours", "lat": "47,39", "lon": "0.69"}},
        {"place": {"territory": "tours", "lat": 47.39, "lon": 0.69}},
    ),
    ({"themes": ["a", "", "a"]}, {"themes": ["a"]}),
    ({"story": " e\u0301te\u0301\r\n "}, {"story": "été"}),
    ({"rows": [{"name": " "}, {"name": "Léa"}]}, {"rows": [{"name": "Léa"}]}),
]


@pytest.mark.parametrize(("raw", "parsed"), GOOD, ids=lambda value: str(value)[:40])
def test_what_people_write_is_understood(raw, parsed):
    assert strategies.schema().types["thing"].parse(raw) == parsed
