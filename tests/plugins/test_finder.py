"""Pagefind at work, missing, or at fault: in each case the site is whole."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from contrib_gateway import builder
from contrib_gateway.clock import utc_now
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.settings import Settings
from plugins import finder
from plugins.finder import Finder, FinderError
from plugins.render.search.records import Record
from tests.contrib_gateway.running import sample_content, serving, until

RECORD = Record(
    ref="need/x",
    url="besoins/x/",
    kind="need",
    title="L’accès & <b>le reste</b>",
    text="Trouver l’emploi d’à côté : <script>alert(1)</script> & co.",
    lang="fr",
    terms={"territories": ("la-rabiere", "joue-les-tours")},
)


def test_a_record_is_kept_as_it_was_told(tmp_path: Path) -> None:
    with Finder(tmp_path, [RECORD]):
        pass  # meanwhile the pages are written
    (file,) = (tmp_path / "pagefind" / "fragment").iterdir()
    kept = json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd"))
    assert kept["content"] == "Trouver l’ emploi d’ à côté : <script>alert(1)</script> & co."
    assert kept["meta"] == {"url": "besoins/x/", "title": "L’ accès & <b>le reste</b>"}
    assert kept["filters"] == {"type": ["need"], "territories": ["la-rabiere", "joue-les-tours"]}
    assert {file.suffix for file in (tmp_path / "pagefind").iterdir() if file.is_file()} == {
        *(".js", ".json", ".pagefind", ".pf_meta")
    }


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "not installed"),
        (SimpleNamespace(get_executable=lambda: "/nowhere/pagefind"), "does not start"),
        (SimpleNamespace(get_executable=lambda: "/bin/false"), "ended with 1"),
    ],
    ids=["missing", "unusable", "failing"],
)
def test_without_pagefind_there_is_a_reason_and_no_half_of_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: object, why: str
) -> None:
    monkeypatch.setattr(finder, "pagefind_bin", program)
    with pytest.raises(FinderError, match=why), Finder(tmp_path, [RECORD]):
        pass
    assert not (tmp_path / "pagefind").exists()


def test_of_a_site_that_cannot_be_written_no_search_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), Finder(tmp_path, [RECORD] * 500):
        raise OSError("the disk is full")
    assert not (tmp_path / "pagefind").exists()


@pytest.fixture
def is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Of what a build begins, which takes a minute, whether nothing is at work."""
    os.mkfifo(tmp_path / "at-work")
    heard = os.open(tmp_path / "at-work", os.O_RDONLY | os.O_NONBLOCK)
    (tmp_path / "pelican.py").write_text(
        "import subprocess\n"
        f"subprocess.run(['sleep', '60'], stdout=open({str(tmp_path / 'at-work')!r}, 'w'))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def nobody_is_there() -> bool:
        try:
            return os.read(heard, 1) == b""
        except BlockingIOError:
            return False

    return nobody_is_there


def test_what_a_build_has_begun_ends_with_it_when_it_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_over: Callable[[], bool]
) -> None:
    """Pagefind would go on with a site that nobody will see, and the next build would wait."""
    monkeypatch.setattr(builder, "LONGEST_BUILD", 0.5)
    settings = Settings.from_environ({"VIGIE_STATE": str(tmp_path)})
    with pytest.raises(subprocess.TimeoutExpired):
        builder.run_pelican(tmp_path, tmp_path / "output", settings)
    until(is_over, "the end of what the build began", patience=5)


def test_a_build_ends_with_the_gateway_that_was_to_show_it(
    tmp_path: Path, is_over: Callable[[], bool]
) -> None:
    """Ctrl-C reaches the gateway alone, and there not the thread that waits for the build."""
    serves = (
        "import sys, threading, time\n"
        "from contrib_gateway.builder import _outcome\n"
        "build = [sys.executable, '-m', 'pelican']\n"
        "threading.Thread(target=_outcome, args=(build, None), daemon=True).start()\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", serves], stderr=subprocess.DEVNULL) as gateway:
        until(lambda: not is_over(), "the beginning of a build")
        gateway.send_signal(signal.SIGINT)
    until(is_over, "the end of the build", patience=5)


def test_a_site_without_its_search_is_online_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "pagefind_bin"
    broken.mkdir()
    (broken / "__init__.py").write_text("def get_executable(): return '/bin/false'\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    LocalForge.open(tmp_path / "forge.git", sample_content(tmp_path / "content"))
    with serving(tmp_path, utc_now, VIGIE_SEARCH="on") as (gateway, visitor):
        assert gateway.builder.build()
        assert visitor.get("/").status == 200
        assert visitor.get("/recherche/").status == 200
        assert visitor.get("/pagefind/pagefind.js").status == 404
    told = [one for one in caplog.records if one.message == "built without its search"]
    assert ["ended with 1" in one.__dict__["fault"] for one in told] == [True]
