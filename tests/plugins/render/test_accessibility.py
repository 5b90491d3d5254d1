"""What is declared of accessibility is what is known: each way leads to its test."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from plugins.render import Theme
from plugins.render.accessibility import (
    PATH,
    Criterion,
    Declaration,
    State,
    Topic,
    Way,
    declaration,
)
from plugins.schema.labels import NO_LABEL

ROOT = Path(__file__).parents[3]
OF_EACH = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria in the thirteen themes of RGAA
ADDED = ["2.4.11", "2.5.7", "2.5.8", "3.2.6", "3.3.7", "3.3.8"]  # by WCAG 2.2 at A and AA


def test_every_criterion_is_there_once_in_its_order() -> None:
    told = declaration()
    numbers = [[one.number for one in topic.criteria] for topic in told.themes]
    wanted = [[f"{n}.{m}" for m in range(1, many + 1)] for n, many in enumerate(OF_EACH, 1)]
    assert numbers == wanted
    assert [one.number for one in told.additions] == ADDED
    assert told.total == 106


@pytest.mark.parametrize("way", declaration().ways, ids=lambda way: way.test)
def test_every_way_names_a_test_that_exists(way: Way) -> None:
    if way.test == "make check":
        assert "-m tests.site\n" in (ROOT / "Makefile").read_text("utf-8").split("\ncheck:")[1]
        return
    file, _, name = way.test.partition("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_way_serves_and_nobody_looked_after_the_declaration() -> None:
    told = declaration()
    every = [*(one for topic in told.themes for one in topic.criteria), *told.additions]
    assert {way.number for one in every for way in one.ways} == {way.number for way in told.ways}
    assert all(one.looked <= told.verified for one in every)


@pytest.mark.parametrize(
    ("met", "unverified", "absent", "standing"),
    [
        (10, 0, 5, "totally conforming"),
        (9, 1, 0, "partly conforming"),
        (5, 5, 90, "partly conforming"),
        (4, 5, 90, "not conforming"),
    ],
)
def test_what_nobody_verified_counts_as_not_met(
    met: int, unverified: int, absent: int, standing: str
) -> None:
    one = Criterion("1.1", NO_LABEL, State.TESTED, (), "")
    states = [State.TESTED] * met + [State.UNVERIFIED] * unverified + [State.ABSENT] * absent
    criteria = tuple(replace(one, state=state) for state in states)
    told = Declaration("2026-11-26", (), (Topic(NO_LABEL, criteria),), ())
    assert told.standing == standing


def test_the_page_says_the_standing_and_whom_to_tell(theme: Theme) -> None:
    page = theme.render("accessibility.html", "fr", PATH)
    assert "Accessibilité\u202f: partiellement conforme" in page
    assert "Défenseur des droits" in page
    assert page.count('<th scope="row">') == 106 + len(ADDED)
    assert "Accessibility: partly conforming" in theme.render("accessibility.html", "en", PATH)
