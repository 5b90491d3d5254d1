"""The rows of a list in a form: an editor moves, adds and removes them by plain buttons."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from contrib_gateway.builder import PROJECT
from contrib_gateway.forms import DocumentForm
from plugins.check import load
from plugins.schema import Audience, Index
from tests.contrib_gateway.desks import Desk, content
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.visitor import Page

FIXTURES = (content, desk)
PATH = "/redaction/fiches/synthesis/nouvelle/"
AUTHORS = ("Zoé", "Karim", "Léa")


@pytest.fixture(scope="module")
def index() -> Index:
    return load(PROJECT / "content").index


def sent(
    names: tuple[str, ...] = AUTHORS, order: tuple[int, ...] = (0, 1, 2)
) -> MultiDict[str, str]:
    rows = [(n, names[n]) for n in order]
    return MultiDict(
        pair
        for n, name in rows
        for pair in ((f"authors-{n}-id", f"a{n}"), (f"authors-{n}-name", name))
    )


def names(index: Index, typed: MultiDict[str, str], **pressed: str) -> list[str]:
    form = DocumentForm(index.schema.types["synthesis"], index, Audience.EDITOR)
    form.fill(typed)
    form.arrange(pressed)
    shown = [entry.form["name"].data for entry in form["authors"]]
    assert [entry.name for entry in form["authors"]] == [f"authors-{n}" for n in range(len(shown))]
    kept = form.answers().data.get("authors", [])
    assert [row["name"] for row in kept] == [name for name in shown if name]
    return shown


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("authors.2.up", ["Zoé", "Léa", "Karim"]),
        ("authors.0.down", ["Karim", "Zoé", "Léa"]),
        ("authors.2.first", ["Léa", "Zoé", "Karim"]),
        ("authors.1.remove", ["Zoé", "Léa"]),
        ("authors.0.up", list(AUTHORS)),
        ("authors.2.down", list(AUTHORS)),
        *((odd, list(AUTHORS)) for odd in ("authors.7.up", "authors.1.fly", "title.0.up", "x", "")),
        *((odd, list(AUTHORS)) for odd in ("authors.-1.up", "authors.².up", "authors.1.up.up")),
    ],
)
def test_a_button_moves_its_row_and_nothing_else(
    index: Index, pressed: str, expected: list[str]
) -> None:
    assert names(index, sent(), _row=pressed) == expected


def test_rows_stand_in_the_order_in_which_they_were_sent(index: Index) -> None:
    assert names(index, sent(order=(2, 0, 1))) == ["Léa", "Zoé", "Karim"]
    moved = names(index, sent(order=(2, 0, 1)), _row="authors.1.up")
    assert moved == ["Léa", "Karim", "Zoé"], "a button names the row as it was sent"


def test_a_button_moves_the_right_row_though_one_before_it_was_emptied(index: Index) -> None:
    assert names(index, sent(("", "Karim", "Léa")), _row="authors.2.up") == ["Léa", "Karim"]
    assert names(index, sent(("", "Karim", "Léa")), _row="authors.0.up") == ["Karim", "Léa"]


def test_the_last_row_removed_leaves_an_empty_one(index: Index) -> None:
    assert names(index, sent(order=(0,)), _row="authors.0.remove") == [None]


def test_a_new_row_comes_last(index: Index) -> None:
    assert names(index, sent(order=(1, 0, 2)), _add="authors") == ["Karim", "Zoé", "Léa", None]


def test_an_editor_arranges_the_rows_without_a_script(desk: Desk) -> None:
    page = desk.editor.get(PATH)
    for n, name in enumerate(AUTHORS):
        page = press(desk, page, "_add", "authors", **{f"authors-{n}-name": name})
    page = press(desk, page, "_row", "authors.2.first")
    page = press(desk, page, "_row", "authors.1.remove")
    typed = [value for name, value in page.form(PATH).inputs if name.endswith("-name") and value]
    assert typed == ["Léa", "Karim"]
    assert "Monter" in page.text and "↓" in page.words


def press(desk: Desk, page: Page, button: str, value: str, **typed: str) -> Page:
    filled = [pair for pair in page.form(PATH).filled(typed) if pair[0] not in ("_add", "_row")]
    answer = desk.editor.post(PATH, [*filled, (button, value)])
    assert answer.status == 200, answer.words[:600]
    return answer


def test_a_row_is_linked_to_one_more_page_by_its_name(desk: Desk) -> None:
    note = desk.gateway.library.index.of("observation")[0]
    page = press(desk, desk.editor.get(PATH), "_add", "findings", **{"findings-0-claim": "Un"})
    offered = page.text.count(f'<option value="{note.ref}"')
    assert offered == 2, "once for each question, not for each row"
    filled = [*page.form(PATH).inputs, ("findings-0-supporting", note.ref), ("_edit", "1")]
    again = desk.editor.post(PATH, filled)
    inputs = again.form(PATH).inputs
    assert ("findings-0-supporting", note.ref) in inputs
    assert ("findings-1-claim", "") not in inputs, "a row in which nothing stands is none"
    wrong = [pair for pair in inputs if pair[0] not in ("_add", "_row")]
    told = desk.editor.post(PATH, [*wrong, ("findings-0-supporting", "n’importe quoi")])
    assert told.status == 422 and "n’importe quoi" in told.text
