"""`pelican content` and `vigie check` as anyone runs them: real processes, from the project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PUBLIC_URL = "https://vigie.example/tours/"


def build(content: Path, output: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Plain Pelican, for a site that stands below a path of its host."""
    arguments = ["-m", "pelican", str(content), "-s", "pelicanconf.py", "-o", str(output)]
    return run(arguments, {"VIGIE_PUBLIC_URL": PUBLIC_URL} | environ)


def check(content: Path) -> subprocess.CompletedProcess[str]:
    command = "from contrib_gateway.cli import main; main()"
    return run(["-c", command, "check", str(content)], {})


def run(arguments: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=os.environ | {"NO_COLOR": "1", "PYTHONUTF8": "1"} | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
