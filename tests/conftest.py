"""How the workers of `make test` share the modules, each taken whole, the longest first; where they
write, and what they keep in memory.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest

LONGEST = (
    *("stories/test_accessibility", "stories/test_contributors", "stories/test_morning"),
    *("contrib_gateway/test_crash", "contrib_gateway/test_hostile", "stories/test_loop"),
    *("contrib_gateway/forge/test_faults", "stories/test_desk_states"),
    *("contrib_gateway/test_strangers_at_work", "stories/test_forms_front"),
    *("contrib_gateway/test_github_crash", "contrib_gateway/test_reconcile", "test_promise"),
    *("stories/test_offline", "stories/test_offline_sending", "stories/test_observation"),
    *("contrib_gateway/test_by_git", "contrib_gateway/test_receipts", "stories/test_needs"),
    *("stories/test_watch", "stories/test_workshop", "contrib_gateway/test_forgotten"),
)
"""The others are short: whichever is the last, nobody waits long for it."""

MEMORY = Path("/dev/shm")  # noqa: S108 — where a file is kept in memory, if there is such a place
ROOM = 3 * 1024**3  # bytes; more than the tests need at once
MADE = 50_000  # objects made since the last search for those that nobody needs: Python says 700


def pytest_configure() -> None:
    """Nothing that the tests write is to last: where it can, no disk is asked to keep it."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM and os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    os.environ["VIGIE_SEARCH"] = "off"  # no build makes it but those whose search is tested


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: it need not be searched again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A module goes whole to one worker: what it shares is made once. The longest go first."""
    places = {f"tests/{name}.py": place for place, name in enumerate(LONGEST)}

    def place(item: pytest.Item) -> int:
        return places.get(item.nodeid.partition("::")[0], len(LONGEST))

    items.sort(key=place)
