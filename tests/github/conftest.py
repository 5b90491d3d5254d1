"""A server for each test, over a repository of two files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contrib_gateway.clocks import SetClock
from tests.github import GitHub
from tests.github.checking import checked
from tests.github.driving import Clone, connect

FIRST = "".join(f"line {number}\n" for number in range(1, 31))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    folder = tmp_path / "seed"
    (folder / "needs").mkdir(parents=True)
    (folder / "needs" / "first.md").write_text(FIRST)
    (folder / "site.yaml").write_text("name: Vigie\n")
    return folder


@pytest.fixture
def github(tmp_path: Path, seed: Path, clock: SetClock) -> Iterator[GitHub]:
    with checked(tmp_path / "github.git", seed, clock=clock) as started:
        yield started


@pytest.fixture
def repository(github: GitHub) -> Any:
    return connect(github)


@pytest.fixture
def clone(github: GitHub, tmp_path: Path) -> Clone:
    return Clone(github, tmp_path)
