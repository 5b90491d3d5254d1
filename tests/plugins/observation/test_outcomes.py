"""The three lists hold what the syntheses call for, and say which of them do."""

from __future__ import annotations

from hypothesis import given

from plugins.observation.outcomes import Outcome, outlook
from tests.plugins.observation.field import OUTCOMES, OWN, contents, law, synthesis


@law
@given(contents())
def test_each_finding_is_on_the_list_of_its_outcome_and_on_no_other(index):
    told = {
        (outcome.term, one.synthesis.ref, one.finding.id)
        for outcome in Outcome
        for one in outlook(outcome, index).findings
    }
    assert told == {
        (row["outcome"], document.ref, row["id"])
        for document in index.of("synthesis")
        for row in document.data["findings"]
        if "outcome" in row
    }


def test_the_lists_are_those_of_the_vocabulary():
    assert {outcome.term for outcome in Outcome} == set(OUTCOMES)


def test_a_project_stands_with_the_syntheses_and_the_findings_that_put_it_there():
    (mardis, agenda) = outlook(Outcome.STRENGTHEN, OWN).entries
    assert mardis.document.slug == "les-mardis-du-cv"
    assert [one.slug for one in mardis.syntheses] == ["chercher-un-emploi-en-ligne"]
    assert [one.finding.id for one in mardis.findings] == ["cmufs"]
    assert agenda.document.slug == "agenda-commun-des-permanences"


def test_what_most_syntheses_name_comes_first_and_what_nothing_supports_calls_for_nothing():
    agenda = "initiative/agenda-commun-des-permanences"
    gone = [{"id": "x", "claim": "A", "withdrawn": "2026-11-03", "outcome": "renforcer"}]
    index = OWN.replacing(synthesis("autre", gone, to_strengthen=[agenda]))
    found = outlook(Outcome.STRENGTHEN, index)
    assert [len(entry.syntheses) for entry in found.entries] == [2, 1]
    assert found.entries[0].document.ref == agenda
    assert not [one for one in found.findings if one.finding.id == "x"]
