"""A gateway that does nothing by itself, on each kind of forge, and an editor at its desk.

A module that imports the fixtures `content`, `github`, `on_github` and `desk` may use them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contrib_gateway.forge import Proposal
from contrib_gateway.gateway import Gateway
from contrib_gateway.library import ROOT
from contrib_gateway.reconciliation import mended
from contrib_gateway.store import State
from plugins.schema import Document, write
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME
from tests.contrib_gateway.running import enter, sample_content, serving
from tests.contrib_gateway.visitor import Page, Visitor
from tests.github import GitHub


@dataclass
class Desk:
    """A gateway that does nothing by itself, and an editor signed in to it."""

    gateway: Gateway
    editor: Visitor
    clock: SetClock

    def change(self, id: str, before: Document, **fields: str) -> str:
        """A proposal to change these fields of a document, as a form will make one."""
        after = replace(before, data={**before.data, **fields})
        files = {ROOT + after.path: write(after).encode()}
        proposal = Proposal(id, after.type.name, after.slug, after.title, files)
        self.gateway.forge.propose(proposal)
        for difference in self.gateway.reconciliation().differences():
            mended(difference)
        return id

    def press(self, id: str, verb: str) -> Page:
        return self.editor.submit(self.editor.get(f"/redaction/{id}/"), f"/{id}/{verb}/", {})

    def state(self, id: str) -> State:
        found = self.gateway.store.find(id)
        assert found
        return found.state

    def work(self, minutes: float) -> None:
        for _ in range(10):
            self.clock.move(minutes=minutes / 10)
            self.gateway.worker.work()


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_content(tmp_path_factory.mktemp("content") / "content")


@pytest.fixture
def github(planted_github: Path, tmp_path: Path, clock: SetClock) -> Iterator[GitHub]:
    repository = shutil.copytree(planted_github, tmp_path / "github.git")
    with GitHub(repository, clock=clock) as github:
        yield github
        assert not github.violations, "\n".join(map(str, github.violations))


@pytest.fixture
def on_github(github: GitHub, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    settings = {
        "VIGIE_FORGE": f"github:{NAME}",
        "VIGIE_GITHUB_URL": github.url,
        "VIGIE_GITHUB_TOKEN": github.token,
        "VIGIE_GITHUB_PACE": "off",
        "VIGIE_RATE_LIMIT": "off",
    }
    with serving(tmp_path / "state", clock, **settings) as (gateway, editor):
        yield signed_in(gateway, editor, clock)


@contextmanager
def open_desk(state: Path, clock: SetClock) -> Iterator[Desk]:
    """With the embedded forge."""
    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, editor):
        yield signed_in(gateway, editor, clock)


@pytest.fixture
def embedded(state: Path, clock: SetClock) -> Iterator[Desk]:
    """For modules to which the kind of forge makes no difference: they import it as `desk`."""
    with open_desk(state, clock) as desk:
        yield desk


@pytest.fixture(params=["embedded", "github"])
def desk(request: pytest.FixtureRequest, state: Path, clock: SetClock) -> Iterator[Desk]:
    """On each kind of forge."""
    if request.param == "github":
        yield request.getfixturevalue("on_github")
        return
    with open_desk(state, clock) as desk:
        yield desk


def signed_in(gateway: Gateway, editor: Visitor, clock: SetClock) -> Desk:
    return Desk(gateway, enter(gateway, editor), clock)
