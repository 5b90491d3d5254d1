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
    for step, owner in {**RECEIVING, **MERGING, **DECLINING, **BUILDING}.items():
        booby_trap(owner, step, armed)
    cli.main()


if __name__ == "__main__":
    main()
