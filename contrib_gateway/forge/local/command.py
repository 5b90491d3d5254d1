"""What git itself does better than its library."""

import subprocess
from pathlib import Path

from contrib_gateway.errors import ForgeUnavailable


def git(repository: Path, *arguments: str, given: str = "") -> str:
    """What `git arguments` answers, `given` this to read. Raises `ForgeUnavailable`."""
    done = subprocess.run(  # noqa: S603 — git itself, no shell; strangers' words only after `--`
        ["git", "-C", str(repository), *arguments],  # noqa: S607 — wherever git is installed
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ForgeUnavailable(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout
