"""The Index: everything that refers to a page, and everything that bears a term, is found."""

from __future__ import annotations

import gc
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from plugins.schema import Document, Index, derived, slugify
from plugins.schema.slugs import is_slug
from tests.plugins.schema import strategies

SCHEMA = strategies.schema(
    thing=strategies.TYPE.replace("to: thing,", "to: [thing],").replace(
        "name: {kind: text, label: Nom, required: true}",
        "name: {kind: text, label: Nom}, see: {kind: references, to: thing, label: Voir}",
    )
)
THING = SCHEMA.types["thing"]
names = st.sampled_from(["un", "deux", "trois", "quatre"])


def document(slug: str, body: str = "", **data: object) -> Document:
    return Document(THING, slug, THING.parse({"title": slug, **data}), body)


documents = st.lists(
    st.builds(
        lambda slug, to, row, body, theme: document(
            slug,
            f"voir [là](thing/{body})",
            related=[f"thing/{to}"],
            rows=[{"id": "a", "see": [f"thing/{row}"]}],
            themes=[theme],
        ),
        *(names, names, names, names, strategies.terms),
    ),
    unique_by=lambda d: d.slug,
)


@given(documents)
def test_a_reference_is_seen_from_both_ends(found):
    index = Index(SCHEMA, found)
    for one in found:
        for other in found:
            refers = other.ref in set(one.references()) and one.ref != other.ref
            assert (other in index.references(one)) == refers
            assert (one in index.mentions(other)) == refers


@given(documents)
def test_counts_of_terms_are_counts_of_documents(found):
    index = Index(SCHEMA, found)
    for term, count in index.terms("thing", "themes").items():
        assert count == sum(term in d.data["themes"] for d in found)
        assert count == len(index.with_term("thing", "themes", term))


@given(documents)
def test_the_order_of_files_changes_nothing(found):
    def state(index):
        return [d.slug for d in index.of("thing")], index.terms("thing", "themes")

    assert state(Index(SCHEMA, found)) == state(Index(SCHEMA, reversed(found)))


def test_titles_are_ordered_as_a_reader_looks_them_up():
    found = [
        document("c", title="Éole"),
        document("a", title="eau"),
        document("b", title="« Étang »"),
    ]
    assert [d.title for d in Index(SCHEMA, found).of("thing")] == ["eau", "Éole", "« Étang »"]


def test_a_changed_document_replaces_itself():
    index = Index(SCHEMA, [document("un", theme="a")])
    changed = index.replacing(document("un", theme="c"))
    assert index.with_term("thing", "theme", "a")
    assert not changed.with_term("thing", "theme", "a")


@given(st.text(max_size=200))
def test_any_title_gives_a_name_that_addresses_can_bear(title):
    assert is_slug(slugify(title, "thing"))


def test_titles_become_readable_names():
    assert (
        slugify("L'œuvre d'Élodie à Saint-Pierre-des-Corps !")
        == "l-oeuvre-d-elodie-a-saint-pierre-des-corps"
    )
    assert slugify("Привет") == "privet"
    assert slugify("🙂", "need") == "need"
    assert slugify("page", "need") == "need-page"


def test_what_is_made_of_an_index_is_made_once_and_goes_with_it():
    made = []

    @derived
    def shelf(index: Index, day: str) -> list[Index]:
        made.append(day)
        return [index]

    one, other = Index(SCHEMA, [document("un")]), Index(SCHEMA, [document("deux")])
    assert shelf(one, "lundi") is shelf(one, "lundi")
    assert shelf(other, "lundi") == [other] and shelf(one, "lundi") == [one]
    assert made == ["lundi", "lundi"], "another Index, a preview's say, does not push it out"
    assert shelf(one, "mardi") and made[2:] == ["mardi"]
    gone = weakref.ref(one)
    del one
    gc.collect()
    assert gone() is None


def test_of_many_who_ask_just_after_a_publication_one_makes_it_for_all():
    made = []

    @derived
    def shelf(index: Index) -> list[Index]:
        made.append(index)
        time.sleep(0.02)  # the others come meanwhile
        return [index]

    index = Index(SCHEMA, [document("un")])
    with ThreadPoolExecutor(8) as people:
        assert list(people.map(shelf, [index] * 8)) == [[index]] * 8
    assert made == [index]
