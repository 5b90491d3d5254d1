"""A document's file: what people type is read back as they typed it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.schema import Audience, Document, FrontMatterError, Index, read, validate, write
from tests.plugins.schema import strategies

SCHEMA = strategies.schema()
THING = SCHEMA.types["thing"]
EMPTY = Index(SCHEMA, ())


def document(raw: dict, body: str = "") -> Document:
    return Document(THING, "une-chose", THING.parse(raw), THING.body.kind.parse(body))


@given(strategies.data(), strategies.words)
def test_what_is_written_reads_back_the_same(raw, body):
    before = document(raw, body)
    assert read(THING, "une-chose", write(before)) == before


@given(strategies.data(), strategies.words)
def test_writing_what_was_read_changes_no_byte(raw, body):
    text = write(document(raw, body))
    assert write(read(THING, "une-chose", text)) == text


@given(strategies.data())
def test_good_answers_are_accepted_and_stay_good_in_the_file(raw):
    found = document(raw)
    assert validate(THING, found.data, "", EMPTY, Audience.EDITOR) == []
    again = read(THING, "une-chose", write(found))
    assert validate(THING, again.data, "", EMPTY, Audience.FILE) == []


anything = st.recursive(
    st.text(max_size=30) | st.none() | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*THING.fields, "inconnu"]), anything, max_size=8))
def test_any_answer_at_all_is_judged_and_never_breaks_anything(raw):
    found = document(raw)
    for audience in Audience:
        for problem in validate(THING, found.data, found.body, EMPTY, audience):
            assert problem.code
    list(found.references())
    Index(SCHEMA, [found])


@given(st.text(max_size=400))
def test_any_text_is_a_document_or_says_which_line_is_wrong(text):
    for candidate in (text, f"---\n{text}\n---\n", f"---\ntitle: {text}\n---\n{text}"):
        try:
            found = read(THING, "une-chose", candidate)
        except FrontMatterError as error:
            assert error.line >= 1
        else:
            validate(THING, found.data, found.body, EMPTY, Audience.FILE)


def test_private_answers_never_reach_the_file():
    text = write(document({"title": "Un", "secret": "moi@exemple.fr", "contact": "moi@exemple.fr"}))
    assert "exemple.fr" not in text


def test_a_telephone_number_and_a_yes_keep_their_words():
    found = read(THING, "x", "---\ntitle: no\ncall: 0247000000\nstory: 1_000\n---\n")
    assert found.data == {"title": "no", "call": "0247000000", "story": "1_000"}


def test_paragraphs_stand_as_blocks_that_an_editor_can_read():
    text = write(document({"title": "Un", "story": "Première ligne\nDeuxième : ligne"}))
    assert "story: |-\n  Première ligne\n  Deuxième : ligne\n" in text


def test_fields_stand_in_the_order_of_the_type():
    text = write(
        document({"theme": "a", "title": "Un", "created": "2026-11-23", "day": "2026-1-2"})
    )
    assert text == "---\ntitle: Un\ntheme: a\nday: 2026-01-02\ncreated: 2026-11-23\n---\n"


def test_an_unknown_key_is_kept_and_told():
    found = read(THING, "x", "---\ntitle: Un\ninconnu: {a: [1]}\n---\n")
    assert "inconnu" in write(found)
    codes = [(p.field, p.code) for p in validate(THING, found.data, "", EMPTY, Audience.FILE)]
    assert codes == [("inconnu", "unknown_field")]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("title: Un\n", "no_front_matter", 1),
        ("---\ntitle: Un\n", "no_front_matter", 1),
        ("---\ntitle: Un\ntitle: Deux\n---\n", "twice_in_file", 3),
        ("---\ntitle: Un\nstory: [\n---\n", "not_yaml", 4),
        ("---\n- a\n---\n", "not_yaml", 2),
        ("---\ntitle: &a [*a]\n---\n", "not_yaml", 2),
        ("---\ntitle: !!python/object:os.system x\n? [a]\n: b\n---\n", "twice_in_file", 3),
    ],
)
def test_a_file_that_cannot_be_read_says_where(text, code, line):
    with pytest.raises(FrontMatterError) as caught:
        read(THING, "x", text)
    assert (caught.value.code, caught.value.line) == (code, line)
