"""Needs that are the same one: heard together, listed once, and nothing of them is lost."""

from __future__ import annotations

import datetime
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.check import Content, check, describe
from plugins.observation.findings import viewpoint
from plugins.observation.hearing import hearing
from plugins.observation.matching import lacks_of, offers_for
from plugins.observation.outcomes import Outcome, outlook
from plugins.observation.unanswered import unanswered
from plugins.publication import publication
from plugins.render import data, document_page, home_page
from plugins.schema import Document, Index, brought_together
from tests.pages import parse
from tests.plugins.observation.field import SCHEMA, VIEWPOINTS, notes, synthesis
from tests.plugins.observation.test_hearing import need
from tests.plugins.observation.test_pages import SITE, THEME

TODAY = datetime.date(2026, 12, 2)
KIND = SCHEMA.types["need"]
OFFER = Document(
    SCHEMA.types["resource"], "cours", {"title": "Un cours", "id": "r", "format": "formation"}
)


@st.composite
def merged_needs(draw: st.DrawFn) -> Index:
    """Observations, and needs of which some are brought together: chains and stars, no ring."""
    seen = [draw(notes(f"o{number}")) for number in range(3)]
    told: list[Document] = []
    for number in range(draw(st.integers(2, 5))):
        free = [one.ref for one in told if all(one.ref not in other.merges for other in told)]
        more = {
            "heard": draw(st.lists(st.sampled_from([one.ref for one in seen]), unique=True)),
            "merged": draw(st.lists(st.sampled_from(free), unique=True)) if free else [],
            "drawn": draw(st.booleans()) or None,
            "viewpoint": draw(st.sampled_from(VIEWPOINTS)),
            "state": draw(st.sampled_from(["entendu", "repondu"])),
            "kinds": ["formation"],
            "place": {"territory": draw(st.sampled_from(["tours", "sanitas"]))},
        }
        told.append(need(f"n{number}", **{name: v for name, v in more.items() if v}))
    asked = synthesis("s", [], to_build=[one.ref for one in told])
    return Index(SCHEMA, [*seen, *told, asked, OFFER])


def below(one: Document, index: Index) -> list[Document]:
    """A need and all that it brings together, however deep."""
    others = [index.get(ref) for ref in one.merges]
    return [one, *(deep for other in others if other for deep in below(other, index))]


@settings(max_examples=25, deadline=None)
@given(merged_needs())
def test_a_kept_need_is_heard_by_each_distinct_voice_and_every_list_counts_it_once(
    index: Index,
) -> None:
    needs = index.of("need")
    kept = [one for one in needs if not any(one.ref in other.merges for other in needs)]
    for one in kept:
        family = below(one, index)
        voices = [voice for voice in family if not voice.data.get("drawn")]
        observed = {ref for each in family for ref in each.data.get("heard", ())}
        voices += [found for ref in observed if (found := index.get(ref))]
        assert hearing(one, index).times == len(voices)
        assert hearing(one, index).viewpoints == Counter(map(viewpoint, voices))
    own = {one.slug for one in kept}
    assert {one.slug for one in index.listed("need")} == own
    assert {one.slug for one in unanswered(index)} <= own
    called = outlook(Outcome.BUILD, index).entries
    assert {entry.document.slug for entry in called} == own and len(called) == len(own)
    lacking = {match.document.slug for match in lacks_of(OFFER, index, 99)}
    assert lacking == {one.slug for one in kept if one.data["state"] == "entendu"}
    for one in needs:
        assert one.slug in own or not offers_for(one, index)
    rows = {row["slug"]: row["merged_into"] for row in data(KIND, index, SITE)}
    assert rows == {one.slug: None if one.slug in own else index.kept(one).ref for one in needs}


def test_a_merged_need_has_its_page_and_no_row_anywhere() -> None:
    told = (
        need("garde", merged=["need/joint"], place={"territory": "tours"}),
        need("joint", place={"territory": "sanitas"}, kinds=["formation"], answers=["actor/a"]),
    )
    files = dict(publication(THEME, Index(SCHEMA, told)))
    page = parse(files["besoins/joint/index.html"])
    (notice,) = page.all("div", **{"class": "notice merged-into"})
    (link,) = notice.all("a")
    assert "Réuni avec Besoin garde" in notice.text
    assert link.attributes["href"] == "/besoins/garde/"
    assert "/besoins/joint/" in files["besoins/garde/index.html"]  # where it came from
    assert "besoins/par/place/sanitas/index.html" not in files
    assert "besoins/par/kinds/formation/index.html" not in files
    assert not any("/aider/" in a.attributes["href"] for a in page.all("a")), "help goes there"
    leading = {a.attributes["href"] for a in page.all("a") if "/par/" in a.attributes["href"]}
    assert not leading, "a list in which it does not stand may be there no more"
    linking = {name for name, text in files.items() if "/besoins/joint/" in text}
    assert {name.removeprefix("en/") for name in linking} == {
        *(
            "besoins/garde/index.html",
            "besoins/joint/index.html",
            "sitemap.xml",
            *(f"data/needs.{ending}" for ending in ("json", "csv", "geojson")),
        )
    }
    rows = {row["slug"]: row for row in json.loads(files["data/needs.json"])}
    assert rows["joint"]["merged_into"] == "need/garde" and rows["joint"]["answers"]
    assert "merged_into" not in json.loads(files["data/observations.json"] or "[{}]")


def test_what_was_brought_together_is_there_again_when_it_is_let_go() -> None:
    index = Index(SCHEMA, [need("garde", merged=["need/joint"]), need("joint")])
    assert [one.slug for one in index.listed("need")] == ["garde"]
    again = index.replacing(need("garde"))
    assert [one.slug for one in again.listed("need")] == ["garde", "joint"]
    assert "Besoin joint" in home_page(THEME, again)


def told(*needs: Document) -> list[str]:
    found = check(Content(Index(SCHEMA, needs), frozenset()))
    return [describe(problem, SCHEMA, "fr") for problem in found]


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ([need("a", merged=["need/a"])], ["réunie avec elle-même"]),
        (
            [need("a", merged=["need/b"]), need("b", merged=["need/a"])],
            ["« Besoin b » réunit déjà", "« Besoin a » réunit déjà"],
        ),
        (
            [
                need("a", merged=["need/b"]),
                need("b", merged=["need/c"]),
                need("c", merged=["need/a"]),
            ],
            ["réunit déjà"] * 3,
        ),
        (
            [need("a", merged=["need/c"]), need("b", merged=["need/c"]), need("c")],
            ["« Besoin c » est déjà réunie avec « Besoin b »", "avec « Besoin a »"],
        ),
    ],
    ids=["itself", "two", "three", "twice"],
)
def test_what_runs_in_a_ring_or_is_in_two_places_is_refused_with_a_sentence(
    needs: list[Document], said: list[str]
) -> None:
    found = told(*needs)
    assert len(found) == len(said)
    for words, fault in zip(said, found, strict=True):
        assert words in fault.replace("\u202f", " ")


def test_a_ring_that_a_file_holds_hides_no_need_meanwhile() -> None:
    ring = [need("a", merged=["need/b"]), need("b", merged=["need/a"]), need("c")]
    assert [one.slug for one in Index(SCHEMA, ring).listed("need")] == ["a", "b", "c"]


def test_bringing_together_changes_the_kept_page_alone_and_says_why_it_cannot() -> None:
    garde, joint = need("garde", answers=["actor/a"]), need("joint", merged=["need/trois"])
    index = Index(SCHEMA, [garde, joint, need("trois")])
    done = brought_together(index, garde, joint, TODAY)
    (after,) = done.documents.values()
    assert after.data["merged"] == ["need/joint"] and after.data["answers"] == ["actor/a"]
    assert after.updated == "2026-12-02" and not done.problems and not done.gone
    codes = [p.code for p in brought_together(index, index.of("need")[2], joint, TODAY).problems]
    assert codes == ["merged_ring"]
    ring = index.replacing(*done.documents.values())
    assert brought_together(ring, joint, after, TODAY).problems[0].code == "merged_ring"
    assert brought_together(ring, after, joint, TODAY).documents == {}


def test_a_need_drawn_from_an_observation_is_heard_there_and_nowhere_else() -> None:
    seen = Document(
        SCHEMA.types["observation"],
        "vu",
        {"title": "Vu", "id": "o", "viewpoint": "institution", "date": "2026-11"},
    )
    born = need("ne", heard=["observation/vu"], drawn=True, viewpoint="usager")
    index = Index(SCHEMA, [seen, born])
    found = hearing(born, index)
    assert (found.times, found.viewpoints) == (1, {"institution": 1})
    page = document_page(THEME, born, index)
    assert "Entendu 1 fois, depuis 1 point de vue" in page and "ne compte pas" in page
    alone = Index(SCHEMA, [need("ne", drawn=True)])  # the observation was withdrawn
    assert hearing(alone.of("need")[0], alone).times == 0
    assert "Entendu" not in document_page(THEME, alone.of("need")[0], alone)
