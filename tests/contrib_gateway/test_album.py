"""Pictures that wait are kept whole, for as long as they may serve, and nowhere else."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.album import GRACE, LIFE, Album
from contrib_gateway.errors import StoreUnavailable
from contrib_gateway.pictures import Picture
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.nursery import born
from tests.contrib_gateway.strangers import bounded


def picture(letter: str, size: int = 4) -> Picture:
    return Picture(f"{letter * 26}.webp", b"w" * size, b"j" * size, 1, 1)


A, B = picture("a"), picture("b", 10)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def album(tmp_path: Path, clock: SetClock) -> Album:
    return Album(tmp_path / "pictures", clock)


def test_what_is_kept_is_there_after_a_restart(
    album: Album, tmp_path: Path, clock: SetClock
) -> None:
    album.keep(A)
    album.keep(A)
    again = Album(tmp_path / "pictures", clock)
    assert again.files(A.name) == {A.name: A.webp, A.name.replace("webp", "jpg"): A.fallback}
    assert again.files(B.name) == {}
    assert again.has([A.name, B.name]) == {A.name}
    assert (tmp_path / "pictures").stat().st_mode & 0o077 == 0, "they are nobody else's yet"
    assert again.size() == 8


def test_an_hour_after_it_was_kept_nobody_may_send_it_and_then_it_goes(
    album: Album, clock: SetClock
) -> None:
    """Not at once: a form that was just found in order is being accepted."""
    album.keep(A)
    clock.move(seconds=LIFE.total_seconds() / 2)
    album.keep(B)
    clock.move(seconds=LIFE.total_seconds() / 2 + 1)
    assert album.has([A.name, B.name]) == {B.name}
    assert album.drop(()) == 0
    assert album.files(A.name)
    clock.move(seconds=GRACE.total_seconds())
    assert album.drop(()) == 2
    assert not album.files(A.name)
    assert album.files(B.name)


def test_what_is_awaited_stays_and_starts_anew_when_it_is_not(
    album: Album, clock: SetClock
) -> None:
    album.keep(A)
    for _ in range(30):
        clock.move(minutes=10)
        album.drop({A.name, "gone" * 6 + "go.webp", "../x"})
    assert album.has([A.name]) == {A.name}
    clock.move(hours=1)
    assert album.drop(()) == 0
    clock.move(hours=1)
    assert album.drop(()) == 2


def test_what_is_forgotten_goes_at_once(album: Album, tmp_path: Path) -> None:
    album.keep(A)
    album.keep(B)
    assert album.size() == 28
    assert album.size(but=[A.name]) == 20
    album.forget([A.name, "c" * 26 + ".webp"])
    assert album.files(A.name) == {}
    assert {file.name[0] for file in (tmp_path / "pictures").iterdir()} == {"b"}


@bounded
@given(st.text(max_size=40) | st.sampled_from(["../secret", "..", ".", "", "/etc/passwd", "\0"]))
def test_no_name_leads_out_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    state = tmp_path_factory.mktemp("state")
    album = Album(state / "pictures", SetClock())
    for made in (name, f"{name}.webp", f"../{name}", f"{A.name}\n", A.name.upper()):
        (state / "secret.webp").write_bytes(b"x")
        (state / "secret").write_bytes(b"x")
        assert album.files(made) == {}
        assert album.has([made]) == set()
        album.forget([made])
        album.drop([made])
        assert {file.name for file in state.iterdir()} == {"pictures", "secret", "secret.webp"}


def test_a_full_disk_is_told_and_leaves_nothing_half(
    album: Album, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("contrib_gateway.album.os.fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left"):
        album.keep(A)
    assert list((tmp_path / "pictures").iterdir()) == []


def test_a_kill_leaves_a_picture_whole_or_not_at_all_and_no_litter(tmp_path: Path) -> None:
    """Killed before each of the calls that put it on the disk, in turn."""
    for number in range(1, 20):
        folder, said = tmp_path / f"pictures-{number}", tmp_path / "said"
        killed = born(
            "tests.contrib_gateway.doomed_album", [str(folder), str(number)], os.environ, said
        )
        killed.join()
        clock = SetClock()
        album = Album(folder, clock)
        whole = album.has([A.name]) == {A.name}
        assert bool(album.files(A.name)) == whole
        clock.move(hours=2)
        for file in folder.iterdir():  # some were not dated by that clock yet
            os.utime(file, (0, 0))
        album.drop([A.name] if whole else [])
        assert len(list(folder.iterdir())) == (2 if whole else 0)
        if killed.exitcode == 0:
            return
        assert killed.exitcode == -signal.SIGKILL, said.read_text()
    raise AssertionError("it never ended")
