"""What a seeker is led to: the nearest first, what suits her, what is given up if nothing does."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bench_seek import plainly
from plugins.render.seeking import question_of, questions
from plugins.schema import Document, Index
from plugins.seeking import GROUPS, MOST, SITUATION, WISHES, Answer, Near, Question, Seeking
from tests.plugins.observation.field import SCHEMA, law

TODAY = datetime.date(2026, 11, 26)
WORK = (("themes", "chercher-un-emploi"),)
PLACES = ("tours", "sanitas", "europe", "la-riche", "luynes", "metropole")


def page(type_name: str, slug: str, territory: str = "", **data: Any) -> Document:
    """With the fewest of answers; it was verified lately, unless it says when."""
    given = {"title": slug.capitalize(), "created": "2026-11-01", "lang": "fr", **data}
    if territory:
        given["place"] = {"territory": territory, **given.pop("point", {})}
    return Document(SCHEMA.types[type_name], slug, given)


def ask(question: Question, *pages: Document) -> Answer:
    return Seeking(Index(SCHEMA, pages), TODAY).answer(question)


def slugs(answer: Answer, type_name: str = "actor") -> list[str]:
    groups = {group.type_name: group for group in answer.groups}
    return [one.document.slug for one in groups[type_name].found] if type_name in groups else []


def test_the_quarter_comes_before_the_commune_and_that_before_its_neighbours() -> None:
    pages = [
        page("actor", "luynes", "luynes"),
        page("actor", "partout", "metropole"),
        page("actor", "ville", "tours"),
        page("actor", "riche", "la-riche"),
        page("actor", "autre-quartier", "europe"),
        page("actor", "ici", "sanitas"),
    ]
    answer = ask(Question(territory="sanitas"), *pages)
    assert slugs(answer) == ["ici", "autre-quartier", "ville", "partout", "riche", "luynes"]
    found = answer.groups[0].found
    assert [one.near for one in found[:3]] == [Near.QUARTER, Near.COMMUNE, Near.COMMUNE]
    assert found[4].km == 5 and 10 < found[5].km < 15
    assert not answer.is_all_away
    assert ask(Question(territory="sanitas"), pages[0]).is_all_away


def test_a_place_is_as_far_as_its_own_address_says() -> None:
    near = page("actor", "au-bord", "luynes", point={"lat": 47.395, "lon": 0.62})
    far = page("actor", "au-bourg", "luynes")
    answer = ask(Question(territory="la-riche"), far, near)
    assert slugs(answer) == ["au-bord", "au-bourg"] and answer.groups[0].found[0].km == 2


def test_of_the_same_town_what_meets_most_comes_first_then_what_is_sure() -> None:
    both = WORK + (("themes", "se-former"),)
    pages = [
        page("actor", "a-douteux", "tours", themes=["chercher-un-emploi"], created="2020-01-01"),
        page("actor", "b-un", "tours", themes=["chercher-un-emploi"]),
        page("actor", "c-deux", "tours", themes=["chercher-un-emploi", "se-former"]),
        page(
            "actor", "d-pour", "tours", services=["insertion-professionnelle"], audiences=["jeunes"]
        ),
        page("actor", "e-rien", "tours", themes=["sante"]),
    ]
    answer = ask(Question("jeunes", both, "tours"), *pages)
    assert slugs(answer) == ["c-deux", "d-pour", "b-un", "a-douteux"]


def test_a_place_that_says_how_to_turn_to_it_comes_before_one_that_does_not() -> None:
    old = {"created": "2024-11-01"}
    pages = [
        page("actor", "a-muet", "tours"),
        page("actor", "b-site", "tours", url="https://exemple.fr/", **old),
        page("actor", "c-rue", "tours", point={"street": "3 rue du Change"}),
        page("actor", "d-vieux", "tours", phone="02 47 00 00 00", created="2015-01-01"),
        page("actor", "e-telephone", "tours", phone="02 47 00 00 00"),
    ]
    found = slugs(ask(Question(territory="tours"), *pages))
    assert found == ["c-rue", "e-telephone", "b-site", "a-muet", "d-vieux"]


def test_a_service_that_a_national_list_calls_the_same_answers_a_theme_and_is_asked_once() -> None:
    place = page("actor", "epn", "tours", services=["insertion-professionnelle"])
    assert slugs(ask(Question(wishes=WORK), place)) == ["epn"]
    index = Index(SCHEMA, [place])
    asked = {
        wishes: questions(Question(wishes=wishes), Seeking(index, TODAY), index, "fr").wishes
        for wishes in ((), (("services", "insertion-professionnelle"),))  # as an address may ask
    }
    told = [[(one.name, one.is_chosen) for one in wishes] for wishes in asked.values()]
    assert told == [[("theme", False)], [("service", True)]]


def test_what_is_for_others_or_closed_or_over_is_not_shown() -> None:
    pages = [
        page("actor", "jeunes", "tours", audiences=["jeunes"]),
        page("actor", "tous", "tours", audiences=["tous-publics", "jeunes"]),
        page("actor", "bureaux", "tours", access=["pas-de-public"]),
        page("actor", "pros", "tours", audiences=["professionnels"]),
        page("initiative", "finie", "tours", status="terminee"),
        page("event", "passe", "tours", start="2026-11-20T18:00"),
        page("event", "dure", "tours", start="2026-11-20T18:00", end="2026-11-27T18:00"),
        page("event", "annule", "tours", start="2026-12-20T18:00", state="annule"),
        page("event", "ce-soir", "tours", start="2026-11-26T18:00"),
    ]
    answer = ask(Question("seniors"), *pages)
    assert slugs(answer) == ["tous"] and slugs(answer, "event") == ["dure", "ce-soir"]
    assert slugs(answer, "initiative") == []


def test_what_was_given_up_is_said_the_situation_first() -> None:
    young = page("actor", "jeunes", "tours", audiences=["jeunes"], themes=["chercher-un-emploi"])
    answer = ask(Question("seniors", WORK, "tours"), young)
    assert slugs(answer) == ["jeunes"] and answer.given_up == (SITUATION,)
    other = page("actor", "sante", "tours", themes=["sante"])
    assert ask(Question("seniors", WORK, "tours"), other).given_up == (WISHES,)
    neither = page("actor", "autre", "tours", themes=["sante"], audiences=["jeunes"])
    assert ask(Question("seniors", WORK, "tours"), neither).given_up == (SITUATION, WISHES)
    assert ask(Question("seniors", WORK, "tours")) == Answer(())


def test_an_address_that_was_kept_leads_to_terms_by_their_former_keys_and_bad_ones_are_told() -> (
    None
):
    index = Index(SCHEMA, ())
    sent = [("situation", "jeunes"), ("theme", "sante"), ("theme", "sante"), ("commune", "tours")]
    expected = Question("jeunes", (("themes", "sante"),), "tours")
    assert question_of(sent, index) == (expected, False)
    assert question_of([*sent, ("theme", "x" * 5000)], index) == (expected, True)
    assert question_of([("commune", ""), ("autre", "")], index) == (Question(), False)
    assert question_of([("autre", "1")], index) == (Question(), True)


@st.composite
def contents(draw: st.DrawFn) -> tuple[list[Document], Question]:
    def some(vocabulary: str, most: int = 3) -> list[str]:
        keys = list(SCHEMA.vocabularies[vocabulary].terms)[:4]
        return draw(st.lists(st.sampled_from(keys), max_size=most, unique=True))

    pages = []
    for number in range(draw(st.integers(0, 24))):
        name = draw(st.sampled_from(GROUPS))
        start = draw(st.sampled_from(["2026-11-25T10:00", "2026-11-26T09:00", "2027-01-02T10:00"]))
        point = draw(st.sampled_from([{}, {}, {"lat": 47.38, "lon": 0.70}]))
        pages.append(
            page(
                name,
                f"p{number:02}",
                draw(st.sampled_from(PLACES)),
                point=point,
                created=draw(st.sampled_from(["2026-11-01", "2019-02-03"])),
                themes=some("themes"),
                audiences=some("audiences"),
                **({"services": some("services")} if name == "actor" else {}),
                **({"start": start} if name == "event" else {}),
            )
        )
    wishes = [("themes", key) for key in some("themes")]
    wishes += [("services", key) for key in some("services", 2)]
    situation = draw(st.sampled_from(["", "jeunes", "demandeurs-emploi", "seniors"]))
    return pages, Question(situation, tuple(wishes), draw(st.sampled_from(["", *PLACES])))


@law
@given(contents())
def test_it_finds_what_going_through_everything_finds(
    drawn: tuple[list[Document], Question],
) -> None:
    pages, question = drawn
    index = Index(SCHEMA, pages)
    answer = Seeking(index, TODAY).answer(question)
    asked = Question(
        "" if SITUATION in answer.given_up else question.situation,
        () if WISHES in answer.given_up else question.wishes,
        question.territory,
    )
    found = {group.type_name: slugs(answer, group.type_name) for group in answer.groups}
    expected = plainly(asked, index, TODAY)
    assert found == {name: [r.split("/")[1] for r in refs] for name, refs in expected.items()}
    assert all(0 < len(group.found) <= min(MOST, group.total) for group in answer.groups)
    if answer.given_up:  # nothing less would have done
        assert plainly(question, index, TODAY) == {}
