"""An entry of an issue that an editor takes out, though pages cite it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from plugins.check import check
from tests.contrib_gateway.running import sample_content

CITING = "resource/grille-d-observation"


def test_what_cited_it_cites_it_no_more_and_the_site_has_no_fault(tmp_path: Path) -> None:
    seed = sample_content(tmp_path / "content", also=[CITING])
    LocalForge.open(tmp_path / "state" / "forge.git", seed)
    gateway = assemble(Settings.from_environ({"VIGIE_STATE": str(tmp_path / "state")}))
    commit, before = gateway.library.state
    cited = before.index.cited(before.index.get(CITING))
    issue = cited[0].document
    rows = [row for row in issue.data["items"] if row["id"] != cited[0].id]
    gateway.edition.correct("Marie", replace(issue, data={**issue.data, "items": rows}), commit)
    after = gateway.library.state[1]
    assert not check(after)
    assert "watch" not in after.index.get(CITING).data
    assert after.index.get(CITING).updated == before.index.get(CITING).updated
