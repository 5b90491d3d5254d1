"""The files of a site written by as many processes as there is work and processors for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from plugins.publication import Work

ALONE = 300  # documents whose pages one process makes in two seconds


def workers(documents: int) -> int:
    """How many processes so many documents are worth. One where a process cannot be forked."""
    if "fork" not in get_all_start_methods():
        return 1
    return min(os.cpu_count() or 1, 1 + documents // ALONE)


def run(works: Sequence[Work], output: Path, workers: int) -> None:
    """Do all the works, each once, by processes that have the same documents in memory.

    Raises `RuntimeError` when one failed, which has said why on standard error.
    """
    if workers == 1:
        for work in works:
            _write(work, output)
        return
    # Forked, not started anew: reading all documents once more is what they would do first.
    context = get_context("fork")
    turn: Synchronized[int] = context.Value("i", 0)
    processes = [
        context.Process(target=_take, args=(works, output, turn), daemon=True)
        for _ in range(workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a process that writes the site failed")


def _take(works: Sequence[Work], output: Path, turn: Synchronized[int]) -> None:
    """Do what nobody has begun yet, until nothing is left."""
    while True:
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
