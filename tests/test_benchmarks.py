"""What `make bench` runs can be run: a benchmark that nobody runs for months still loads."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from benchmarks.territory import seed
from plugins.check import check, load

BENCHMARKS = sorted((Path(__file__).parents[1] / "benchmarks").glob("bench_*.py"))


@pytest.mark.parametrize("file", BENCHMARKS, ids=lambda file: file.stem)
def test_a_benchmark_loads(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(file.parents[1])
    assert callable(runpy.run_path(str(file))["main"])


def test_a_made_up_territory_fits_the_types_and_is_the_same_each_time(tmp_path: Path) -> None:
    assert seed(tmp_path / "one", 20) == seed(tmp_path / "two", 20) > 30
    written = [
        {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.md")}
        for folder in (tmp_path / "one", tmp_path / "two")
    ]
    assert written[0] == written[1]
    assert check(load(tmp_path / "one")) == []
