"""What the tests of the gateway share."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import Server, prepare, sample_content

Serve = Callable[..., Server]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def sample_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a few documents and their site, built once for each worker: copy it."""
    folder = tmp_path_factory.mktemp("sample")
    return prepare(folder / "state", sample_content(folder / "content"))


@pytest.fixture(scope="module")
def serve(sample_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts servers that live as long as the module: `serve(VIGIE_RATE_LIMIT="3/hour")`.

    Each has a copy of `sample_state`, its site built; with `whole=True` it starts
    from all the project's content instead. None may end with a surprise in its log.
    """
    servers: list[Server] = []

    def start(whole: bool = False, **settings: str) -> Server:
        state = tmp_path_factory.mktemp("server") / "state"
        if not whole:
            shutil.copytree(sample_state, state, symlinks=True)
        servers.append(Server(state, **settings))
        return servers[-1].start()

    yield start
    for server in servers:
        server.kill()
    for server in servers:
        assert "Traceback" not in server.log, server.log[-4000:]


@pytest.fixture
def state(sample_state: Path, tmp_path: Path) -> Path:
    """A copy of `sample_state`, for a gateway in this process."""
    shutil.copytree(sample_state, tmp_path / "state", symlinks=True)
    return tmp_path / "state"
