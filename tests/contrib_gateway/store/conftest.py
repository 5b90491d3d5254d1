"""A database of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contrib_gateway.store import Store
from tests.contrib_gateway.clocks import SetClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vigie.sqlite"


@pytest.fixture
def store(path: Path, clock: SetClock) -> Iterator[Store]:
    opened = Store(path, clock)
    yield opened
    opened.close()
