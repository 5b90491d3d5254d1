"""Seconds to write all files of sites of 100 to 10 000 profiles, by as many processes as Vigie
takes and by one alone, rounds alternating; ratios are of medians.

The largest site is written once only, by several: it takes minutes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.territory import seed
from plugins.check import load
from plugins.press import run, workers
from plugins.publication import works
from plugins.render import Site, Theme
from plugins.schema import Index

ROUNDS = {100: 3, 1_000: 3, 10_000: 1}
TODAY = date(2026, 11, 26)


def written(index: Index, output: Path, processes: int) -> float:
    """Seconds to write the site."""
    site = Site("http://localhost/", "http://localhost/", TODAY)
    begun = time.perf_counter()
    run(list(works(Theme(site, index.schema), index)), output, processes)
    took = time.perf_counter() - begun
    shutil.rmtree(output)
    return took


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or list(ROUNDS)
    for profiles in sizes:
        with tempfile.TemporaryDirectory() as folder:
            content, output = Path(folder, "content"), Path(folder, "site")
            documents = seed(content, profiles)
            begun = time.perf_counter()
            index = load(content).index
            read = time.perf_counter() - begun
            several, alone = [], []
            for _ in range(ROUNDS.get(profiles, 1)):
                several.append(written(index, output, workers(documents)))
                if profiles <= 1_000:
                    alone.append(written(index, output, 1))
        words = f"{profiles:6} profiles, {documents} documents: read in {read:.1f} s, "
        words += f"written by {workers(documents)} in {median(several):.1f} s"
        if alone:
            words += f", by one in {median(alone):.1f} s: x {median(alone) / median(several):.2f}"
        print(words, flush=True)


if __name__ == "__main__":
    main()
