"""Needs that nothing answers have their page, by theme and territory, and their feeds."""

from __future__ import annotations

import json

from plugins.observation.unanswered import unanswered
from plugins.publication import publication
from plugins.render import list_page
from plugins.schema import Document, Index, is_slug
from tests.pages import parse
from tests.plugins.observation.field import SCHEMA, synthesis
from tests.plugins.observation.test_hearing import need
from tests.plugins.observation.test_pages import THEME

HERE = {"place": {"territory": "sanitas"}}
NEEDS = (
    need("dit", state="sans-reponse", **HERE),
    need("rien", state="entendu", themes=["cooperer", "lien-social"], merged=["need/joint"]),
    need("joint", state="repondu"),
    need("neuf", answers=["actor/id37"], state="etudie"),
    need("encours", state="reponse-en-cours"),
)
INDEX = Index(SCHEMA, NEEDS)


def test_a_need_waits_until_something_answers_it_the_most_heard_first():
    assert [one.slug for one in unanswered(INDEX)] == ["rien", "dit"]


def test_the_page_has_each_need_by_theme_and_territory_and_feeds_say_the_same():
    files = dict(publication(THEME, INDEX))
    page = parse(files["besoins/sans-reponse/index.html"])
    (body,) = page.all("div", **{"class": "outcome-page"})
    themes, places = body.all("section")
    assert [a.text for a in themes.all("a") if "/par/" not in a.attributes["href"]] == [
        *("Besoin rien", "Besoin rien", "Besoin dit")
    ]
    assert "Sanitas" in places.text and "Besoin rien" not in places.text
    items = json.loads(files["feeds/needs/sans-reponse.json"])["items"]
    assert {item["url"] for item in items} == {
        f"https://exemple.fr/besoins/{slug}/" for slug in ("dit", "rien")
    }
    assert "feeds/needs/sans-reponse.atom" in files
    assert "en/besoins/sans-reponse/index.html" in files


def test_the_list_and_the_front_page_lead_there_only_while_a_need_waits():
    files = dict(publication(THEME, INDEX))
    assert "/besoins/sans-reponse/" in files["besoins/index.html"] and not is_slug("sans-reponse")
    assert "/besoins/sans-reponse/" in files["index.html"]
    kind = SCHEMA.types["need"]
    assert "/besoins/sans-reponse/" not in list_page(THEME, kind, Index(SCHEMA, NEEDS[2:]))


def test_a_long_list_has_pages_like_all_lists_and_each_need_stands_on_one():
    many = [need(f"n{number}", **HERE) for number in range(101)]
    files = dict(publication(THEME, Index(SCHEMA, many)))
    own = [f"besoins/sans-reponse/{at}index.html" for at in ("", "page/2/", "page/3/")]
    assert [name for name in files if name.startswith("besoins/sans-reponse/")] == own
    pages = [parse(files[name]) for name in own]
    listed = [
        [
            a.attributes["href"]
            for (ol,) in [page.all("ol", **{"class": "rows"})]
            for a in ol.all("a")
        ]
        for page in pages
    ]
    listed = [[href for href in found if href.startswith("/besoins/n")] for found in listed]
    assert [len(page) for page in listed] == [50, 50, 1]
    assert len({href for page in listed for href in page}) == 101
    for page, rows in zip(pages, listed, strict=True):
        themes, places = page.all("div", **{"class": "outcome-page"})[0].all("section")
        for way in (themes, places):
            told = [
                a.attributes["href"] for a in way.all("a") if "/par/" not in a.attributes["href"]
            ]
            assert sorted(told) == sorted(rows)
        (nav,) = page.all("nav", **{"class": "pages"})
        assert "/besoins/sans-reponse/page/2/" in [a.attributes["href"] for a in nav.all("a")]
    assert "(page 2)" in pages[1].all("title")[0].text


def test_what_syntheses_call_for_has_pages_too_first_what_is_named_then_the_findings():
    many = [need(f"n{number}") for number in range(60)]
    seen = Document(SCHEMA.types["observation"], "vu", {"title": "Vu", "viewpoint": "usager"})
    row = {"claim": "Constat", "supporting": ["observation/vu"], "outcome": "construire"}
    rows = [{**row, "id": f"f{number}"} for number in range(20)]
    told = synthesis("s", rows, to_build=[one.ref for one in many])
    files = dict(publication(THEME, Index(SCHEMA, [*many, seen, told])))
    names = [f"syntheses/a-construire/{at}index.html" for at in ("", "page/2/")]
    assert [name for name in files if name.startswith("syntheses/a-construire/")] == names
    first, last = (parse(files[name]) for name in names)
    called = [len(page.all("div", **{"class": "called"})) for page in (first, last)]
    assert called == [50, 10] and "Les constats qui" not in first.text
    assert "Les constats qui l’appellent 20" in last.text
