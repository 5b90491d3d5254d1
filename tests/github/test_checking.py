"""A test whose client says something GitHub does not know fails at its end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.github import GitHub
from tests.github.checking import checked
from tests.github.driving import ask, connect, propose


def test_violations_are_asserted_at_the_end(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="GET /repos/vigie/territoire/branches: asked for"),
        checked(tmp_path / "github.git", validate=False) as github,
    ):
        ask(github, "GET", "/branches")


def test_many_clients_at_once_are_answered(github: GitHub) -> None:
    def work(client: int) -> list[int]:
        repository = connect(github)
        files = {f"content/needs/{client}.md": "x\n"}
        return [propose(repository, f"c/{client}-{n}", files).number for n in range(4)]

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for found in pool.map(work, range(4)) for number in found]
    assert sorted(numbers) == list(range(1, 17))
