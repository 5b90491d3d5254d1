"""The server for tests: at the end, nothing may have been said that GitHub does not know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.github.server import GitHub


@contextmanager
def checked(repository: Path, seed: Path | None = None, **options: Any) -> Iterator[GitHub]:
    """A `GitHub` with these options; afterwards asserts that there were no violations."""
    with GitHub(repository, seed, **options) as github:
        yield github
    assert not github.violations, "\n".join(github.violations)
