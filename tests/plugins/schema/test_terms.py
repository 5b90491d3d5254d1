"""Terms added and removed; and what was written before they changed, read afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugins.schema import (
    Index,
    Label,
    Term,
    choosing,
    in_current_terms,
    term_added,
    term_rekeyed,
    term_removed,
    terms_merged,
)
from plugins.schema.vocabulary_text import read_vocabulary
from tests.plugins.schema.contents import applied, vocabulary_text
from tests.plugins.schema.test_terminology import (
    EMPTY,
    LAYOUTS,
    MANAGED,
    NAMES,
    OWN,
    PLAIN,
    THEMES,
    codes,
    labels,
    law,
    some_terms,
    thing,
)


@pytest.mark.parametrize("layout", LAYOUTS)
@given(label=labels, has_map=st.booleans())
def test_a_term_is_added_last_and_removed_again_in_any_layout(layout, label, has_map):
    text = LAYOUTS[layout]
    before = read_vocabulary("themes", text)
    label = {language: said.strip() for language, said in label.items()}
    new = Term("null", Label(label), map={"no": "a: b", "di": "é"} if has_map else {})
    found = term_added(EMPTY, "themes", text, new)
    assume(not found.problems)  # words that no label may have
    (now,) = found.vocabularies.values()
    assert list(read_vocabulary("themes", now).terms.values()) == [*before.terms.values(), new]
    (back,) = term_removed(EMPTY, "themes", now, "null").vocabularies.values()
    assert read_vocabulary("themes", back) == before
    assert back.rstrip() == text.rstrip()


@pytest.mark.parametrize("name", NAMES)
def test_a_term_is_added_to_our_own_files_as_the_others_are_written(name):
    text = vocabulary_text(name)
    new = Term("tout-neuf", Label({"fr": "Tout neuf", "en": "Brand new"}), map={"mn": "Neuf"})
    found = term_added(OWN, name, text, new)
    if name == "territories":
        assert [p.code for p in found.problems] == ["needs_place"]
        return
    (now,) = found.vocabularies.values()
    assert now == text.rstrip("\n") + (
        '\n  tout-neuf:\n    label: {fr: "Tout neuf", en: "Brand new"}\n    map: {mn: "Neuf"}\n'
    )


@pytest.mark.parametrize("key", ["a", "B", "", "a: x", "é"])
def test_a_term_without_a_key_of_its_own_is_not_added(key):
    found = term_added(EMPTY, "themes", THEMES, Term(key, Label({"fr": "X"})))
    assert found.problems
    assert not found.files
    assert term_added(EMPTY, "themes", THEMES, Term("x", Label({"fr": " "}))).problems
    told = term_added(EMPTY, "themes", THEMES, Term("x", Label({"fr": "X"}), map={"di": "a\nb"}))
    assert told.problems


def test_a_term_that_something_needs_is_not_removed():
    index = Index(PLAIN, [thing(theme="b")])
    assert codes(term_removed(index, "themes", THEMES, "b"))[0][2] == "used_term"
    assert choosing(index, "themes", "b") == index.documents
    inner = term_removed(EMPTY, "themes", LAYOUTS["as ours"], "a")
    assert [p.code for p in inner.problems] == ["outer_term"]
    assert term_removed(EMPTY, "themes", THEMES, "z").problems
    tied = codes(term_removed(MANAGED, "themes", THEMES, "b"))
    assert ("types/linked.yaml", "price", "tied_term") in tied


@law
@given(st.data())
def test_what_was_written_before_terms_changed_is_read_with_their_keys_of_now(data):
    """Renamed, then merged: a page of before says what the rewritten one says."""
    index, name, kept, gone = some_terms(data)
    there = term_rekeyed(index, name, vocabulary_text(name), gone, "un-autre")
    assume(not there.problems)
    once = applied(index, there)
    found = terms_merged(once, name, *there.vocabularies.values(), kept, "un-autre")
    assume(not found.problems)
    after = applied(once, found)
    for old in index.documents:
        now = after.get(old.ref)
        assert now and in_current_terms(old, after.schema).data == now.data
        assert in_current_terms(now, after.schema) is now


def test_a_key_that_is_a_term_again_is_not_taken_for_another():
    (there,) = term_rekeyed(EMPTY, "themes", THEMES, "a", "z").vocabularies.values()
    (again,) = term_added(EMPTY, "themes", there, Term("a", Label({"": "A"}))).vocabularies.values()
    vocabulary = read_vocabulary("themes", again)
    assert vocabulary.terms["z"].formerly == ("a",)
    schema = replace(PLAIN, vocabularies={**PLAIN.vocabularies, "themes": vocabulary})
    assert in_current_terms(thing(theme="a"), schema).data["theme"] == "a"
