"""The files of a site written by as many processes as there is work and processors for."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from plugins.publication import Work

MOST = 4  # processes: each holds what it changes of the documents in memory once more
ALONE = 300  # documents whose pages one process makes in two seconds


def workers(documents: int) -> int:
    """How many processes so many documents are worth. One where a process cannot be forked."""
    if "fork" not in get_all_start_methods():
        return 1
    return min(_processors(), MOST, 1 + documents // ALONE)


def _processors() -> int:
    """Those that this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(works: Sequence[Work], output: Path, workers: int) -> None:
    """Do all the works by processes that have the same documents in memory.

    Raises `RuntimeError` when one failed, which has said why on standard error.
    """
    if workers > 1 and _run_together(works, output, workers):
        return
    for work in works:
        _write(work, output)


def _run_together(works: Sequence[Work], output: Path, workers: int) -> bool:
    """Whether all is done: not on a machine without locks for several, nor when one was killed, for
    want of memory say. Raises `RuntimeError`.
    """
    # Forked, not started anew: reading all documents once more is what they would do first.
    context = get_context("fork")
    try:
        turn: Synchronized[int] = context.Value("i", 0)
    except OSError:
        return False
    gc.freeze()  # the collector would write to every page of memory that they share
    processes = [
        context.Process(target=_take, args=(works, output, turn), daemon=True)
        for _ in range(workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    ended = [process.exitcode or 0 for process in processes]
    if any(status > 0 for status in ended):
        raise RuntimeError("a process that writes the site failed")
    return not any(ended)


def _take(works: Sequence[Work], output: Path, turn: Synchronized[int]) -> None:
    """Do what nobody has begun yet, until nothing is left, or nobody waits for it any more."""
    parent = parent_process()
    while parent is None or parent.is_alive():
        with turn.get_lock():
            number = turn.value
            turn.value += 1
        if number >= len(works):
            return
        _write(works[number], output)


def _write(work: Work, output: Path) -> None:
    for path, text in work():
        target = (output / path).resolve()
        if not target.is_relative_to(output):  # `check` lets no such name pass
            raise ValueError(f"{path} is outside the site")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
