"""Every kind of forge, for the contract that all of them keep."""

from pathlib import Path

import pytest

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import World, local_world

WORLDS = {"local": local_world}


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> World:
    return WORLDS[request.param](tmp_path, clock)
