"""What the tests of the gateway share."""

import pytest

from tests.contrib_gateway.clocks import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()
