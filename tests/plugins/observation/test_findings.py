"""A finding stands as its observations make it stand, whoever wrote it and in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plugins.observation.findings import Standing, citations, findings_of, standing
from plugins.schema import Index
from tests.plugins.observation.field import SCHEMA, VIEWPOINTS, contents, law, notes, synthesis

sides = st.lists(st.sampled_from(VIEWPOINTS), max_size=5)


@law
@given(sides, sides, st.randoms())
def test_the_order_of_citations_changes_nothing(one, other, random):
    before = standing(one, other)
    random.shuffle(one)
    random.shuffle(other)
    assert standing(one, other) is before


@law
@given(sides, sides, st.sampled_from(VIEWPOINTS))
def test_one_that_contradicts_makes_it_divergent_and_only_taking_all_away_undoes_it(
    one, other, new
):
    found = standing(one, [*other, new])
    assert found is (Standing.DIVERGENT if one else Standing.WITHDRAWN)
    assert (standing(one, other) is Standing.DIVERGENT) == bool(one and other)


@law
@given(sides, st.sampled_from(VIEWPOINTS))
def test_it_is_crossed_by_a_second_viewpoint_and_not_by_more_of_the_same(one, new):
    assert standing([new] * (len(one) + 1), []) is Standing.ISOLATED
    expected = Standing.CROSSED if set(one) - {new} else Standing.ISOLATED
    assert standing([*one, new], []) is expected
    assert standing([new, new, *one], []) is expected


@law
@given(sides, sides)
def test_only_what_nothing_supports_is_withdrawn(one, other):
    assert (standing(one, other) is Standing.WITHDRAWN) == (not one)


@law
@given(contents())
def test_each_finding_counts_the_observations_that_it_cites(index):
    for document in index.of("synthesis"):
        for row, found in zip(document.data["findings"], findings_of(document, index), strict=True):
            assert [one.ref for one in found.supporting] == row["supporting"]
            assert [one.ref for one in found.contradicting] == row.get("contradicting", [])


@law
@given(contents())
def test_an_observation_knows_each_finding_that_cites_it(index):
    told = {
        (one.ref, found.synthesis.ref, found.finding.id, found.supports)
        for one in index.of("observation")
        for found in citations(one, index)
    }
    cited = {
        (ref, document.ref, row["id"], side == "supporting")
        for document in index.of("synthesis")
        for row in document.data["findings"]
        for side in ("supporting", "contradicting")
        for ref in row.get(side, ())
    }
    assert told == cited


@law
@given(notes("n"))
def test_what_is_no_finding_is_none_and_what_is_no_observation_counts_nowhere(one):
    odd = synthesis("s", [])
    odd.data["findings"] = ["x", {"claim": 3, "supporting": "n", "contradicting": [1, "need/x"]}]
    also = synthesis("t", [{"claim": "a", "supporting": [one.ref, one.ref, "observation/gone"]}])
    index = Index(SCHEMA, [one, odd, also])
    (strange,) = findings_of(odd, index)
    assert not strange.supporting and not strange.contradicting
    assert findings_of(also, index)[0].supporting == (one,)
    assert not findings_of(synthesis("u", "rien"), index)
