"""An observation is taken off on the desk: what cited it says so, and can be edited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contrib_gateway.forge.local import LocalForge
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, open_desk
from tests.contrib_gateway.running import sample_content
from tests.contrib_gateway.test_editing import corrected, now, press

GONE = "observation/retrouver-un-mot-de-passe"
NEED = "need/un-cadre-quand-on-fait-a-la-place"
PLANTED = ("synthesis/chercher-un-emploi-en-ligne", NEED)


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    content = sample_content(tmp_path / "content", also=PLANTED)
    state = tmp_path / "state"
    state.mkdir()
    LocalForge.open(state / "forge.git", content)
    with open_desk(state, clock) as desk:
        yield desk


def marks(synthesis: Document) -> dict[str, str]:
    rows = synthesis.data["findings"]
    return {row["id"]: row["withdrawn"] for row in rows if "withdrawn" in row}


def test_the_synthesis_says_that_one_was_withdrawn_and_editors_can_go_on_with_it(
    desk: Desk,
) -> None:
    index = desk.gateway.library.index
    (synthesis,) = index.of("synthesis")
    one = index.get(GONE)
    assert one
    again = {f"/redaction/fiches/{ref}/" for ref in (synthesis.ref, NEED)}
    assert again <= set(desk.editor.get(f"/redaction/fiches/{GONE}/gerer/").links)
    done = press(desk, one, "retirer")
    assert done.status == 303
    told = desk.editor.get(done.location)
    assert again <= set(told.links), "what was written with its words is to be read again"
    assert "À relire" in told.words
    assert desk.editor.get("/redaction/fiches/retirees/?relire=need/x&relire=%00").status == 200
    after = now(desk, synthesis)
    assert "retrouver-un-mot-de-passe" not in after.body
    today = desk.clock().date().isoformat()
    assert [row["on"] for row in after.data["withdrawals"]] == [today]
    assert marks(after) == {"myedy": today}
    assert corrected(desk, after, title="Il manque quelqu’un à côté").status == 303
    edited = now(desk, synthesis)
    assert marks(edited) == {"myedy": today}
    assert edited.data["withdrawals"] == after.data["withdrawals"]
