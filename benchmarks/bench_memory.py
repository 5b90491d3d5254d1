"""How much memory an idle gateway holds, once its site is built, beside a bare Flask form.

Proportional set size (what is the process's own, and its share of what it shares), in MB.
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from benchmarks.bench_acceptance import forge, start_bare
from tests.contrib_gateway.running import PROJECT, Server

FORGES = ("embedded", "github 0 ms")
REST = 5  # seconds after which it is idle


def resident(pid: int) -> tuple[float, float]:
    """Resident and proportional set size."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = [re.search(rf"^{name}:\s+(\d+) kB", rollup, re.MULTILINE) for name in ("Rss", "Pss")]
    rss, pss = (int(size[1]) / 1000 for size in sizes if size)
    return rss, pss


def main() -> None:
    print("idle, with the project's content: resident | proportional, MB")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, _ = start_bare(folder)
        try:
            print("bare form     {:4.0f} | {:4.0f}".format(*resident(bare.pid)))
        finally:
            bare.kill()
            bare.wait()
        for kind in FORGES:
            with forge(kind, folder, PROJECT / "content") as settings:
                server = Server(folder / f"state {kind}", **settings).start()
                try:
                    server.wait_site()
                    server.visitor().get("/contribuer/initiative/")
                    time.sleep(REST)
                    print("{:13} {:4.0f} | {:4.0f}".format(kind, *resident(server.pid)))
                finally:
                    server.kill()


if __name__ == "__main__":
    main()
