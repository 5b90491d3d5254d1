"""How long it takes to collect a thousand sources, beside the `reader` library and bare feedparser.

Each source is a site of its own on a loopback address; they answer after 20 ms, from a process that
shares our two processors. Told are the seconds until everything is stored and durable; until new
items are sorted into stories, too, which is ours alone; and those of the whole command, which reads
the content first. Processor: seconds that all processes but the sites' used. Memory: the most that
all of them held, proportional set size.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from benchmarks.newsstand import ITEMS, NEW, SITES, feed, host
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from tests.contrib_gateway.running import PROJECT, free_port
from tests.contrib_gateway.watch.watches import SOURCE

CHANGED = 5  # per cent
SAMPLE = 60  # feeds of which the bare parsing is measured
LOOK = 0.1  # seconds between two looks at the memory
RUNS = ("first", "unchanged", f"{CHANGED} % changed", "unchanged, 200 ms")
NEEDED = ("reader", "sgmllib3k")  # its own feedparser imports the latter, and does not ask for it


@dataclass(frozen=True)
class Cost:
    processor: float
    memory: float
    whole: float


# What is measured


def family(pid: int) -> list[int]:
    """A process and all below it."""
    children = ""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += (task / "children").read_text()
    return [pid, *(one for child in children.split() for one in family(int(child)))]


def memory(pid: int) -> float:
    """Proportional set size of a process, in MB."""
    with suppress(OSError):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        if found := re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE):
            return int(found[1]) / 1000
    return 0.0


def measured(command: list[str], environ: dict[str, str]) -> tuple[Cost, str]:
    """Run a command that prints how many seconds its work took."""
    before = os.times()
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environ}, cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    most, over = [0.0], Event()

    def look() -> None:
        while not over.wait(LOOK):
            most[0] = max(most[0], sum(memory(one) for one in family(process.pid)))

    watcher = Thread(target=look)
    watcher.start()
    said = process.communicate()[0].strip()
    whole = time.perf_counter() - began
    over.set()
    watcher.join()
    assert process.returncode == 0, said
    after = os.times()
    used = sum(after[2:4]) - sum(before[2:4])
    return Cost(used, most[0], whole), said


# What collects


def ours(folder: Path, port: int) -> dict[str, str]:
    """A state folder with all the sources; its settings."""
    seed, state = folder / "content", folder / "state"
    shutil.copytree(PROJECT / "content", seed)
    shutil.rmtree(seed / "sources", ignore_errors=True)  # they are elsewhere
    (seed / "sources").mkdir()
    for number in range(SITES):
        text = SOURCE.format(
            title=f"Site {number}", id=f"b{number}", site=f"http://{host(number)}:{port}/", more=""
        )
        (seed / "sources" / f"b{number}.md").write_text(text)
    environ = {
        "VIGIE_STATE": str(state),
        "VIGIE_SECRET_KEY": "a secret for the benchmark",
        "VIGIE_WATCH_ALLOW_PRIVATE": "1",
    }
    assemble(Settings.from_environ(environ), seed=seed).store.close()
    return environ


def collect() -> None:
    """In a process of its own: one run as `vigie serve` does it, main having been read before."""
    gateway = assemble(Settings.from_environ(os.environ))
    assert len(gateway.library.index.of("source")) >= SITES
    began = time.perf_counter()
    told = [began]
    done = gateway.collector.run(True, lambda _: told.append(time.perf_counter()))
    taken = time.perf_counter() - began
    faults = sorted(state.fault for state in gateway.store.feed_states() if state.fault)
    print(json.dumps([told[-1] - began, taken, done.news, faults]))


READER = """
import json, sys, time
from reader import make_reader
database, port, run = sys.argv[1:]
reader = make_reader(database, feed_root="")
if run == "first":
    for address in HOSTS.split():
        reader.add_feed(f"http://{address}:{port}/")
began = time.perf_counter()
for _ in reader.update_feeds_iter(workers=20, scheduled=False):
    pass
taken = time.perf_counter() - began
print(json.dumps([taken, taken, reader.get_entry_counts().total, []]))
"""


def install_reader(folder: Path) -> Path | None:
    """A Python that has it, in a venv of its own; None if it cannot be installed."""
    python = folder / "venv" / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED],
    ):
        if subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode:
            return None
    return python


# The table


def tell(port: int, what: str) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/{what}").read()


@contextmanager
def newsstand() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.newsstand", str(port)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    try:
        yield port
    finally:
        process.kill()
        process.wait()


def compare(name: str, command: list[str], environ: dict[str, str], port: int) -> None:
    for run in RUNS:
        tell(port, "latency/200" if "200" in run else "latency/20")
        if "changed" in run and str(CHANGED) in run:
            tell(port, f"change/{CHANGED}")
        cost, said = measured([*command, run], environ)
        stored, done, items, faults = json.loads(said.splitlines()[-1])
        assert not faults, faults
        figures = (stored, done, cost.whole, cost.processor)
        shown = " | ".join(f"{figure:6.1f}" for figure in figures)
        print(f"{name:8} {run:18} {shown} | {cost.memory:5.0f} | {items}", flush=True)


def bare_parsing() -> float:
    """Seconds of feedparser alone for all the feeds, on one processor."""
    import feedparser  # noqa: PLC0415 — it weighs, and only this needs it

    texts = [feed(number, ITEMS) for number in range(SAMPLE)]
    assert 50_000 < sum(map(len, texts)) / SAMPLE < 60_000
    began = time.process_time()
    for text in texts:
        assert len(feedparser.parse(text).entries) == ITEMS
    return (time.process_time() - began) * SITES / SAMPLE


def main() -> None:
    assert NEW < ITEMS
    print(f"the watch, {SITES} sources: stored | sorted | whole command | processor | MB | items")
    print(f"feedparser alone, one process: {bare_parsing():.1f} s")
    with tempfile.TemporaryDirectory() as name, newsstand() as port:
        folder = Path(name)
        mine = [sys.executable, "-m", "benchmarks.bench_watch", "collect"]
        compare("vigie", mine, ours(folder, port), port)
        python = install_reader(folder)
        if python is None:
            print("reader could not be installed here: nothing to compare with")
            return
        script = folder / "collect.py"
        hosts = " ".join(map(host, range(SITES)))
        script.write_text(READER.replace("HOSTS", repr(hosts)))
        compare("reader", [str(python), str(script), str(folder / "db"), str(port)], {}, port)


if __name__ == "__main__":
    collect() if "collect" in sys.argv else main()
