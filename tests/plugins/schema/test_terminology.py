"""Terms: another label, another key, one instead of two; in the file as people wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plugins.check import load
from plugins.schema import (
    Document,
    Field,
    Index,
    Label,
    count_uses,
    term_rekeyed,
    term_renamed,
    terms_merged,
)
from plugins.schema.kinds import Choice, Choices, Items, Place
from plugins.schema.vocabulary_text import read_vocabulary
from tests.plugins.schema import strategies
from tests.plugins.schema.changes import REAL
from tests.plugins.schema.contents import (
    FOLDER,
    applied,
    contents,
    new_faults,
    ordered,
    vocabulary_text,
)

OWN = load(FOLDER).index
TIED = {"tied_term", "managed_term"}
law = settings(max_examples=30, deadline=None)
wholes = st.one_of(contents(REAL), contents(REAL), st.just(OWN))
NAMES = sorted(set(OWN.vocabularies) - {"languages"})  # their keys are the site's own


def chosen(fields: Mapping[str, Field], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (vocabulary, term) that good answers choose, inside items too."""
    for name, value in answers.items():
        match fields[name].kind if name in fields else None:
            case Items(fields=inner):
                for row in value:
                    yield from chosen(inner, row)
            case Choice(vocabulary=vocabulary):
                yield vocabulary, value
            case Choices(vocabulary=vocabulary):
                yield from ((vocabulary, term) for term in value)
            case Place():
                yield "territories", value["territory"]


def using(index: Index, vocabulary: str, key: str) -> set[str]:
    """The paths of the documents that choose a term anywhere."""
    wanted = (vocabulary, key)
    return {d.path for d in index.documents if wanted in chosen(d.type.fields, d.data)}


def some_terms(data: st.DataObject) -> tuple[Index, str, str, str]:
    """A content, a vocabulary that it uses, and two of its terms, the second of them used."""
    index = data.draw(wholes)
    uses = {name: count_uses(index, name) for name in NAMES}
    used = [name for name in NAMES if any(uses[name].values())]
    assume(used)
    name = data.draw(st.sampled_from(used))
    gone = data.draw(st.sampled_from([key for key, found in uses[name].items() if found]))
    kept = data.draw(st.sampled_from([key for key in uses[name] if key != gone]))
    return index, name, kept, gone


@law
@given(st.data())
def test_after_merging_nothing_uses_the_term_that_is_gone(data):
    index, name, kept, gone = some_terms(data)
    found = terms_merged(index, name, vocabulary_text(name), kept, gone)
    assume(not {"inner_term", *TIED} & {p.code for p in found.problems})
    after = applied(index, found)
    assert gone not in after.vocabularies[name].terms
    assert not [t for t in after.vocabularies[name].terms.values() if t.within == gone]
    assert using(after, name, gone) == set()
    assert using(after, name, kept) == using(index, name, kept) | using(index, name, gone)
    assert found.documents.keys() == using(index, name, gone)
    assert ordered(found.problems) == ordered(new_faults(index, after))
    for path, document in found.documents.items():
        for value in document.data.values():
            if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
                assert len(set(value)) == len(value), path


@law
@given(st.data())
def test_another_key_and_back_is_as_before_but_for_the_memory_of_it(data):
    index, name, _, key = some_terms(data)
    text = vocabulary_text(name)
    there = term_rekeyed(index, name, text, key, "un-autre")
    assume(not TIED & {p.code for p in there.problems})
    assert not there.problems
    after = applied(index, there)
    assert not new_faults(index, after)
    assert using(after, name, "un-autre") == using(index, name, key) == there.documents.keys()
    back = term_rekeyed(after, name, *there.vocabularies.values(), "un-autre", key)
    (now,) = back.vocabularies.values()
    assert now.replace("    formerly: [un-autre]\n", "") == text
    again = applied(after, back)
    assert {d.ref: (d.data, d.body) for d in again.documents} == {
        d.ref: (d.data, d.body) for d in index.documents
    }


@law
@given(st.sampled_from(sorted(OWN.vocabularies)), st.data())
def test_before_it_is_done_one_knows_how_many_documents_change(name, data):
    index = data.draw(wholes)
    for key, counts in count_uses(index, name).items():
        assert counts.total() == len(using(index, name, key))
        found = term_rekeyed(index, name, vocabulary_text(name), key, "un-autre")
        assert found.problems or found.counts == counts


@pytest.mark.parametrize("name", sorted(OWN.vocabularies))
def test_in_our_own_files_only_the_words_change(name):
    text = vocabulary_text(name)
    for key, term in OWN.vocabularies[name].terms.items():
        other = Label(dict.fromkeys(term.label.texts, "Élan : « # »"))
        (there,) = term_renamed(OWN, name, text, key, other).vocabularies.values()
        changed = [a for a, b in zip(text.split("\n"), there.split("\n"), strict=True) if a != b]
        assert len(changed) == 1
        (back,) = term_renamed(OWN, name, there, key, term.label).vocabularies.values()
        assert back == text
        assert not term_renamed(OWN, name, text, key, term.label).files


@pytest.mark.parametrize("name", NAMES)
def test_in_our_own_files_a_merged_term_takes_only_its_own_lines_with_it(name):
    text, terms = vocabulary_text(name), list(OWN.vocabularies[name].terms)
    for kept, gone in zip(terms, [*terms[1:], terms[0]], strict=True):
        found = terms_merged(OWN, name, text, kept, gone)
        if {p.code for p in found.problems} & TIED or not found.vocabularies:
            continue
        lines = iter(text.split("\n"))
        now = [
            line.replace(f"within: {kept}", f"within: {gone}") if line not in text else line
            for line in next(iter(found.vocabularies.values())).split("\n")
        ]
        now.remove(f"    formerly: [{gone}]")
        assert all(line in lines for line in now)  # each in the order of the old ones
        assert now.count("") == text.split("\n").count("")


@pytest.mark.parametrize("name", sorted(OWN.vocabularies))
def test_in_our_own_files_a_hint_is_changed_taken_away_and_put_back(name):
    text, before = vocabulary_text(name), OWN.vocabularies[name]
    for key, term in list(before.terms.items())[:4]:
        now = text
        for hint in (Label({"fr": "Élan : « # »", "en": "Leap"}), Label(), term.hint):
            found = term_renamed(OWN, name, now, key, term.label, hint=hint)
            assert not found.problems
            now = next(iter(found.vocabularies.values()), now)
            assert read_vocabulary(name, now).terms[key].hint == hint
        assert read_vocabulary(name, now) == before


words = strategies.lines.filter(str.strip)
labels = st.dictionaries(st.sampled_from(["fr", "en", "no"]), words, min_size=1) | words.map(
    lambda text: {"": text}
)


LAYOUTS = {
    "as ours": 'terms:\n  # À 🙂\n  a:  # un\n    label: {fr: "A", en: "B"} # deux\n'
    "    # à lui\n  # à b\n  b: {label: 'B', within: a}\n  c: C # trois\n",
    "in one line": "{terms: {a: 'À', b: {label: B, within: a}, c: {label: {fr: C}}}}",
    "with blocks": "label: X\nterms:\n  a:\n    label:\n      fr: >-\n        A\n      # en\n"
    "      en: |\n        B\n    map:\n      x: y\n\n  b:\n    within: a\n    label: 'l''eau'\n"
    "  c: |\n     C\n",
    "quoted": 'terms:\n  "a": "A"\n  \'b\':\n    label: "\\u00c0"\n    within: "a"\n  c: C',
    "several lines in braces": "terms: {\n a: A, # un\n b: {label: B,\n within: a},\n c: C\n}\n",
    "from Windows": "terms:\r\n  a:\r\n    label: A\r\n  b:\r\n    label: B\r\n"
    "    within: a\r\n  c: C\r\n",
}
ODD = {
    "shared": "terms:\n  a: &x {label: A}\n  b: *x\n  c: C\n",
    "shared words": "terms:\n  a: {label: &x A}\n  b: {label: *x, within: a}\n  c: C\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@given(label=labels, key=st.sampled_from("abc"))
def test_any_words_stand_in_any_layout(layout, label, key):
    text = LAYOUTS[layout]
    before = read_vocabulary("themes", text)
    found = term_renamed(EMPTY, "themes", text, key, Label(label))
    assert not found.problems
    now = read_vocabulary("themes", found.vocabularies.get("vocabularies/themes.yaml", text))
    assert {k: v for k, v in now.terms.items() if k != key} == {
        k: v for k, v in before.terms.items() if k != key
    }
    assert now.terms[key].label.texts.keys() == label.keys()
    assert now.terms[key].within == before.terms[key].within


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("kept", "gone"), ["cb", "ca", "ba", "ac", "bc", "ab"])
def test_terms_merge_and_take_other_keys_in_any_layout(layout, kept, gone):
    text = LAYOUTS[layout]
    found = terms_merged(EMPTY, "themes", text, kept, gone)
    rekeyed = term_rekeyed(EMPTY, "themes", text, gone, "null")
    if (kept, gone) == ("b", "a"):
        assert [p.code for p in found.problems] == ["inner_term"]
    else:
        (now,) = found.vocabularies.values()
        assert set(read_vocabulary("themes", now).terms) == {"a", "b", "c"} - {gone}
        assert {line.strip() for line in now.splitlines() if "# à b" in line} <= {"# à b"}
        assert ("# à b" in now) == ("# à b" in text)
    if gone == "a":  # what is within nothing is within "null" for YAML
        assert [p.code for p in rekeyed.problems] == ["by_hand"]
    else:
        assert "null" in read_vocabulary("themes", *rekeyed.vocabularies.values()).terms


@pytest.mark.parametrize("layout", LAYOUTS)
@given(label=labels, key=st.sampled_from("abc"))
def test_any_hint_stands_in_any_layout(layout, label, key):
    text = LAYOUTS[layout]
    before = read_vocabulary("themes", text)
    found = term_renamed(EMPTY, "themes", text, key, before.terms[key].label, hint=Label(label))
    assert not {p.code for p in found.problems} - {"by_hand"}
    if not found.problems:
        now = read_vocabulary("themes", found.vocabularies["vocabularies/themes.yaml"])
        said = {language: words.strip() for language, words in now.terms[key].hint.texts.items()}
        kept = {language: normalize("NFC", words).strip() for language, words in label.items()}
        assert said == kept


@pytest.mark.parametrize("layout", ODD)
def test_what_cannot_be_changed_surely_is_left_to_a_person(layout):
    text = ODD[layout]
    before = read_vocabulary("themes", text)
    for key in before.terms:
        tried = [
            term_renamed(EMPTY, "themes", text, key, Label({"": "Neuf"})),
            term_rekeyed(EMPTY, "themes", text, key, "neuf"),
            *(terms_merged(EMPTY, "themes", text, "c", key) for _ in "x" if key != "c"),
        ]
        for found in tried:
            assert {p.code for p in found.problems} <= {"by_hand"}
            assert bool(found.vocabularies) != bool(found.problems)


SCHEMA = strategies.schema(
    thing=strategies.TYPE.replace("state: {kind: choice", "state: {managed: true, kind: choice"),
    linked=strategies.LINKED,
)
MANAGED = Index(SCHEMA, ())
PLAIN = strategies.schema(
    thing="folder: things\nlabel: Chose\nfields:\n  title: {kind: text, label: Titre}\n"
    "  theme: {kind: choice, from: themes, label: Thème}\n"
    "  themes: {kind: choices, from: themes, min: 2, label: Thèmes}\n"
    "  place: {kind: place, label: Lieu}\n"
    "  rows: {kind: items, label: Lignes, fields: {of: {kind: choices, from: themes, label: De},"
    " rest: {kind: text, required: true, when: {of: d}, label: Reste}}}\n"
)
EMPTY = Index(PLAIN, ())
THEMES = strategies.THEMES


def thing(**data: object) -> Document:
    content_type = PLAIN.types["thing"]
    return Document(content_type, "un", content_type.parse({"title": "Un", **data}))


def codes(found) -> list[tuple[str, str, str]]:
    return [(p.path, p.field, p.code) for p in found.problems]


def test_what_the_site_writes_itself_and_what_questions_hang_on_keeps_its_key():
    found = term_rekeyed(MANAGED, "themes", THEMES, "b", "z")
    assert ("vocabularies/themes.yaml", "b", "managed_term") in codes(found)
    assert ("types/linked.yaml", "price", "tied_term") in codes(found)
    assert ("types/linked.yaml", "why", "tied_term") in codes(found)
    assert not found.files
    merged = terms_merged(MANAGED, "themes", THEMES, "c", "b")  # `price` is asked for either
    assert ("types/linked.yaml", "price", "tied_term") not in codes(merged)


def test_a_set_that_becomes_too_small_and_an_answer_that_is_missing_are_told():
    index = Index(PLAIN, [thing(themes=["a", "c"], rows=[{"id": "x", "of": ["a"]}])])
    assert codes(terms_merged(index, "themes", THEMES, "c", "a")) == [
        ("things/un.md", "themes", "too_few")
    ]
    found = terms_merged(index, "themes", THEMES, "d", "a")
    assert codes(found) == [("things/un.md", "rows.0.rest", "required")]


def test_terms_are_changed_wherever_they_are_chosen():
    one = thing(theme="b", themes=["a", "b", "c"], rows=[{"id": "x", "of": ["c", "b"]}])
    found = terms_merged(Index(PLAIN, [one]), "themes", THEMES, "c", "b")
    assert found.documents["things/un.md"].data == {
        "title": "Un",
        "theme": "c",
        "themes": ["a", "c"],
        "rows": [{"id": "x", "of": ["c"]}],
    }
    place = thing(place={"territory": "sanitas", "street": "3 rue"})
    text = strategies.TERRITORIES
    found = terms_merged(Index(PLAIN, [place]), "territories", text, "tours", "sanitas")
    assert found.documents["things/un.md"].data["place"] == {
        "territory": "tours",
        "street": "3 rue",
    }
    (now,) = found.vocabularies.values()
    assert now == 'terms: {tours: {label: "Tours", formerly: [sanitas]}}'


@pytest.mark.parametrize(
    ("new", "code"), [("b", "taken_key"), ("B", "bad_key"), ("", "bad_key"), ("a: x", "bad_key")]
)
def test_a_key_that_is_none_or_another_term_has_is_refused(new, code):
    found = term_rekeyed(EMPTY, "themes", THEMES, "a", new)
    assert [p.code for p in found.problems] == [code]
    assert not found.files


def test_of_a_term_that_is_none_nothing_is_done():
    for found in (
        term_renamed(EMPTY, "themes", THEMES, "z", Label({"": "Z"})),
        term_rekeyed(EMPTY, "themes", THEMES, "z", "y"),
        terms_merged(EMPTY, "themes", THEMES, "z", "a"),
        terms_merged(EMPTY, "themes", THEMES, "a", "z"),
    ):
        assert [p.code for p in found.problems] == ["unknown_term"]
        assert not found.files


@pytest.mark.parametrize("words", ["", "\n", "a\nb", "x" * 201, "\x00", "a\u2028x"])
def test_words_that_are_no_label_are_told(words):
    found = term_renamed(EMPTY, "themes", THEMES, "a", Label({"fr": words}))
    assert found.problems
    assert not found.files
    assert term_renamed(EMPTY, "themes", THEMES, "a", Label({})).problems
