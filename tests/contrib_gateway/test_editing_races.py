"""Two editors at once on a published page: nothing is overwritten, nothing comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from contrib_gateway.errors import NotAsSeen
from contrib_gateway.store import Act
from plugins.check import check
from plugins.schema import Document
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.test_changes import some_page
from tests.contrib_gateway.test_desk_races import editors
from tests.contrib_gateway.test_editing import here
from tests.contrib_gateway.test_races import at_once
from tests.contrib_gateway.visitor import Page, Visitor

FIXTURES = (content, desk, github, on_github)
ACTS = (Act.CORRECTED, Act.CONFIRMED, Act.RENAMED, Act.TAKEN_OFF)


@dataclass
class Press:
    """An editor about to press a button: the page is open, the form filled in."""

    editor: Visitor
    page: Document
    verb: str
    value: str = ""

    def __post_init__(self) -> None:
        if self.verb == "corriger":
            read = self.editor.get(here(self.page))
            over = self.editor.submit(read, here(self.page), {"title": self.value})
            form = over.form(here(self.page))
            self._action, self._inputs = form.action, form.filled({})
            return
        form = self.editor.get(f"{here(self.page)}gerer/").form(f"/{self.verb}/")
        self._action = form.action
        self._inputs = form.filled({"slug": self.value} if self.value else {})

    def __call__(self) -> Page:
        return self.editor.post(self._action, self._inputs)


def test_nobody_stands_for_what_was_changed_since_they_read_it(desk: Desk) -> None:
    """Nor takes it back by that: the confirmed page is the one that was read, or none is."""
    page, library, edition = some_page(desk), desk.gateway.library, desk.gateway.edition
    changed = replace(page, data={**page.data, "title": "Un autre titre"})
    edition.correct("Lea Martin", changed, library.state[0])
    with pytest.raises(NotAsSeen):
        edition.confirm("Karim Benali", page)
    after = library.index.by_id(page.id)
    assert after and after.title == "Un autre titre"


@pytest.mark.parametrize(
    "verbs",
    [
        (("corriger", "Le premier"), ("corriger", "Le second")),
        (("renommer", "un-nom"), ("renommer", "un-autre")),
        (("renommer", "un-nom"), ("retirer", "")),
        (("retirer", ""), ("retirer", "")),
        (("corriger", "Le premier"), ("retirer", "")),
        (("exact", ""), ("exact", "")),
    ],
    ids=lambda verbs: "/".join(verb for verb, _ in verbs),
)
def test_what_is_said_to_be_done_is_done(
    desk: Desk, verbs: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    page = some_page(desk)
    pairs = zip(editors(desk), verbs, strict=True)
    pages = at_once([Press(one, page, verb, value) for one, (verb, value) in pairs])
    assert {answer.status for answer in pages} <= {303, 404, 409, 422}, [p.words for p in pages]
    done = [verb for verb, answer in zip(verbs, pages, strict=True) if answer.status == 303]
    assert done, "at least one of the two is first"
    after = desk.gateway.library.index.by_id(page.id)
    if ("retirer", "") in done:
        assert after is None, "what was taken off does not come back"
    else:
        assert after is not None
        said = {"corriger": after.title, "renommer": after.slug}
        assert [value for verb, value in done if verb in said] in ([], [said.get(done[0][0])])
    told = [entry.what for entry in desk.gateway.store.journal() if entry.what in ACTS]
    assert len(told) == len(done)
    assert check(desk.gateway.library.content) == []
    assert desk.gateway.forge.pending() == []
