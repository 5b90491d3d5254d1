"""What waits, as an editor sees it: each line, the filters, the pages of a long list."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.views.sieve import Mesh, sift
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.crowds import change, crowd, wait
from tests.contrib_gateway.inprocess import Editor, open_gateway
from tests.pages import Element, parse

DESK = "/redaction/"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Editor:
    """An editor with a handful, one of each sort."""
    clock = SetClock()
    gateway = open_gateway(tmp_path_factory.mktemp("few") / "state", clock=clock)
    place = {"place": {"territory": "sanitas"}}
    wait(gateway, "held", data={"title": "Retenue", **place}, held="too_fast", signed_as="Léa")
    wait(gateway, "queued", data={"title": "En chemin"})
    wait(gateway, "dead", data={"title": "Coincée"})
    gateway.store.mark_dead("dead", "themes:unknown_term")
    clock.move(days=3)
    wait(gateway, "asked", data={"title": "Demandée"})
    gateway.store.ask("asked", "Marie", "Où ?")
    wait(gateway, "answered", data={"title": "Répondue"})
    gateway.store.ask("answered", "Marie", "Où ?")
    gateway.store.answer("answered", "Ici.")
    clock.move(days=1)
    need = gateway.library.index.of("need")[0]
    change(gateway, "change", need, title="Changée avec lea@example.org")
    gateway.flags.work()
    return Editor(gateway)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Editor:
    """An editor with more than two pages of them."""
    gateway = open_gateway(tmp_path_factory.mktemp("many") / "state", clock=SetClock())
    crowd(gateway, 110)
    group = gateway.library.index.of("group")[0]
    followed = next(r for r in group.references() if r.startswith("initiative/"))
    page = gateway.library.index.get(followed)
    assert page is not None
    change(gateway, "followed", page, summary="Autrement dit.")
    gateway.flags.work()
    return Editor(gateway)


def rows(editor: Editor, query: str = "") -> list[Element]:
    answer = editor.get(DESK + query)
    assert answer.status_code == 200, answer.text
    return [row for row in parse(answer.text).all("tr") if row.all("td")]


def row(editor: Editor, title: str) -> str:
    found = [one.text for one in rows(editor) if title in one.text]
    assert len(found) == 1, found
    return found[0]


def test_a_line_says_what_it_is_where_who_and_since_when(few: Editor) -> None:
    held = row(few, "Retenue")
    for words in ("Besoin", "nouvelle fiche", "Sanitas", "Léa", "il y a 4 jours"):
        assert words in held
    assert "modification" in row(few, "Changée")
    assert "aujourd’hui" in row(few, "Changée")
    assert "hier" in row(few, "Demandée")


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("Retenue", "mise de côté\u202f: envoyée très vite"),
        ("En chemin", "en route"),
        ("Coincée", "bloquée"),
        ("Demandée", "question posée"),
        ("Répondue", "répondu depuis"),
        ("Changée", "données personnelles"),
    ],
)
def test_tags_say_where_it_stands_and_what_to_look_at(few: Editor, title: str, tag: str) -> None:
    assert tag in row(few, title)


def test_the_oldest_come_first(few: Editor) -> None:
    titles = [one.all("a")[0].text for one in rows(few)]
    assert titles[-1].startswith("Changée")
    assert set(titles[:3]) == {"Retenue", "En chemin", "Coincée"}


def test_a_handful_needs_no_filters(few: Editor, many: Editor) -> None:
    assert "Choisir ce qui est montré" not in few.get(DESK).text
    assert "Choisir ce qui est montré" in many.get(DESK).text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?etat=held", {"Retenue"}),
        ("?etat=asked", {"Demandée"}),
        ("?etat=answered", {"Répondue"}),
        ("?etat=dead", {"Coincée"}),
        ("?commune=sanitas&type=need&etat=held", {"Retenue"}),
        ("?commune=tours&etat=held", {"Retenue"}),
        ("?signalement=personal", {"Changée avec lea@example.org"}),
        ("?signalement=conflict", set()),
    ],
)
def test_a_filter_leaves_what_was_asked_for(few: Editor, query: str, titles: set[str]) -> None:
    assert {one.all("a")[0].text for one in rows(few, query)} == titles


def test_there_is_a_way_back_from_nothing(few: Editor) -> None:
    page = parse(few.get(f"{DESK}?signalement=conflict").text)
    assert "Rien de tel n’attend." in page.text
    assert any(link.text == "Tout afficher" for link in page.all("a", href=DESK))


def test_a_group_finds_the_changes_of_what_it_follows(many: Editor) -> None:
    group = many.gateway.library.index.of("group")[0]
    page = parse(many.get(DESK).text)
    assert f"{group.title} (1)" in page.one("select", name="groupe").text
    assert len(rows(many, f"?groupe={group.slug}")) == 1


def test_a_long_list_has_pages_and_keeps_its_filter_on_them(many: Editor) -> None:
    assert [len(rows(many, f"?page={n}")) for n in (1, 2, 3)] == [50, 50, 11]
    pages = parse(many.get(f"{DESK}?type=need&etat=queued&page=1").text)
    held = len(rows(many, "?type=need&etat=queued"))
    assert 0 < held < 50
    assert not pages.all("a", rel="next")
    following = parse(many.get(f"{DESK}?etat=queued").text).one("a", rel="next")
    assert parse_qs(urlsplit(following.attributes["href"]).query) == {
        "etat": ["queued"],
        "page": ["2"],
    }


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=-1", "?page=x", "?page=%C2%B2", "?page=9999999999", "?type=%00", "?etat=no"],
)
def test_whatever_stands_in_the_address_there_is_a_list(many: Editor, query: str) -> None:
    assert rows(many, query)


def test_what_is_ticked_is_read_together(few: Editor) -> None:
    page = parse(few.get(DESK).text)
    form = page.one("form", id="ensemble")
    assert (form.attributes["method"], form.attributes["action"]) == ("get", f"{DESK}ensemble/")
    boxes = page.all("input", type="checkbox", name="id")
    assert {box.attributes["form"] for box in boxes} == {"ensemble"}
    assert {box.attributes["value"] for box in boxes} == {
        *("held", "queued", "asked", "answered", "change")
    }
    assert not form.all("form")


def test_the_desk_speaks_english(few: Editor) -> None:
    text = few.get("/en/redaction/").text
    assert "4 days ago" in text
    assert "put aside: sent very fast" in text
    assert "/en/redaction/ensemble/" in text


MESHES = [Mesh(name, name, dict.fromkeys("abc", "")) for name in ("one", "two", "three")]
VALUES = st.frozensets(st.sampled_from("abcd"), max_size=2)
THINGS = st.lists(st.fixed_dictionaries({mesh.name: VALUES for mesh in MESHES}), max_size=12)
WANTED = st.dictionaries(st.sampled_from(["one", "two", "three", "four"]), st.sampled_from("abcd"))


@given(THINGS, WANTED)
def test_a_choice_counts_what_it_leaves(
    marks: list[dict[str, frozenset[str]]], wanted: dict[str, str]
) -> None:
    things = list(enumerate(marks))
    sifted = sift(things, MESHES, wanted)
    for one in sifted.filters:
        for choice in one.choices:
            asked = {**wanted, one.name: choice.value}
            assert len(sift(things, MESHES, asked).left) == choice.number
