"""Merging: two people change one page at the same time, and neither loses a word unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.schema import Clash, Document, Merged, merge, write
from tests.plugins.schema.changes import MADE_UP, REAL


def document(type_name: str, body: str = "", slug: str = "un", **answers: Any) -> Document:
    return Document(REAL.schema.types[type_name], slug, answers, body)


def changed(before: Document, **answers: Any) -> Document:
    """`before` with other answers; None takes one away."""
    data = {name: value for name, value in {**before.data, **answers}.items() if value is not None}
    return replace(before, data=data)


def test_two_people_correct_two_answers_of_one_page():
    before = document("actor", title="EPN Fontaines", phone="02 47 00 00 00", opening="Le mardi")
    merged = merge(
        before, changed(before, phone="02 47 74 56 78"), changed(before, opening="Le jeudi")
    )
    assert merged == Merged(changed(before, phone="02 47 74 56 78", opening="Le jeudi"))


def test_the_same_correction_made_twice_is_one():
    before = document("actor", title="EPN Fontaine", phone="02 47 00 00 00")
    once = changed(before, title="EPN Fontaines")
    assert merge(before, once, changed(once, phone=None)) == Merged(changed(once, phone=None))


def test_two_titles_clash_and_the_page_keeps_the_one_it_had():
    before = document("actor", title="L’EPN")
    ours, theirs = changed(before, title="EPN Fontaines"), changed(before, title="EPN Gentiana")
    clash = Clash("title", "L’EPN", "EPN Fontaines", "EPN Gentiana")
    assert merge(before, ours, theirs) == Merged(before, (clash,))


def test_an_answer_that_one_removed_and_the_other_corrected_clashes():
    before = document("actor", title="Le HQ", phone="02 47 00 00 00")
    merged = merge(before, changed(before, phone=None), changed(before, phone="02 47 00 00 01"))
    assert merged.clashes == (Clash("phone", "02 47 00 00 00", None, "02 47 00 00 01"),)


def test_a_place_is_one_answer():
    before = document("actor", place={"territory": "tours"})
    ours = changed(before, place={"territory": "tours", "street": "8 rue Fleming"})
    theirs = changed(before, place={"territory": "la-riche"})
    merged = merge(before, ours, theirs)
    assert [clash.field for clash in merged.clashes] == ["place"]
    assert merged.document == before


def test_a_picture_is_one_answer():
    before = document("actor", image={"file": "la-porte.webp", "alt": "La porte"})
    ours = changed(before, image={"file": "la-porte.webp", "alt": "La porte, rue Fleming"})
    theirs = changed(before, image={"file": "la-salle.webp", "alt": "La salle"})
    assert [clash.field for clash in merge(before, ours, theirs).clashes] == ["image"]


def test_a_text_that_both_rewrote_clashes_whole():
    before = document("need", "Le wifi manque.", title="Du wifi")
    ours = replace(before, body="Le wifi manque au Sanitas.")
    theirs = changed(replace(before, body="Le wifi est lent."), title="Un wifi qui marche")
    clash = Clash("body", before.body, ours.body, theirs.body)
    assert merge(before, ours, theirs) == Merged(changed(before, title=theirs.title), (clash,))
    assert merge(before, before, theirs) == Merged(theirs)


def test_themes_that_each_added_and_removed_are_all_added_and_removed():
    before = document("initiative", themes=["cooperer", "citoyennete"])
    ours = changed(before, themes=["cooperer", "citoyennete", "demarches-et-droits"])
    theirs = changed(before, themes=["cooperer", "apprendre-le-numerique"])
    merged = merge(before, ours, theirs)
    assert merged == Merged(
        changed(before, themes=["cooperer", "apprendre-le-numerique", "demarches-et-droits"])
    )


def test_links_that_each_added_are_all_there():
    before = document("initiative", carriers=["actor/resoudre"])
    ours = changed(before, carriers=["actor/resoudre", "actor/tolmao"])
    theirs = changed(before, carriers=["actor/coopaxis", "actor/resoudre"])
    assert merge(before, ours, theirs).document.data["carriers"] == [
        *("actor/coopaxis", "actor/resoudre", "actor/tolmao")
    ]


def test_more_themes_than_allowed_clash_if_only_both_together_are_too_many():
    before = document("initiative", themes=["cooperer", "citoyennete"])
    ours = changed(before, themes=["cooperer", "citoyennete", "demarches-et-droits"])
    theirs = changed(before, themes=["cooperer", "citoyennete", "apprendre-le-numerique"])
    clash = Clash("themes", *(d.data["themes"] for d in (before, ours, theirs)))
    assert merge(before, ours, theirs) == Merged(before, (clash,))


def test_each_may_remove_a_theme_but_not_both_together_the_last():
    before = document("initiative", themes=["cooperer", "citoyennete"])
    ours = changed(before, themes=["cooperer"])
    merged = merge(before, ours, changed(before, themes=["citoyennete"]))
    assert merged.document == before
    assert [clash.field for clash in merged.clashes] == ["themes"]


def linked(**answers: Any) -> Document:
    return Document(MADE_UP.schema.types["linked"], "un", {"title": "Un", **answers})


def test_a_list_may_be_emptied_by_one_person_but_not_by_halves():
    before = linked(tags=["a", "b", "c", "d"])
    halves = merge(before, linked(tags=["a", "b"]), linked(tags=["c", "d"]))
    assert halves == Merged(before, (Clash("tags", [*"abcd"], ["a", "b"], ["c", "d"]),))
    assert merge(before, linked(), linked(tags=["c", "d"])) == Merged(linked())


def digest(*entries: dict[str, Any], **answers: Any) -> Document:
    return document("digest", title="Observer ensemble", items=list(entries), **answers)


WIKI = {"id": "yfyg3", "title": "Un wiki du département", "themes": ["cooperer"]}
MAP = {"id": "6mcce", "title": "La carte des lieux", "why": "À garder à l’accueil."}
DATA = {"id": "vwwwz", "title": "L’offre d’insertion en données ouvertes"}
SURVEY = {"id": "b2k4m", "title": "Une enquête d’habitants"}


def test_entries_of_a_digest_are_corrected_answer_by_answer():
    ours = digest({**WIKI, "trust": "fiable", "themes": ["cooperer", "citoyennete"]}, MAP)
    theirs = digest({**WIKI, "why": "On s’y relie.", "themes": []}, {**MAP, "trust": "fiable"})
    both = {**WIKI, "trust": "fiable", "why": "On s’y relie.", "themes": ["citoyennete"]}
    expected = digest(both, {**MAP, "trust": "fiable"})
    assert merge(digest(WIKI, MAP), ours, theirs) == Merged(expected)


def test_entries_that_each_added_are_all_there_and_removed_ones_are_gone():
    merged = merge(digest(WIKI, MAP), digest(WIKI, MAP, SURVEY), digest(DATA, MAP))
    assert merged == Merged(digest(DATA, MAP, SURVEY))


def test_one_puts_the_most_useful_entry_first_while_the_other_corrects_it():
    ours, theirs = digest(MAP, WIKI), digest(WIKI, {**MAP, "title": "La carte"}, DATA)
    assert merge(digest(WIKI, MAP), ours, theirs) == Merged(
        digest({**MAP, "title": "La carte"}, DATA, WIKI)
    )


def test_two_orders_of_the_entries_clash():
    before = digest(WIKI, MAP, DATA)
    merged = merge(before, digest(MAP, WIKI, DATA), digest(WIKI, DATA, MAP))
    assert merged.document == before
    assert [clash.field for clash in merged.clashes] == ["items"]


def test_a_clash_inside_an_entry_names_the_entry_and_the_answer():
    ours, theirs = digest(WIKI, {**MAP, "why": "Utile."}), digest({**MAP, "why": "Rapide."}, DATA)
    merged = merge(digest(WIKI, MAP), ours, theirs)
    assert merged == Merged(
        digest(MAP, DATA),
        (Clash("items.6mcce.why", "À garder à l’accueil.", "Utile.", "Rapide."),),
    )


def test_an_entry_that_one_removed_and_the_other_corrected_stays_and_clashes():
    corrected = {**MAP, "trust": "fiable"}
    merged = merge(digest(WIKI, MAP), digest(WIKI), digest(WIKI, corrected, DATA))
    assert merged == Merged(digest(WIKI, MAP, DATA), (Clash("items.6mcce", MAP, None, corrected),))


def test_more_entries_than_allowed_clash_if_only_both_together_are_too_many():
    rows = [{"id": id, "name": "Un", "themes": ["a"]} for id in "abcd"]
    before, ours, theirs = (linked(rows=rows[:2] + more) for more in ([], rows[2:3], rows[3:]))
    assert merge(before, ours, theirs).document == before
    assert [clash.field for clash in merge(before, ours, theirs).clashes] == ["rows"]


@pytest.mark.parametrize("id", ["yfyg3", "un.deux", "", None, 3, ["a"]])
def test_entries_that_their_ids_do_not_tell_apart_are_one_answer(id):
    other = {**MAP, "id": id}
    ours, theirs = digest(WIKI, {**other, "why": "Utile."}), digest(WIKI, other, DATA)
    merged = merge(digest(WIKI, other), ours, theirs)
    assert [clash.field for clash in merged.clashes] == ["items"]


def test_entries_without_ids_are_one_answer():
    before = document("resource", aliases=[{"name": "le-guide"}])
    ours = changed(before, aliases=[{"name": "le-guide"}, {"name": "guide"}])
    theirs = changed(before, aliases=[{"name": "le-guide"}, {"name": "un-guide"}])
    assert merge(before, ours, before) == Merged(ours)
    assert [clash.field for clash in merge(before, ours, theirs).clashes] == ["aliases"]


def test_a_finding_does_not_lose_its_last_observation_by_two_removals():
    seen = ["observation/on-vient-a-deux", "observation/on-photographie-son-ecran"]
    finding = {"id": "a1", "claim": "On vient à deux.", "supporting": seen}
    before = document("synthesis", findings=[finding])
    ours, theirs = (changed(before, findings=[{**finding, "supporting": [one]}]) for one in seen)
    merged = merge(before, ours, theirs)
    assert merged.document == before
    assert merged.clashes == (Clash("findings.a1.supporting", seen, seen[:1], seen[1:]),)


def test_the_later_date_of_two_changes_is_that_of_the_page():
    before = document("actor", title="Le HQ", updated="2026-11-17")
    ours, theirs = changed(before, updated="2026-11-23"), changed(before, updated="2026-11-20")
    assert merge(before, ours, theirs) == Merged(ours)


def test_two_new_pages_of_one_name_clash_where_they_differ():
    ours = document(
        "actor", id="b6ssr39y", title="Le HQ", themes=["cooperer"], updated="2026-11-23"
    )
    theirs = changed(ours, id="73rh878q", themes=["citoyennete"], updated="2026-11-24")
    merged = merge(None, ours, theirs)
    assert merged.clashes == (Clash("id", None, "b6ssr39y", "73rh878q"),)
    assert merged.document == changed(theirs, id=None, themes=["citoyennete", "cooperer"])


def test_a_page_is_renamed_while_somebody_corrects_it():
    before = document("actor", title="Le HQ")
    renamed = replace(before, slug="le-hq")
    corrected = changed(before, phone="02 47 00 00 00")
    assert merge(before, renamed, corrected) == Merged(replace(corrected, slug="le-hq"))
    other = merge(before, renamed, replace(before, slug="hq"))
    assert other == Merged(before, (Clash("slug", "un", "le-hq", "hq"),))


def test_a_key_that_is_no_field_is_one_answer_and_never_lost():
    before = document("actor", title="Le HQ")
    ours, theirs = changed(before, wifi={"a": 1}), changed(before, salles=["a"])
    assert merge(before, ours, theirs) == Merged(changed(before, salles=["a"], wifi={"a": 1}))
    reordered = changed(document("actor", zoo="", aire="a"), title="Le HQ")
    assert write(merge(before, before, reordered).document) == write(reordered)
    other = merge(before, ours, changed(before, wifi={"b": 1}))
    assert other == Merged(before, (Clash("wifi", None, {"a": 1}, {"b": 1}),))


def test_a_change_is_undone_without_what_others_changed_since():
    before = document("digest", title="Observer", items=[WIKI, MAP], summary="Deux choses.")
    after = changed(before, title="Observer ensemble", items=[WIKI, SURVEY, MAP])
    main = changed(after, items=[WIKI, SURVEY, MAP, DATA], summary="Quatre choses.")
    assert merge(base=after, ours=main, theirs=before) == Merged(
        changed(main, title="Observer", items=[WIKI, MAP, DATA])
    )


# Answers that depend on one another: either person's go together, half of each do not


def test_a_price_is_told_of_what_the_other_made_free():
    before = document("actor", fees="payant")
    ours, theirs = changed(before, fees="gratuit"), changed(before, fees_detail="5 € par an")
    assert merge(before, ours, theirs) == Merged(
        before,
        (
            Clash("fees", "payant", "gratuit", "payant"),
            Clash("fees_detail", None, None, "5 € par an"),
        ),
    )


def test_a_price_is_told_where_the_answers_still_ask_for_it():
    before = document("actor", fees="payant")
    ours = changed(before, fees="gratuit-sous-condition")
    merged = merge(before, ours, changed(before, fees_detail="5 € par an"))
    assert merged == Merged(changed(ours, fees_detail="5 € par an"))


def test_tools_are_named_that_both_together_removed():
    before = document("initiative", tools=["cartes", "wiki"], tools_named="uMap")
    ours, theirs = changed(before, tools=["cartes"]), changed(before, tools=["wiki"])
    merged = merge(before, ours, theirs)
    assert merged == Merged(before, (Clash("tools", ["cartes", "wiki"], ["cartes"], ["wiki"]),))


def test_a_question_that_only_both_together_raise_is_nobodys_to_answer():
    before = linked(theme="d")
    ours = changed(before, theme="b", price="5 €")
    theirs = changed(before, tags=["a", "c"])
    merged = merge(before, ours, theirs)
    assert merged.document == before
    assert {clash.field for clash in merged.clashes} == {"theme", "price", "tags"}


def test_what_both_agree_on_is_no_clash_though_an_answer_it_asks_for_is():
    before = linked()
    ours = changed(before, theme="b", price="5 €")
    merged = merge(before, ours, changed(ours, price="6 €"))
    assert merged == Merged(changed(ours, price=None), (Clash("price", None, "5 €", "6 €"),))


def test_a_page_that_had_a_fault_is_merged_like_any_other():
    before = document("actor", fees="gratuit", fees_detail="5 € par an", phone="02 47 00 00 00")
    ours, theirs = changed(before, phone="02 47 00 00 01"), changed(before, title="Le HQ")
    assert merge(before, ours, theirs) == Merged(changed(ours, title="Le HQ"))
    good = document("actor", fees="payant", fees_detail="5 € par an")
    faulty, theirs = changed(good, fees="gratuit"), changed(good, title="Le HQ")
    assert merge(good, faulty, theirs) == Merged(changed(faulty, title="Le HQ"))


@pytest.mark.parametrize("name", ["themes", "related", "rows"])
def test_a_word_where_a_list_belongs_is_one_answer(name):
    thing = MADE_UP.schema.types["thing"]
    before, ours, theirs = (Document(thing, "un", {name: value}) for value in (["a"], "b", ["c"]))
    assert merge(before, ours, theirs) == Merged(before, (Clash(name, ["a"], "b", ["c"]),))
