"""`vigie`, made to die: `python -m tests.contrib_gateway.doomed FILE serve`.

While FILE says "STEP before", "STEP after" or "STEP during", the process kills itself with SIGKILL
beside the next call of that step, FILE being removed first. The gateway itself knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

from contrib_gateway import cli
from contrib_gateway.builder import Builder
from contrib_gateway.forge.local.steps import Steps
from contrib_gateway.store import Store

AMIDST = 0.15  # seconds after a step began
RECEIVING = {
    "accept": Store,
    "write_commit": Steps,
    "create_branch": Steps,
    "mark_proposed": Store,
}
MERGING = {
    "release": Store,
    "write_merge": Steps,
    "update_main": Steps,
    "record_merge": Steps,
    "delete_branch": Steps,
    "mark_published": Store,
}
DECLINING = {
    "write_decline": Steps,
    "record_decline": Steps,
    "mark_declined": Store,
}
BUILDING = {
    "start_build": Store,
    "export": Builder,
    "run": Builder,
    "switch": Builder,
    "finish_build": Store,
    "mark_online": Store,
    "forget_old": Builder,
}


# The same with a forge on GitHub.
RECEIVING_THERE = ("accept", "write_commit", "create_branch", "create", "label", "mark_proposed")
MERGING_THERE = ("move_branch", "squash", "delete_branch", "mark_published")
DECLINING_THERE = ("say", "close", "delete_branch", "mark_declined")


def owners() -> dict[str, type]:
    """Whose each step is, with the forge that the environment names."""
    if not os.environ.get("VIGIE_FORGE", "").startswith("github:"):
        return {**RECEIVING, **MERGING, **DECLINING, **BUILDING}
    # Imported here, as by the gateway itself: it takes a while.
    from contrib_gateway.forge.github.objects import Objects
    from contrib_gateway.forge.github.pulls import Pulls

    names = {*RECEIVING_THERE, *MERGING_THERE, *DECLINING_THERE}
    return {name: o for o in (Store, Objects, Pulls) for name in names if hasattr(o, name)}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def booby_trap(owner: type, step: str, armed: Path) -> None:
    original: Callable[..., Any] = getattr(owner, step)

    def trapped(*arguments: Any, **options: Any) -> Any:
        ordered = armed.read_text().split() if armed.exists() else []
        moment = ordered[1] if ordered[:1] == [step] else ""
        if moment:
            armed.unlink()
        if moment == "before":
            die()
        if moment == "during":
            Timer(AMIDST, die).start()
        result = original(*arguments, **options)
        if moment == "after":
            die()
        return result

    setattr(owner, step, trapped)


def main() -> None:
    armed = Path(sys.argv.pop(1))
    for step, owner in owners().items():
        booby_trap(owner, step, armed)
    cli.main()


if __name__ == "__main__":
    main()
