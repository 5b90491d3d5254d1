"""Merging: its laws, for good documents of every type and for answers of any shape."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.schema import Audience, Clash, Document, Field, Merged, Problem, merge, validate, write
from plugins.schema.kinds import Choices, Items, References
from tests.plugins.schema import changes
from tests.plugins.schema.changes import MADE_UP, REAL, Site

TYPES = [(site, each) for site in (REAL, MADE_UP) for each in site.schema.types.values()]
THING = MADE_UP.schema.types["thing"]
LINKED = (MADE_UP, MADE_UP.schema.types["linked"])  # where answers depend on one another most

law = settings(max_examples=200, deadline=None)


@dataclass(repr=False)
class Versions:
    """A good document, and what two people made of it at the same time, good as well."""

    site: Site
    base: Document
    ours: Document
    theirs: Document

    def __repr__(self) -> str:
        versions = (self.base, self.ours, self.theirs)
        return f"{self.base.type.name}\n" + "\n".join(f"  {d.data} {d.body}" for d in versions)

    @property
    def merged(self) -> Merged:
        return merge(self.base, self.ours, self.theirs)


@st.composite
def versions(draw: st.DrawFn) -> Versions:
    site, content_type = draw(st.sampled_from([*TYPES, LINKED, LINKED, LINKED]))
    names = draw(changes.subjects(content_type))
    base = draw(changes.documents(site, content_type, names))
    changed = changes.edits(site, base, [*names, "body"])
    return Versions(site, base, draw(changed), draw(changed))


def problems(site: Site, document: Document) -> list[Problem]:
    return validate(document.type, document.data, document.body, site.index, Audience.FILE)


def swapped(clashes: tuple[Clash, ...]) -> tuple[Clash, ...]:
    return tuple(replace(clash, ours=clash.theirs, theirs=clash.ours) for clash in clashes)


@law
@given(versions())
def test_who_changed_nothing_changes_nothing(v):
    for one in (v.ours, v.theirs):
        assert merge(v.base, v.base, one) == Merged(one)
        assert merge(v.base, one, v.base) == Merged(one)
        assert merge(v.base, one, one) == Merged(one)
        assert merge(None, one, one) == Merged(one)
        assert write(merge(v.base, v.base, one).document) == write(one)


@law
@given(versions())
def test_it_does_not_matter_which_of_two_people_comes_first(v):
    there, back = v.merged, merge(v.base, v.theirs, v.ours)
    assert write(there.document) == write(back.document)
    assert there.document == back.document
    assert swapped(there.clashes) == back.clashes


@law
@given(versions())
def test_good_changes_that_do_not_clash_make_a_good_document(v):
    assert not any(problems(v.site, document) for document in (v.base, v.ours, v.theirs))
    merged = v.merged
    assert merged.clashes or not problems(v.site, merged.document)


@law
@given(st.data())
def test_changes_of_different_answers_never_clash_and_both_are_in(data):
    site, content_type = data.draw(st.sampled_from(TYPES))
    fields = content_type.public_fields()
    linked = {name for field in fields if field.when for name in (field.name, *field.when)}
    free = [field.name for field in fields if field.name not in linked] + ["body"]
    names = data.draw(st.lists(st.sampled_from(free), max_size=8, unique=True))
    mine, yours = names[::2], names[1::2]
    base = data.draw(changes.documents(site, content_type, [n for n in names if n != "body"]))
    ours = data.draw(changes.edits(site, base, mine))
    theirs = data.draw(changes.edits(site, base, yours))
    expected = {
        name: side.data[name]
        for name in {*base.data, *ours.data, *theirs.data}
        if name in (side := ours if name in mine else theirs).data
    }
    body = ours.body if "body" in mine else theirs.body
    assert merge(base, ours, theirs) == Merged(Document(content_type, "un", expected, body))


@law
@given(versions())
def test_what_one_person_changed_is_as_that_person_left_it(v):
    merged = v.merged
    clashing = {clash.field for clash in merged.clashes}
    assert_one_sided(v.base.type.fields, "", clashing, v.base, v.ours, v.theirs, merged.document)
    if "body" not in clashing:
        assert merged.document.body in (v.ours.body, v.theirs.body)


def assert_one_sided(
    fields: Mapping[str, Field], at: str, clashing: Collection[str], *versions: Any
) -> None:
    answers = [version.data if at == "" else version for version in versions]
    for name in {name for version in answers for name in version}:
        path = f"{at}{name}"
        base, ours, theirs, merged = values = [version.get(name) for version in answers]
        kind = fields[name].kind if name in fields else None
        if path in clashing:
            assert merged == base
        elif base in (ours, theirs):
            assert merged == (theirs if ours == base else ours)
        elif isinstance(kind, Choices | References):
            sets = [set(value or ()) for value in values]
            for entry in set.union(*sets):
                assert_one_sided({}, " ", (), *({entry: entry in entries} for entries in sets))
        elif isinstance(kind, Items):
            tables = [{row["id"]: row for row in value or ()} for value in values]
            for id in {id for table in tables for id in table}:
                assert_row_one_sided(kind, f"{path}.{id}", clashing, *(t.get(id) for t in tables))


def assert_row_one_sided(kind: Items, at: str, clashing: Collection[str], *rows: Any) -> None:
    base, ours, theirs, merged = rows
    if at in clashing:
        assert merged == base
    elif base in (ours, theirs):
        assert merged == (theirs if ours == base else ours)
    else:
        assert_one_sided(kind.fields, f"{at}.", clashing, *(row or {} for row in rows))


@law
@given(versions())
def test_an_order_that_one_person_chose_is_kept(v):
    merged, clashing = v.merged.document, {clash.field for clash in v.merged.clashes}
    for name in merged.data:
        lists = [d.data.get(name, []) for d in (v.base, v.ours, v.theirs, merged)]
        if name in clashing or not all(isinstance(value, list) for value in lists):
            continue
        ids = [[entry["id"] if isinstance(entry, dict) else entry for entry in li] for li in lists]
        base, ours, theirs, found = (
            [entry for entry in entries if all(entry in others for others in ids)]
            for entries in ids
        )
        assert found == (theirs if ours == base else ours if theirs in (base, ours) else base)


ill_shaped = st.sampled_from(
    [
        *("", "texte", 3, True, None, 2.5, float("nan"), [], {}, [None], [1, "a"], [["a"]]),
        *(["a"], ["a", "a"], ["b", "a"], {"id": "r"}, {"a": {"b": [1]}}, [{"name": "sans id"}]),
        *([{"id": "r"}], [{"id": "r"}, {"id": "r"}], [{"id": ["r"]}], [{"id": "r"}, "texte"]),
        *([{"id": "r", "name": ["x"], 3: "y"}], [{"id": "r", "name": {}, "autre": 1}], [{}]),
        *([{"id": "s"}, {"id": "r", "on": 3}], [{"id": "une.autre"}], {"territory": ["tours"]}),
    ]
)
ill_shaped_documents = st.dictionaries(
    st.sampled_from([*THING.fields, "inconnu", "autre"]), ill_shaped, max_size=6
).map(lambda data: Document(THING, "un", data))


@settings(max_examples=400, deadline=None)
@given(st.none() | ill_shaped_documents, ill_shaped_documents, ill_shaped_documents)
def test_answers_of_any_shape_are_merged_without_breaking_anything(base, ours, theirs):
    there, back = merge(base, ours, theirs), merge(base, theirs, ours)
    assert there.document == back.document
    assert swapped(there.clashes) == back.clashes
