"""The works that make a site, shared by processes: what one makes alone, several make too."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from plugins.press import run, workers
from plugins.publication import File


def made(name: str, times: int = 1) -> Iterator[File]:
    for number in range(times):
        yield f"{name}/{number}/index.html", f"{name} {number} by {os.getpid()}"


def files(folder: Path) -> dict[str, str]:
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text() for file in found}


@pytest.mark.parametrize("several", [1, 2, 5])
def test_each_work_is_done_once_whoever_does_it(tmp_path: Path, several: int) -> None:
    run([partial(made, f"work{n}", 20) for n in range(9)], tmp_path, several)
    found = files(tmp_path)
    assert len(found) == 180
    assert found["work3/7/index.html"].startswith("work3 7 by ")
    alone = {text.rpartition(" ")[2] for text in found.values()} == {str(os.getpid())}
    assert alone == (several == 1)


@pytest.mark.parametrize("several", [1, 3])
def test_a_work_that_fails_is_no_site_without_its_pages(
    tmp_path: Path, several: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def failing() -> Iterator[File]:
        yield "../outside", "not written"

    with pytest.raises((RuntimeError, ValueError)) as raised:
        run([partial(made, "one"), failing], tmp_path / "site", several)
    assert "is outside the site" in str(raised.value) + capfd.readouterr().err
    assert not (tmp_path / "outside").exists()


def test_what_a_killed_process_left_is_done_by_the_one_that_waits(tmp_path: Path) -> None:
    waiting = os.getpid()

    def heavy() -> Iterator[File]:
        if os.getpid() != waiting:  # as a small machine does for want of memory
            os.kill(os.getpid(), signal.SIGKILL)
        yield "heavy", "written"

    run([partial(made, "one"), heavy, partial(made, "two")], tmp_path, 2)
    assert set(files(tmp_path)) == {"one/0/index.html", "heavy", "two/0/index.html"}


def test_a_small_site_is_written_by_one_process() -> None:
    assert workers(100) == 1
    assert 1 <= workers(10_000) <= (os.cpu_count() or 1)
