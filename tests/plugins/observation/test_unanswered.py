"""Needs that nothing answers have their page, by theme and territory, and their feeds."""

from __future__ import annotations

import json

from plugins.observation.unanswered import unanswered
from plugins.publication import publication
from plugins.render import list_page
from plugins.schema import Index, is_slug
from tests.pages import parse
from tests.plugins.observation.field import SCHEMA
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
