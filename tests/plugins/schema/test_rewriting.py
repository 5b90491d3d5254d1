"""Renaming and unpublishing: what refers to a document follows it, and nothing else changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.check import load
from plugins.schema import Document, Index, normal_body, renamed, unpublished, whole
from plugins.schema.kinds import Markdown
from plugins.schema.replacement import Replacement
from tests.plugins.schema import strategies
from tests.plugins.schema.changes import REAL
from tests.plugins.schema.contents import FOLDER, applied, contents, new_faults, ordered

OWN = load(FOLDER).index
law = settings(max_examples=30, deadline=None)
wholes = st.one_of(contents(REAL), contents(REAL), st.just(OWN))
SITE = "site.yaml"
REFERENCES = Markdown().references


def some(data: st.DataObject) -> tuple[Index, Document]:
    """A content and one of its documents, rather one that others refer to."""
    index = data.draw(wholes)
    mentioned = [document for document in index.documents if index.mentions(document)]
    return index, data.draw(st.sampled_from(mentioned or index.documents))


@law
@given(st.data())
def test_what_referred_to_a_document_refers_to_its_new_name_and_nothing_else_changes(data):
    index, document = some(data)
    found = renamed(index, document, "autre-nom", "k2")
    after = applied(index, found)
    new = f"{document.type.name}/autre-nom"
    mentions = index.mentions(document)
    assert found.gone == {document.path}
    assert found.documents.keys() == {after.get(new).path} | {d.path for d in mentions}
    assert not [d for d in after.documents if document.ref in map(whole, d.references())]
    assert {d.ref for d in after.mentions(after.get(new))} == {d.ref for d in mentions}
    assert after.named(document.type.name, document.slug) == (after.get(new),)
    for mention in mentions:
        assert found.documents[mention.path].updated == mention.updated


@law
@given(st.data())
def test_what_a_rename_breaks_is_told_and_nothing_more(data):
    index, document = some(data)
    found = renamed(index, document, "n" * 110, "k2")
    after = applied(index, found)
    moved = {document.path: after.get(f"{document.type.name}/{'n' * 110}").path}
    assert ordered(found.problems) == ordered(new_faults(index, after, moved))


@law
@given(st.data())
def test_a_rename_there_and_back_changes_only_former_names(data):
    index, document = some(data)
    there = applied(index, renamed(index, document, "autre-nom", "k2"))
    moved = there.get(f"{document.type.name}/autre-nom")
    back = applied(there, renamed(there, moved, document.slug, "k3"))
    assert {d.ref for d in back.documents} == {d.ref for d in index.documents}
    for before in index.documents:
        now = back.get(before.ref)
        assert now.body == before.body
        assert {**now.data, "aliases": None} == {**before.data, "aliases": None}
    again = back.get(document.ref)
    assert set(again.aliases) == set(document.aliases) | {"autre-nom"}


@law
@given(st.data())
def test_what_is_unpublished_is_named_nowhere_and_what_needed_it_is_told(data):
    index, document = some(data)
    found = unpublished(index, document)
    after = applied(index, found)
    assert found.files[document.path] is None
    assert found.documents.keys() == {d.path for d in index.mentions(document)}
    assert after.get(document.ref) is None
    assert not [d for d in after.documents if document.ref in map(whole, d.references())]
    told = [problem for problem in found.problems if problem.path != "site.yaml"]
    assert ordered(told) == ordered(new_faults(index, after))
    for mention in index.mentions(document):
        kept = [ref for ref in mention.references() if whole(ref) != document.ref]
        assert sorted(after.get(mention.ref).references()) == sorted(kept)


SCHEMA = strategies.schema(
    _common=strategies.COMMON + "  aliases: {kind: items, managed: true,"
    " max: 2, label: Avant, fields: {name: {kind: text, required: true, label: Nom}}}\n"
)
THING = SCHEMA.types["thing"]


def thing(slug: str, body: str = "", **data: object) -> Document:
    return Document(THING, slug, THING.parse({"title": slug, **data}), body)


def test_a_name_that_another_page_has_or_had_is_taken():
    had = thing("deux", aliases=[{"id": "a", "name": "avant"}])
    index = Index(SCHEMA, [thing("un"), had])
    for slug in ("deux", "avant"):
        found = renamed(index, index.get("thing/un"), slug, "k2")
        assert [(p.path, p.field, p.code) for p in found.problems] == [
            ("things/un.md", "slug", "taken")
        ]
        assert not found.files
    assert not renamed(index, had, "avant", "k2").problems


@given(st.text(max_size=20) | st.sampled_from(["page", "../un", "Un", "un/deux", "a" * 121, "con"]))
def test_what_is_no_name_is_refused_or_never_leads_out_of_its_folder(slug):
    index = Index(SCHEMA, [thing("un")])
    found = renamed(index, index.get("thing/un"), slug, "k2")
    assert [p.code for p in found.problems] in ([], ["bad_slug"])
    assert all(path.count("/") == 1 and ".." not in path for path in found.files)


def test_the_name_it_has_already_changes_nothing():
    index = Index(SCHEMA, [thing("un")])
    assert not renamed(index, index.get("thing/un"), "un", "k2").files


def test_a_page_that_speaks_of_itself_follows_itself():
    one = thing("un", "Voir [plus haut](thing/un#un).", related=["thing/un"])
    found = renamed(Index(SCHEMA, [one]), one, "deux", "k2").documents["things/deux.md"]
    assert found.body == "Voir [plus haut](thing/deux#un)."
    assert found.data["related"] == ["thing/deux"]


def test_too_many_former_names_are_told():
    one = thing("un", aliases=[{"id": "a", "name": "avant"}, {"id": "b", "name": "bien-avant"}])
    found = renamed(Index(SCHEMA, [one]), one, "deux", "k2")
    assert [(p.path, p.field, p.code) for p in found.problems] == [
        ("things/deux.md", "aliases", "too_many")
    ]


def test_of_a_link_the_words_stay():
    one, other = thing("un"), thing("deux", related=["thing/un"], notes="[un](thing/un)")
    body = "Voir [**un** [bis] \\[ter](thing/un#la), ![lui](thing/un) ou [deux](thing/deux)."
    other = Document(THING, "deux", other.data, body)
    found = unpublished(Index(SCHEMA, [one, other]), one)
    now = found.documents["things/deux.md"]
    assert now.body == "Voir **un** [bis] \\[ter, lui ou [deux](thing/deux)."
    assert now.data == {"title": "deux", "notes": "un"}
    assert found.counts == {"thing": 1}
    assert not found.problems


def test_the_page_that_tells_what_becomes_of_personal_data_is_needed_by_the_site():
    notices = set(OWN.schema.site.privacy.texts.values())
    needed = [d for d in OWN.documents if {p.path for p in unpublished(OWN, d).problems} >= {SITE}]
    assert {document.url for document in needed} == notices


def test_a_name_that_begins_like_another_is_another():
    one, longer = thing("un"), thing("un-deux")
    other = thing("trois", "[a](thing/un-deux) [b](thing/un)", related=["thing/un-deux"])
    index = Index(SCHEMA, [one, longer, other])
    now = renamed(index, one, "deux", "k2").documents["things/trois.md"]
    assert now.body == "[a](thing/un-deux) [b](thing/deux)"
    assert now.data["related"] == ["thing/un-deux"]


tokens = ["[", "]", "(", ")", "\\", "!", "`", " ", "\n", "mot", "](thing/un)", "](thing/un#x)"]
tokens += ["](thing/deux)", "(thing/un)", "(thing/deux)", "[a](thing/un)", "[b](thing/deux)"]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(tokens), max_size=14).map("".join))
def test_in_any_text_what_is_gone_is_named_no_more_and_no_link_is_made(text):
    kept = [ref for ref in REFERENCES(text) if whole(ref) != "thing/un"]
    dropped = Replacement(references={"thing/un": None}).words(text)
    assert list(REFERENCES(dropped)) == kept
    assert dropped.count("mot") == text.count("mot")
    moved = Replacement(references={"thing/un": "thing/trois"}).words(text)
    named = [ref.replace("thing/un", "thing/trois") for ref in REFERENCES(text)]
    assert list(REFERENCES(moved)) == named
    assert Replacement(references={"thing/trois": "thing/un"}).words(moved) == text
    assert normal_body(dropped) == normal_body(normal_body(dropped))


def test_values_that_are_none_of_their_kind_stay_as_they_came():
    odd = {"related": [1, {"a": 2}], "rows": ["x", {"name": 3}], "place": "là", "themes": {"a": 1}}
    one, other = thing("un"), Document(THING, "deux", odd, "[un](thing/un)")
    now = unpublished(Index(SCHEMA, [one, other]), one).documents["things/deux.md"]
    assert now.data == odd
    assert now.body == "un"
