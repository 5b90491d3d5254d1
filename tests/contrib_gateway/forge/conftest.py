"""Every kind of forge, for the contract that all of them keep."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import World, github_world, local_world


@pytest.fixture(params=["local", "github"])
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[World]:
    if request.param == "local":
        yield local_world(tmp_path, clock)
    else:
        with github_world(tmp_path, clock) as world:
            yield world
