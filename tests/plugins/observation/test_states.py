"""A need says since when it stands where it stands, and nobody has to type the day."""

from __future__ import annotations

from contrib_gateway.forms import Answers
from contrib_gateway.history import restored
from contrib_gateway.revision import Revision
from plugins.render import document_page
from plugins.schema import Audience, Document, merge
from tests.pages import parse
from tests.plugins.observation.field import OWN
from tests.plugins.observation.test_hearing import need
from tests.plugins.observation.test_pages import THEME

HEARD = need("imprimer", state="entendu", state_since="2026-11-01")


def changed(**more: str) -> Document:
    revision = Revision(HEARD, HEARD, OWN, audience=Audience.EDITOR)
    shown = revision.shown
    answers = Answers(data={**shown.data, **more}, body=shown.body, private=shown.private)
    return revision.revised(answers, "2026-12-02")


def test_the_day_is_that_on_which_an_editor_changes_the_state_and_no_other_change():
    assert changed(state="etudie").data["state_since"] == "2026-12-02"
    assert changed(title="Imprimer sans rendez-vous").data["state_since"] == "2026-11-01"


def test_an_older_version_brought_back_is_in_its_state_from_today():
    then = need("imprimer", state="repondu", state_since="2026-10-01")
    assert restored(then, HEARD, "2026-12-03").data["state_since"] == "2026-12-03"
    assert restored(HEARD, then, "2026-12-03").data["state"] == "entendu"


def test_two_editors_who_say_the_same_on_two_days_do_not_clash():
    told = {**HEARD.data, "state": "etudie", "state_since": "2026-12-04"}
    later = Document(HEARD.type, HEARD.slug, told)
    merged = merge(HEARD, changed(state="etudie"), later)
    assert (merged.clashes, merged.document.data["state_since"]) == ((), "2026-12-04")


def test_its_page_tells_the_day_beside_the_state():
    page = parse(document_page(THEME, HEARD, OWN))
    told = [fact.text for fact in page.all("div", **{"class": "fact"})]
    assert any("Depuis le" in one and "novembre 2026" in one for one in told)
