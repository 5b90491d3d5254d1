"""Servers as processes of their own, which begin with the code already read.

To start Python and to import a gateway takes longer than all that a killed one has to do when it
comes back. Each is forked from a process that has imported it and has done nothing else: it can be
killed, and remembers nothing of those before it, like any other.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from contrib_gateway.gateway import PROJECT

READ = ["contrib_gateway.cli", "contrib_gateway.forge.github", "tests.contrib_gateway.nursery"]


def born(
    module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path
) -> BaseProcess:
    """`python -m MODULE ARGUMENTS` from the project's root, what it says written on at `log`."""
    nursery = multiprocessing.get_context("forkserver")
    nursery.set_forkserver_preload(READ)  # heard before the first birth
    child = nursery.Process(
        target=_live, args=(module, list(arguments), dict(environ), str(log)), daemon=True
    )
    child.start()
    return child


def _live(module: str, arguments: list[str], environ: Mapping[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(PROJECT)
    with Path(log).open("ab") as written:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(written.fileno(), stream.fileno())
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
