"""The server as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import github3

from tests.github.server import TOKEN

PROJECT = Path(__file__).parents[2]


def test_it_says_where_it_is_and_at_the_end_what_happened(tmp_path: Path, seed: Path) -> None:
    command = [sys.executable, "-m", "tests.github", "--no-validation", "--seed", str(seed)]
    command += ["--repository", str(tmp_path / "github.git")]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            url = process.stdout.readline().strip()
            repository = github3.GitHubEnterprise(url, token=TOKEN).repository(
                "vigie", "territoire"
            )
            repository.create_label("contribution", "0e8a16")
        finally:
            process.terminate()
        said = json.loads(process.stdout.read())
    assert said == {"calls": 2, "creating": 1, "violations": []}
    assert process.returncode == 0
