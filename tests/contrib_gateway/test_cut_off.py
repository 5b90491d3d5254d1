"""Killed while an editor rewrites many pages at once: in the end all of it is there, or nothing."""

from __future__ import annotations

import pytest

from contrib_gateway.edition import Edition
from contrib_gateway.errors import ForgeUnavailable
from contrib_gateway.forge import Outcome
from contrib_gateway.reconciliation import mended
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.test_changes import by_hand, some_page
from tests.contrib_gateway.test_editing import now

FIXTURES = (content, desk, github, on_github)


class Killed(BaseException):
    """As SIGKILL does, it lets nothing be tidied up."""


def cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str, *, after: bool) -> None:
    """Give a page another name, and die beside a step of the forge."""
    page, forge = some_page(desk), desk.gateway.forge
    original = getattr(forge, step)

    def killed(*arguments: object, **options: object) -> None:
        if after:
            original(*arguments, **options)
        raise Killed

    edition: Edition = desk.gateway.edition
    with monkeypatch.context() as patch:
        patch.setattr(forge, step, killed)
        with pytest.raises(Killed):
            edition.carry_out("Lea Martin", edition.renaming(page, "un-autre-nom"))


def repaired(desk: Desk) -> list[str]:
    said = [mended(difference) for difference in desk.gateway.reconciliation().differences()]
    assert not desk.gateway.reconciliation().differences()
    assert not desk.gateway.store.undone("land")
    assert desk.gateway.desk.waiting() == [], "nobody has half of it to review"
    assert desk.gateway.forge.pending() == []
    return said


@pytest.mark.parametrize(("step", "after"), [("merge", False), ("merge", True), ("propose", True)])
def test_it_is_finished_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    page = some_page(desk)
    referring = desk.gateway.library.index.mentions(page)
    cut_off(desk, monkeypatch, step, after=after)
    assert repaired(desk) == ["published, all of it"]
    index = desk.gateway.library.index
    assert now(desk, page).slug == "un-autre-nom"
    assert {d.ref for d in index.mentions(now(desk, page))} == {d.ref for d in referring}
    line = desk.gateway.store.journal(limit=1)[0]
    assert (line.who, line.what, line.about) == ("Lea Martin", "renamed", page.ref)


def test_what_was_not_proposed_yet_is_not_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = some_page(desk)
    cut_off(desk, monkeypatch, "propose", after=False)
    assert repaired(desk) == ["closed: nothing of it was done"]
    assert now(desk, page) == page


def test_it_is_closed_whole_when_main_has_changed_since(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = some_page(desk)
    cut_off(desk, monkeypatch, "merge", after=False)
    by_hand(desk, page, None)
    assert repaired(desk) == ["closed: nothing of it was done"]
    assert Outcome.OPEN not in desk.gateway.forge.outcomes().values()


def test_what_its_editor_was_told_had_failed_is_not_done_behind_their_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forge went away in the middle: the editor read that nothing was decided."""
    page, edition = some_page(desk), desk.gateway.edition

    def away(*_: object, **__: object) -> None:
        raise ForgeUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(desk.gateway.forge, "merge", away)
        patch.setattr(desk.gateway.forge, "decline", away)
        with pytest.raises(ForgeUnavailable):
            edition.carry_out("Lea Martin", edition.renaming(page, "un-autre-nom"))
    assert repaired(desk) == ["closed: nothing of it was done"]
    assert now(desk, page) == page
