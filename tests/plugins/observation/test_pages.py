"""What pages, figures and files say of observations is what the content says, and nothing else."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.observation.findings import cited
from plugins.observation.outcomes import Outcome
from plugins.observation.withdrawal import taken_off
from plugins.publication import publication
from plugins.render import Site, Theme, data, document_page, list_page
from plugins.render.figures import csv_text, figures
from plugins.render.observing import figures_page
from plugins.render.outlooks import outcome_channel, outcome_pages
from plugins.render.shown import Setting
from plugins.schema import Document, Index
from tests.pages import Element, parse
from tests.plugins.observation.field import OWN, SCHEMA, contents, notes, synthesis
from tests.plugins.schema.contents import applied

SITE = Site("https://exemple.fr/", "https://exemple.fr/", datetime.date(2026, 12, 2))
THEME = Theme(SITE, SCHEMA)
law = settings(max_examples=12, deadline=None)
LABELS = {
    name: {key: term.label.get("fr") for key, term in SCHEMA.vocabularies[name].terms.items()}
    for name in ("viewpoints", "themes", "territories", "practice_families", "difficulty_kinds")
}
Numbers = dict[tuple[str, str], int]


def first_page(index: Index, outcome: Outcome, lang: str = "fr") -> str:
    _, html = next(outcome_pages(THEME, index, outcome, lang))
    return html


def tables(page: Element) -> dict[str, Numbers]:
    """The numbers of each figure's table, by (line, column); zeros left out."""
    found = {}
    for block in page.all("figure"):
        head, *lines = [[c.text for c in tr if c.tag in ("th", "td")] for tr in block.all("tr")]
        cells = {
            (line[0], name): int(cell)
            for line in lines
            for name, cell in zip(head[1:], line[1:], strict=True)
        }
        found[block.attributes["id"].removeprefix("figure-")] = {
            k: n for k, n in cells.items() if n
        }
    return found


def counted(observed: tuple[Document, ...]) -> dict[str, Numbers]:
    """The same, counted here from the files' own answers."""
    found: dict[str, Counter[tuple[str, str]]] = {
        name: Counter() for name in ("viewpoint", "themes", "place", "practices-difficulties")
    }
    for one in observed:
        seen = LABELS["viewpoints"][one.data["viewpoint"]]
        found["viewpoint"][seen, "Observations"] += 1
        within = SCHEMA.territories[one.data["place"]["territory"]].within
        place = LABELS["territories"][one.data["place"]["territory"]]
        place += f", {LABELS['territories'][within]}" if within else ""
        for name, lines in (
            ("themes", [LABELS["themes"][key] for key in one.data["themes"]]),
            ("place", [place]),
        ):
            for line in lines:
                found[name][line, seen] += 1
                found[name][line, "Observations"] += 1
        for practice in one.data.get("practices", ()):
            for difficulty in one.data.get("difficulties", ()):
                cell = (
                    LABELS["difficulty_kinds"][difficulty],
                    LABELS["practice_families"][practice],
                )
                found["practices-difficulties"][cell] += 1
    return {name: dict(numbers) for name, numbers in found.items() if numbers}


def drawn(page: Element) -> dict[str, int]:
    """How many observations each drawing shows: marks, or the numbers beside its bars."""
    found = {}
    for block in page.all("figure"):
        name = block.attributes["id"].removeprefix("figure-")
        said = sum(int(text.text) for text in block.all("text", **{"class": "number"}))
        marks = len(block.all("use"))
        assert marks in (0, said), f"{name}: {marks} marks, {said} in numbers"
        found[name] = said
    return found


def check_figures(html: str, observed: tuple[Document, ...]) -> None:
    page = parse(html)
    told = {name: numbers for name, numbers in tables(page).items() if name != "month"}
    assert told == counted(observed)
    for name, total in drawn(page).items():
        numbers = tables(page)[name]
        lone = name in ("viewpoint", "practices-difficulties")
        assert total == sum(n for (_, col), n in numbers.items() if lone or col == "Observations")
    assert "Aucune ne vient de" in html or len({o.data["viewpoint"] for o in observed}) in (0, 3)


@law
@given(contents())
def test_every_number_of_the_figures_is_a_count_of_observations(index: Index) -> None:
    check_figures(figures_page(THEME, index, "fr"), index.of("observation"))
    for one in index.of("synthesis"):
        check_figures(document_page(THEME, one, index), cited(one, index))


@law
@given(contents())
def test_a_file_has_the_numbers_of_its_table(index: Index) -> None:
    page = parse(figures_page(THEME, index, "fr"))
    for figure in figures(index.of("observation"), Setting(index, SITE, "fr")):
        rows = list(csv.reader(io.StringIO(csv_text(figure, "Observations"))))
        (block,) = page.all("figure", id=f"figure-{figure.name}")
        told = [[c.text for c in tr if c.tag in ("th", "td")] for tr in block.all("tr")]
        assert rows == told


@law
@given(contents())
def test_a_finding_shows_every_observation_on_its_side_and_its_standing(index: Index) -> None:
    for one in index.of("synthesis"):
        page = parse(document_page(THEME, one, index))
        found = data(one.type, index, SITE)[[d.ref for d in index.of("synthesis")].index(one.ref)]
        for row, told in zip(one.data["findings"], found["findings"], strict=True):
            (card,) = page.all("li", id=row["id"])
            assert f"finding--{told['standing']}" in card.attributes["class"]
            for side, name in (("for", "supporting"), ("against", "contradicting")):
                links = [
                    a.attributes["href"]
                    for section in card.all("section", **{"class": f"side side--{side}"})
                    for a in section.all("a")
                ]
                assert links == [f"/observations/{r[12:]}/" for r in row.get(name, ())]
                assert sum(told[f"{name}_viewpoints"].values()) == len(links)
            if row.get("contradicting"):
                assert told["standing"] == "divergent"


@law
@given(contents())
def test_what_the_text_cites_stands_once_in_its_notes_and_each_leads_to_the_other(
    index: Index,
) -> None:
    for one in index.of("synthesis"):
        page = parse(document_page(THEME, one, index))
        calls = page.all("a", role="doc-noteref")
        backs = page.all("a", role="doc-backlink")
        ids = Counter(e.attributes["id"] for e in page if "id" in e.attributes)
        assert max(ids.values()) == 1
        assert len(calls) == one.body.count("](observation/")
        assert {c.attributes["href"] for c in backs} == {f"#{c.attributes['id']}" for c in calls}
        named = [c.attributes["href"] for c in calls]
        assert list(dict.fromkeys(named)) == [f"#note-{n + 1}" for n in range(len(set(named)))]
        assert all(name[1:] in ids for name in named)


def test_a_note_says_from_where_it_was_seen_and_nothing_finer_than_the_month() -> None:
    one = OWN.get("synthesis/chercher-un-emploi-en-ligne")
    assert one
    page = parse(document_page(THEME, one, OWN))
    (call,) = page.all("a", role="doc-noteref")
    source = "Professionnel de terrain, Joué-lès-Tours, octobre 2026"
    assert call.attributes["aria-label"] == f"1, {source}"
    (note,) = page.all("li", id="note-1")
    assert source in " ".join(note.text.split())


def test_an_observation_says_which_findings_it_supports_and_what_they_call_for() -> None:
    one = OWN.get("observation/l-atelier-tient-quand-les-habitues-l-animent")
    assert one
    page = parse(document_page(THEME, one, OWN))
    (section,) = page.all("section", id="suites-donnees")
    said = " ".join(section.text.split())
    assert said.index("Elle appuie un constat") < said.index("Croisé") < said.index("À renforcer")
    assert said.index("Elle contredit un constat") < said.index("Divergent")
    (elsewhere,) = page.all("section", id="cite")
    assert not [a for a in elsewhere.all("a") if "/syntheses/" in a.attributes["href"]]


def test_a_list_tells_how_the_findings_of_each_synthesis_stand() -> None:
    page = list_page(THEME, SCHEMA.types["synthesis"], OWN)
    assert "1 constat croisé, 2 constats divergents, 2 constats isolés" in page
    assert '<a href="/syntheses/a-construire/">' in page


def test_an_outcome_names_what_put_each_project_on_its_list() -> None:
    page = parse(first_page(OWN, Outcome.STRENGTHEN, "fr"))
    links = {a.attributes["href"] for a in page.one("main").all("a")}
    there = "/syntheses/chercher-un-emploi-en-ligne/"
    assert {"/initiatives/les-mardis-du-cv/", there, f"{there}#cmufs"} <= links


def test_the_feed_of_an_outcome_has_what_its_page_has() -> None:
    found = outcome_channel(THEME, OWN, Outcome.BUILD)
    page = parse(first_page(OWN, Outcome.BUILD, "fr"))
    links = {SITE.absolute(a.attributes["href"].lstrip("/")) for a in page.one("main").all("a")}
    assert {entry.url for entry in found.entries} <= links
    assert len({entry.id for entry in found.entries}) == len(found.entries) == 4


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_site_without_any_observation_has_its_pages_all_the_same(lang: str) -> None:
    empty = Index(SCHEMA, [])
    assert "<figure" not in figures_page(THEME, empty, lang)
    for outcome in Outcome:
        assert parse(first_page(empty, outcome, lang)).all("p", **{"class": "empty"})


@settings(max_examples=3, deadline=None)
@given(st.data())
def test_an_observation_that_is_withdrawn_is_in_no_file_of_the_site(data: st.DataObject) -> None:
    kept, gone = data.draw(notes("reste")), data.draw(notes("disparue"))
    rows = [{"id": "a", "claim": "Ceci", "supporting": [gone.ref], "contradicting": [kept.ref]}]
    index = Index(SCHEMA, [kept, gone, synthesis("s", rows, f"Vu [là]({gone.ref}).")])
    after = applied(index, taken_off(index, gone, datetime.date(2026, 12, 1), "w1"))
    files = dict(publication(THEME, after))
    assert not [path for path, text in files.items() if "disparue" in text or "disparue" in path]
    page = files["syntheses/s/index.html"]
    assert "Une observation a été retirée" in page
    assert "Retiré" in page and "Ce qui l’appuyait a été retiré du site le" in page
    assert "Vu là." in page
    rows = json.loads(files["data/syntheses.json"])
    assert rows[0]["findings"][0]["standing"] == "withdrawn"
    check_figures(files["observations/chiffres/index.html"], (kept,))


def test_many_observations_are_a_bar_and_their_number() -> None:
    one = OWN.get("observation/on-vient-a-deux")
    assert one
    many = [Document(one.type, f"n{n}", {**one.data, "id": f"n{n}"}) for n in range(40)]
    page = parse(figures_page(THEME, Index(SCHEMA, many), "fr"))
    assert not page.all("use")
    (block,) = page.all("figure", id="figure-place")
    assert block.one("text", **{"class": "number"}).text == "40"
