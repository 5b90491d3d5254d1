"""Started again, a gateway builds its site only if that would come out otherwise."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from contrib_gateway import recipe as recipes
from contrib_gateway.gateway import Gateway, assemble
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.running import copied_state, settings_for

Start = Callable[..., int]


@pytest.fixture(scope="module")
def ended(sample_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a gateway that saw to its site, and ended: built once, copy it."""
    state = copied_state(sample_state, tmp_path_factory.mktemp("ended") / "state")
    begin(state, SetClock())
    return state


@pytest.fixture
def state(ended: Path, tmp_path: Path) -> Path:
    return shutil.copytree(ended, tmp_path / "state", symlinks=True)


@pytest.fixture
def start(state: Path, clock: SetClock) -> Start:
    """Start, see to the site, end; returns the number of the build that is online."""
    return partial(begin, state, clock)


def begin(state: Path, clock: SetClock, **settings: str) -> int:
    gateway = assemble(settings_for(state, **settings), clock)
    assert gateway.builder.build_if_needed()
    return closed(gateway)


def closed(gateway: Gateway) -> int:
    last = gateway.store.last_build()
    gateway.store.close()
    assert last and last.ok
    return last.number


def test_what_is_made_of_the_same_stays(start: Start, state: Path) -> None:
    online = (state / "site").resolve()
    assert start() == start()
    assert (state / "site").resolve() == online


def test_another_day_another_site(start: Start, clock: SetClock) -> None:
    before = start()
    clock.move(days=1)
    assert start() == before + 1


def test_another_address_another_site(start: Start) -> None:
    before = start()
    assert start(VIGIE_PUBLIC_URL="http://autre.example/") == before + 1


def test_another_theme_another_site(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = start()
    template = tmp_path / "new.html"
    template.write_text("autre")
    monkeypatch.setattr(recipes, "MADE_WITH", (*recipes.MADE_WITH, template))
    assert start() == before + 1


def test_a_site_that_is_gone_is_built_again(start: Start, state: Path) -> None:
    before = start()
    (state / "site").unlink()
    assert start() == before + 1


def test_what_a_power_cut_made_of_its_notes_stops_no_build(start: Start, state: Path) -> None:
    before = start()
    for note in ("site.recipe", "content.commit"):
        (state / note).write_bytes(b"\0\xff\xfe")
    assert start() == before + 1


def test_a_site_that_lost_words_is_built_again(start: Start, state: Path) -> None:
    before = start()
    (state / "site" / "index.html").write_text("")
    assert start() == before + 1


def test_a_build_that_failed_is_tried_again(start: Start, state: Path, clock: SetClock) -> None:
    before = start()
    gateway = assemble(settings_for(state), clock)
    number = gateway.store.start_build(gateway.forge.head())  # and its process was killed
    gateway.store.close()
    assert (number, start()) == (before + 1, before + 2)
