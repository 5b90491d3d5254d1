"""A digest is drafted from what was kept: by theme, the most trusted first, within its type."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.check import load
from plugins.schema import Audience, Index, validate
from plugins.watch.draft import Pick, Words, by_theme, drafted, item, period_start

CONTENT = Path(__file__).parents[2] / "content"
WORDS = Words("Titre", "Une phrase. Deux phrases.", "Ce qui se dégage.")
SAID = {"why": "Utile ici.", "qualified_by": "Léa", "themes": ["sante"], "trust": "fiable"}


@pytest.fixture(scope="module")
def index() -> Index:
    return load(CONTENT).index


def pick(id: str = "aaaa", /, *sources: str, title: str = "Un guide", **said: object) -> Pick:
    return Pick(
        id, title, f"https://exemple.org/{id}", sources or ("Le Blog",), said={**SAID, **said}
    )


def test_themes_come_in_the_order_of_their_list_and_what_has_none_comes_last(index: Index) -> None:
    picks = [
        pick("a1", themes=[]),
        pick("a2", themes=["sante", "se-former"]),
        pick("a3", themes=["chercher-un-emploi"]),
        pick("a4", themes=["un-theme-disparu"]),
        pick("a5", themes=["se-former"]),
    ]
    found = [(theme, sorted(p.id for p in group)) for theme, group in by_theme(picks, index)]
    expected = [("chercher-un-emploi", ["a3"]), ("se-former", ["a2", "a5"]), ("", ["a1", "a4"])]
    assert found == expected


def test_of_a_theme_the_best_trusted_come_first_then_the_most_carried(index: Index) -> None:
    picks = [
        pick("opinion", trust="point-de-vue"),
        pick("seule"),
        pick("relayee", "Un", "Deux"),
        pick("verifiee", trust="verifie"),
        pick("sans", trust=""),
    ]
    [(_, group)] = by_theme(picks, index)
    assert [p.id for p in group] == ["verifiee", "relayee", "seule", "opinion", "sans"]


def test_a_draft_is_a_digest_without_a_fault(index: Index) -> None:
    data = drafted(
        [pick("a1"), pick("a2", qualified_by="Karim"), pick("a3")], WORDS, index, "2026-12-01"
    )
    assert validate(index.schema.types["digest"], data, "", index, Audience.EDITOR) == []
    assert [row["name"] for row in data["editors"]] == ["Léa", "Karim"]
    assert (data["period_start"], data["period_end"]) == ("2026-11-19", "2026-12-01")
    assert data["items"][0] == {
        "id": "a3",
        "title": "Un guide",
        "url": "https://exemple.org/a3",
        "source": "Le Blog",
        "why": "Utile ici.",
        "trust": "fiable",
        "themes": ["sante"],
        "qualified_by": "Léa",
    }


def test_nobody_need_be_named_and_nothing_need_be_written_yet(index: Index) -> None:
    data = drafted([pick(qualified_by="")], Words("", "", ""), index, "2026-12-01")
    problems = validate(index.schema.types["digest"], data, "", index, Audience.EDITOR)
    assert [(p.field, p.code) for p in problems] == [
        ("title", "required"),
        ("summary", "required"),
        ("intro", "required"),
    ], "an introduction is somebody's to write"


def test_what_is_gone_meanwhile_is_left_out_and_the_rest_stays(index: Index) -> None:
    about = ["initiative/partie", "need/savoir-ce-que-font-les-autres"]
    gone = pick(themes=["disparu", "sante"], trust="disparu", about=about, place={"territory": "x"})
    row = item(gone, index)
    assert (row["themes"], row["about"]) == (["sante"], about[1:])
    assert "trust" not in row and "place" not in row


def test_long_words_of_others_are_cut_short_and_odd_addresses_left_out(index: Index) -> None:
    odd = Pick(
        "a1",
        "mot " * 90,
        "javascript:alert(1)",
        ["Une source " * 9, "Une autre " * 9],
        "x" * 300,
        "hier",
        "xx",
        "y" * 90,
        SAID,
    )
    row = item(odd, index)
    assert len(row["title"]) <= 200 and row["title"].endswith("mot…")
    assert len(row["author"]) == 120 and len(row["source"]) <= 120 and len(row["found_by"]) == 80
    assert not row.keys() & {"url", "published", "language"}
    assert "url" not in item(Pick("a1", "t", f"https://a.fr/{'x' * 600}"), index), "none, not half"


def test_a_period_begins_where_the_one_before_ended(index: Index) -> None:
    empty = Index(index.schema, [])
    assert period_start(index, [], "2026-12-01") == "2026-11-19"
    assert period_start(index, [], "2026-11-02") == "2026-11-02", "never after its end"
    picks = [Pick("a", "", "", published=day) for day in ("2026-10-09", "2026-10-03", "")]
    assert period_start(empty, picks, "2026-12-01") == "2026-10-03"
    assert period_start(empty, [], "2026-12-01") == "2026-12-01"


def test_an_item_leads_to_the_pages_of_the_sources_that_carried_it(index: Index) -> None:
    known = index.of("source")[0].ref
    one = Pick("a1", "t", "https://a.fr/", carriers=(known, "source/partie"), said=SAID)
    assert item(one, index)["sources"] == [known]
