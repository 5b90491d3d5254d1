"""What the tests of the gateway share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.places import (
    GitHubPlace,
    Place,
    copied,
    github_place,
    local_place,
)
from tests.contrib_gateway.running import Server, copied_state, prepare, sample_content
from tests.github import GitHub

Serve = Callable[..., Server]


@pytest.fixture(scope="session", autouse=True)
def no_second_look() -> Iterator[None]:
    """Nothing is on its way here: a second look of `vigie reconcile` need not wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("contrib_gateway.reconciliation.SECOND_LOOK", 0.0)
        yield


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="module")
def open_box() -> Iterator[Mailbox]:
    """A mail server; empty it for each test, `received.clear()`."""
    with Mailbox() as box:
        yield box


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
            copied_state(sample_state, state)
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
    return copied_state(sample_state, tmp_path / "state")


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Places of each kind, whose main is known, made once for each worker."""
    folder = tmp_path_factory.mktemp("planted")
    with github_place(folder / "github", SetClock()) as place:
        place.office.forge.refresh()
    with local_place(folder / "local", SetClock()):
        pass
    return folder


@pytest.fixture(scope="session")
def planted_github(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose main holds a few documents: quicker to copy than to plant."""
    folder = tmp_path_factory.mktemp("planted-github")
    GitHub(folder / "github.git", sample_content(folder / "content")).stop()
    return folder / "github.git"


@pytest.fixture
def on_github(planted: Path, tmp_path: Path, clock: SetClock) -> Iterator[GitHubPlace]:
    with github_place(copied(planted / "github", tmp_path), clock) as place:
        yield place


@pytest.fixture(params=["local", "github"])
def place(
    request: pytest.FixtureRequest, planted: Path, tmp_path: Path, clock: SetClock
) -> Iterator[Place]:
    """On each kind of forge."""
    opened = local_place if request.param == "local" else github_place
    with opened(copied(planted / request.param, tmp_path), clock) as place:
        yield place
