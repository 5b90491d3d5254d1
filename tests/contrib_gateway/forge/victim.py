"""A process that is killed: `victim.py FORGE STEP before|after ACTION…` or `victim.py FORGE busy`.

With a step it does the actions (`propose:ID`, `merge:ID`, `decline:ID`) and kills itself beside
that step; `busy` proposes and decides until somebody kills it.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from contrib_gateway.forge.local import LocalForge
from contrib_gateway.forge.local.steps import Steps
from tests.contrib_gateway.forge.worlds import proposal


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def booby_trap(step: str, moment: str) -> None:
    original: Callable[..., Any] = getattr(Steps, step)

    def trapped(*arguments: Any, **options: Any) -> Any:
        if moment == "after":
            original(*arguments, **options)
        die()

    setattr(Steps, step, trapped)


def act(forge: LocalForge, action: str) -> None:
    verb, id = action.split(":")
    if verb == "propose":
        forge.propose(proposal(id))
    elif verb == "merge":
        forge.merge(id, "Nour")
    else:
        forge.decline(id, "Nour", "Non")


def busy(forge: LocalForge) -> None:
    """Announce each proposal before it is made; merge a third of them, decline another."""
    for number in count():
        id = f"p{os.getpid()}n{number}"
        print(id, flush=True)
        act(forge, f"propose:{id}")
        if number % 3:
            act(forge, f"{'merge' if number % 3 == 1 else 'decline'}:{id}")


def main() -> None:
    path, *rest = sys.argv[1:]
    forge = LocalForge(Path(path))
    if rest == ["busy"]:
        busy(forge)
    step, moment, *actions = rest
    booby_trap(step, moment)
    for action in actions:
        act(forge, action)


if __name__ == "__main__":
    main()
