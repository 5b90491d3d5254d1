"""An observation that is withdrawn leaves no trace but that one was, and the content stays good."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from plugins.check import Content, check
from plugins.observation.findings import Standing, cited, findings_of
from plugins.observation.quoting import quotation
from plugins.observation.withdrawal import taken_off
from plugins.schema import Document, Index, validate, write
from tests.plugins.observation.field import OWN, SCHEMA, contents, law, synthesis
from tests.plugins.schema.contents import applied

TODAY = datetime.date(2026, 12, 1)


@law
@given(contents(), st.data())
def test_one_after_the_other_can_be_withdrawn_and_the_check_passes_each_time(index, data):
    assert not check(Content(index, frozenset()))
    while observed := index.of("observation"):
        one = data.draw(st.sampled_from(observed))
        citing = {d.ref for d in index.mentions(one)}
        found = taken_off(index, one, TODAY, f"w{len(observed)}")
        assert not found.problems
        after = applied(index, found)
        assert not check(Content(after, frozenset()))
        assert not [d for d in after.documents if one.slug in write(d)]
        for document in after.of("synthesis"):
            before = len(index.get(document.ref).data.get("withdrawals", ()))
            now = len(document.data.get("withdrawals", ()))
            assert now - before == (document.ref in citing)
        index = after
    for document in index.of("synthesis"):
        assert not cited(document, index)
        for finding in findings_of(document, index):
            assert finding.standing is Standing.WITHDRAWN
            assert finding.withdrawn == "2026-12-01"


def test_a_finding_that_keeps_a_support_is_not_marked():
    one = OWN.get("observation/on-vient-a-deux")
    found = taken_off(OWN, one, TODAY, "w1").documents["syntheses/chercher-un-emploi-en-ligne.md"]
    assert not [row for row in found.data["findings"] if "withdrawn" in row]
    assert found.data["withdrawals"] == [{"id": "w1", "on": "2026-12-01"}]


def test_of_a_link_in_the_text_its_words_stay():
    one = OWN.get("observation/retrouver-un-mot-de-passe")
    found = taken_off(OWN, one, TODAY, "w1").documents["syntheses/chercher-un-emploi-en-ligne.md"]
    assert "(voir l’observation)" in found.body
    (marked,) = [row for row in found.data["findings"] if "withdrawn" in row]
    assert marked["id"] == "myedy"
    assert marked["contradicting"] == ["observation/l-atelier-tient-quand-les-habitues-l-animent"]


def test_what_was_quoted_of_it_is_quoted_no_more():
    gone, kept = (Document(SCHEMA.types["observation"], slug, {"title": slug}) for slug in "ab")
    quoted = [quotation([f"Paroles de {one.slug}."], one) for one in (gone, kept)]
    text = "\n\n".join(("## Constat", *quoted, "Voir [ceci](observation/a)."))
    written = synthesis("s", [{"id": "f", "claim": "C", "supporting": [kept.ref]}], text)
    index = Index(SCHEMA, [gone, kept, written])
    body = taken_off(index, gone, TODAY, "w1").documents["syntheses/s.md"].body
    assert "Paroles de b." in body and "Paroles de a" not in body
    assert body.endswith("Voir ceci.")


def test_what_is_no_observation_is_taken_off_as_before():
    need = OWN.get("need/candidater-quand-on-n-a-qu-un-telephone")
    found = taken_off(OWN, need, TODAY, "w1")
    assert not any("withdrawals" in d.data for d in found.documents.values())


def faults(row: dict[str, object]) -> list[tuple[str, str]]:
    document = synthesis("s", [{"id": "a", "claim": "Ceci", **row}])
    found = validate(document.type, document.data, "", Index(SCHEMA, []))
    return [(problem.field, problem.code) for problem in found if problem.code == "required"]


def test_a_finding_without_evidence_is_a_fault_unless_it_is_marked_as_withdrawn():
    assert ("findings.0.supporting", "required") in faults({})
    assert ("findings.0.supporting", "required") in faults({"contradicting": ["observation/x"]})
    assert ("findings.0.supporting", "required") not in faults({"withdrawn": "2026-12-01"})
