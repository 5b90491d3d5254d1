"""Servers as processes of their own, which begin with the code already read.

To start Python and to import a gateway takes longer than all that a killed one has to do when it
comes back. Each is forked from a process that has imported it and has done nothing else: it can be
killed, and remembers nothing of those before it, like any other.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from contrib_gateway.builder import PROJECT

READ = ["contrib_gateway.cli", "contrib_gateway.forge.github", "tests.contrib_gateway.nursery"]


def born(
    module: str,
    arguments: Sequence[str],
    environ: Mapping[str, str],
    log: Path,
    faults: Path | None = None,
) -> BaseProcess:
    """`python -m MODULE ARGUMENTS` from the project's root. What it says is written on at `log`;
    what it complains of, at `faults` if that is told.
    """
    nursery = multiprocessing.get_context("forkserver")
    nursery.set_forkserver_preload(READ)  # heard before the first birth
    heard = (str(log), str(faults or log))
    life = (module, list(arguments), dict(environ), *heard)
    child = nursery.Process(target=_live, args=life, daemon=True)
    child.start()
    return child


def _live(
    module: str, arguments: list[str], environ: Mapping[str, str], log: str, faults: str
) -> None:
    gc.freeze()  # what was imported stays: it need not be searched for what could go
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(PROJECT)
    for stream, path in ((sys.stdout, log), (sys.stderr, faults)):
        with Path(path).open("ab") as written:
            os.dup2(written.fileno(), stream.fileno())
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
